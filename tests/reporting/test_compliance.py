"""Pages of compliance: who sees what, that every number opens what it counts, urging, and an enterprise's own list."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import source_by_code
from foundation.places.models import Place
from indicators.compliance.reading import counts_by_rule, results_of
from indicators.fill import count_source
from indicators.models import ComplianceResult
from notices.models import Urge
from records.core.periods import working_quarter
from records.models import ReportingQuarter
from tests.cast import make_enterprise
from tests.indicators.helpers import LAST

MATRIX, RESULTS = "reporting:compliance", "reporting:compliance_results"


def judge(quarter: Quarter = LAST) -> None:
    count_source(quarter, source_by_code("compliance"))


@pytest.fixture
def judged(cast):
    """Of 三员 江宁's first has all, its second some, 鼓楼's none; 园区's is no pilot."""
    named = {"instructor": "张某", "liaison": "李某", "observer": "王某"}
    type(cast.enterprise).objects.filter(pk=cast.enterprise.pk).update(**named)
    type(cast.enterprise).objects.filter(pk=cast.second_enterprise.pk).update(instructor="赵某")
    type(cast.enterprise).objects.filter(pk=cast.neighbour_enterprise.pk).update(pilot_tier="none")
    judge()
    return cast


def _page(browser, name: str, *args, **asked: str) -> str:
    answer = browser.get(reverse(name, args=args), {"quarter": LAST.code, **asked})
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_every_number_of_the_matrix_opens_exactly_what_it_counts(judged, sign_in):
    browser = sign_in(judged.province)
    page = _page(browser, MATRIX)
    opened = 0
    for url, number in re.findall(r'<a href="(/compliance/results/\?[^"]*rule=A05[^"]*)"[^>]*>([\d,]+)</a>', page):
        table = browser.get(url.replace("&amp;", "&")).context["table"]
        assert len(table.rows) == int(number), url
        opened += 1
    assert opened >= 2


@pytest.mark.parametrize(
    ("who", "region", "found"),
    [
        ("province", "32", (1, 1, 1, 1)),
        ("city", "3201", (1, 1, 0, 1)),
        ("county", "320115", (1, 1, 0, 0)),
        ("neighbour_county", "320571", (0, 0, 1, 0)),
        ("auditor", "32", (1, 1, 1, 1)),
    ],
)
def test_an_office_sees_the_counts_of_its_area(judged, sign_in, who, region, found):
    matrix = sign_in(judged.people[who]).get(reverse(MATRIX), {"quarter": LAST.code}).context["matrix"]
    assert matrix.place.code == region
    [row] = [row for row in matrix.rows if row.rule.code == "A05"]
    counts = row.total.counts
    assert (counts.holds, counts.broken, counts.not_applicable, counts.not_stated) == found
    assert sum((cell.counts.all for cell in row.cells), 0) in (0, counts.all)


def test_a_neighbours_area_and_enterprise_do_not_exist(judged, sign_in):
    browser = sign_in(judged.neighbour_county)
    assert browser.get(reverse(MATRIX), {"region": "320115"}).status_code == 404
    assert browser.get(reverse("reporting:compliance_rule", args=["A05"]), {"region": "3201"}).status_code == 404
    own = reverse("reporting:compliance_enterprise", args=[judged.enterprise.pk])
    assert browser.get(own).status_code == 404
    assert sign_in(judged.neighbour).get(own).status_code == 404
    listed = browser.get(reverse(RESULTS), {"quarter": LAST.code, "region": "320115"}).context["table"]
    assert len(listed.rows) == 0


def test_a_clerk_reads_the_own_list_and_nothing_else(judged, sign_in):
    browser = sign_in(judged.second_clerk)
    page = _page(browser, MATRIX)
    assert "企业信息中没有产改联络员、产改观察员。" in page
    assert "请配备产改联络员、产改观察员，并在企业信息中填写姓名。" in page
    assert reverse("enterprises:detail", args=[judged.second_enterprise.pk]) in page
    rows = browser.get(reverse(RESULTS), {"quarter": LAST.code}).context["table"].data.data
    assert {row.enterprise_id for row in rows} == {judged.second_enterprise.pk}
    assert browser.get(reverse("reporting:compliance_rule", args=["A05"])).status_code == 403


