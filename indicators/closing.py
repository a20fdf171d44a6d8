"""Closing a quarter, which freezes its figures, and reopening it.

Closing has two steps. The first is short and done in the request: from then on nothing can be filed for the quarter. The
second counts a last time and freezes, set by set; a job does it, and pages go on showing what was counted before. What is
frozen appears in one transaction or not at all: a job that dies on the way is started again from the beginning.
"""

from collections.abc import Callable
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.history import county_on, day_of, registered_on
from enterprises.models import Enterprise
from enterprises.pilots.tiers import tier_on
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, all_sources
from foundation.facts.frozen import register_keeper, register_total_keeper
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.places.models import Place
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.sets import insert_from
from indicators.drift import frozen_drift, total_drift
from indicators.fill import count_sources, drop_undeclared, in_batches, lock_quarter, mark_everything
from indicators.medians import store_medians
from indicators.models import FactValue, FrozenEnterprise, FrozenValue, PlaceTotal, QuarterClosing
from indicators.tasks import FREEZE, send_catch_up
from records.core.facts import KindFacts
from records.models import Record, ReportingQuarter, Status

register_event("indicators.quarter_closed", gettext_lazy("关闭季度"))
register_event("indicators.quarter_reopened", gettext_lazy("重新开放季度"))

#: How often a quarter is counted again when something still moved between counting and freezing.
ATTEMPTS = 3
#: How much of the work counting is; the rest is freezing. Percent.
_COUNTING = 60

Report = Callable[[int, str], None]


class _Moved(Exception):
    """Figures moved while they were being frozen."""


def _locked_quarter(quarter: Quarter) -> ReportingQuarter:
    row = ReportingQuarter.objects.select_for_update().filter(code=quarter.code).first()
    if row is None:
        raise Refused(_("%s还没有设置填报时间。请先在填报季度中添加它。") % quarter.label)
    return row


def _refuse_closing(row: ReportingQuarter) -> None:
    """Raise ``Refused`` when the quarter cannot be closed now."""
    label = row.quarter.label
    if not row.is_open:
        raise Refused(_("%s已经关闭，不用再关。") % label)
    if row.quarter.last_day >= timezone.localdate():
        raise Refused(
            _("%(quarter)s要到 %(day)s 才结束，结束之后才能关闭。") % {"quarter": label, "day": row.quarter.last_day}
        )
    # Approved after the closing they would count nowhere.
    if waiting := Record.objects.filter(quarter=row.code, status=Status.SUBMITTED).count():
        raise Refused(
            filled(
                _(
                    "%(quarter)s还有 %(count)d 条记录待审核，现在关闭就不会计入。请先催办审核（通过、退回或驳回），再关闭。"
                ),
                {"quarter": label, "count": waiting},
            )
        )


def _begin(acting_user: Actor, quarter: Quarter) -> QuarterClosing:
    """Shut the quarter; or take up a closing that was broken off."""
    require(acting_user, "indicators.close_quarter")
    row = _locked_quarter(quarter)
    broken_off = QuarterClosing.objects.filter(quarter=quarter.code, reopened_at=None, frozen_at=None).first()
    if broken_off is not None:
        return broken_off
    _refuse_closing(row)
    row.is_open, row.closed_at = False, timezone.now()
    row.save(update_fields=["is_open", "closed_at"])
    log("indicators.quarter_closed", by=acting_user, on=row)
    return QuarterClosing.objects.create(quarter=quarter.code, closed_at=row.closed_at, closed_by=acting_user)


@transaction.atomic
def request_closing(*, acting_user: Actor, quarter: Quarter) -> QuarterClosing:
    """Shut the quarter and ask for the job that freezes its figures; asked again after the job failed, once more.

    Raises ``AccessDenied``, ``Refused``."""
    closing = _begin(acting_user, quarter)
    enqueue(
        kind=FREEZE,
        title=_("关闭%s：统计并冻结数字") % quarter.label,
        parameters={"closing": closing.pk},
        owner=acting_user,
        unique_key=_job_key(quarter.code),
    )
    return closing


def _job_key(code: str) -> str:
    return f"{FREEZE}:{code}"


def unfinished_closings() -> dict[str, Job | None]:
    """By the codes of quarters that are shut and not frozen yet: the job that freezes them, or did so last. Two
    queries."""
    codes = list(QuarterClosing.objects.filter(reopened_at=None, frozen_at=None).values_list("quarter", flat=True))
    jobs = {job.unique_key: job for job in Job.objects.filter(unique_key__in=map(_job_key, codes)).order_by("pk")}
    return {code: jobs.get(_job_key(code)) for code in codes}


def close_quarter(*, acting_user: Actor, quarter: Quarter) -> QuarterClosing:
    """Both steps at once, for callers that may wait. Raises ``AccessDenied``, ``Refused``."""
    with transaction.atomic():
        closing = _begin(acting_user, quarter)
    freeze_quarter(closing.pk, report=lambda percent, message: None)
    closing.refresh_from_db()
    return closing


