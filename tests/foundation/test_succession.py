"""A colleague for some days, a successor for good; grants begin and end by themselves."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.access import actions
from foundation.access.models import Grant, Role
from foundation.access.rules import AccessDenied, verdict
from foundation.access.scope import scope_of
from foundation.access.succession import hand_over, name_substitute
from foundation.accounts.models import User
from foundation.audit.log import log
from foundation.audit.models import Entry
from foundation.notify.models import Message
from records.models import Record, Status
from tests.cast import make_person
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def days(number: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=number)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def pair(cast):
    """The enterprise's clerk, and the lead of the enterprise as the colleague."""
    return cast.clerk.grants.get(), cast.lead


def named(pair, first: int = 0, last: int = 7, **changes):
    held, colleague = pair
    return name_substitute(
        held, acting_user=held.user, substitute=colleague, first_day=days(first), last_day=days(last), **changes
    )


def test_a_person_asks_a_colleague_on_the_own_page_and_both_see_it(cast, sign_in, pair):
    held, lead = pair
    page = "/me/substitutes/"
    values = {"held": held.pk, "substitute": lead.pk, "first_day": TODAY, "last_day": days(7)}
    browser = sign_in(cast.clerk)
    assert "李主席" in browser.get("/me/").content.decode()
    assert "已请李主席代理" in browser.post(page, values, follow=True).content.decode()
    assert Message.objects.get(recipient=lead).title.startswith("请您代理陈经办的工作")
    assert "代 陈经办" in sign_in(lead).get("/").content.decode(), "in the account menu"
    entry = Entry.objects.get(event="access.substitute_named")
    assert (entry.actor, entry.target_id, entry.enterprise_id) == (cast.clerk, str(lead.pk), cast.enterprise.pk)
    backwards = browser.post(page, {**values, "last_day": days(-1)}).content.decode()
    assert "结束日早于开始日" in backwards
    assert browser.post(f"/me/substitutes/{Grant.objects.get(standing_in_for=cast.clerk).pk}/end/").status_code == 302
    assert not Grant.objects.filter(standing_in_for=cast.clerk).exists()
    assert Entry.objects.filter(event="access.substitute_ended").count() == 1


def test_it_begins_and_ends_by_itself(cast, pair):
    given = named(pair, 3, 7)
    assert not scope_of(fresh(cast.lead)).has_role(Role.CLERK), "not yet"
    Grant.objects.filter(pk=given.pk).update(valid_from=days(-7))
    assert scope_of(fresh(cast.lead)).has_role(Role.CLERK)
    Grant.objects.filter(pk=given.pk).update(valid_until=days(-1))
    assert not scope_of(fresh(cast.lead)).has_role(Role.CLERK), "over"


def test_what_rests_on_the_substitution_alone_is_marked_in_the_log(cast, pair):
    named(pair)
    lead, place = fresh(cast.lead), cast.enterprise.place
    log("access.granted", by=lead, on=lead, place=place)
    assert "代" not in Entry.objects.latest("pk").actor_label, "the lead's own role reaches there too"
    Grant.objects.filter(user=lead, standing_in_for__isnull=True).update(valid_until=days(-1))
    log("access.granted", by=fresh(lead), on=lead, place=place)
    assert Entry.objects.latest("pk").actor_label == "李主席 (lead) （代 陈经办）"


@pytest.mark.parametrize(("who", "what"), [("auditor", "auditor"), ("admin", "admin")])
def test_overseers_are_never_stood_in_for(cast, who, what):
    colleague = make_person("colleague", "同事", Role.PROVINCE, cast.places["32"])
    with pytest.raises(AccessDenied, match="不能请人代理"):
        named((cast.people[who].grants.get(), colleague))


def test_only_colleagues_and_only_work_of_ones_own(cast, pair):
    held, lead = pair
    with pytest.raises(ValidationError, match="请选同一单位的同事"):
        named((held, cast.second_clerk))
    with pytest.raises(AccessDenied):
        name_substitute(held, acting_user=lead, substitute=lead, first_day=TODAY, last_day=days(1))
    with pytest.raises(AccessDenied, match="不能请人代理"):
        name_substitute(named(pair), acting_user=lead, substitute=cast.clerk, first_day=TODAY, last_day=days(1))
    Grant.objects.filter(pk=held.pk).update(valid_until=days(3))
    held.refresh_from_db()
    with pytest.raises(ValidationError, match="代理不能更长"):
        named((held, lead))


