"""Closing a quarter freezes it with its evidence; reopening needs a reason and keeps what had frozen."""

import pytest

from enterprises.models import Enterprise
from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.jobs.models import Job
from foundation.jobs.running import run
from foundation.refusals import Refused
from indicators import closing as closings
from indicators.closing import close_quarter, freeze_quarter, reopen_quarter, request_closing
from indicators.drift import check
from indicators.fill import catch_up
from indicators.models import FactValue, FrozenEnterprise, FrozenValue, QuarterClosing
from records.models import Record, ReportingQuarter
from tests.cast import Cast
from tests.contracts.world import values_for
from tests.indicators.helpers import LAST, NOW, approved, filed, lecture, party, totals, value
from tests.records.test_office_filing import approve, filed_by_office

pytestmark = pytest.mark.usefixtures("few_kinds")

LEADERSHIP = "services.leadership"


def test_closing_counts_and_freezes_values_evidence_and_enterprises(cast: Cast) -> None:
    record = lecture(cast, attendances=30)
    party(cast)
    closing = close_quarter(acting_user=cast.province, quarter=LAST)
    assert value(cast.places["32"], "B01.attendances") == 30, "counted a last time, without waiting for the feed"
    frozen = FrozenValue.objects.get(closing=closing, fact="B01.attendances")
    record.refresh_from_db()
    assert (frozen.record_id, frozen.record_version, frozen.value) == (record.pk, record.version, 30)
    register = FrozenValue.objects.get(closing=closing, fact="REG.headcount", place=cast.enterprise.place)
    assert (register.record_id, register.value) == (None, 200)
    kept = FrozenEnterprise.objects.get(closing=closing, enterprise=cast.second_enterprise)
    assert (kept.ownership, kept.tier, kept.industry, kept.county.code) == ("state", "city", "C", "320115")
    row = ReportingQuarter.objects.get(code=LAST.code)
    assert not row.is_open and row.closed_at == closing.closed_at
    assert Entry.objects.filter(event="indicators.quarter_closed", actor=cast.province).count() == 1
    assert check(LAST) == []


def test_a_closed_quarter_stands_whatever_happens_to_register_and_records(cast: Cast) -> None:
    lecture(cast)
    close_quarter(acting_user=cast.province, quarter=LAST)
    before = {key: total for key, total in totals().items() if key[1] == LAST.code}
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(headcount=999, pilot_tier="none")
    late = lecture(cast, day=LAST.first_day)
    catch_up()
    assert (late.quarter, late.is_late_entry) == (NOW.code, True)
    assert {key: total for key, total in totals().items() if key[1] == LAST.code} == before
    assert value(cast.places["32"], "B01.sessions", NOW) == 1
    assert check(LAST) == []


def test_the_list_behind_a_figure_of_a_closed_quarter_is_what_was_kept(cast: Cast, sign_in) -> None:
    """An annual return that came later speaks for the quarter as well, live; not any more for what was closed. An office's
    own records are kept as the others are."""
    county = cast.places["320115"]
    study = filed_by_office(cast.county, county, happened_on=LAST.first_day)
    approve(cast.county_colleague, study)
    year = LAST.year - 1
    values = values_for(LEADERSHIP, cast.enterprise, period=str(year))
    early = approved(cast.clerk, cast.county, cast.enterprise, LEADERSHIP, **values)
    catch_up()
    close_quarter(acting_user=cast.province, quarter=LAST)
    assert FrozenValue.objects.get(fact="A12.studies", record=study).place_id == county.pk
    values = values_for(LEADERSHIP, cast.second_enterprise, period=str(year))
    late = approved(cast.second_clerk, cast.county, cast.second_enterprise, LEADERSHIP, **values)
    catch_up()
    page = sign_in(cast.county).get("/records/", {"fact": "A01.reported", "quarter": LAST.code, "region": "320115"})
    listed = {record.pk for record in page.context["table"].data}
    assert early.pk in listed and late.pk not in listed
    assert (page.context["opened"].count, page.context["opened"].total) == (1, 1)
    assert value(county, "A01.reported") == 1
    reopen_quarter(acting_user=cast.province, quarter=LAST, reason="漏了一家。")
    page = sign_in(cast.county).get("/records/", {"fact": "A01.reported", "quarter": LAST.code, "region": "320115"})
    assert page.context["opened"].count == 2


