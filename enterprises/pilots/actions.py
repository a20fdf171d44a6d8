"""Every change of a pilot: opening, changing stage, ending, correcting, taking the last step back."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Cluster, Enterprise, Pilot, PilotStage, Stage
from enterprises.models.pilot import STAGES
from enterprises.pilots.notifications import notify_ended, notify_opened
from enterprises.pilots.tiers import forget_tier, keep_tiers
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import label_of_field
from foundation.places.models import Place

register_event("enterprises.pilot_opened", gettext_lazy("设立试点"))
register_event("enterprises.pilot_stage_changed", gettext_lazy("变更试点阶段"))
register_event("enterprises.pilot_ended", gettext_lazy("终止试点"))
register_event("enterprises.pilot_corrected", gettext_lazy("更正试点信息"))
register_event("enterprises.pilot_step_undone", gettext_lazy("撤销试点变更"))
register_event("enterprises.pilot_removed", gettext_lazy("删除误登的试点"))

#: What may be corrected later without a step of the pilot's life.
CORRECTABLE = ("started_on", "document")


def place_of(pilot: Pilot) -> Place:
    """Where a pilot lies: its enterprise's place, or the region of its park or chain."""
    return pilot.place


def _shown(value: object) -> str:
    return str(value) if value else _("未掌握")


def _locked(pilot_id: int, version: int, acting_user: Actor) -> Pilot:
    """The pilot for a change by this person. Raises ``ValidationError`` when the page they saw is out of date."""
    pilot = Pilot.objects.with_subject().select_for_update(of=("self",)).get(pk=pilot_id)
    require(acting_user, "enterprises.keep_pilots", pilot)
    if pilot.version != version:
        raise ValidationError(_("这个试点在您打开页面之后已有变更。请核对现在的内容，再决定是否操作。"))
    pilot.version += 1
    return pilot


def _follow(pilot: Pilot) -> None:
    if pilot.enterprise_id:
        keep_tiers([pilot.enterprise_id])


def _log(event: str, pilot: Pilot, by: Actor, changes: Mapping[str, Any], note: str = "") -> None:
    log(f"enterprises.pilot_{event}", by=by, on=pilot, changes=changes, note=note, place=place_of(pilot))


def _refuse_overlap(pilot: Pilot) -> None:
    """The same subject is a pilot of a tier once at a time."""
    others = Pilot.objects.filter(enterprise=pilot.enterprise, cluster=pilot.cluster, tier=pilot.tier)
    for other in others.exclude(pk=pilot.pk):
        ends_before = other.ended_on and pilot.started_on and other.ended_on <= pilot.started_on
        starts_after = pilot.ended_on and other.started_on and pilot.ended_on <= other.started_on
        if ends_before or starts_after:
            continue
        raise ValidationError(
            {
                "started_on": _(
                    "%(subject)s已有一段%(tier)s（%(start)s 至 %(end)s），与填写的日期重叠或先后不明。"
                    "请先终止原来的一段，或填写终止之后的日期。"
                )
                % {
                    "subject": pilot.subject,
                    "tier": pilot.get_tier_display(),
                    "start": _shown(other.started_on),
                    "end": other.ended_on or _("今"),
                }
            }
        )


@transaction.atomic
def open_pilot(*, acting_user: Actor, subject: Enterprise | Cluster, values: Mapping[str, Any]) -> Pilot:
    """Make an enterprise, park or chain a pilot. ``values``: tier, started_on, stage, document.

    Raises ``AccessDenied`` and ``ValidationError``."""
    kind = "enterprise" if isinstance(subject, Enterprise) else "cluster"
    pilot = Pilot(**{kind: subject}, **{name: values.get(name) for name in ("tier", "started_on")})
    pilot.stage, pilot.document = values.get("stage") or "", values.get("document") or ""
    require(acting_user, "enterprises.keep_pilots", pilot)
    _refuse_overlap(pilot)
    pilot.full_clean()
    pilot.save(force_insert=True)
    if pilot.stage:
        PilotStage.objects.create(pilot=pilot, stage=pilot.stage, began_on=pilot.started_on)
    _follow(pilot)
    changes = {
        _("确定为试点的日期"): ["", _shown(pilot.started_on)],
        _("阶段"): ["", _shown(pilot.get_stage_display())],
    }
    _log("opened", pilot, acting_user, changes, note=pilot.document)
    notify_opened(pilot)
    return pilot


def _refuse_stage(pilot: Pilot, stage: str, began_on: datetime.date) -> None:
    """Stages come one after the other, on days that do as well."""
    if stage not in STAGES:
        raise ValidationError({"stage": _("请从列表中选择阶段。")})
    if pilot.has_ended:
        raise ValidationError({"stage": _("这个试点已经终止，不再变更阶段。误终止的请先撤销。")})
    if pilot.stage and STAGES.index(stage) <= STAGES.index(pilot.stage):
        raise ValidationError(
            {"stage": _("现在已是“%s”，只能进入后面的阶段。登记错了的请先撤销上一步。") % pilot.get_stage_display()}
        )
    if began_on > timezone.localdate():
        raise ValidationError({"began_on": _("%s 还没有到。请填写已经开始的日期，到时再登记。") % began_on})
    known = [pilot.started_on, *pilot.stages.values_list("began_on", flat=True)]
    latest = max((day for day in known if day), default=None)
    if latest and began_on < latest:
        raise ValidationError(
            {
                "began_on": _("%(day)s 早于上一阶段开始或确定为试点的日期（%(last)s）。请核对。")
                % {"day": began_on, "last": latest}
            }
        )


