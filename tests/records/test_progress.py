"""Who has reported and what is owed: the lists are exactly what the coverage figures count."""

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.duties.actions import generate_duties, make_statement
from records.models import Duty, DutyRule, ReportingQuarter
from tests.records.test_story import file_lecture

pytestmark = pytest.mark.django_db


@pytest.fixture
def quarter(cast, sign_in):
    """One enterprise filed, one said nil, two said nothing; everybody owes the quarter's return."""
    quarter = Quarter.current().previous()
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(quarter)
    file_lecture(sign_in(cast.clerk), happened_on=quarter.last_day.isoformat())
    make_statement(
        acting_user=cast.second_clerk, enterprise=cast.second_enterprise, quarter=quarter, is_nil=True, asks=False
    )
    catch_up()
    return quarter


@pytest.mark.parametrize("fact", ["REP.reported", "STA.nil", "STA.complete"])
def test_the_list_has_as_many_enterprises_as_the_figure_says(cast, sign_in, quarter, fact):
    response = sign_in(cast.city).get(
        reverse("records:progress"), {"fact": fact, "region": "3201", "quarter": quarter.code}
    )
    listed = response.context["filterset"].qs.count()
    counted = figures(cast.places["3201"], quarter)[fact].value or 0
    assert listed == counted
    assert listed == {"REP.reported": 2, "STA.nil": 1, "STA.complete": 0}[fact]


@pytest.mark.parametrize("fact", ["DUT.due", "DUT.done", "DUT.on_time"])
def test_the_duties_listed_are_those_counted(cast, sign_in, quarter, fact):
    response = sign_in(cast.province).get(
        reverse("records:duties"), {"fact": fact, "region": "32", "quarter": quarter.code}
    )
    assert response.context["filterset"].qs.count() == figures(cast.places["32"], quarter)[fact].value
    assert "发展党员情况" in response.content.decode() or fact != "DUT.due"
    assert ("催办勾选的" in response.content.decode()) == (fact == "DUT.due"), "nobody is urged to what is done"


def test_an_office_finds_who_is_behind_and_only_its_own(cast, sign_in, quarter):
    page = sign_in(cast.city).get(reverse("records:progress"), {"fact": "REP.missing", "quarter": quarter.code})
    text = page.content.decode()
    assert cast.gulou_enterprise.name in text
    assert cast.enterprise.name not in text and cast.neighbour_enterprise.name not in text


def test_the_dashboard_links_its_coverage(cast, sign_in, quarter):
    page = sign_in(cast.city).get(reverse("reporting:dashboard"), {"quarter": quarter.code}).content.decode()
    assert "/records/progress/?fact=REP.reported&amp;region=3201" in page
    assert "/records/duties/?fact=DUT.on_time&amp;region=3201" in page


def test_a_clerk_reads_neither_the_own_name_in_every_row_nor_who_was_urged(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk).get(f"/records/duties/?quarter={quarter.code}")
    office = sign_in(cast.county).get(f"/records/duties/?quarter={quarter.code}")
    names = {"enterprise", "county", "urged"}
    assert not names & {column.name for column in clerk.context["table"].columns}
    assert names <= {column.name for column in office.context["table"].columns}


def test_a_clerk_goes_from_what_is_owed_to_its_form(cast, sign_in, quarter):
    """Also from the list of a quarter in which nothing is left to do."""
    clerk, address, now = sign_in(cast.clerk), reverse("records:duties"), Quarter.current()
    Duty.objects.filter(enterprise=cast.enterprise).update(fulfilled_at=timezone.now())
    duty = Duty.objects.create(
        enterprise=cast.enterprise,
        **{level: getattr(cast.enterprise, level) for level in ("county", "city", "province")},
        kind="ideology.partydevelopment",
        period=now.code,
        quarter=now.code,
        due=now.last_day,
    )
    page = clerk.get(address, {"quarter": quarter.code})
    assert page.context["later"] == [(1, now.label, now.last_day, f"{address}?quarter={now.code}")]
    assert f"{now.label}还有 1 项没有报" in page.content.decode() and "一次填完" not in page.content.decode()
    form = f"/records/new/{duty.kind}/?enterprise={cast.enterprise.credit_code}&amp;period={now.code}"
    assert "/records/new/" not in page.content.decode(), "what was handed in leads to no new form"
    listed = clerk.get(page.context["later"][0][3]).content.decode()
    assert form in listed and clerk.get(form.replace("&amp;", "&")).status_code == 200
    for beside_the_point in ("按企业看", "企业名称、拼音首字母或代码"):
        assert beside_the_point not in listed, "they have one enterprise"
    office = sign_in(cast.county).get(address, {"quarter": now.code}).content.decode()
    assert "/records/new/" not in office and "按企业看" in office and "项没有报" not in office
    Duty.objects.create(
        **{field.name: getattr(duty, field.name) for field in Duty._meta.fields if field.name not in ("id", "kind")},
        kind="rights.hazard",
    )
    both = clerk.get(address, {"quarter": now.code}).content.decode()
    assert f"/records/sitting/{now.code}/?enterprise={cast.enterprise.credit_code}" in both
    ReportingQuarter.objects.filter(code=now.code).update(is_open=False)
    assert "/records/new/" not in clerk.get(address, {"quarter": now.code}).content.decode(), "nobody can file it now"


def test_what_is_overdue_from_earlier_quarters_is_told_above_the_list(cast, sign_in, quarter):
    address = reverse("records:duties")
    Duty.objects.filter(quarter=quarter.code).update(due=quarter.last_day)
    page = sign_in(cast.clerk).get(address, {"quarter": Quarter.current().code})
    assert "还有 1 项逾期未报" in page.content.decode(), "a clerk's own"
    city = sign_in(cast.city)
    [(told, span, link)] = city.get(address, {"quarter": Quarter.current().code}).context["earlier"]
    listed = city.get(link).context["filterset"].qs
    assert span == quarter.label
    assert told == listed.count() == 3 and {duty.quarter for duty in listed} == {quarter.code}
    for asked in ({"fact": "DUT.due"}, {"since": quarter.code}, {"quarter": quarter.code}):
        shown = city.get(address, {"quarter": Quarter.current().code} | asked).content.decode()
        assert "项逾期未报。" not in shown, asked
    Duty.objects.update(fulfilled_at=timezone.now())
    assert "项逾期未报。" not in city.get(address, {"quarter": Quarter.current().code}).content.decode()


@pytest.mark.parametrize("page", ["records:progress", "records:duties"])
def test_a_filter_that_says_nothing_is_said_not_to_narrow(cast, sign_in, quarter, page):
    client = sign_in(cast.county)
    whole = client.get(reverse(page), {"quarter": quarter.code})
    found = client.get(reverse(page), {"quarter": quarter.code, "fact": "DUT.unheard"})
    assert len(found.context["table"].rows) == len(whole.context["table"].rows) > 0
    assert "“进度”没有“DUT.unheard”可选，下面没有按它筛选。" in found.content.decode()
    assert "下面没有按它筛选" not in whole.content.decode()
