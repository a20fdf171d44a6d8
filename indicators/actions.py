"""Setting up, revising and retiring indicators. No version is ever overwritten."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter
from foundation.fields import label_of_field
from foundation.saying import filled
from indicators.models import Indicator, Target
from records.models import ReportingQuarter

register_event("indicators.created", gettext_lazy("新设指标"))
register_event("indicators.revised", gettext_lazy("修订指标"))
register_event("indicators.retired", gettext_lazy("停用指标"))

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
    "owner",
    "source",
    "note",
    "order",
)


def _check_open(field: str, first: Quarter) -> None:
    """From this quarter on nothing is closed: a closed quarter keeps the figures it was closed with."""
    closed = ReportingQuarter.objects.filter(code__gte=first.code, is_open=False).order_by("-code").first()
    if closed is None:
        return
    after = Quarter.parse(closed.code).next()
    named = {"closed": closed, "first": after.label}
    raise ValidationError({field: _("%(closed)s已关闭，不能用新口径重算。请从%(first)s或以后的季度起。") % named})


def _check_start(current: Indicator, valid_from: Quarter) -> None:
    if valid_from.code <= current.valid_from:
        raise ValidationError(
            {"valid_from": _("启用季度应晚于现行版本的启用季度 %s。") % Quarter.parse(current.valid_from).label}
        )
    if current.valid_to is not None and valid_from.code <= current.valid_to:
        raise ValidationError(
            {"valid_from": _("这个指标用到%s为止，请从之后的季度起重新启用。") % Quarter.parse(current.valid_to).label}
        )
    _check_open("valid_from", valid_from)


def _check_targets(current: Indicator, revised: Indicator, valid_from: Quarter) -> None:
    """A target is a number in the indicator's unit, to be reached in its direction: neither changes beneath it."""
    what = [
        label_of_field(Indicator, name)
        for name in ("unit", "direction")
        if getattr(current, name) != getattr(revised, name)
    ]
    set_already = Target.objects.filter(indicator=current.code, year__gte=valid_from.year).count() if what else 0
    if set_already:
        said = {"what": "、".join(what), "count": set_already, "year": valid_from.year}
        raise ValidationError(
            filled(
                _("%(year)d年 起已有 %(count)d 个目标按原来的%(what)s下达。请先取消这些目标，或另设一个指标。"), said
            )
        )


def _shown(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if values[name] is None else str(values[name]) for name in REVISABLE}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    old, new = _shown(before), _shown(after)
    return {
        label_of_field(Indicator, name): [old[name], new[name]]
        for name in REVISABLE
        # 100 is no change of 100.00, nor is nothing of nothing.
        if before[name] != after[name] and old[name] != new[name]
    }


def _newest(code: str) -> Indicator | None:
    return Indicator.objects.select_for_update().filter(code=code).order_by("-version").first()


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    if unknown := set(values) - set(REVISABLE):
        raise ValueError(f"not revisable: {sorted(unknown)}")


@transaction.atomic
def create_indicator(*, acting_user: Actor, code: str, valid_from: Quarter, values: Mapping[str, Any]) -> Indicator:
    """A new indicator, in force from a quarter on. Raises ``AccessDenied`` and ``ValidationError``."""
    require(acting_user, "indicators.revise")
    _refuse_unknown(values)
    if _newest(code) is not None:
        raise ValidationError({"code": _("编号“%s”已经用过。请换一个编号，或修订已有的指标。") % code})
    _check_open("valid_from", valid_from)
    created = Indicator(code=code, version=1, valid_from=valid_from.code, **values)
    created.full_clean(validate_constraints=False)
    created.save()
    nothing = dict.fromkeys(REVISABLE, "")
    changes = _changes(nothing, model_to_dict(created, REVISABLE))
    log("indicators.created", by=acting_user, on=created, changes=changes, note=valid_from.label)
    return created


@transaction.atomic
def revise_indicator(*, acting_user: Actor, code: str, valid_from: Quarter, values: Mapping[str, Any]) -> Indicator:
    """A new version of an indicator, in force from a quarter on; the one before ends the quarter before, and one that was
    retired is in force again. What says the same as the one before is no new version.

    Raises ``AccessDenied``, ``ValidationError``, ``LookupError`` (no such indicator).
    """
    require(acting_user, "indicators.revise")
    current = _newest(code)
    if current is None:
        raise LookupError(f"no indicator {code!r}")
    _refuse_unknown(values)
    _check_start(current, valid_from)
    before = model_to_dict(current, REVISABLE)
    revised = Indicator(code=code, version=current.version + 1, valid_from=valid_from.code, **{**before, **values})
    revised.full_clean(validate_constraints=False)
    changes = _changes(before, model_to_dict(revised, REVISABLE))
    if not changes and current.valid_to is None:
        raise ValidationError(_("没有改动，没有保存新版本。请改好要修订的内容再保存，或点“取消”。"))
    _check_targets(current, revised, valid_from)
    if current.valid_to is None:
        current.valid_to = valid_from.previous().code
        current.save(update_fields=["valid_to"])
    revised.save()
    log("indicators.revised", by=acting_user, on=revised, changes=changes, note=valid_from.label)
    return revised


@transaction.atomic
def retire_indicator(*, acting_user: Actor, code: str, last: Quarter, reason: str) -> Indicator:
    """The indicator measures no quarter after ``last``; those before keep it. Its targets stay and light nothing.

    Raises ``AccessDenied``, ``ValidationError``, ``LookupError`` (none of that code in force).
    """
    require(acting_user, "indicators.revise")
    current = _newest(code)
    if current is None or current.valid_to is not None:
        raise LookupError(f"no indicator {code!r} in force")
    if last.code < current.valid_from:
        text = _("现行版本从%s起启用，停用不能早于它。") % Quarter.parse(current.valid_from).label
        raise ValidationError({"valid_to": text})
    if not reason.strip():
        raise ValidationError({"reason": _("请写明停用的原因。")})
    _check_open("valid_to", last.next())
    current.valid_to = last.code
    current.save(update_fields=["valid_to"])
    changes = {label_of_field(Indicator, "valid_to"): ["", last.label]}
    log("indicators.retired", by=acting_user, on=current, changes=changes, note=reason.strip())
    return current