def test_drift_of_a_closed_quarter_is_measured_by_what_was_frozen(cast: Cast) -> None:
    lecture(cast)
    close_quarter(acting_user=cast.province, quarter=LAST)
    FactValue.objects.filter(quarter=LAST.code, fact="B01.sessions").update(value=7)
    drifted = {(row.where, row.fact) for row in check(LAST)}
    assert drifted >= {(cast.enterprise.credit_code, "B01.sessions"), ("32", "B01.sessions")}


def test_reopening_needs_a_reason_and_keeps_the_frozen_rows(cast: Cast) -> None:
    lecture(cast)
    close_quarter(acting_user=cast.province, quarter=LAST)
    with pytest.raises(Refused, match="原因"):
        reopen_quarter(acting_user=cast.province, quarter=LAST, reason="  ")
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(headcount=300)
    reopen_quarter(acting_user=cast.province, quarter=LAST, reason="江宁区补报一批场次")
    catch_up()
    assert value(cast.places["320115"], "REG.headcount") == 500, "counted as things now stand"
    closing = QuarterClosing.objects.get()
    assert (closing.reason, closing.reopened_by) == ("江宁区补报一批场次", cast.province)
    assert FrozenValue.objects.get(closing=closing, fact="REG.headcount", place=cast.enterprise.place).value == 200
    row = ReportingQuarter.objects.get(code=LAST.code)
    assert row.is_open and row.closed_at is None and row.reopen_reason
    assert Entry.objects.get(event="indicators.quarter_reopened").note == "江宁区补报一批场次"
    close_quarter(acting_user=cast.province, quarter=LAST)
    assert QuarterClosing.objects.count() == 2 and check(LAST) == []


def test_what_cannot_be_closed_says_why(cast: Cast) -> None:
    with pytest.raises(Refused, match="才结束"):
        close_quarter(acting_user=cast.province, quarter=NOW)
    with pytest.raises(Refused, match="没有关闭"):
        reopen_quarter(acting_user=cast.province, quarter=LAST, reason="误操作")
    with pytest.raises(Refused, match="还没有设置"):
        close_quarter(acting_user=cast.province, quarter=LAST.shift(-9))
    filed(
        cast.clerk,
        cast.enterprise,
        "ideology.lecture",
        title="一课",
        happened_on=LAST.first_day,
        form="on_site",
        speaker="李师傅",
        number_of_people=5,
        attendances=5,
    )
    with pytest.raises(Refused, match="1 条记录待审核"):
        close_quarter(acting_user=cast.province, quarter=LAST)
    assert ReportingQuarter.objects.get(code=LAST.code).is_open


def test_twice_is_refused(cast: Cast) -> None:
    close_quarter(acting_user=cast.province, quarter=LAST)
    with pytest.raises(Refused, match="已经关闭"):
        close_quarter(acting_user=cast.province, quarter=LAST)


@pytest.mark.parametrize("who", ["clerk", "county", "city", "auditor", "admin"])
def test_only_the_province_closes_and_reopens(cast: Cast, who: str) -> None:
    with pytest.raises(AccessDenied):
        close_quarter(acting_user=cast.people[who], quarter=LAST)
    with pytest.raises(AccessDenied):
        reopen_quarter(acting_user=cast.people[who], quarter=LAST, reason="误操作")


def _frozen(closing: QuarterClosing) -> set[tuple]:
    rows = FrozenValue.objects.filter(closing=closing)
    return set(rows.values_list("fact", "place", "record", "record_version", "value"))