@transaction.atomic
def change_stage(*, acting_user: Actor, pilot_id: int, version: int, stage: str, began_on: datetime.date) -> Pilot:
    """Enter a later stage. Raises ``AccessDenied`` and ``ValidationError``."""
    pilot = _locked(pilot_id, version, acting_user)
    _refuse_stage(pilot, stage, began_on)
    before = _shown(pilot.get_stage_display())
    pilot.stage = stage
    pilot.save()
    PilotStage.objects.create(pilot=pilot, stage=stage, began_on=began_on)
    _log("stage_changed", pilot, acting_user, {_("阶段"): [before, _shown(Stage(stage).label)]}, note=str(began_on))
    return pilot


@transaction.atomic
def end_pilot(*, acting_user: Actor, pilot_id: int, version: int, ended_on: datetime.date, reason: str) -> Pilot:
    """It is no pilot from that day on; the row stays. Raises ``AccessDenied`` and ``ValidationError``."""
    pilot = _locked(pilot_id, version, acting_user)
    if pilot.ended_on:
        raise ValidationError(
            {"ended_on": _("这个试点已登记在 %s 终止。要改日期，请先撤销再重新终止。") % pilot.ended_on}
        )
    if not reason.strip():
        raise ValidationError({"reason": _("请写明终止原因，例如“试点期满”“企业注销”。")})
    pilot.ended_on, pilot.end_reason = ended_on, reason.strip()
    pilot.full_clean()
    pilot.save()
    _follow(pilot)
    _log("ended", pilot, acting_user, {_("终止日期"): ["", str(ended_on)]}, note=pilot.end_reason)
    notify_ended(pilot)
    return pilot


@transaction.atomic
def correct_pilot(*, acting_user: Actor, pilot_id: int, version: int, values: Mapping[str, Any]) -> Pilot:
    """Fill in or mend the first day and the document. Raises ``AccessDenied`` and ``ValidationError``."""
    pilot = _locked(pilot_id, version, acting_user)
    before = {name: getattr(pilot, name) for name in CORRECTABLE}
    pilot.started_on, pilot.document = values.get("started_on"), values.get("document") or ""
    first = pilot.stages.exclude(began_on=None).order_by("began_on").first()
    if first and pilot.started_on and first.began_on < pilot.started_on and first.began_on != before["started_on"]:
        raise ValidationError(
            {
                "started_on": _("%(stage)s从 %(day)s 开始，试点不能晚于那一天。")
                % {"stage": first.get_stage_display(), "day": first.began_on}
            }
        )
    _refuse_overlap(pilot)
    pilot.full_clean()
    pilot.save()
    # The first stage began with the pilot, as long as nobody said otherwise.
    pilot.stages.filter(began_on=before["started_on"]).update(began_on=pilot.started_on)
    _follow(pilot)
    changes = {
        label_of_field(pilot, name): [_shown(before[name]), _shown(getattr(pilot, name))]
        for name in CORRECTABLE
        if before[name] != getattr(pilot, name)
    }
    _log("corrected", pilot, acting_user, changes)
    return pilot


def last_step(pilot: Pilot) -> str:
    """What undoing would take back: ``end``, ``stage`` or ``opening``."""
    if pilot.ended_on:
        return "end"
    return "stage" if pilot.stages.all() else "opening"


@transaction.atomic
def undo_step(*, acting_user: Actor, pilot_id: int, version: int) -> Pilot | None:
    """Take the last step back: the end, the last stage, and when nothing else is left the pilot as a whole, as entered
    by mistake. What was taken back stands in the audit log. Returns None when the pilot is gone."""
    pilot = _locked(pilot_id, version, acting_user)
    step = last_step(pilot)
    if step == "opening":
        described = {_("确定为试点的日期"): [_shown(pilot.started_on), ""], _("文号或依据"): [pilot.document, ""]}
        _log("removed", pilot, acting_user, described)
        enterprise = pilot.enterprise_id
        pilot.delete()
        if enterprise:
            forget_tier(enterprise)
        return None
    if step == "end":
        changes = {_("终止日期"): [str(pilot.ended_on), ""]}
        pilot.ended_on, pilot.end_reason = None, ""
        _refuse_overlap(pilot)
    else:
        *earlier, last = pilot.stages.all()
        last.delete()
        pilot.stage = earlier[-1].stage if earlier else ""
        changes = {_("阶段"): [last.get_stage_display(), _shown(pilot.get_stage_display())]}
    pilot.save()
    _follow(pilot)
    _log("step_undone", pilot, acting_user, changes)
    return pilot
