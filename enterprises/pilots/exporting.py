"""Pilots as a workbook, and parks and chains with their members."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from enterprises.models import Cluster, Pilot
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.ui.workbooks import as_bytes, plain_sheet

register_event("enterprises.pilots_exported", gettext_lazy("导出试点名单"))
register_event("enterprises.clusters_exported", gettext_lazy("导出产业园区和产业链"))


def _pilot_rows(pilots: Iterable[Pilot]) -> Iterator[list[Any]]:
    for pilot in pilots:
        enterprise = pilot.enterprise
        place = enterprise.county if enterprise else pilot.cluster.place
        city = place.city.name if place.city_id else ""
        yield [
            str(pilot.subject),
            _("企业") if enterprise else pilot.cluster.get_kind_display(),
            enterprise.credit_code if enterprise else "",
            city,
            place.name,
            pilot.get_tier_display(),
            pilot.get_stage_display() or _("未掌握"),
            pilot.started_on,
            pilot.ended_on,
            pilot.end_reason,
            pilot.document,
            *_stage_days(pilot),
        ]


def _stage_days(pilot: Pilot) -> list[Any]:
    days = {entry.stage: entry.began_on for entry in pilot.stages.all()}
    return [days.get(stage) for stage in ("introduction", "deepening", "consolidation")]


def export_pilots(pilots: models.QuerySet[Pilot], *, acting_user: Actor) -> bytes:
    """The given pilots; the audit log keeps who took how many along."""
    headings = [
        (_("试点对象"), 36),
        (_("类别"), 10),
        (_("统一社会信用代码"), 22),
        (_("设区市"), 12),
        (_("地区"), 16),
        (_("试点层级"), 16),
        (_("阶段"), 12),
        (_("确定日期"), 12),
        (_("终止日期"), 12),
        (_("终止原因"), 24),
        (_("文号或依据"), 24),
        (_("改革导入期开始"), 14),
        (_("改革深化期开始"), 14),
        (_("巩固提升期开始"), 14),
    ]
    rows = list(_pilot_rows(pilots.prefetch_related("stages")))
    workbook = Workbook(write_only=True)
    plain_sheet(workbook, _("试点名单"), headings, rows)
    _log("pilots_exported", acting_user, _("%d 个试点") % len(rows))
    return as_bytes(workbook)


def export_clusters(clusters: models.QuerySet[Cluster], *, acting_user: Actor) -> bytes:
    """One row a member; a park or chain without members has one row as well."""
    headings = [
        (_("名称"), 36),
        (_("类别"), 10),
        (_("所在地区"), 20),
        (_("企业名称"), 36),
        (_("统一社会信用代码"), 22),
        (_("在其中的位置"), 14),
    ]
    rows: list[list[Any]] = []
    for cluster in clusters.prefetch_related("members__enterprise"):
        head = [cluster.name, cluster.get_kind_display(), cluster.place.full_name()]
        members = cluster.members.all()
        rows += [[*head, m.enterprise.name, m.enterprise.credit_code, m.get_part_display()] for m in members]
        if not members:
            rows.append([*head, "", "", ""])
    workbook = Workbook(write_only=True)
    plain_sheet(workbook, _("产业园区和产业链"), headings, rows)
    _log("clusters_exported", acting_user, _("%d 行") % len(rows))
    return as_bytes(workbook)


def _log(event: str, by: Actor, note: str) -> None:
    places = scope_of(by).places()
    log(f"enterprises.{event}", by=by, note=note, place=places[0] if places else None)