def test_the_office_arranges_it_and_a_neighbour_cannot(cast, sign_in, pair):
    held, lead = pair
    values = {"held": held.pk, "substitute": lead.pk, "first_day": TODAY, "last_day": days(7)}
    address = f"/accounts-admin/{cast.clerk.pk}/substitute/"
    assert sign_in(cast.other_county).post(address, values).status_code == 404
    assert "已安排李主席代理陈经办" in sign_in(cast.county).post(address, values, follow=True).content.decode()
    assert set(Message.objects.values_list("recipient", flat=True)) == {cast.clerk.pk, lead.pk}


def test_when_the_own_role_ends_the_substitute_goes(cast, pair):
    named(pair)
    actions.revoke(Grant.objects.get(pk=pair[0].pk), acting_user=cast.county)
    assert not Grant.objects.filter(standing_in_for=cast.clerk).exists()


def test_a_role_to_come_already_counts_for_who_manages_the_person(cast):
    Grant.objects.create(user=cast.clerk, role=Role.PROVINCE, place=cast.places["32"], valid_from=days(5))
    assert not verdict(cast.county, "accounts.manage", fresh(cast.clerk))


def test_handing_over_moves_the_grants_and_leaves_the_work(cast, sign_in):
    draft = filed(cast.clerk, cast.enterprise)
    Grant.objects.create(user=cast.clerk, role=Role.CLERK, place=cast.second_enterprise.place, valid_until=days(90))
    successor = make_person("successor", "王接手", Role.LEAD, cast.second_enterprise.place)
    browser = sign_in(cast.county)
    address = f"/accounts-admin/{cast.clerk.pk}/hand-over/"
    assert "没有“nobody”" in browser.post(address, {"successor": "nobody"}).content.decode()
    page = browser.post(address, {"successor": "Successor", "suspend": "on"}, follow=True).content.decode()
    assert "2 项授权已交给王接手" in page
    assert "已到期" in page and 'class="ended"' in page, "what was stays to be seen"
    clerk = fresh(cast.clerk)
    assert not clerk.is_active and not Grant.objects.in_force().filter(user=clerk).exists()
    held = successor.grants.filter(role=Role.CLERK).values_list("place_id", "valid_until")
    assert set(held) == {(cast.enterprise.pk, None), (cast.second_enterprise.pk, days(90))}
    drafts = Record.objects.visible_to(fresh(successor)).filter(status=Status.DRAFT)
    assert list(drafts.values_list("pk", flat=True)) == [draft.pk]
    events = set(Entry.objects.filter(actor=cast.county).values_list("event", flat=True))
    assert {"accounts.handed_over", "access.granted", "access.revoked", "accounts.suspended"} <= events


def test_the_only_administrator_can_be_succeeded_but_not_lost(cast):
    Grant.objects.filter(role=Role.ADMIN).exclude(user=cast.admin).delete()
    other = make_person("other", "另一位", Role.ADMIN, cast.places["32"])
    hand_over(fresh(cast.admin), acting_user=other, successor=make_person("n", "新", Role.AUDITOR, cast.places["32"]))
    assert Grant.objects.in_force().filter(role=Role.ADMIN, user__username="n").exists()


def test_grants_near_their_end_are_pointed_out(cast, sign_in):
    browser = sign_in(cast.county)
    assert "将在 30 天内到期" not in browser.get("/accounts-admin/").content.decode()
    cast.clerk.grants.update(valid_until=days(30))
    cast.lead.grants.update(valid_until=days(31))
    page = browser.get("/accounts-admin/").content.decode()
    assert "有 1 项授权将在 30 天内到期" in page
    listed = browser.get("/accounts-admin/?state=ending").content.decode()
    assert "陈经办" in listed and "李主席" not in listed
    cast.clerk.grants.update(valid_until=days(-1))
    assert "held ended" in browser.get("/accounts-admin/").content.decode()
