"""A quarter that is closed says the same for good, on every page and in print, whatever happens after."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enterprises.change_actions import close_enterprise, move_enterprise, rename_enterprise
from enterprises.models import Enterprise, Ownership
from enterprises.profiles.actions import file_profile
from enterprises.profiles.queries import FIELDS
from foundation.access.rules import AccessDenied
from foundation.facts import declaring
from foundation.places.models import Place
from indicators.actions import revise_indicator
from indicators.closing import close_quarter
from indicators.compliance import declaring as rules
from indicators.fill import catch_up
from indicators.loading import load_indicators
from indicators.models import Indicator
from records.duties.actions import generate_duties
from records.models import DutyRule
from reporting.snapshot import build_snapshot
from tests.cast import Cast, make_enterprise
from tests.confirming import confirm
from tests.indicators.conftest import FILED
from tests.indicators.helpers import LAST, NOW, lecture, party, reopen

pytestmark = pytest.mark.django_db

REGIONS = ("320115", "3201", "32")


@pytest.fixture
def closed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Lectures, returns and what is owed of three enterprises, in a quarter that is closed. Of the kinds only those that are
    filed: counting and freezing all of them takes seconds."""
    load_indicators()
    few = {code: source for code, source in declaring._sources.items() if "." not in code or code in FILED}
    monkeypatch.setattr(declaring, "_sources", few)
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(LAST)
    lecture(cast, attendances=40)
    lecture(cast, who="neighbour_enterprise", attendances=90)
    party(cast, new=9, front=7, total=60)
    party(cast, who="second_enterprise", new=6, front=5, total=30, teams_without_members=0)
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(instructor="甲", liaison="乙", observer="丙")
    close_quarter(acting_user=cast.province, quarter=LAST)
    catch_up()
    return cast


def _figures(browser: Client, region: str) -> Any:
    """The figures of the page and every indicator with their comparisons and how many told them, and the units below."""
    page = browser.get(reverse("reporting:dashboard"), {"region": region, "quarter": LAST.code, "fact": "B03.members"})
    board = page.context["board"]
    units = [
        (unit.place, unit.cell.value, unit.cell.reporting, unit.reported, unit.enterprises) for unit in board.units
    ]
    asked = {"region": region, "quarter": LAST.code}
    found = []
    address = reverse("reporting:dashboard_indicators")
    for area in browser.get(address, asked).context["found"].areas:
        found += browser.get(address, {**asked, "area": area.name}).context["found"].measured
    return board.read.figures, board.read.coverage, board.read.compared, found, units


def _table(browser: Client, region: str) -> Any:
    """By what enterprises were, and one by one."""
    found = []
    for rows in ("county", "ownership", "size", "enterprise"):
        query = {"region": region, "rows": rows, "since": LAST.code, "quarter": LAST.code}
        values = ["B01.attendances", "B03.members", "REG.headcount", "REG.enterprises"]
        table = browser.get(reverse("reporting:table"), {**query, "value": values}).context["table"]
        lines = [*table.lines, *([table.total] if table.total else [])]
        found += [(line.member.code, [(cell.value, cell.reporting) for cell in line.cells]) for line in lines]
    return found


def _compliance(browser: Client, region: str) -> Any:
    """The matrix, and what was found of each enterprise with the rule's version."""
    query = {"region": region, "quarter": LAST.code}
    matrix = browser.get(reverse("reporting:compliance"), query).context["matrix"]
    counts = [
        (row.rule.code, [(cell.unit.pk, cell.counts) for cell in (row.total, *row.cells)])
        for row in matrix.rows
        if row.total.counts.all
    ]
    listed = browser.get("/api/v1/compliance/", {**query, "page_size": 100}).json()["results"]
    return counts, [{**one, "enterprise_name": ""} for one in listed]


def _report(browser: Client, region: str) -> Any:
    """What a report says that is made anew of it."""
    return build_snapshot(Place.objects.get(code=region), LAST)


FACES: dict[str, Callable[[Client, str], Any]] = {
    "dashboard": _figures,
    "cross table": _table,
    "compliance": _compliance,
    "report": _report,
}


def _later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens afterwards."""
    on = {"reason": "营业执照变更", "on": timezone.localdate()}
    first, second = cast.enterprise, cast.second_enterprise
    confirm(
        file_profile,
        acting_user=cast.clerk,
        enterprise_id=first.pk,
        year=LAST.year,
        version=0,
        values={**dict.fromkeys(FIELDS), "headcount": 900, "union_members": 10},
        reason="已核对。",
    )
    first.refresh_from_db()
    for change, enterprise, more in (
        (rename_enterprise, first, {"name": "阿江宁改名机械有限公司"}),
        (move_enterprise, first, {"county": cast.places["320571"], "on": LAST.first_day}),
        (close_enterprise, second, {}),
        (rename_enterprise, cast.neighbour_enterprise, {"name": "园区改名材料有限公司"}),
    ):
        enterprise.refresh_from_db()
        arguments = {"enterprise_id": enterprise.pk, "version": enterprise.version, **on, **more}
        confirm(change, acting_user=cast.province, **arguments)
    Enterprise.objects.filter(pk=cast.gulou_enterprise.pk).update(ownership=Ownership.STATE, instructor="丁")
    make_enterprise(county=cast.places["320115"], name="江宁新来有限公司", code="913201150000000998")
    indicator = Indicator.objects.in_force(LAST).get(code="B04")
    revise_indicator(
        acting_user=cast.province,
        code=indicator.code,
        valid_from=NOW,
        values={"numerator": ["B04.new_members"], "name": "发展党员（新口径）"},
    )
    monkeypatch.setattr(type(rules.rule_by_code("A05")), "version", 99)
    monkeypatch.setattr(type(rules.rule_by_code("A05")), "judge", lambda rule, case: rules.not_applicable("不再要求。"))
    assert lecture(cast, who="neighbour_enterprise", day=LAST.last_day).is_late_entry
    catch_up()


def test_it_says_the_same_on_every_page_whatever_happens_after(
    closed: Cast, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(closed.province)
    record = closed.enterprise.records.filter(kind="ideology.lecture").get()
    before = {(name, region): face(browser, region) for name, face in FACES.items() for region in REGIONS}
    _later(closed, monkeypatch)
    with pytest.raises(AccessDenied, match="已经关闭"):
        reopen(closed, record)
    for (name, region), said in before.items():
        assert FACES[name](browser, region) == said, (name, region)
