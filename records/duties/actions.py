"""Actions on what enterprises owe: quarters, duties and the quarterly statement."""

import datetime
import functools
import operator
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.history import county_on, day_of
from enterprises.models import LEADING_PARTS, ClusterKind, ClusterMember, Enterprise
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Period, Quarter, Year
from foundation.notify.actions import notify
from foundation.notify.registry import register_kind
from foundation.refusals import NeedsConfirmation, Question, Refused, require_confirmed
from foundation.saying import filled, in_marks
from foundation.sets import insert_from
from foundation.statistics import renew_statistics
from records.core.actions import act
from records.core.effects import Moved
from records.core.kinds import RecordKind, Rhythm, all_kinds, kind_by_slug, kind_of
from records.core.models import Record, ReportingQuarter, ReportingYear, Status
from records.core.periods import open_quarters
from records.duties.facts import append_duty_changes, append_statement_change
from records.duties.models import Applicability, Circumstance, Duty, DutyRule, QuarterStatement
from records.duties.queries import against_nil
from records.duties.sitting import Sitting, sitting, why_no_statement

register_event("records.statement_made", gettext_lazy("季度确认"))
register_event("records.statement_undone", gettext_lazy("取消季度确认"))
register_kind("records.statement_lifted", gettext_lazy("季度确认被自动取消"))
register_event("records.applicability_answered", gettext_lazy("填写适用情况"))


#: A record in one of these meets no duty.
_STANDS_FOR_NOTHING = (Status.WITHDRAWN, Status.REJECTED)


def ensure_quarter(quarter: Quarter) -> ReportingQuarter:
    """The quarter's row, made with the proposed days when it is missing, and with it its year and the one before, of which
    annual returns are taken meanwhile. Idempotent."""
    row, created = ReportingQuarter.objects.get_or_create(
        code=quarter.code, defaults=ReportingQuarter.default_dates(quarter)
    )
    if created:
        ensure_year(Year(quarter.year).previous())
        ensure_year(Year(quarter.year))
    return row


def ensure_year(year: Year) -> ReportingYear:
    """The year's row, made with the proposed day when it is missing. Idempotent."""
    row, _created = ReportingYear.objects.get_or_create(
        code=year.code, defaults={"enterprise_due": ReportingYear.default_due(year)}
    )
    return row


def owing(rule: DutyRule, period: str) -> models.QuerySet[Enterprise]:
    """The enterprises of which the rule asks the period; what they are is looked at as of today."""
    condition = Q(is_active=True)
    for column, values in (("pilot_tier", rule.tiers), ("ownership", rule.ownerships), ("size", rule.sizes)):
        if values:
            condition &= Q(**{f"{column}__in": values})
    if rule.industries:
        condition &= functools.reduce(
            operator.or_, (Q(industry__code__startswith=letter) for letter in rule.industries)
        )
    for lookup, bound in (("gte", rule.headcount_from), ("lte", rule.headcount_to)):
        if bound is not None:
            condition &= Q(**{f"headcount__{lookup}": bound})
    if rule.has_party_organisation is not None:
        condition &= Q(has_party_organisation=rule.has_party_organisation)
    if rule.in_chain is not None:
        parts = ClusterMember.objects.filter(enterprise=OuterRef("pk"), cluster__kind=ClusterKind.CHAIN)
        member = Exists(parts.filter(part__in=LEADING_PARTS) if rule.leads_chain else parts)
        condition &= Q(member) if rule.in_chain else Q(~member)
    if rule.only_if:
        said_yes = Applicability.objects.filter(
            enterprise=OuterRef("pk"), year=asked_in(period), **{rule.only_if: True}
        )
        condition &= Q(Exists(said_yes))
    return Enterprise.objects.filter(condition)


def asked_in(period: str) -> str:
    """The year whose answers say what of the period applies: a quarter's own; of a year the next, in which its returns are
    collected and the questions asked."""
    found = Period.parse(period)
    return str(found.year + 1) if isinstance(found, Year) else str(Quarter.parse(period).year)


def _period_and_due(rule: DutyRule, quarter: Quarter) -> tuple[str, Quarter, datetime.date] | None:
    """What the rule asks for with this quarter: the period, the quarter it is owed with, the day. A quarterly return is
    owed with its own quarter; an event that must happen once a year with the year's last; an annual return of the year
    before with the quarter in which its own day lies, and with no other (None)."""
    kind = kind_by_slug(rule.kind)
    if kind.rhythm is Rhythm.ANNUAL:
        row = ensure_year(Year(quarter.year).previous())
        return (row.code, quarter, row.enterprise_due) if row.is_open and row.enterprise_due in quarter else None
    owed_with = quarter if kind.rhythm is Rhythm.QUARTERLY else Quarter(quarter.year, 4)
    return kind.owed_for(quarter), owed_with, ensure_quarter(owed_with).enterprise_due


