"""First steps on the workbench: by role, ticked off by the data, put away and brought back by each person."""

import pytest
from django.utils import timezone

from enterprises.models import YearlyProfile
from foundation.access.models import Grant, Role
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from records.models import DutyRule
from tests.cast import make_person
from tests.records.test_story import decide, file_lecture

pytestmark = pytest.mark.django_db


def steps(browser) -> dict[str, bool]:
    response = browser.get("/first-steps/?all=1")
    return {step.label: step.is_done for step in response.context["steps"]} if response.content else {}


def test_a_clerks_steps_are_done_by_doing_them(cast, sign_in):
    clerk = sign_in(cast.clerk)
    assert not any(steps(clerk).values()) and len(steps(clerk)) == 4
    YearlyProfile.objects.create(
        enterprise=cast.enterprise, year=timezone.localdate().year, headcount=200, filed_by=cast.clerk
    )
    file_lecture(clerk)
    clerk.post(
        f"/records/statement/{Quarter.current().previous().code}/",
        {"enterprise": cast.enterprise.credit_code, "answer": "complete"},
    )
    assert all(steps(clerk).values())
    assert clerk.get("/first-steps/").content == b"", "done: it stays away by itself"
    assert not any(steps(sign_in(cast.neighbour)).values()), "another enterprise's doings are not theirs"


def test_the_lead_also_keeps_the_entry(cast, sign_in):
    lead = sign_in(cast.lead)
    assert steps(lead)["补齐企业信息"] is False
    cast.enterprise.liaison = "周联络"
    cast.enterprise.save(update_fields=["liaison"])
    assert steps(lead)["补齐企业信息"] is True


def test_a_countys_steps(cast, sign_in):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    assert steps(county)["登记参加产改的企业"] and steps(county)["为每家企业开通账号"]
    Grant.objects.filter(place=cast.second_enterprise.place).delete()
    assert steps(county)["为每家企业开通账号"] is False
    assert steps(county)["审核第一条记录"] is False
    decide(county, file_lecture(clerk), "approve")
    assert steps(county)["审核第一条记录"] is True
    assert steps(sign_in(cast.county_colleague))["审核第一条记录"] is False, "the first review is each person's own"


def test_the_offices_above_and_the_administrator(cast, sign_in):
    province, admin = sign_in(cast.province), sign_in(cast.admin)
    assert steps(province)["设定应报规则"] is False
    DutyRule.objects.create(kind="ideology.partydevelopment")
    assert steps(province)["设定应报规则"] is True
    assert steps(province)["为各设区市产改办开通账号"] is True
    assert steps(sign_in(cast.city))["为各县（市、区）产改办开通账号"] is True
    assert steps(admin)["为本级产改办开通账号"] is True and steps(admin)["为自己设置第二重验证"] is False
    assert steps(sign_in(cast.auditor)) == {}, "an auditor has nothing to set up"


def test_two_roles_share_their_steps(cast, sign_in):
    Grant.objects.create(user=cast.clerk, role=Role.LEAD, place=cast.enterprise.place)
    assert len(steps(sign_in(cast.clerk))) == 5


def test_they_fold_away_once_one_is_done(cast, sign_in):
    """Then the work stands first; asked for, they are open whatever is done."""
    clerk = sign_in(cast.clerk)
    assert "<details open>" in clerk.get("/first-steps/").content.decode()
    file_lecture(clerk)
    page = clerk.get("/first-steps/").content.decode()
    assert any(steps(clerk).values()) and "<details>" in page and "步，看看是哪几步" in page
    assert "<details open>" in clerk.get("/first-steps/?all=1").content.decode()


def test_put_away_and_brought_back(cast, sign_in):
    clerk = sign_in(cast.clerk)
    assert 'hx-get="/first-steps/"' in clerk.get("/").content.decode()
    clerk.post("/first-steps/", {"do": "hide"})
    page = clerk.get("/").content.decode()
    assert 'hx-get="/first-steps/"' not in page and "第一次使用的步骤" in page, "the account menu has it"
    assert 'hx-get="/first-steps/"' in sign_in(cast.lead).get("/").content.decode(), "each person's own"
    answer = clerk.post("/first-steps/", {"do": "show"})
    assert 'hx-get="/first-steps/?all=1"' in clerk.get(answer.url).content.decode()
    events = Entry.objects.filter(event__startswith="backoffice.first_steps").order_by("pk")
    assert list(events.values_list("event", flat=True)) == [
        "backoffice.first_steps_hidden",
        "backoffice.first_steps_shown",
    ]


def test_the_marks_cost_little(cast, sign_in, django_assert_max_num_queries):
    everything = make_person("everything", "身兼数职", Role.CLERK, cast.enterprise.place)
    for role, code in ((Role.COUNTY, "320115"), (Role.CITY, "3201")):
        Grant.objects.create(user=everything, role=role, place=cast.places[code])
    for person, most in ((cast.lead, 8), (cast.county, 12), (cast.province, 12), (cast.admin, 12)):
        browser = sign_in(person)
        browser.get("/first-steps/")
        with django_assert_max_num_queries(most):
            browser.get("/first-steps/")
    assert len(steps(sign_in(everything))) > 6
