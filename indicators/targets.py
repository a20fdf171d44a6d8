"""Setting the targets of many regions at once. One at a time, and from a workbook: the register (``indicators.resources``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import AccessDenied, require, where
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.crud.resource import resource_by_key
from foundation.crud.values import differences, logged
from foundation.places.models import Place
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.ui.formats import amount
from indicators.models import Target

register_event("indicators.target_cleared", gettext_lazy("取消年度目标"))

#: So many targets are written at once: a page of them.
MOST = 600


@dataclass(frozen=True)
class Wanted:
    """What a target is to be, and what it was when whoever sets it saw it; None: none."""

    was: Decimal | None
    value: Decimal | None


@transaction.atomic
def set_targets(*, acting_user: Actor, year: int, wanted: Mapping[tuple[int, str], Wanted]) -> int:
    """Set, change or take away the targets of a year, by key of the region and code of the indicator; all or none of them.
    Returns how many were changed. Raises ``AccessDenied``, ``Refused`` where somebody else has changed one meanwhile, and
    ``ValidationError`` naming the region and the indicator."""
    require(acting_user, "indicators.set_targets")
    changed = {key: one for key, one in wanted.items() if one.was != one.value}
    if len(changed) > MOST:
        raise Refused(filled(_("一次最多改 %d 个目标。请分几次保存，或用导入。"), MOST))
    asked = {place for place, _code in changed}
    own = Place.objects.regions().open().filter(where(acting_user, "indicators.set_targets"))
    places = own.in_bulk(asked)
    if len(places) < len(asked):
        raise AccessDenied(
            _("其中有不归您下达目标的地区。省级下达全省和设区市的，设区市下达所属县（市、区）和功能区的。")
        )
    rows = Target.objects.select_for_update(of=("self",)).filter(year=year, place__in=places)
    present = {(row.place_id, row.indicator): row for row in rows}
    resource = resource_by_key("indicators.targets")
    for (pk, code), one in changed.items():
        row = present.get((pk, code))
        _refuse_stale(places[pk], code, one, None if row is None else row.value)
        try:
            if one.value is not None:
                values = {"indicator": code, "place": places[pk], "year": year, "value": one.value}
                resource.save(acting_user=acting_user, values=values, row=row)
            elif row is not None:
                _clear(acting_user, row)
        except ValidationError as problem:
            named = {"place": places[pk].full_name(), "code": code, "why": " ".join(problem.messages)}
            raise ValidationError(_("%(place)s %(code)s：%(why)s") % named) from problem
    return len(changed)


def _refuse_stale(place: Place, code: str, one: Wanted, now: Decimal | None) -> None:
    if now == one.was:
        return
    named = {"place": place.full_name(), "code": code, "now": _("没有目标") if now is None else amount(now)}
    raise Refused(
        _("%(place)s %(code)s 的目标已被别人改动，现在是 %(now)s。您填的都没有保存，请刷新后核对再填。") % named
    )


def _clear(acting_user: Actor, row: Target) -> None:
    require(acting_user, "indicators.set_targets", row)
    fields: Sequence[str] = ("value", "start", "note")
    empty = dict.fromkeys(logged(row, fields), "")
    log("indicators.target_cleared", by=acting_user, on=row, changes=differences(logged(row, fields), empty))
    row.delete()
