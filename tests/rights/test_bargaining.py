"""Collective contracts and what skill earns: what is counted, and what stands as a breach."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.kinds import kind_by_slug
from records.core.prefill import as_last_time
from records.duties.chapters import last_values
from records.models import Record
from rights.loading import ALLOWANCE, ANNUAL, ITEMS, load_incentive_items
from rights.models import IncentiveItem
from tests.rights.filing import approve, breaches, filed, found_in, hand_in

pytestmark = pytest.mark.django_db

CONTRACT, INCENTIVE, LIST = "rights.contract", "rights.incentive", "/rights/incentive-items/"
YEAR = Quarter.current().year


def wages(**changes) -> dict:
    """A wage contract of this year, filed on the tenth day."""
    signed = datetime.date(YEAR, 1, 5)
    plain = {
        "sort": "wages",
        "signed_on": signed,
        "ends_on": datetime.date(YEAR + 1, 1, 4),
        "people": 150,
        "discussed": True,
    }
    return {**plain, "filed_on": signed + datetime.timedelta(days=10), **changes}


def contract(cast, *lines: dict, **changes):
    plain = {"negotiated": True, "negotiated_on": datetime.date(YEAR - 1, 4, 1), "performance_reported": True}
    return filed(cast, CONTRACT, **{"covered": 160, **plain, "agreements": lines, **changes})


def test_contracts_are_counted_by_sort(cast):
    grade = {**wages(), "sort": "grade", "people": 90}
    record = contract(cast, wages(), grade, {**wages(), "sort": "innovation", "people": 40})
    assert not breaches(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = (
        "E03.contracts",
        "E03.covered",
        "E04.firms",
        "E05.grade_firms",
        "E05.grade_covered",
        "E05.innovation_firms",
    )
    assert [shown[code].value for code in codes] == [3, 160, 1, 1, 90, 1]
    assert shown["E05.profit_firms"].value == 0


def test_contracts_still_in_force_come_along_whole_and_those_that_are_over_do_not(cast, sign_in):
    """From the form by 照上一条填, and from 无变化 in a sitting."""
    over = {"sort": "grade", "signed_on": datetime.date(YEAR - 3, 1, 5), "ends_on": datetime.date(YEAR - 1, 1, 4)}
    record = contract(cast, wages(), {**over, "people": 90, "filed_on": datetime.date(YEAR - 3, 1, 9)})
    hand_in(cast, record)
    kind = kind_by_slug(CONTRACT)
    [line] = as_last_time(kind, record)["agreements"]
    assert (line["sort"], line["people"], line["ends_on"]) == ("wages", 150, datetime.date(YEAR + 1, 1, 4))
    assert [row["sort"] for row in last_values(kind, cast.enterprise, before=str(YEAR + 1))["agreements"]] == ["wages"]
    Record.objects.filter(pk=record.pk).update(period=str(YEAR - 2))
    page = sign_in(cast.clerk).get(reverse("records:create", args=[CONTRACT])).content.decode()
    assert "“有效的集体合同”中没有期满的整行带过来" in page


@pytest.mark.parametrize(
    ("line", "changes", "found"),
    [
        ({}, {"negotiated": False}, {"negotiated": ("R38", False)}),
        ({}, {"performance_reported": False}, {"performance_reported": ("R35-report", False)}),
        ({"filed_on": None}, {}, {"agreements.1.filed_on": ("R31", True)}),
        ({"filed_on": datetime.date(YEAR, 1, 16)}, {}, {"agreements.1.filed_on": ("R35-filing", False)}),
        ({"ends_on": datetime.date(YEAR + 2, 1, 4)}, {}, {"agreements.1.ends_on": ("R35-term", False)}),
        ({"sort": "general", "ends_on": datetime.date(YEAR + 2, 1, 4)}, {}, {}),
        ({"sort": "general", "ends_on": datetime.date(YEAR + 3, 1, 30)}, {}, {}),
        (
            {"sort": "general", "ends_on": datetime.date(YEAR + 3, 1, 31)},
            {},
            {"agreements.1.ends_on": ("R35-term", False)},
        ),
    ],
)
def test_a_contract_that_breaks_a_rule_stands_as_a_breach(cast, line, changes, found):
    assert breaches(cast, contract(cast, wages(**line), **changes)) == found


def test_a_contract_that_is_over_is_asked_about(cast):
    last = {"signed_on": datetime.date(YEAR - 1, 1, 5), "ends_on": datetime.date(YEAR, 1, 4)}
    record = contract(cast, wages(**last, filed_on=datetime.date(YEAR - 1, 1, 8)))
    assert any("已经期满" in words for words in hand_in(cast, record))
    assert not found_in(record)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([{"ends_on": datetime.date(YEAR, 1, 5)}], "不晚于签订日期"),
        ([{"filed_on": datetime.date(YEAR, 1, 4)}], "早于签订日期"),
        ([{"people": 161}], "超过了“集体合同覆盖职工”"),
        ([{}, {}], "与第 1 行相同"),
    ],
)
def test_days_of_a_contract_in_the_wrong_order_are_refused(cast, lines, words):
    with pytest.raises(ValidationError) as caught:
        contract(cast, *(wages(**line) for line in lines))
    assert words in str(caught.value)


def test_people_are_counted_by_what_they_were_given(cast):
    load_incentive_items()
    lines = [
        {"item_id": ANNUAL, "people": 4, "skilled": 3, "basis": "rules"},
        {"item_id": ALLOWANCE, "people": 55, "skilled": None, "basis": ""},
    ]
    elements = ",post,ability,innovation,performance,"
    record = filed(cast, INCENTIVE, has_system=True, elements=elements, measures=lines)
    hand_in(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = ("E12.system", "E12.all_elements", "E06.annual", "E13.allowance")
    assert [shown[code].value for code in codes] == [1, 1, 4, 55]
    with pytest.raises(ValidationError, match="超过了“享受职工”"):
        filed(cast, INCENTIVE, measures=[{"item_id": ANNUAL, "people": 4, "skilled": 5, "basis": ""}])


def test_the_province_settles_what_may_be_given(cast, sign_in):
    load_incentive_items()
    province = sign_in(cast.province)
    assert province.get(LIST).content.decode().count("待核定") >= len(ITEMS)
    values = {"name": "住房补贴", "order": 11, "is_settled": "on", "is_active": "on"}
    assert province.post(f"{LIST}housing/edit/", values).status_code == 302
    assert IncentiveItem.objects.get(code="housing").name == "住房补贴"
    assert load_incentive_items().touched == 0
    assert sign_in(cast.city).get(LIST).status_code == 403
