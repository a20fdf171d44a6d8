"""An office manages the accounts of the levels below in its own area, and nothing at its own level or above."""

import pytest

from foundation.access import actions
from foundation.access.models import Grant, Role
from foundation.access.queries import grantable_places, manageable_accounts
from foundation.access.rules import AccessDenied, verdict
from foundation.accounts.models import User
from tests.cast import make_person

pytestmark = pytest.mark.django_db


def test_each_office_sees_those_below_it_and_the_two_faces_agree(cast):
    below_county = {cast.clerk, cast.lead, cast.second_clerk}
    below_city = below_county | {cast.county, cast.county_colleague, cast.other_county}
    below_province = below_city | {
        cast.neighbour,
        cast.neighbour_county,
        cast.city,
        cast.neighbour_city,
    }
    for office, expected in ((cast.county, below_county), (cast.city, below_city), (cast.province, below_province)):
        assert set(manageable_accounts(office)) == expected
        allowed = {account for account in User.objects.all() if verdict(office, "accounts.manage", account)}
        assert allowed == expected


def test_a_county_makes_a_clerk_who_can_sign_in(cast, sign_in, client):
    browser = sign_in(cast.county)
    values = {"username": "zhangsan", "full_name": "张三", "role": "clerk", "place": cast.enterprise.credit_code}
    page = browser.post("/accounts-admin/new/", values)
    assert "账号已建立" in page.content.decode()
    held = Grant.objects.get(user__username="zhangsan")
    assert (held.role, held.place, held.granted_by) == (Role.CLERK, cast.enterprise.place, cast.county)


@pytest.mark.parametrize(
    ("who", "role", "place"),
    [
        ("county", Role.COUNTY, "320115"),
        ("county", Role.ADMIN, "320115"),
        ("city", Role.CITY, "3201"),
        ("city", Role.AUDITOR, "320115"),
        ("province", Role.PROVINCE, "32"),
        ("province", Role.ADMIN, "320115"),
    ],
)
def test_no_office_gives_a_role_of_its_own_level_or_an_overseer(cast, who, role, place):
    with pytest.raises(AccessDenied, match="不能由您授予"):
        actions.create_account(
            acting_user=cast.people[who], username="new", full_name="新人", role=role, place=cast.places[place]
        )
    assert not User.objects.filter(username="new").exists()


def test_a_grant_outside_the_area_is_refused_with_words(cast, sign_in):
    with pytest.raises(AccessDenied, match="不在您的管理范围内"):
        actions.grant(acting_user=cast.county, user=cast.clerk, role=Role.CLERK, place=cast.gulou_enterprise.place)
    values = {"username": "new", "full_name": "新人", "role": "clerk", "place": cast.gulou_enterprise.credit_code}
    page = sign_in(cast.county).post("/accounts-admin/new/", values).content.decode()
    assert "不在您的管理范围内" in page and 'value="新人"' in page, "what was typed is kept"


def test_who_holds_more_than_the_office_manages_belongs_to_the_level_above(cast, sign_in):
    Grant.objects.create(user=cast.clerk, role=Role.CLERK, place=cast.gulou_enterprise.place)
    address = f"/accounts-admin/{cast.clerk.pk}/"
    assert sign_in(cast.county).get(address).status_code == 404
    assert sign_in(cast.city).get(address).status_code == 200
    with pytest.raises(AccessDenied, match="管理范围以外"):
        actions.suspend(cast.clerk, acting_user=cast.county)


def test_the_form_offers_only_what_may_be_given(cast, sign_in):
    page = sign_in(cast.city).get("/accounts-admin/new/").content.decode()
    assert 'value="county"' in page and 'value="lead"' in page
    for role in ("city", "province", "auditor", "admin"):
        assert f'<option value="{role}"' not in page
    places = set(grantable_places(cast.city).values_list("code", flat=True))
    assert {"320115", "320106", cast.enterprise.credit_code} <= places
    assert not places & {"3201", "3205", "320571", cast.neighbour_enterprise.credit_code}


def test_nobody_suspends_themselves_least_of_all_the_last_administrator(cast):
    Grant.objects.filter(role=Role.ADMIN).exclude(user=cast.admin).delete()
    for person in (cast.county, cast.admin):
        with pytest.raises(AccessDenied, match="不能停用自己的账号"):
            actions.suspend(person, acting_user=person)
    other = make_person("other", "另一位", Role.ADMIN, cast.places["3201"])
    with pytest.raises(AccessDenied, match="管理范围以外"):
        actions.suspend(cast.admin, acting_user=other)
    with pytest.raises(AccessDenied, match="最后一位系统管理员"):
        actions.suspend(cast.admin, acting_user=None)
