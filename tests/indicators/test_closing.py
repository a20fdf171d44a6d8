"""Closing a quarter freezes it with its evidence; reopening needs a reason and keeps what had frozen."""

import pytest

from enterprises.models import Enterprise
from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.refusals import Refused
from indicators.actions import close_quarter, reopen_quarter
from indicators.drift import check
from indicators.fill import catch_up
from indicators.models import FactValue, FrozenEnterprise, FrozenValue, QuarterClosing
from records.models import ReportingQuarter
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, filed, lecture, party, totals, value


def test_closing_counts_and_freezes_values_evidence_and_enterprises(cast: Cast) -> None:
    record = lecture(cast, attendances=30)
    party(cast)
    closing = close_quarter(acting_user=cast.province, quarter=LAST)
    assert value(cast.places["32"], "B01.attendances") == 30, "counted a last time, without waiting for the feed"
    frozen = FrozenValue.objects.get(closing=closing, fact="B01.attendances")
    record.refresh_from_db()
    assert (frozen.record_id, frozen.record_version, frozen.value) == (record.pk, record.version, 30)
    register = FrozenValue.objects.get(closing=closing, fact="REG.headcount", enterprise=cast.enterprise)
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
    assert value(cast.places["320115"], "REG.headcount") == 500, "counted as things now stand"
    closing = QuarterClosing.objects.get()
    assert (closing.reason, closing.reopened_by) == ("江宁区补报一批场次", cast.province)
    assert FrozenValue.objects.get(closing=closing, fact="REG.headcount", enterprise=cast.enterprise).value == 200
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
