"""The list of one kind: units in the heads, a year where the return counts in one, and a next step where there is nothing yet."""

import pytest
from django.urls import reverse

from foundation.calendar.periods import Quarter, Year
from tests.indicators.helpers import approved, filed
from tests.records.test_years import LEADERSHIP

pytestmark = pytest.mark.django_db

LIST = reverse("records:list")
LAST_YEAR = Year(Quarter.current().year).previous()
FUND = {"spent": 32, "frontline": 20, "accrued": 40}


def listed(browser, kind: str, **more: str) -> str:
    return browser.get(LIST, {"kind": kind, **more}).content.decode()


def test_an_annual_return_says_its_year_and_not_the_quarter_it_was_filed_with(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise, "services.leadership", period=LAST_YEAR.code, **LEADERSHIP)
    county = sign_in(cast.county)
    with_quarter = Quarter.parse(record.quarter)
    pages = [
        listed(county, "services.leadership"),
        county.get(LIST).content.decode(),
        *(county.get(reverse(f"records:{name}", args=[record.pk])).content.decode() for name in ("detail", "print")),
        county.get(reverse("records:review_record", args=[record.pk])).content.decode(),
    ]
    for page in pages:
        assert LAST_YEAR.label in page.replace(record.title, "")
        assert with_quarter.short_label not in page and f"<span>{with_quarter.label}" not in page
    lecture = approved(
        cast.clerk,
        cast.county,
        cast.enterprise,
        "ideology.lecture",
        title="一课",
        happened_on=Quarter.current().first_day,
        form="on_site",
        speaker="王师傅",
        number_of_people=30,
        attendances=30,
    )
    assert Quarter.parse(lecture.quarter).short_label in listed(county, "ideology.lecture")


def test_the_heads_name_the_units(cast, sign_in):
    filed(cast.clerk, cast.enterprise, "skills.trainingfund", period=LAST_YEAR.code, **FUND)
    page = listed(sign_in(cast.county), "skills.trainingfund")
    assert "实际发生额（万元）" in page and 'data-label="全年参训职工（人）"' in page


def test_where_there_is_nothing_yet_the_first_one_is_begun(cast, sign_in):
    page = listed(sign_in(cast.clerk), "skills.degree")
    assert "还没有“学历继续教育与学分银行”的记录" in page and "没有符合条件的记录" not in page
    assert page.count(reverse("records:create", args=["skills.degree"])) == 2, "above and in the middle"
    assert "没有符合条件的记录" in listed(sign_in(cast.clerk), "skills.degree", status="approved")


@pytest.mark.parametrize(
    ("who", "kind", "why"),
    [
        ("clerk", "rights.pay", "待省里核定，现在不收集"),
        ("county", "services.awardrule", "这一项由市级产改办、省级产改办填报"),
        ("clerk", "services.awardrule", "这一项由市级产改办、省级产改办填报"),
    ],
)
def test_what_the_person_cannot_begin_is_not_offered(cast, sign_in, who, kind, why):
    page = listed(sign_in(cast.people[who]), kind)
    assert why in page and reverse("records:create", args=[kind]) not in page


def test_an_office_begins_what_it_reports_itself(cast, sign_in):
    city = sign_in(cast.city)
    page = listed(city, "services.awardrule")
    assert reverse("records:create", args=["services.awardrule"]) in page
    # Rows of a workbook name enterprises: there is nothing to be filled in for an office.
    assert f"{reverse('records:imports')}?kind" not in page
    assert city.get(reverse("records:import_template", args=["services.awardrule"])).status_code == 404
    assert f"{reverse('records:imports')}?kind" in listed(city, "ideology.lecture")


def test_an_office_that_does_not_report_a_kind_is_led_to_what_it_reports(cast, sign_in):
    page = sign_in(cast.county).get(reverse("records:create", args=["services.awardrule"])).content.decode()
    assert "您所在的单位不填这一项" in page and reverse("records:own") in page


def test_a_heading_that_says_what_its_only_field_says_is_not_shown_twice(cast, sign_in):
    page = sign_in(cast.clerk).get(reverse("records:create", args=["rights.voice"])).content.decode()
    assert '<legend class="card-title visually-hidden">报告期</legend>' in page
    assert '<legend class="card-title">厂务公开</legend>' in page


def test_lines_are_printed_over_the_whole_width(cast, sign_in):
    record = filed(
        cast.clerk,
        cast.enterprise,
        "skills.trainingfund",
        period=LAST_YEAR.code,
        **FUND,
    )
    page = sign_in(cast.clerk).get(reverse("records:print", args=[record.pk])).content.decode()
    assert '<tr class="sheet-long"><td colspan="2">' in page
