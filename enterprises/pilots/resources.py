"""The registers of pilots, and of parks and chains. Their own pages (a pilot's steps, a cluster's members) are ordinary
views."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Cluster, ClusterKind, ClusterMember, Enterprise, Part, Pilot
from enterprises.pilots.filters import PilotFilter
from enterprises.pilots.queries import clusters_for_list, pilots_for_list
from enterprises.pilots.tables import PilotTable
from foundation.accounts.models import Actor
from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, SheetColumn, register
from foundation.places.models import Place
from foundation.ui.sections import REGISTERS
from foundation.ui.tables import NumberColumn


def _place_of(pilot: Pilot) -> Place:
    subject = pilot.subject
    return subject.county if isinstance(subject, Enterprise) else subject.place


def _began(stage: str) -> Any:
    """The day a pilot entered a stage; None when it has not, or nobody knows."""
    return lambda pilot: next((one.began_on for one in pilot.stages.all() if one.stage == stage), None)


@register
class PilotResource(Resource):
    model = Pilot
    name = "pilot"
    pages = ("list", "export", "history")
    own_pages = ("create", "detail")
    table = PilotTable
    filterset = PilotFilter
    few_rows = True
    fieldsets = (Fieldset(gettext_lazy("试点"), ("tier", "stage", "started_on", "ended_on", "end_reason", "document")),)
    api_fields = ("enterprise", "cluster", "tier", "stage", "started_on", "ended_on", "end_reason", "document")
    natural_key = ("enterprise", "cluster", "tier")
    permissions = Permissions(view="enterprises.view_pilots", change="enterprises.keep_pilots")
    sheet = (
        SheetColumn(gettext_lazy("试点对象"), lambda pilot: str(pilot.subject), 36),
        SheetColumn(
            gettext_lazy("类别"),
            lambda pilot: _("企业") if pilot.enterprise_id else pilot.cluster.get_kind_display(),
            10,
        ),
        SheetColumn(gettext_lazy("统一社会信用代码"), "enterprise.credit_code", 22),
        SheetColumn(gettext_lazy("设区市"), lambda pilot: city.name if (city := _place_of(pilot).city) else "", 12),
        SheetColumn(gettext_lazy("地区"), lambda pilot: _place_of(pilot).name),
        SheetColumn(gettext_lazy("试点层级"), "tier"),
        SheetColumn(gettext_lazy("阶段"), lambda pilot: pilot.get_stage_display() or _("未掌握"), 12),
        SheetColumn(gettext_lazy("确定日期"), "started_on", 12),
        SheetColumn(gettext_lazy("终止日期"), "ended_on", 12),
        SheetColumn(gettext_lazy("终止原因"), "end_reason", 24),
        SheetColumn(gettext_lazy("文号或依据"), "document", 24),
        SheetColumn(gettext_lazy("改革导入期开始"), _began("introduction"), 14),
        SheetColumn(gettext_lazy("改革深化期开始"), _began("deepening"), 14),
        SheetColumn(gettext_lazy("巩固提升期开始"), _began("consolidation"), 14),
    )
    sheet_prefetch = ("stages",)
    icon = "flag"
    menu = Menu(REGISTERS, 42)
    title = gettext_lazy("试点")
    new_label = gettext_lazy("登记试点")
    empty_text = gettext_lazy("确定为试点的企业、产业园区和产业链登记在这里，记下层级、日期、阶段和文号。")

    def rows(self, user: Actor) -> models.QuerySet[Pilot]:
        return pilots_for_list(user)


@register
class ClusterResource(Resource):
    model = Cluster
    name = "cluster"
    pages = ("list", "export", "create", "edit", "history")
    own_pages = ("detail",)
    columns = ("name", "kind", "place", ("number", NumberColumn(verbose_name=gettext_lazy("成员企业（家）"))))
    filters = ("kind",)
    search = ("name", "initials")
    search_label = gettext_lazy("名称或拼音首字母")
    few_rows = True
    fieldsets = (Fieldset(gettext_lazy("园区或产业链"), ("kind", "name", "place", "note")),)
    place_field = "place"
    natural_key = ("place", "kind", "name")
    permissions = Permissions(view="enterprises.view_clusters", change="enterprises.keep_clusters")
    sheet = (
        SheetColumn(gettext_lazy("名称"), "cluster.name", 36),
        SheetColumn(gettext_lazy("类别"), "cluster.kind", 10),
        SheetColumn(gettext_lazy("所在地区"), "cluster.place", 20),
        SheetColumn(gettext_lazy("企业名称"), "enterprise.name", 36),
        SheetColumn(gettext_lazy("统一社会信用代码"), "enterprise.credit_code", 22),
        SheetColumn(gettext_lazy("在其中的位置"), lambda member: member.get_part_display() if member.pk else None, 14),
    )
    sheet_prefetch = ("members__enterprise",)
    icon = "building-factory-2"
    menu = Menu(REGISTERS, 43)
    title = gettext_lazy("产业园区和产业链")
    new_label = gettext_lazy("登记园区或产业链")
    empty_text = gettext_lazy("登记后可以列出链主、龙头和成员企业，并把园区或产业链整体登记为试点。")
    nothing_text = gettext_lazy("换个名称再试。")

    def rows(self, user: Actor) -> models.QuerySet[Cluster]:
        return clusters_for_list(user)

    def prepare(self, row: Cluster) -> None:
        """Refused when the chosen region does not hold every member, or the kind knows no head."""
        if row.pk is None:
            return
        column = row.place.scope_column()
        outside = row.members.exclude(**{f"enterprise__{column}_id": row.place_id}).select_related("enterprise")
        if first := outside.first():
            text = _("成员“%s”不在这个地区。请选择范围更大的地区，或先移出该企业。")
            raise ValidationError({"place": text % first.enterprise})
        if row.kind == ClusterKind.PARK and row.members.filter(part=Part.HEAD).exists():
            raise ValidationError({"kind": _("已有链主企业，不能改为产业园区。请先把链主改为龙头或成员。")})

    def sheet_lines(self, row: Cluster) -> Iterable[ClusterMember]:
        """One line a member; a park or chain without members has one as well."""
        return list(row.members.all()) or [ClusterMember(cluster=row)]