def test_closing_is_a_job_and_what_is_asked_twice_is_done_once(cast: Cast) -> None:
    lecture(cast)
    catch_up()
    closing = request_closing(acting_user=cast.province, quarter=LAST)
    assert not ReportingQuarter.objects.get(code=LAST.code).is_open, "from now on nothing can be filed for it"
    assert closing.frozen_at is None and _frozen(closing) == set()
    assert value(cast.places["32"], "B01.sessions") == 1, "pages show what was counted before"
    assert request_closing(acting_user=cast.province, quarter=LAST) == closing
    [job] = Job.objects.all()
    with pytest.raises(Refused, match="正在关闭"):
        reopen_quarter(acting_user=cast.province, quarter=LAST, reason="误操作")
    assert run(job.pk)
    job.refresh_from_db()
    closing.refresh_from_db()
    assert (job.status, closing.frozen_at is not None) == ("done", True)
    kept = _frozen(closing)
    freeze_quarter(closing.pk, report=lambda percent, message: None)
    assert _frozen(closing) == kept != set()
    with pytest.raises(Refused, match="已经关闭"):
        request_closing(acting_user=cast.province, quarter=LAST)


@pytest.mark.parametrize("where", ["_freeze_records", "_freeze_values", "_freeze_enterprises", "frozen_drift"])
def test_a_worker_killed_while_freezing_leaves_nothing_and_the_next_completes(
    cast: Cast, monkeypatch, where: str
) -> None:
    lecture(cast)
    party(cast)
    closing = request_closing(acting_user=cast.province, quarter=LAST)

    def die(*args: object) -> None:
        raise KeyboardInterrupt("the worker was killed")

    with monkeypatch.context() as patch:
        patch.setattr(closings, where, die)
        with pytest.raises(KeyboardInterrupt):
            freeze_quarter(closing.pk, report=lambda percent, message: None)
    closing.refresh_from_db()
    assert closing.frozen_at is None
    assert _frozen(closing) == set() and not FrozenEnterprise.objects.exists()
    Job.objects.update(status="failed")
    assert request_closing(acting_user=cast.province, quarter=LAST) == closing, "taken up again, not begun anew"
    freeze_quarter(closing.pk, report=lambda percent, message: None)
    closing.refresh_from_db()
    assert closing.frozen_at and check(LAST) == []
    facts = {fact for fact, *_rest in _frozen(closing)}
    assert facts >= {"B01.sessions", "B03.members", "REG.headcount", "REG.enterprises", "REP.reported"}
    assert FrozenEnterprise.objects.count() == 4


def test_a_closing_that_was_broken_off_can_be_reopened(cast: Cast) -> None:
    lecture(cast)
    request_closing(acting_user=cast.province, quarter=LAST)
    Job.objects.update(status="failed")
    reopen_quarter(acting_user=cast.province, quarter=LAST, reason="冻结没有成功")
    catch_up()
    assert value(cast.places["32"], "B01.sessions") == 1
    assert ReportingQuarter.objects.get(code=LAST.code).is_open and not FrozenValue.objects.exists()


def test_what_still_moves_while_it_is_frozen_is_counted_again(cast: Cast, monkeypatch) -> None:
    """An approval that had begun before the quarter was shut, and ends while it is being frozen."""
    record = lecture(cast)
    closing = request_closing(acting_user=cast.province, quarter=LAST)
    calls: list[int] = []
    freeze = closings._freeze

    def late(*args: object) -> None:
        if not calls:
            Record.objects.filter(pk=record.pk).update(attendances=31)
        calls.append(1)
        freeze(*args)

    monkeypatch.setattr(closings, "_freeze", late)
    freeze_quarter(closing.pk, report=lambda percent, message: None)
    assert value(cast.places["32"], "B01.attendances") == 31 and check(LAST) == []
    assert len(calls) == 2


def test_the_page_shows_how_far_freezing_is(cast: Cast, sign_in) -> None:
    province = sign_in(cast.province)
    request_closing(acting_user=cast.province, quarter=LAST)
    page = province.get("/quarters/").content.decode()
    assert "正在冻结" in page and "已停止填报" in page
    run(Job.objects.get().pk)
    page = province.get("/quarters/").content.decode()
    assert "正在冻结" not in page and "已关闭" in page