def _meeting(kind: RecordKind, period: str) -> models.QuerySet[Record]:
    """The records of the kind that meet a duty of the period: handed in and neither taken back nor refused. The first
    handed in comes first."""
    handed_in = Record.objects.filter(kind=kind.slug, first_submitted_at__isnull=False)
    handed_in = handed_in.exclude(status__in=_STANDS_FOR_NOTHING).order_by("first_submitted_at", "pk")
    return handed_in.filter(period=period) if kind.is_return else handed_in.filter(happened_on__year=int(period))


@transaction.atomic
def generate_duties(quarter: Quarter) -> int:
    """Write the duties of a quarter from the active rules; existing ones stay. Returns how many were added.

    One statement a rule, however large the register: this runs every hour and mostly finds nothing to add."""
    added = 0
    retired = [kind.slug for kind in all_kinds() if kind.is_retired]
    for rule in DutyRule.objects.filter(is_active=True).exclude(kind__in=["", *retired]):
        asked = _period_and_due(rule, quarter)
        if asked is None:
            continue
        period, owed_with, due = asked
        there = Duty.objects.filter(enterprise=OuterRef("pk"), kind=rule.kind, period=period)
        first = _meeting(kind_by_slug(rule.kind), period).filter(enterprise=OuterRef("pk"))
        owed = owing(rule, period).filter(~Exists(there)).order_by()
        columns: dict[str, Combinable] = {
            "enterprise_id": F("pk"),
            "province_id": F("province_id"),
            "city_id": F("city_id"),
            "county_id": F("county_id"),
            "kind": Value(rule.kind),
            "period": Value(period),
            "quarter": Value(owed_with.code),
            "due": Value(due),
            "record_id": Subquery(first.values("pk")[:1]),
            "fulfilled_at": Subquery(first.values("first_submitted_at")[:1]),
        }
        new = insert_from(Duty, list(columns), owed.values_list(*columns.values()))
        append_duty_changes({(county, owed_with.code) for county in _counties_of(new, owed_with)}, is_below=True)
        renew_statistics(Duty, rows=len(new))
        added += len(new)
    return added


def _counties_of(keys: Sequence[int], quarter: Quarter) -> set[int]:
    """The counties in which these new duties of the quarter count: those of its last day, where the enterprises may no
    longer lie. By the stretch of their keys, for they may be as many as the register has entries."""
    if not keys:
        return set()
    then = county_on(day_of(quarter), enterprise="enterprise_id", county="enterprise__county_id")
    duties = Duty.objects.filter(pk__range=(min(keys), max(keys)), quarter=quarter.code).order_by()
    return set(duties.annotate(county_then=then).values_list("county_then", flat=True).distinct())


def _refuse_nil_beside_records(enterprise: Enterprise, quarter: Quarter) -> None:
    filed = against_nil(Record.objects.filter(enterprise=enterprise, quarter=quarter.code)).count()
    if filed:
        raise Refused(
            filled(
                _("%(quarter)s已有 %(count)d 条活动记录，不能零报告。请选“已填完”，或先撤回、删除这些记录。"),
                {"quarter": quarter.label, "count": filed},
            )
        )


def _refuse_while_unfinished(found: Sitting, confirmed: Collection[str], *, is_nil: bool) -> None:
    if found.is_blocked:
        answer = _("零报告") if is_nil else _("已填完")
        raise Refused(
            _("%(quarter)s还有 %(what)s，不能确认“%(answer)s”。")
            % {"quarter": found.quarter.label, "what": found.what_blocks, "answer": answer},
            cure=_("请先办完这些，再确认。"),
        )
    require_confirmed(found.questions(is_nil=is_nil), confirmed, needs_reason=False)


@transaction.atomic
def make_statement(
    *,
    acting_user: Actor,
    enterprise: Enterprise,
    quarter: Quarter,
    is_nil: bool,
    confirmed: Collection[str] = (),
    asks: bool = True,
    at: datetime.datetime | None = None,
) -> QuarterStatement:
    """The enterprise says the quarter is complete, or that there was nothing. Saying it again replaces the answer.

    Neither can be said while something owed is open or has come back: ``Refused``. Drafts, a quarter that still runs, and
    what a nil return says are asked about (``NeedsConfirmation``); ``confirmed`` are the keys of what was shown. ``at``
    puts it in the past (a take-over of older years), ``asks`` False looks at nothing of this; no page offers either.
    Raises ``Refused`` also for a quarter not open or a nil return beside records, ``AccessDenied``.
    """
    require(acting_user, "records.make_statement", enterprise)
    if why := why_no_statement(quarter):
        raise Refused(why)
    if is_nil:
        _refuse_nil_beside_records(enterprise, quarter)
    if asks:
        _refuse_while_unfinished(sitting(enterprise, quarter), confirmed, is_nil=is_nil)
    statement, _created = QuarterStatement.objects.update_or_create(
        enterprise=enterprise,
        quarter=quarter.code,
        defaults={
            "is_nil": is_nil,
            "made_by": acting_user,
            "made_at": at or timezone.now(),
            "province_id": enterprise.province_id,
            "city_id": enterprise.city_id,
            "county_id": enterprise.county_id,
        },
    )
    log(
        "records.statement_made",
        by=acting_user,
        on=enterprise,
        note=f"{quarter.label}：{_('零报告') if is_nil else _('已填完')}",
    )
    append_statement_change(enterprise, quarter)
    return statement


