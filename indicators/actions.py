"""Closing and reopening quarters, and revising indicators."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter
from foundation.fields import label_of_field
from foundation.refusals import Refused
from indicators.counting import evidence
from indicators.drift import check
from indicators.fill import fill_locked, lock_filling
from indicators.models import FactValue, FrozenEnterprise, FrozenValue, Indicator, QuarterClosing
from indicators.register_facts import is_register_fact
from records.models import Record, ReportingQuarter, Status

register_event("indicators.quarter_closed", gettext_lazy("关闭季度"))
register_event("indicators.quarter_reopened", gettext_lazy("重新开放季度"))
register_event("indicators.revised", gettext_lazy("修订指标"))

BATCH = 1000
#: What the province may change of an indicator; the code stays, the version is counted.
REVISABLE = (
    "name",
    "area",
    "unit",
    "direction",
    "numerator",
    "denominator",
    "scale",
    "period",
    "target",
    "source",
    "note",
    "order",
)


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
            _("%(quarter)s还有 %(count)d 条记录待审核，现在关闭就不会计入。请先催办审核（通过、退回或驳回），再关闭。")
            % {"quarter": label, "count": waiting}
        )


def _freeze(closing: QuarterClosing, quarter: Quarter) -> None:
    """Keep the evidence behind every figure, and what each enterprise was."""
    frozen = [
        FrozenValue(
            closing=closing, fact=fact, enterprise_id=enterprise, record_id=record, record_version=version, value=value
        )
        for fact, enterprise, record, version, value in evidence(quarter)
    ]
    values = FactValue.objects.filter(quarter=quarter.code).values_list("enterprise_id", "fact", "value")
    frozen += [
        FrozenValue(closing=closing, enterprise_id=enterprise, fact=fact, value=value)
        for enterprise, fact, value in values
        if is_register_fact(fact)
    ]
    FrozenValue.objects.bulk_create(frozen, batch_size=BATCH)
    FrozenEnterprise.objects.bulk_create(
        [
            FrozenEnterprise(
                closing=closing,
                enterprise_id=enterprise.pk,
                tier=enterprise.pilot_tier,
                ownership=enterprise.ownership,
                industry=enterprise.industry_id,
                city_id=enterprise.city_id,
                county_id=enterprise.county_id,
                is_active=enterprise.is_active,
            )
            for enterprise in Enterprise.objects.order_by("pk")
        ],
        batch_size=BATCH,
    )


@transaction.atomic
def close_quarter(*, acting_user: Actor, quarter: Quarter) -> QuarterClosing:
    """Count the quarter a last time and freeze it with its evidence. Raises ``AccessDenied``, ``Refused``."""
    require(acting_user, "indicators.close_quarter")
    lock_filling()
    row = _locked_quarter(quarter)
    _refuse_closing(row)
    fill_locked(quarter)
    if drift := check(quarter):
        raise RuntimeError(f"{quarter.code} drifts straight after filling, not closed: {drift[0]}")
    closing = QuarterClosing.objects.create(quarter=quarter.code, closed_at=timezone.now(), closed_by=acting_user)
    _freeze(closing, quarter)
    row.is_open, row.closed_at = False, closing.closed_at
    row.save(update_fields=["is_open", "closed_at"])
    log("indicators.quarter_closed", by=acting_user, on=row)
    return closing


@transaction.atomic
def reopen_quarter(*, acting_user: Actor, quarter: Quarter, reason: str) -> ReportingQuarter:
    """Open a closed quarter again and count it as the records now stand; what had frozen is kept beside it.

    Raises ``AccessDenied``, ``Refused``.
    """
    require(acting_user, "indicators.close_quarter")
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明重新开放的原因，例如哪项数据有误、由谁提出。"))
    lock_filling()
    row = _locked_quarter(quarter)
    if row.is_open:
        raise Refused(_("%s没有关闭，不用重新开放。") % quarter.label)
    QuarterClosing.objects.filter(quarter=quarter.code, reopened_at__isnull=True).update(
        reopened_at=timezone.now(), reopened_by=acting_user, reason=reason
    )
    row.is_open, row.closed_at, row.reopen_reason = True, None, reason
    row.save(update_fields=["is_open", "closed_at", "reopen_reason"])
    fill_locked(quarter)
    log("indicators.quarter_reopened", by=acting_user, on=row, note=reason)
    return row


def _check_start(current: Indicator, valid_from: Quarter) -> None:
    if valid_from.code <= current.valid_from:
        raise ValidationError(
            {"valid_from": _("启用季度应晚于现行版本的启用季度 %s。") % Quarter.parse(current.valid_from).label}
        )
    if ReportingQuarter.objects.filter(code__gte=valid_from.code, is_open=False).exists():
        raise ValidationError(
            {"valid_from": _("%s或之后已有季度关闭，不能用新口径重算。请从仍开放的季度起启用。") % valid_from.label}
        )


@transaction.atomic
def revise_indicator(*, acting_user: Actor, code: str, valid_from: Quarter, values: Mapping[str, Any]) -> Indicator:
    """A new version of an indicator, in force from a quarter on; the one before ends the quarter before.

    Raises ``AccessDenied``, ``ValidationError``, ``LookupError`` (no such indicator).
    """
    require(acting_user, "indicators.revise")
    current = Indicator.objects.select_for_update().filter(code=code, valid_to__isnull=True).first()
    if current is None:
        raise LookupError(f"no indicator {code!r} in force")
    if unknown := set(values) - set(REVISABLE):
        raise ValueError(f"not revisable: {sorted(unknown)}")
    _check_start(current, valid_from)
    before = model_to_dict(current, REVISABLE)
    last = Indicator.objects.filter(code=code).aggregate(last=Max("version"))["last"]
    revised = Indicator(code=code, version=last + 1, valid_from=valid_from.code, **{**before, **values})
    revised.full_clean(validate_constraints=False)
    current.valid_to = valid_from.previous().code
    current.save(update_fields=["valid_to"])
    revised.save()
    after = model_to_dict(revised, REVISABLE)
    changes = {
        label_of_field(Indicator, name): [str(before[name]), str(after[name])]
        for name in REVISABLE
        if before[name] != after[name]
    }
    log("indicators.revised", by=acting_user, on=revised, changes=changes, note=valid_from.label)
    return revised
