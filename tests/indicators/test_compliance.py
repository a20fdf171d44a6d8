"""Compliance follows the change feed, equals a naive evaluation, and stands still with a closed quarter."""

import datetime
import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enterprises.facts import append_register_changes
from enterprises.models import Enterprise, Ownership
from foundation.calendar.periods import Quarter
from indicators import fill
from indicators.closing import close_quarter, reopen_quarter
from indicators.compliance import evaluating
from indicators.compliance.declaring import rules_in_force
from indicators.drift import check
from indicators.models import ComplianceResult, FillState
from indicators.sets import Scope
from records.duties.facts import append_statement_change
from records.models import Duty, QuarterStatement
from tests.indicators.helpers import LAST, NOW, party, reopen

HOLDS, BROKEN, NOT_APPLICABLE, NOT_STATED = "holds", "broken", "not_applicable", "not_stated"


def finding(enterprise, rule: str, quarter: Quarter = LAST) -> str | None:
    rows = ComplianceResult.objects.filter(enterprise=enterprise, quarter=quarter.code, rule=rule)
    return rows.values_list("finding", flat=True).first()


def naive(quarter: Quarter) -> dict[tuple[int, str], tuple]:
    """Each enterprise judged alone, by each rule alone."""
    found: dict[tuple[int, str], tuple] = {}
    for enterprise in ComplianceResult.objects.order_by().values_list("enterprise_id", flat=True).distinct():
        for rule in rules_in_force(quarter):
            for judged in evaluating.evaluate(quarter, Scope(places=[enterprise]), [rule]):
                found.update(judged)
    return found


def stored(quarter: Quarter) -> dict[tuple[int, str], tuple]:
    enterprises = ComplianceResult.objects.values_list("enterprise_id", flat=True).distinct()
    return evaluating._stored(quarter, sorted(enterprises))


@pytest.fixture
def filled(cast, few_kinds):
    fill.catch_up()
    return cast


def test_every_enterprise_has_a_finding_of_every_rule(filled):
    rules = {rule.code for rule in rules_in_force(LAST)}
    assert len(rules) > 25
    for enterprise in filled.enterprises.values():
        rows = ComplianceResult.objects.filter(enterprise=enterprise, quarter=LAST.code)
        assert {row.rule for row in rows} == rules
        assert {row.county_id for row in rows} == {enterprise.county_id}
        assert {row.city_id for row in rows} == {enterprise.city_id}


def test_of_what_nobody_told_nothing_is_broken(filled):
    """Three of the four have duties that are not due, none has filed anything."""
    assert not ComplianceResult.objects.filter(finding=BROKEN).exists()
    assert ComplianceResult.objects.filter(finding=NOT_STATED, cure="").count() == 0
    assert ComplianceResult.objects.exclude(finding=HOLDS).filter(said="").count() == 0


def test_an_approval_is_followed(filled):
    assert finding(filled.second_enterprise, "P02") == NOT_STATED
    record = party(filled, who="second_enterprise", teams_without_members=0)
    fill.catch_up()
    assert finding(filled.second_enterprise, "P02") == HOLDS
    reopen(filled, record)
    fill.catch_up()
    assert finding(filled.second_enterprise, "P02") == NOT_STATED


def test_what_is_stored_equals_each_enterprise_judged_alone(filled):
    """Whatever happens, in whatever order; only what is marked is judged again."""
    first, second = filled.enterprise, filled.second_enterprise
    steps = [
        lambda: party(filled, who="second_enterprise", teams_without_members=0),
        lambda: party(filled, who="neighbour_enterprise"),
        lambda: _made_private(second),
        lambda: _changed(first, headcount=320),
        lambda: _changed(second, has_union=False),
        lambda: _stated(filled, LAST),
    ]
    random.shuffle(steps)
    for step in steps:
        step()
        fill.catch_up()
    for quarter in (LAST, NOW):
        assert stored(quarter) == naive(quarter)
        assert check(quarter) == []


def _changed(enterprise, **values) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(**values)
    append_register_changes([enterprise.pk])


def _stated(cast, quarter: Quarter) -> None:
    """Made as a row: the action asks for what is still in hand first."""
    places = {f"{name}_id": getattr(cast.enterprise, f"{name}_id") for name in ("province", "city", "county")}
    QuarterStatement.objects.create(
        enterprise=cast.enterprise,
        quarter=quarter.code,
        is_nil=True,
        made_by=cast.clerk,
        made_at=timezone.now(),
        **places,
    )
    append_statement_change(cast.enterprise, quarter)


def _made_private(enterprise) -> None:
    """A change of the register: teams without party members are asked of state-owned enterprises only."""
    Enterprise.objects.filter(pk=enterprise.pk).update(ownership=Ownership.PRIVATE)
    append_register_changes([enterprise.pk])


def test_a_closed_quarter_keeps_what_was_found_until_it_is_reopened(filled):
    party(filled, who="second_enterprise", teams_without_members=0)
    close_quarter(acting_user=filled.province, quarter=LAST)
    kept = stored(LAST)
    assert kept[filled.second_enterprise.pk, "P02"][1] == HOLDS
    _made_private(filled.second_enterprise)
    fill.catch_up()
    assert stored(LAST) == kept
    assert finding(filled.second_enterprise, "P02", NOW) == NOT_APPLICABLE
    reopen_quarter(acting_user=filled.province, quarter=LAST, reason="名录有误")
    fill.catch_up()
    assert finding(filled.second_enterprise, "P02") == NOT_APPLICABLE