@transaction.atomic
def undo_statement(*, acting_user: Actor, enterprise: Enterprise, quarter: Quarter) -> None:
    """Take the statement back while the quarter is open."""
    require(acting_user, "records.make_statement", enterprise)
    if not ReportingQuarter.objects.filter(code=quarter.code, is_open=True).exists():
        raise Refused(_("%s已经关闭，季度确认不能再取消。") % quarter.label)
    QuarterStatement.objects.filter(enterprise=enterprise, quarter=quarter.code).delete()
    log("records.statement_undone", by=acting_user, on=enterprise, note=quarter.label)
    append_statement_change(enterprise, quarter)


def lift_statements(handed_in: Sequence[Moved]) -> None:
    """An event handed in ends what was said of its quarter, 零报告 or 已填完: neither is true any more. Call inside the
    hand-in's transaction."""
    events: dict[tuple[int | None, str], list[Moved]] = defaultdict(list)
    for moved in handed_in:
        if moved.record.period is None:
            events[moved.record.enterprise_id, moved.record.quarter].append(moved)
    if not events:
        return
    enterprises, quarters = (set(column) for column in zip(*events, strict=True))
    said = QuarterStatement.objects.filter(enterprise_id__in=enterprises, quarter__in=quarters)
    for statement in said.select_related("enterprise", "made_by"):
        own = events.get((statement.enterprise_id, statement.quarter))
        if own is None:
            continue
        acting_user, by_it = own[-1].by, [moved.record for moved in own]
        quarter = Quarter.parse(statement.quarter)
        what = statement.what
        statement.delete()
        note = _("%(quarter)s：“%(what)s”之后又提交了活动记录，自动取消") % {"quarter": quarter.label, "what": what}
        log("records.statement_undone", by=acting_user, on=statement.enterprise, note=note)
        append_statement_change(statement.enterprise, quarter)
        told = _("%(quarter)s的“%(what)s”已自动取消，请全部填完后再确认一次。") % {
            "quarter": quarter.label,
            "what": what,
        }
        for record in by_it:
            record.told = (*record.told, told)
        notify(
            event="records.statement_lifted",
            to={person for person in (statement.made_by, acting_user) if person is not None},
            title=_("%(quarter)s的“%(what)s”已自动取消") % {"quarter": quarter.label, "what": what},
            text=_("之后又提交了%s。请全部填完后再确认一次。")
            % "、".join(in_marks(record.title) for record in by_it[:3]),
            url=reverse("records:statement", args=[quarter.code]),
        )


def release_duties(records: Sequence[Record]) -> None:
    """A record that was taken back, rejected or moved to another period no longer meets the duty it met; of an event
    that is owed once a year, another one of the year may. Call inside the transaction of the move, before the duty it
    meets now is noted: handed in again, its first day still counts."""
    moved = {record.pk: record for record in records if kind_of(record).may_be_owed}
    if not moved:
        return
    released = []
    for duty in Duty.objects.filter(record_id__in=moved):
        record = moved[duty.record_id or 0]
        if record.status in _STANDS_FOR_NOTHING or kind_of(record).duty_period(record) != duty.period:
            duty.record_id, duty.fulfilled_at = _another(duty, record)
            released.append(duty)
    Duty.objects.bulk_update(released, ["record", "fulfilled_at"], batch_size=100)
    append_duty_changes({(duty.enterprise_id, duty.quarter) for duty in released})


def _another(duty: Duty, instead_of: Record) -> tuple[int | None, datetime.datetime | None]:
    """Key and day of the record that meets a duty when this one no longer does."""
    if kind_by_slug(duty.kind).is_return:
        return None, None
    found = _meeting(kind_by_slug(duty.kind), duty.period).filter(enterprise_id=duty.enterprise_id)
    first = found.exclude(pk=instead_of.pk).values_list("pk", "first_submitted_at").first()
    return first or (None, None)