def test_an_own_list_leads_to_the_form_of_what_nobody_told(judged, sign_in):
    page = _page(sign_in(judged.clerk), "reporting:compliance_enterprise", judged.enterprise.pk)
    form = f"{reverse('records:create', args=['rights.hazard'])}?enterprise={judged.enterprise.credit_code}&amp;period={LAST.code}"
    assert form in page
    office = _page(sign_in(judged.county), "reporting:compliance_enterprise", judged.enterprise.pk)
    assert form not in office, "an office does not file it"


def test_the_panel_says_what_is_broken(judged, sign_in):
    judge(working_quarter())
    page = (
        sign_in(judged.county).get(reverse("enterprises:detail", args=[judged.second_enterprise.pk])).content.decode()
    )
    assert 'id="compliance"' in page
    assert "企业信息中没有产改联络员、产改观察员。" in page


def test_a_rules_page_names_source_and_what_it_looks_at(judged, sign_in):
    page = _page(sign_in(judged.province), "reporting:compliance_rule", "R11")
    assert "《企业民主管理规定》" in page
    assert "应到代表、实到代表" in page
    assert sign_in(judged.province).get(reverse("reporting:compliance_rule", args=["R99"])).status_code == 404


def test_only_what_is_not_in_order_is_urged_about(judged, sign_in):
    browser = sign_in(judged.county)
    asked = {"quarter": LAST.code, "rule": "A05"}
    address = f"{reverse('reporting:compliance_urge')}?quarter={LAST.code}&rule=A05"
    assert reverse("reporting:compliance_urge") in _page(browser, RESULTS, **asked)
    done = browser.post(address, {"which": "all", "do": "urge", "text": "请配备三员。"})
    assert done.status_code == 302
    assert set(Urge.objects.values_list("place_id", "subject")) == {
        (judged.second_enterprise.pk, f"compliance:{LAST.code}:A05")
    }
    assert "已催办 1 次" in _page(browser, RESULTS, **asked)
    assert sign_in(judged.clerk).post(address, {"which": "all"}).status_code == 403
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    assert reverse("reporting:compliance_urge") not in _page(browser, RESULTS, **asked)
    assert browser.post(address, {"which": "all"}).status_code == 403


def test_page_and_workbook_agree(judged, sign_in):
    browser = sign_in(judged.city)
    book = load_workbook(BytesIO(browser.get(reverse(MATRIX), {"quarter": LAST.code, "_export": "xlsx"}).content))
    rows = [row for row in book.active.iter_rows(values_only=True) if "指导员" in str(row[1])]
    counts = counts_by_rule(results_of(Place.objects.get(code="3201"), LAST))["A05"]
    assert rows[0][3:] == ("南京市", counts.holds, counts.broken, counts.not_applicable, counts.not_stated, 50)
    assert {row[3] for row in rows} == {"南京市", "江宁区", "鼓楼区"}
    asked = {"quarter": LAST.code, "rule": "A05", "finding": "broken", "_export": "xlsx"}
    listed = load_workbook(BytesIO(browser.get(reverse(RESULTS), asked).content))
    names = [row[0] for row in listed.active.iter_rows(min_row=2, values_only=True)]
    assert judged.second_enterprise.name in names
    assert judged.enterprise.name not in names


def test_enterprises_are_listed_with_how_much_they_keep(judged, sign_in):
    table = (
        sign_in(judged.county).get(reverse("reporting:compliance_enterprises"), {"quarter": LAST.code}).context["table"]
    )
    found = {row.pk: row for row in table.data.data}
    assert set(found) == {judged.enterprise.pk, judged.second_enterprise.pk}
    own = ComplianceResult.objects.filter(enterprise=judged.second_enterprise, quarter=LAST.code)
    assert found[judged.second_enterprise.pk].broken == own.filter(finding="broken").count()
    assert found[judged.second_enterprise.pk].not_stated == own.filter(finding="not_stated").count()


@pytest.mark.parametrize("page", [MATRIX, RESULTS, "reporting:compliance_enterprises"])
def test_more_enterprises_cost_no_more_queries(judged, sign_in, page):
    browser = sign_in(judged.county)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse(page), {"quarter": LAST.code}).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(2):
        made = make_enterprise(
            county=judged.places["320115"], name=f"江宁又一家{number}", code=f"9132011500000009{number}X"
        )
        assert made.pk
    judge()
    assert queries() == before