def test_a_new_day_is_judged_without_any_change(filled):
    today = timezone.localdate()
    places = {f"{name}_id": getattr(filled.enterprise, f"{name}_id") for name in ("province", "city", "county")}
    Duty.objects.filter(enterprise=filled.enterprise).delete()
    duty = Duty.objects.create(
        enterprise=filled.enterprise, kind="rights.hazard", period=LAST.code, quarter=LAST.code, due=today, **places
    )
    append_register_changes([filled.enterprise.pk])
    fill.catch_up()
    assert finding(filled.enterprise, "DUTY") == NOT_STATED
    Duty.objects.filter(pk=duty.pk).update(due=today - datetime.timedelta(days=1))
    fill.catch_up()
    assert finding(filled.enterprise, "DUTY") == NOT_STATED, "nothing in the feed says so"
    FillState.objects.filter(name=fill.DAY).update(done_at=timezone.now() - datetime.timedelta(days=1))
    fill.catch_up()
    assert finding(filled.enterprise, "DUTY") == BROKEN


def test_who_leaves_the_register_has_no_findings(filled):
    Enterprise.objects.filter(pk=filled.enterprise.pk).update(is_active=False)
    append_register_changes([filled.enterprise.pk])
    fill.catch_up()
    assert finding(filled.enterprise, "A05", NOW) is None
    assert finding(filled.second_enterprise, "A05", NOW) is not None


def test_more_enterprises_cost_no_more_queries(filled):
    def queries(*enterprises) -> int:
        with CaptureQueriesContext(connection) as captured:
            evaluating.store(NOW, Scope(places=[one.pk for one in enterprises]))
        return len(captured)

    one = queries(filled.enterprise)
    assert one == queries(filled.enterprise, filled.second_enterprise, filled.gulou_enterprise)


def test_drift_is_found_and_mended(filled):
    ComplianceResult.objects.filter(enterprise=filled.enterprise, quarter=NOW.code, rule="A05").update(finding=BROKEN)
    [drift] = check(NOW)
    assert (drift.fact, drift.stored, drift.expected) == ("compliance A05", BROKEN, NOT_STATED)
    fill.fill(NOW)
    assert check(NOW) == []


def test_what_was_broken_anew_is_noted_in_both_quarters_that_decide_it(filled):
    """Whichever of two quarters is judged again, and in whatever order."""
    rows = ComplianceResult.objects.filter(enterprise=filled.enterprise, rule="A05")
    rows.filter(quarter=LAST.code).update(finding=HOLDS)
    rows.filter(quarter=NOW.code).update(finding=BROKEN)
    assert {(drift.stored, drift.expected) for drift in check(NOW)} == {(BROKEN, NOT_STATED)}
    evaluating.note_new(NOW, [filled.enterprise.pk])
    assert rows.get(quarter=NOW.code).is_new
    fill.fill(LAST)
    assert rows.get(quarter=LAST.code).finding == NOT_STATED and rows.get(quarter=NOW.code).is_new
    rows.filter(quarter=LAST.code).update(finding=BROKEN)
    evaluating.note_new(NOW, [filled.enterprise.pk])
    assert not rows.get(quarter=NOW.code).is_new, "it was broken before"
    rows.filter(quarter=NOW.code).update(is_new=True)
    fill.fill(LAST)
    fill.fill(NOW)
    assert check(NOW) == [] and not rows.get(quarter=NOW.code).is_new
    rows.filter(quarter=NOW.code).update(is_new=True)
    [drift] = check(NOW)
    assert (drift.fact, drift.stored, drift.expected) == ("compliance A05", "broken, new", "not new")
    fill.fill(NOW)
    assert check(NOW) == []


def _printed(*arguments: str) -> list[list[str]]:
    out = StringIO()
    call_command("compliance", *arguments, stdout=out)
    return [line.split("\t") for line in out.getvalue().splitlines()]


def test_the_command_prints_the_counts_of_a_region_by_rule(filled, tmp_path):
    party(filled, who="second_enterprise", teams_without_members=0)
    target = tmp_path / "counts.json"
    lines = _printed("--region", "3201", "--quarter", LAST.code, "--json", str(target))
    by_code = {line[0]: line[1:6] for line in lines[2:]}
    assert by_code["P02"] == ["1", "0", "2", "0", "100.0%"]
    assert by_code["A05"] == ["0", "0", "0", "3", "—"]
    sheet = json.loads(target.read_text(encoding="utf-8"))
    [rule] = [rule for rule in sheet["rules"] if rule["rule"] == "P02"]
    assert (rule["holds"], rule["not_applicable"], rule["share"]) == (1, 2, 100.0)
    assert "第2条" in rule["citation"]


@pytest.mark.parametrize(
    ("region", "quarter", "words"),
    [("99", LAST.code, "找不到地区代码"), ("32", "2026第三", "无法识别"), ("32", "2011Q1", "还没有设置填报时间")],
)
def test_the_command_says_what_it_cannot_find(cast, region, quarter, words):
    with pytest.raises(CommandError, match=words):
        call_command("compliance", "--region", region, "--quarter", quarter)
