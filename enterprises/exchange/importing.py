"""The register as the import pipeline takes it: new, changed and moved enterprises, all in one transaction."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.bulk import EnterpriseChange, Move, move_enterprises, register_enterprises, update_enterprises
from enterprises.consequences import PlannedChange, foresee
from enterprises.exchange.checking import RegisterChecker
from enterprises.exchange.resources import RegisterResource
from enterprises.exchange.templates import template_for
from enterprises.models import ChangeKind, Enterprise, PilotTier
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.exchange.models import Import, Outcome, StagedRow
from foundation.exchange.resources import Checker, ImportResource, Written, register_import
from foundation.exchange.rows import chunks
from foundation.places.models import Place
from foundation.refusals import Refused
from foundation.saying import filled

#: From where to where, at most so many.
SHOWN_WAYS = 12
#: More moves than these are confirmed by typing how many they are.
MANY_MOVES = 20


@register_import
class EnterpriseImport(RegisterResource, ImportResource):
    """``batch.plan``: how many enterprises move, and in sentences what these moves will do."""

    name, room, permission = "enterprises.register", "enterprises", "enterprises.register"
    title = gettext_lazy("导入企业名录")
    in_one_piece = True
    samples = 50
    aside_template, confirm_template = "enterprises/_import_aside.html", "enterprises/_import_confirm.html"
    outcome_labels = {**ImportResource.outcome_labels, "new": gettext_lazy("新登记")}

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__()

    @classmethod
    def list_context(cls, request: PortalRequest) -> dict[str, Any]:
        return {"back_url": reverse("enterprises:list"), "back_label": _("企业名录")}

    def confirm_context(self, request: PortalRequest, batch: Import) -> dict[str, Any]:
        moves = batch.plan.get("moves", 0)
        return {
            "moves": moves,
            "effects": batch.plan.get("effects", []),
            "types_moves": moves > MANY_MOVES,
            # What was ticked and typed before it was sent back.
            "said_moves": request.POST.get("moves", ""),
            "has_same_names": request.POST.get("same_names", "") == str(batch.unusual),
        }

    def outcome_sentence(self, batch: Import) -> str:
        return filled(_("导入完成：新登记 %(new)d 家，修改 %(changed)d 家，其中迁移 %(moves)d 家。"), self._done(batch))

    def audit_note(self, batch: Import) -> str:
        return filled(_("新登记 %(new)d 家，修改 %(changed)d 家，其中迁移 %(moves)d 家。%(file)s"), self._done(batch))

    @staticmethod
    def _done(batch: Import) -> dict[str, Any]:
        counts = {name: batch.counts.get(name, 0) for name in ("new", "changed")}
        return {**counts, "moves": batch.written.get("moves", 0), "file": batch.filename}

    def result_address(self, batch: Import) -> str:
        return reverse("enterprises:list")

    def row_address(self, target: str) -> str:
        return reverse("enterprises:detail", args=[target])

    def template(self, user: Actor) -> tuple[bytes, str]:
        return template_for(user), _("企业名录_导入模板.xlsx")

    # --- the way of the rows

    @property
    def writes(self) -> Sequence[type[models.Model]]:
        return (Enterprise,)

    def checker(self, batch: Import) -> Checker:
        return RegisterChecker(self, batch.created_by)

    def plan(self, batch: Import) -> dict[str, Any]:
        """What the moves will do, and where to."""
        moving = {
            int(row.target): row.values["county"]
            for row in StagedRow.objects.filter(batch=batch, stands_first=True).iterator(chunk_size=2000)
        }
        if not moving:
            return {"moves": 0}
        counties = _counties(moving.values())
        enterprises = [
            enterprise
            for part in chunks(moving)
            for enterprise in Enterprise.objects.filter(pk__in=part).select_related("county__city", "place")
        ]
        ways = Counter((one.county.full_name(), counties[moving[one.pk]].full_name()) for one in enterprises)
        listed = [
            filled(_("%(old)s → %(new)s %(count)d 家"), {"old": old, "new": new, "count": count})
            for (old, new), count in ways.most_common(SHOWN_WAYS)
        ]
        if rest := len(ways) - len(listed):
            listed.append(filled(_("另有 %d 个方向"), rest))
        there = {one.pk: counties[moving[one.pk]] for one in enterprises}
        change = PlannedChange(ChangeKind.MOVE, enterprises, timezone.localdate(), counties=there)
        told = [{"about": effect.about, "text": effect.text} for effect in foresee(change).effects]
        return {"moves": len(moving), "effects": [*({"about": _("迁移"), "text": way} for way in listed), *told]}

    def confirm(self, batch: Import, answers: Mapping[str, str]) -> dict[str, Any]:
        """``moves``: the number of enterprises that move, ``same_names``: of rows with the name of another enterprise, as the
        person has read and given them."""
        if batch.unusual and answers.get("same_names", "").strip() != str(batch.unusual):
            raise Refused(
                filled(_("有 %d 行与别的企业名称相同，还没有确认，没有写入任何内容。请核对后勾选。"), batch.unusual),
                cure=_("重复登记的，请放弃这次导入，从表中删去。"),
            )
        moves = batch.plan.get("moves", 0)
        if moves and answers.get("moves", "").strip() != str(moves):
            raise Refused(
                filled(
                    _("这次导入会迁移 %d 家企业，还没有确认，没有写入任何内容。请核对迁移的影响，再按页面的要求确认。"),
                    moves,
                )
            )
        return {"moves": moves, "same_names": batch.unusual}

    def write(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime) -> Sequence[Written]:
        """Register, change and move, each in sets; what changed since the check is left as it is."""
        done: dict[int, Written] = {}
        new, taken = _still_new([row for row in rows if row.outcome == Outcome.NEW])
        changed, stale = _still_as_checked([row for row in rows if row.outcome == Outcome.CHANGED])
        for row in taken:
            done[row.pk] = Written(refusal=_("检查之后，这家企业已由别人登记。"))
        for row in stale:
            done[row.pk] = Written(refusal=_("检查之后又有人修改过这家企业，没有覆盖。"))
        if (taken or stale) and batch.answers.get("all_or_none"):
            return [done.get(row.pk, Written()) for row in rows]
        by, origin = batch.created_by, _("Excel 导入：%s") % batch.filename
        if new:
            made = register_enterprises(acting_user=by, drafts=_drafts(new), origin=origin)
            done |= {row.pk: Written(str(one.pk)) for row, one in zip(new, made, strict=True)}
        changes = [EnterpriseChange(enterprise, row.values["entry"]) for row, enterprise in changed]
        update_enterprises(acting_user=by, changes=changes, origin=origin)
        moving = [(row, enterprise) for row, enterprise in changed if row.stands_first]
        if moving:
            _move(by, moving, origin)
            batch.written = {**batch.written, "moves": batch.written.get("moves", 0) + len(moving)}
        done |= {row.pk: Written(row.target) for row, _enterprise in changed}
        return [done[row.pk] for row in rows]


def _counties(keys: Any) -> dict[int, Place]:
    return Place.objects.select_related("city").in_bulk(set(keys))


def _still_new(rows: Sequence[StagedRow]) -> tuple[list[StagedRow], list[StagedRow]]:
    """The rows whose enterprise nobody has registered since they were checked, and the others."""
    taken: set[str] = set()
    for part in chunks(row.values["entry"]["credit_code"] for row in rows):
        taken.update(Place.objects.filter(code__in=part).values_list("code", flat=True))
    fit = [row for row in rows if row.values["entry"]["credit_code"] not in taken]
    return fit, [row for row in rows if row.values["entry"]["credit_code"] in taken]


def _still_as_checked(
    rows: Sequence[StagedRow],
) -> tuple[list[tuple[StagedRow, Enterprise]], list[StagedRow]]:
    """The rows whose enterprises, now locked, stand as when they were checked; and the others."""
    found: dict[int, Enterprise] = {}
    for part in chunks(sorted(int(row.target) for row in rows)):
        locked = Enterprise.objects.select_for_update(of=("self",)).select_related("county__city", "place")
        found.update(locked.in_bulk(part))
    fit, stale = [], []
    for row in rows:
        enterprise = found.get(int(row.target))
        if enterprise is not None and enterprise.version == row.values["version"]:
            fit.append((row, enterprise))
        else:
            stale.append(row)
    return fit, stale


def _drafts(rows: Sequence[StagedRow]) -> list[Enterprise]:
    counties = _counties(row.values["county"] for row in rows)
    return [
        Enterprise(
            county=counties[row.values["county"]],
            pilot_tier=PilotTier.NONE,
            **{("industry_id" if name == "industry" else name): value for name, value in row.values["entry"].items()},
        )
        for row in rows
    ]


def _move(by: Actor, rows: Sequence[tuple[StagedRow, Enterprise]], origin: str) -> None:
    """The moves: agreed to when the import was confirmed, with their number."""
    counties = _counties(row.values["county"] for row, _enterprise in rows)
    moves = [Move(enterprise, counties[row.values["county"]]) for row, enterprise in rows]
    on = timezone.localdate()
    there = {move.enterprise.pk: move.county for move in moves}
    change = PlannedChange(ChangeKind.MOVE, [move.enterprise for move in moves], on, there)
    move_enterprises(acting_user=by, moves=moves, reason=origin, on=on, confirmed=foresee(change).keys)