def fulfil_duties(records: Sequence[Record]) -> None:
    """Note what records handed in meet. On time is judged by the first hand-in, so a returned record does not make its
    enterprise late. Call inside the transaction of the hand-in."""
    filed: dict[tuple[int, str, str], Record] = {}
    for record in sorted(records, key=lambda record: (record.first_submitted_at, record.pk), reverse=True):
        if record.enterprise_id is not None and (period := kind_of(record).duty_period(record)) is not None:
            filed[record.enterprise_id, record.kind, period] = record
    if not filed:
        return
    enterprises, kinds, periods = (set(column) for column in zip(*filed, strict=True))
    owed = []
    for duty in Duty.objects.filter(enterprise_id__in=enterprises, kind__in=kinds, period__in=periods):
        meets = filed.get((duty.enterprise_id, duty.kind, duty.period))
        if meets is None or (meets.period is None and duty.record_id not in (None, meets.pk)):
            continue
        duty.record_id, duty.fulfilled_at = meets.pk, duty.fulfilled_at or meets.first_submitted_at
        owed.append(duty)
    Duty.objects.bulk_update(owed, ["record", "fulfilled_at"], batch_size=100)


@transaction.atomic
def answer_applicability(
    *, acting_user: Actor, enterprise: Enterprise, year: Year, answers: Mapping[str, bool]
) -> Applicability:
    """Say once a year what there is and what not. What hangs on a question answered with yes is owed from then on as the
    rules say; answered with no, what is not handed in yet is owed no more.

    ``answers``: one for each ``Circumstance``. Raises ``AccessDenied``; ``Refused`` where one is missing."""
    require(acting_user, "records.make_statement", enterprise)
    if missing := [question for question in Circumstance if answers.get(question.value) is None]:
        names = "、".join(str(question.label) for question in missing)
        raise Refused(_("还有没选的：%s。每一项请选“有”或“无”。") % names)
    before = Applicability.objects.select_for_update().filter(enterprise=enterprise, year=year.code).first()
    row = before or Applicability(enterprise=enterprise, year=year.code)
    changes = {
        str(question.label): [_have(getattr(before, question.value)) if before else "", _have(answers[question.value])]
        for question in Circumstance
        if before is None or getattr(before, question.value) != answers[question.value]
    }
    if not changes:
        return row
    for question in Circumstance:
        setattr(row, question.value, answers[question.value])
    row.answered_by, row.answered_at = acting_user, timezone.now()
    row.save()
    log("records.applicability_answered", by=acting_user, on=enterprise, note=year.label, changes=changes)
    for number in range(1, 5):
        append_statement_change(enterprise, Quarter(year.year, number))
    _release_closed(row)
    if DutyRule.objects.filter(is_active=True).exclude(only_if="").exists():
        for quarter in open_quarters():
            generate_duties(quarter)
    return row


def _have(answer: bool) -> str:
    return _("有") if answer else _("无")


def _release_closed(row: Applicability) -> None:
    """Take back what is owed by rules that this answer closes, unless it was handed in or another rule asks for it."""
    rules = list(DutyRule.objects.filter(is_active=True).exclude(kind=""))
    closed_kinds = {rule.kind for rule in rules if rule.only_if in row.closed}
    duties = Duty.objects.filter(enterprise=row.enterprise_id, kind__in=closed_kinds, fulfilled_at=None)
    gone = [
        duty
        for duty in duties
        if asked_in(duty.period) == row.year
        and not any(
            owing(rule, duty.period).filter(pk=row.enterprise_id).exists() for rule in rules if rule.kind == duty.kind
        )
    ]
    Duty.objects.filter(pk__in=[duty.pk for duty in gone]).delete()
    append_duty_changes({(row.enterprise_id, duty.quarter) for duty in gone})


@transaction.atomic
def hand_in_together(
    *,
    acting_user: Actor,
    versions: Mapping[int, int],
    confirmed: Collection[str] = (),
    reason: str = "",
) -> list[Record]:
    """Hand in several drafts as one: all of them or none. ``versions``: the version that was shown of each.

    Raises what ``act`` raises; the questions of all of them together, so that they are answered at once; ``Refused`` for the
    first that is not complete, by its title."""
    done: list[Record] = []
    questions: list[Question] = []
    for record_id, version in versions.items():
        try:
            with transaction.atomic():
                done.append(
                    act(
                        acting_user=acting_user,
                        record_id=record_id,
                        action="submit",
                        version=version,
                        confirmed=confirmed,
                        reason=reason,
                    )
                )
        except NeedsConfirmation as asked:
            questions += asked.questions
        except ValidationError as problem:
            title = Record.objects.filter(pk=record_id).values_list("title", flat=True).first()
            words = _("%(title)s还不能提交：%(problems)s") % {
                "title": in_marks(title),
                "problems": " ".join(problem.messages),
            }
            raise Refused(words) from problem
    if questions:
        raise NeedsConfirmation(questions)
    return done
