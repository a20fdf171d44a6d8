"""Revising indicators."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter
from foundation.fields import label_of_field
from indicators.models import Indicator
from records.models import ReportingQuarter

register_event("indicators.revised", gettext_lazy("修订指标"))

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
