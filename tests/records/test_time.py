"""In which quarter a day counts: said while the form is filled in, asked about when it is another's, refused when it cannot be."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.calendar.periods import Quarter
from foundation.notify.models import Message
from records.core.actions import update_record
from records.core.bulk import move_records
from records.core.kinds import kind_by_slug
from records.core.periods import first_quarter
from records.core.values import values_of
from records.core.warnings import ManyOnFile, warnings_for
from records.duties.actions import ensure_quarter, make_statement
from records.duties.models import QuarterStatement
from records.models import Record, ReportingQuarter, Status
from tests.contracts.world import filed, values_for

LECTURE = kind_by_slug("ideology.lecture")

pytestmark = pytest.mark.django_db


def _codes(record) -> set[str]:
    codes = {question.code for question in warnings_for(record)}
    many = ManyOnFile(LECTURE)
    many.read([record])
    assert {question.code for question in warnings_for(record, many)} == codes, "one and many are asked the same"
    return codes


def test_the_form_says_in_which_quarter_a_day_counts(cast, sign_in):
    clerk, address = sign_in(cast.clerk), reverse("records:counts_in", args=[LECTURE.slug])

    def said(day: str) -> str:
        return clerk.get(address, {"happened_on": day}).content.decode().strip()

    now = Quarter.current()
    assert said(timezone.localdate().isoformat()) == f"计入{now.label}。"
    long_ago = now.shift(-5)
    first = f"，早于平台启用的第一个季度（{first_quarter().label}）"
    assert f"{long_ago.label}现在不收填报{first}，将作为补报计入{now.previous().label}" in said(
        long_ago.last_day.isoformat()
    )
    assert "还没有到" in said((timezone.localdate() + datetime.timedelta(days=1)).isoformat())
    assert "早于 2000 年" in said("0206-11-20")
    assert [said(text) for text in ("", "昨天", "2026-02-30", "20261120x")] == ["", "", "", ""]
    form = clerk.get(reverse("records:create", args=[LECTURE.slug])).content.decode()
    assert f'hx-get="{address}?enterprise={cast.enterprise.credit_code}"' in form


def test_the_line_under_the_day_names_a_quarter_that_was_called_complete(cast, sign_in):
    address, now = reverse("records:counts_in", args=[LECTURE.slug]), Quarter.current()
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=now.previous(), is_nil=True, asks=False)

    def said(person, day: datetime.date) -> str:
        given = {"happened_on": day.isoformat(), "enterprise": cast.enterprise.credit_code}
        return sign_in(person).get(address, given).content.decode()

    ends = f"{now.previous().label}已确认“零报告”，提交后这一确认自动取消，须再确认一次。"
    assert ends in said(cast.clerk, now.previous().last_day)
    assert ends in said(cast.clerk, now.shift(-5).last_day), "as a late entry it counts there"
    assert "已确认" not in said(cast.clerk, timezone.localdate())
    assert "已确认" not in said(cast.neighbour, now.previous().last_day), "another enterprise's statement is nobody's"


def test_a_day_of_a_quarter_that_takes_no_more_is_asked_about(cast):
    own = filed(cast.clerk, cast.enterprise, happened_on=timezone.localdate())
    assert "late" not in _codes(own)
    late = filed(cast.clerk, cast.enterprise, happened_on=Quarter.current().shift(-5).last_day)
    assert "late" in _codes(late)


def _message(record) -> str:
    return next((one.message for one in warnings_for(record) if one.code == "late"), "")


def test_a_day_before_the_first_quarter_of_the_portal_or_of_the_enterprise_is_asked_about_by_name(cast, sign_in):
    now = Quarter.current()
    first = first_quarter()
    record = filed(cast.clerk, cast.enterprise, happened_on=now.shift(-12).last_day)
    assert f"早于平台启用的第一个季度（{first.label}）" in _message(record)
    assert "late" in _codes(record)
    for back in range(2, 7):
        ensure_quarter(now.shift(-back))
    ReportingQuarter.objects.update(is_open=True)
    own, entered = now.shift(-5), now.previous()
    early = filed(cast.clerk, cast.enterprise, happened_on=own.last_day, title="早年一课", speaker="吴师傅")
    assert not early.is_late_entry
    assert f"早于本企业在平台的第一个季度（{entered.label}）；提交后计入{own.label}" in _message(early)
    assert "late" in _codes(early)
    given = {"happened_on": own.last_day.isoformat(), "enterprise": cast.enterprise.credit_code}
    told = sign_in(cast.clerk).get(reverse("records:counts_in", args=[LECTURE.slug]), given).content.decode()
    assert f"{own.label}，早于本企业在平台的第一个季度（{entered.label}），计入{own.label}" in told
    Record.objects.filter(pk=early.pk).update(first_submitted_at=timezone.now())
    assert not _message(filed(cast.clerk, cast.enterprise, happened_on=own.first_day, title="又一课", speaker="郑师傅"))


def test_what_was_called_complete_is_named_and_reopens(cast):
    quarter = Quarter.current()
    first = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"), title="班前安全课")
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=quarter, is_nil=False, asks=False)
    # Sent back and mended, it is nothing new.
    assert "said_complete" not in _codes(first)
    mended = {"title": "班前安全课（已核实）"}
    update_record(acting_user=cast.clerk, record_id=first.pk, version=first.version, values=mended)
    assert move_records(acting_user=cast.clerk, record_ids=[first.pk], action="submit")[0].ok
    assert QuarterStatement.objects.filter(quarter=quarter.code).exists()

    late = filed(cast.clerk, cast.enterprise, title="焊接技艺交流")
    questions = warnings_for(late)
    assert "said_complete" in {question.code for question in questions}
    keys = {late.pk: [question.key for question in questions]}
    done = move_records(acting_user=cast.clerk, record_ids=[late.pk], action="submit", reason="漏填。", confirmed=keys)
    assert done[0].ok
    assert not QuarterStatement.objects.exists()
    told = Message.objects.get(event="records.statement_lifted")
    assert told.recipient == cast.clerk and f"{quarter.label}的“已填完”已自动取消" in told.title
    assert "焊接技艺交流" in told.text


def test_the_page_says_that_the_statement_is_gone(cast, sign_in):
    quarter = Quarter.current()
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="班前安全课")
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=quarter, is_nil=False, asks=False)
    late = filed(cast.clerk, cast.enterprise, title="焊接技艺交流", speaker="李师傅")
    clerk, address = sign_in(cast.clerk), reverse("records:edit", args=[late.pk])
    sent = {name: value for name, value in values_of(late).items() if value not in (None, "", [])}
    sent |= {"do": "submit", "version": late.version}
    asked = clerk.post(address, sent)
    keys = [question.key for question in asked.context["warnings"]]
    done = clerk.post(address, {**sent, "confirmed": keys, "confirm_reason": "漏填。"}, follow=True)
    assert f"{quarter.label}的“已填完”已自动取消，请全部填完后再确认一次。" in done.content.decode()


@pytest.mark.parametrize(
    ("people", "times", "is_asked"), [(20, 60, False), (20, 61, True), (0, 5, False), (None, 90, False)]
)
def test_more_than_three_times_the_people_in_one_event(cast, people, times, is_asked):
    record = filed(cast.clerk, cast.enterprise, number_of_people=people, attendances=times)
    assert ("attendances_many" in _codes(record)) is is_asked


def test_far_above_what_the_enterprise_usually_has(cast):
    for times in (10, 12, 14):
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title=f"第{times}课", attendances=times)
    big = filed(cast.clerk, cast.enterprise, title="车间大课", attendances=90)
    assert "usual" not in _codes(big), "three values say nothing of what is usual"
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="第二十课", attendances=20)
    assert "usual" in _codes(big)
    for attendances in (39, 29):
        big.attendances = attendances
        assert "usual" not in _codes(big)
    handed_in = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="第三十课", attendances=300)
    assert handed_in.status == Status.SUBMITTED and "usual" in _codes(handed_in), "not compared with itself"


def test_what_is_wrong_with_a_day_is_said_once(cast, sign_in):
    """As the error of the field; the hint beside it comes back when the day is changed."""
    values = {name: value for name, value in values_for(LECTURE.slug, cast.enterprise).items() if value is not None}
    clerk, address = sign_in(cast.clerk), reverse("records:create", args=[LECTURE.slug])
    assert 'hx-trigger="load, change from:#id_happened_on"' in clerk.get(address).content.decode()
    page = clerk.post(address, {**values, "happened_on": "2036-01-01", "do": "submit"}).content.decode()
    assert 'hx-trigger="change from:#id_happened_on"' in page and 'hx-trigger="load, change from' not in page