def freeze_quarter(closing_id: int, *, report: Report) -> None:
    """Count the quarter of a closing a last time and freeze it with its evidence. Twice gives the same."""
    closing = QuarterClosing.objects.get(pk=closing_id)
    quarter = Quarter.parse(closing.quarter)
    for _attempt in range(ATTEMPTS):
        if closing.frozen_at is not None or closing.reopened_at is not None:
            return
        batches = in_batches(all_sources())
        drop_undeclared(quarter)
        for number, several in enumerate(batches):
            report(number * _COUNTING // len(batches), _("统计%s的数字") % quarter.label)
            count_sources(quarter, several)
        try:
            _freeze(closing_id, quarter, report)
            store_medians(quarter)
            return
        except _Moved:
            closing.refresh_from_db()
    raise RuntimeError(f"{quarter.code} still moves after it was shut, not frozen")


@transaction.atomic
def _freeze(closing_id: int, quarter: Quarter, report: Report) -> None:
    """Keep the evidence behind every figure and what each enterprise was; all of it or nothing."""
    lock_quarter(quarter, wait=True)
    closing = QuarterClosing.objects.select_for_update().get(pk=closing_id)
    if closing.frozen_at is not None or closing.reopened_at is not None:
        return
    sources = all_sources()
    for number, source in enumerate(sources):
        report(_COUNTING + number * (95 - _COUNTING) // len(sources), _("冻结%s的数字和依据") % quarter.label)
        if isinstance(source, KindFacts):
            _freeze_records(closing, quarter, source)
        else:
            for fact in source.facts:
                _freeze_values(closing, quarter, fact.code)
    _freeze_enterprises(closing, quarter)
    if frozen_drift(quarter, closing) or total_drift(quarter):
        raise _Moved
    closing.frozen_at = timezone.now()
    closing.save(update_fields=["frozen_at"])


_VALUE_COLUMNS = ("closing_id", "fact", "place_id", "record_id", "record_version", "value")


def _freeze_records(closing: QuarterClosing, quarter: Quarter, source: KindFacts) -> None:
    """Every record behind a figure, with its version and what it gave."""
    for fact in source.facts:
        # An office's own record lies at the office's place.
        rows = source.evidence(fact, quarter).annotate(
            frozen_in=Value(closing.pk),
            of_fact=Value(fact.code),
            lies_at=Coalesce("enterprise_id", "office_id"),
            gave=source.gave(fact),
        )
        insert_from(
            FrozenValue,
            _VALUE_COLUMNS,
            rows.values_list("frozen_in", "of_fact", "lies_at", "pk", "version", "gave"),
        )


def _freeze_values(closing: QuarterClosing, quarter: Quarter, code: str) -> None:
    """What no record is behind: the values themselves."""
    nothing = Cast(Value(None), models.BigIntegerField())
    rows = FactValue.objects.filter(quarter=quarter.code, fact=code, value__isnull=False).order_by()
    rows = rows.annotate(frozen_in=Value(closing.pk), no_record=nothing, no_version=nothing)
    insert_from(
        FrozenValue,
        _VALUE_COLUMNS,
        rows.values_list("frozen_in", "fact", "place_id", "no_record", "no_version", "value"),
    )


def _freeze_enterprises(closing: QuarterClosing, quarter: Quarter) -> None:
    day = day_of(quarter)
    rows = Enterprise.objects.order_by().annotate(
        frozen_in=Value(closing.pk),
        tier_then=tier_on(day),
        county_then=county_on(day),
        was_active=Case(When(registered_on(day), then=Value(True)), default=Value(False)),
    )
    rows = rows.annotate(city_then=Subquery(Place.objects.filter(pk=OuterRef("county_then")).values("city_id")[:1]))
    insert_from(
        FrozenEnterprise,
        ("closing_id", "enterprise_id", "tier", "ownership", "industry", "city_id", "county_id", "is_active"),
        rows.values_list(
            *("frozen_in", "pk", "tier_then", "ownership", "industry_id", "city_then", "county_then", "was_active")
        ),
    )


@transaction.atomic
def reopen_quarter(*, acting_user: Actor, quarter: Quarter, reason: str) -> ReportingQuarter:
    """Open a closed quarter again and have it counted as the records now stand; what had frozen is kept beside it.

    Raises ``AccessDenied``, ``Refused``.
    """
    require(acting_user, "indicators.close_quarter")
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明重新开放的原因，例如哪项数据有误、由谁提出。"))
    row = _locked_quarter(quarter)
    if row.is_open:
        raise Refused(_("%s没有关闭，不用重新开放。") % quarter.label)
    closings = QuarterClosing.objects.filter(quarter=quarter.code, reopened_at__isnull=True)
    freezing = unfinished_closings().get(quarter.code)
    if freezing is not None and freezing.is_live:
        raise Refused(_("%s正在关闭，数字还在冻结。请等它完成，再重新开放。") % quarter.label)
    closings.update(reopened_at=timezone.now(), reopened_by=acting_user, reason=reason)
    row.is_open, row.closed_at, row.reopen_reason = True, None, reason
    row.save(update_fields=["is_open", "closed_at", "reopen_reason"])
    mark_everything([quarter])
    transaction.on_commit(send_catch_up)
    log("indicators.quarter_reopened", by=acting_user, on=row, note=reason)
    return row


def _closing_of(quarter: Quarter) -> QuarterClosing | None:
    """The closing that stands, once its figures are frozen."""
    closings = QuarterClosing.objects.filter(quarter=quarter.code, reopened_at__isnull=True, frozen_at__isnull=False)
    return closings.first()


@register_keeper
def kept_when_closed(fact: str, quarter: Quarter) -> Amounts | None:
    """The records behind a figure of a closed quarter, with what each gave; None while it is open, or is being closed."""
    closing = _closing_of(quarter)
    if closing is None:
        return None
    return Amounts(FrozenValue.objects.filter(closing=closing, fact=fact, record__isnull=False), "record_id", "value")


@register_total_keeper
def total_when_closed(fact: str, quarter: Quarter, place: int) -> Decimal | None:
    """What pages show of a place for a closed quarter: nothing counts it again."""
    if _closing_of(quarter) is None:
        return None
    kept = (
        PlaceTotal.objects.filter(place=place, quarter=quarter.code, fact=fact).values_list("value", flat=True).first()
    )
    return Decimal(0) if kept is None else kept
