"""Training funds: what is deducted, what the front line's share must be, and spending told by purpose."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from enterprises.models import YearlyProfile
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, declared_facts, source_of_fact
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record, update_record
from records.core.kinds import kind_by_slug
from records.core.lines import stored_rows
from records.core.models import Breach
from records.models import Record, Status
from skills.business_rules.funds import deduction, deductions
from skills.loading import PURPOSES, load_purposes
from skills.models import SpendingPurpose
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db

KIND = kind_by_slug("skills.trainingfund")


def fund(cast, *spending: tuple[str, str], **changes: Any) -> Record:
    plain = {"spent": "100.00", "frontline": "60.00", "accrued": None, "trained": None}
    lines = [{"purpose_id": code, "amount": Decimal(amount)} for code, amount in spending]
    values = values_for(KIND.slug, cast.enterprise, **{**plain, **changes}, spending=lines)
    numbers = {name: Decimal(values[name]) for name in ("spent", "frontline", "accrued") if values[name] is not None}
    return file_record(acting_user=cast.clerk, kind=KIND, filer=cast.enterprise, values=values | numbers)


def asked(cast, record: Record) -> dict[str, str]:
    """What is asked when it is handed in, by field; it goes in with a word."""
    try:
        act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    except NeedsConfirmation as questions:
        act(
            acting_user=cast.clerk,
            record_id=record.pk,
            action="submit",
            version=record.version,
            reason="已核对。",
            confirmed=questions.keys,
        )
        return {question.field: question.message for question in questions.questions}
    return {}


def profile(cast, year: int, wages: str | None) -> None:
    YearlyProfile.objects.create(
        enterprise=cast.enterprise,
        year=year,
        headcount=200,
        wages_total=None if wages is None else Decimal(wages),
        filed_by=cast.clerk,
    )


# --- R01: 8 % of the wages are deducted, the rest is carried on ----------------------------------------


def test_what_is_above_the_cap_is_carried_into_the_next_year():
    first = deduction(Decimal(10_000_000), Decimal(950_000))
    assert (first.cap, first.deducted, first.carried) == (800_000, 800_000, 150_000)
    second = deduction(Decimal(12_000_000), Decimal(700_000), first.carried)
    assert (second.cap, second.deducted, second.carried) == (960_000, 850_000, 0)


def test_years_follow_each_other_and_nothing_is_known_after_a_year_without_wages():
    spent = [(2023, Decimal(95)), (2024, Decimal(70)), (2025, Decimal(10))]
    found = deductions(spent, {2023: Decimal(1000), 2024: Decimal(1200), 2025: Decimal(1000)})
    assert [found[year].deducted for year in (2023, 2024, 2025)] == [80, 85, 10]
    found = deductions(spent, {2023: Decimal(1000), 2025: Decimal(1000)})
    assert (found[2024], found[2025]) == (None, None)


def test_the_page_works_the_deduction_out_and_says_that_the_tax_return_decides(cast, sign_in):
    record = fund(cast, spent="95.00", frontline="60.00")
    year = int(record.period)
    page = reverse("records:detail", args=[record.pk])
    unknown = sign_in(cast.clerk).get(page).content.decode()
    assert "算不出扣除额" in unknown and "63.2%" in unknown
    profile(cast, year, "1000.00")
    shown = sign_in(cast.clerk).get(page).content.decode()
    for words in ("80.00 万元", "15.00 万元", "9.5%", "以纳税申报为准"):
        assert words in shown, words
    assert "8%" in asked(cast, record)["spent"]


# --- R02, R03, R04 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "frontline", "share", "gap"),
    [("100.00", "59.99", "60.0%", "0.01"), ("100.00", "45.00", "45.0%", "15.00")],
)
def test_less_than_sixty_per_cent_for_the_front_line_is_a_breach(cast, spent, frontline, share, gap):
    message = asked(cast, fund(cast, spent=spent, frontline=frontline))["frontline"]
    assert share in message and f"还差 {gap} 万元" in message and "国发〔2010〕36号" in message
    assert [(row.rule, row.field) for row in Breach.objects.all()] == [("R03", "frontline")]


def test_sixty_per_cent_is_enough(cast):
    assert asked(cast, fund(cast, spent="100.00", frontline="60.00")) == {}
    assert not Breach.objects.exists()


def test_a_year_without_spending_is_a_breach(cast):
    assert "没有支出" in asked(cast, fund(cast, spent="0.00", frontline="0.00"))["spent"]
    assert Breach.objects.get().rule == "R02"


def test_accrual_below_the_band_is_asked_about(cast):
    record = fund(cast, accrued="14.99", spent="20.00", frontline="15.00")
    profile(cast, int(record.period), "1000.00")
    message = asked(cast, record)["accrued"]
    assert "15.00 万元" in message and "待核定" in message
    assert not Breach.objects.exists(), "a question, no breach: the band is an old one"


def test_a_reference_of_a_line_may_be_given_by_its_key(cast):
    """As a step keeps it, and as a return in which nothing has changed takes it over."""
    values = values_for(KIND.slug, cast.enterprise, spending=[{"purpose": "post", "amount": Decimal(7)}])
    record = file_record(acting_user=cast.clerk, kind=KIND, filer=cast.enterprise, values=values)
    assert record.spending[0].purpose.name == "上岗和转岗培训"


# --- spending by purpose --------------------------------------------------------------------------------


def test_a_sum_of_purposes_that_differs_is_asked_about_and_stands_with_a_word(cast):
    message = asked(cast, fund(cast, ("post", "70.00"), ("other", "20.00")))["spent"]
    assert "合计 90.00 万元" in message and "相差 10.00 万元" in message
    assert Record.objects.get().status == Status.SUBMITTED


def test_purposes_that_add_up_are_not_asked_about(cast):
    record = fund(cast, ("post", "70.00"), ("other", "30.00"))
    assert asked(cast, record) == {}
    assert [row["purpose"] for row in stored_rows(record.specific(), KIND.lines[0])] == ["post", "other"]


def test_the_eleven_purposes_are_proposed_and_the_provinces_to_settle(cast, sign_in):
    assert SpendingPurpose.objects.count() == len(PURPOSES) == 11
    assert not SpendingPurpose.objects.filter(is_settled=True).exists()
    assert load_purposes().touched == 0
    listed = sign_in(cast.province).get(reverse("skills:spending_purposes")).content.decode()
    assert "特种作业人员培训" in listed and "待核定" in listed
    assert sign_in(cast.clerk).get(reverse("skills:spending_purposes")).status_code == 403


def test_a_purpose_out_of_use_is_not_offered(cast, sign_in):
    SpendingPurpose.objects.filter(code="equipment").update(is_active=False)
    page = sign_in(cast.clerk).get(reverse("records:create", args=[KIND.slug])).content.decode()
    assert "特种作业人员培训" in page and "购置教学设备与设施" not in page


def test_form_and_history_name_purposes_and_ask_once_for_all(cast, sign_in):
    few = fund(cast, ("post", "100.00"))
    clerk = sign_in(cast.clerk)

    def queries(page: str) -> int:
        address = reverse(page, args=[few.pk])
        clerk.get(address)
        with CaptureQueriesContext(connection) as asked_for:
            shown = clerk.get(address)
        assert shown.status_code == 200 and "上岗和转岗培训" in shown.content.decode()
        return len(asked_for)

    update_record(
        acting_user=cast.clerk,
        record_id=few.pk,
        version=1,
        values={"spending": [{"purpose_id": "post", "amount": Decimal(90)}]},
    )
    before = {page: queries(page) for page in ("records:detail", "records:edit", "records:print")}
    lines = [{"purpose_id": code, "amount": Decimal(9)} for code, _name in PURPOSES]
    update_record(acting_user=cast.clerk, record_id=few.pk, version=2, values={"spending": lines})
    update_record(acting_user=cast.clerk, record_id=few.pk, version=3, values={"spending": lines[:1]})
    more = {page: queries(page) for page in before}
    # A query for the purposes of each step that changed lines; none for each line.
    assert more["records:edit"] == before["records:edit"]
    assert all(more[page] <= before[page] + 2 for page in before), (before, more)


def test_the_api_takes_and_describes_purposes_by_code(cast):
    api = APIClient()
    api.force_authenticate(cast.clerk)
    cells = api.get(f"/api/v1/kinds/{KIND.slug}/").json()["schema"]["properties"]["spending"]["items"]["properties"]
    assert cells["purpose"]["x-enum-labels"]["post"] == "上岗和转岗培训"
    body = {"kind": KIND.slug, "enterprise": cast.enterprise.credit_code, "spent": 10, "frontline": 8}
    made = api.post("/api/v1/records/", {**body, "spending": [{"purpose": "post", "amount": 10}]}, format="json")
    assert made.json()["spending"] == [{"purpose": "post", "amount": 10.0}]
    Record.objects.all().delete()
    wrong = api.post("/api/v1/records/", {**body, "spending": [{"purpose": "cakes", "amount": 10}]}, format="json")
    [problem] = wrong.json()["errors"]
    assert problem["field"] == "spending.1.purpose" and "post（上岗和转岗培训）" in problem["cure"]
    twice = [{"purpose": "post", "amount": 1}, {"purpose": "post", "amount": 2}]
    [problem] = api.post("/api/v1/records/", {**body, "spending": twice}, format="json").json()["errors"]
    assert problem["field"] == "spending.2.purpose" and "与第 1 行相同" in problem["reason"]


def test_what_was_spent_and_who_was_trained_are_figures_of_the_year(cast):
    record = fund(cast, ("post", "100.00"), trained=120)
    asked(cast, record)
    record.refresh_from_db()
    act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["320115"], Quarter.current())
    assert [shown[code].value for code in ("D08.spent", "D09.frontline", "D10.trained")] == [100, 60, 120]


def test_the_share_in_wages_is_one_of_the_same_enterprises(cast):
    """Wages of an enterprise that told no training funds are no part of it, and come once they are told in the profile."""
    year = Quarter.current().year - 1
    profile(cast, year, "1000.00")
    YearlyProfile.objects.create(
        enterprise=cast.second_enterprise, year=year, headcount=10, wages_total="500.00", filed_by=cast.county
    )
    record = fund(cast)
    asked(cast, record)
    record.refresh_from_db()
    act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[code].value for code in ("D08.spent", "D08.of_told", "D08.wages")] == [100, 100, 1000]
    assert [row.pk for row in source_of_fact("D08.wages").evidence(_fact("D08.wages"), Quarter.current())] == [
        cast.enterprise.pk
    ]


def _fact(code: str) -> Fact:
    return declared_facts()[code]
