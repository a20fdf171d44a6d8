"""An enterprise that leaves the register is no pilot any longer; reopened, it is one again."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import ChangeKind, Pilot
from enterprises.pilots.tiers import keep_tiers
from foundation.accounts.models import Actor
from foundation.audit.log import Noted, log_each
from foundation.saying import filled


def _noted(pilot: Pilot, before: object, after: object) -> Noted:
    return Noted(pilot, pilot.end_reason, pilot.place, {_("终止日期"): [str(before or ""), str(after or "")]})


@register_consequence
class Pilots(Consequence):
    name = "pilots"
    order = 8

    def _standing(self, change: PlannedChange) -> models.QuerySet[Pilot]:
        rows = Pilot.objects.filter(enterprise__in=change.enterprise_ids, ended_on__isnull=True)
        return rows.select_related("enterprise__place").order_by("pk")

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        about = _("试点")
        if change.closes and (number := self._standing(change).count()):
            text = filled(_("%d 个试点自办理之日起终止，经历保留。"), number)
            if change.kind == ChangeKind.MERGE:
                text += _("存续企业要作试点的，请另行登记。")
            yield Effect(about, text)
        elif change.kind == ChangeKind.REOPEN and (ended := change.memo.get(self.name)):
            yield Effect(about, filled(_("注销时终止的 %d 个试点恢复。"), len(ended)))

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> Any:
        if change.closes:
            return self._end(change, acting_user)
        if change.kind == ChangeKind.REOPEN:
            self._resume(change.memo.get(self.name, []), acting_user)
        return None

    def _end(self, change: PlannedChange, by: Actor) -> list[int] | None:
        """The numbers of the pilots that were ended, for the reopening. One that was to begin later ends as it begins."""
        standing = list(self._standing(change))
        for pilot in standing:
            pilot.ended_on = max(change.on, pilot.started_on or change.on)
            pilot.end_reason = _("企业%s") % ChangeKind(change.kind).label
            pilot.version += 1
        Pilot.objects.bulk_update(standing, ["ended_on", "end_reason", "version"])
        log_each("enterprises.pilot_ended", [_noted(pilot, "", pilot.ended_on) for pilot in standing], by=by)
        keep_tiers(change.enterprise_ids)
        return [pilot.pk for pilot in standing] or None

    def _resume(self, ended: list[int], by: Actor) -> None:
        """Unless the same tier was given again meanwhile."""
        rows = Pilot.objects.filter(pk__in=ended, ended_on__isnull=False).select_related("enterprise__place")
        back: list[Noted] = []
        enterprises: list[int] = []
        for pilot in rows:
            if Pilot.objects.filter(enterprise=pilot.enterprise, tier=pilot.tier, ended_on__isnull=True).exists():
                continue
            back.append(_noted(pilot, pilot.ended_on, ""))
            enterprises.append(pilot.place.pk)
            Pilot.objects.filter(pk=pilot.pk).update(ended_on=None, end_reason="", version=F("version") + 1)
        log_each("enterprises.pilot_step_undone", back, by=by)
        keep_tiers(enterprises)
