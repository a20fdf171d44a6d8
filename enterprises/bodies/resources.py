"""The register of bodies. Its members, meetings and the yearly word are ordinary views."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.bodies.actions import append_body_change
from enterprises.bodies.business_rules import findings_of
from enterprises.bodies.filters import BodyFilter
from enterprises.bodies.queries import bodies_for_list
from enterprises.models import OF_ENTERPRISES, OF_REGIONS, SEATS, Body, BodyKind, BodyLevel, Enterprise
from foundation.access.models import OFFICE_ROLES
from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.crud.actions import save_row
from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, SheetColumn, register
from foundation.places.models import REGION_LEVELS, Level, Place
from foundation.ui.sections import REGISTERS
from foundation.ui.tables import NumberColumn

_LEVELS: Mapping[str, str] = {
    Level.PROVINCE: BodyLevel.PROVINCE,
    Level.CITY: BodyLevel.CITY,
    Level.COUNTY: BodyLevel.COUNTY,
    Level.ZONE: BodyLevel.COUNTY,
    Level.ENTERPRISE: BodyLevel.ENTERPRISE,
}


@register
class BodyResource(Resource):
    model = Body
    name = "body"
    plural = "bodies"
    columns = (
        "name",
        "kind",
        "place",
        ("number_of_members", NumberColumn(verbose_name=gettext_lazy("成员（人）"))),
        ("number_of_meetings", NumberColumn(verbose_name=gettext_lazy("历次会议（次）"))),
        "level",
        "founded_on",
        "dissolved_on",
        "confirmed_for",
    )
    optional = ("level", "founded_on", "dissolved_on")
    sort = ("name",)
    filterset = BodyFilter
    search = ("name", "initials")
    search_label = gettext_lazy("名称或拼音首字母")
    fieldsets = (
        Fieldset(gettext_lazy("组织"), ("kind", "name", "place", "level", "founded_on", "dissolved_on")),
        Fieldset(gettext_lazy("会员"), ("member_count",), only_when=("kind", (BodyKind.ASSOCIATION,))),
        Fieldset(gettext_lazy("职工席位"), (*SEATS, "has_audit_committee"), only_when=("kind", (BodyKind.BOARD,))),
    )
    fixed = ("place",)
    place_field = "place"
    natural_key = ("place", "kind", "name")
    permissions = Permissions(view="enterprises.view_bodies", change="enterprises.keep_bodies")
    names_enterprises = True
    sheet = (
        SheetColumn(gettext_lazy("名称"), "name", 36),
        SheetColumn(gettext_lazy("种类"), "kind", 26),
        SheetColumn(gettext_lazy("所属地区或企业"), "place", 30),
        SheetColumn(gettext_lazy("级别"), "level", 14),
        SheetColumn(gettext_lazy("成立日期"), "founded_on", 12),
        SheetColumn(gettext_lazy("撤销日期"), "dissolved_on", 12),
        SheetColumn(gettext_lazy("成员（人）"), "number_of_members", 12),
        SheetColumn(gettext_lazy("历次会议（次）"), "number_of_meetings", 12),
        SheetColumn(gettext_lazy("会员人数（人）"), "member_count", 14),
        SheetColumn(gettext_lazy("董事会席位（席）"), "board_seats", 14),
        SheetColumn(gettext_lazy("职工董事（人）"), "employee_directors", 14),
        SheetColumn(gettext_lazy("监事会席位（席）"), "supervisory_seats", 14),
        SheetColumn(gettext_lazy("职工监事（人）"), "employee_supervisors", 14),
        SheetColumn(gettext_lazy("设审计委员会"), "has_audit_committee", 14),
        SheetColumn(gettext_lazy("已核对年度"), "confirmed_for", 12),
    )
    api_fields = (
        "kind",
        "name",
        "place",
        "enterprise",
        "level",
        "founded_on",
        "dissolved_on",
        "member_count",
        *SEATS,
        "has_audit_committee",
        "confirmed_for",
        ("number_of_members", int),
        ("number_of_meetings", int),
    )
    icon = "users"
    menu = Menu(REGISTERS, 46)
    title = gettext_lazy("组织与会议")
    new_label = gettext_lazy("登记组织")
    empty_text = gettext_lazy(
        "产改办登记本级的联席会议、协调机制、三方委员会，企业登记自己的文体协会、创新活动机构和董事会、监事会职工席位。"
    )
    nothing_text = gettext_lazy("换个名称或种类再试。")
    detail_template = "enterprises/bodies/detail.html"

    def rows(self, user: Actor) -> models.QuerySet[models.Model]:
        return bodies_for_list(user)

    def places(self, user: Actor) -> models.QuerySet[Place]:
        """An office's regions, an enterprise's own."""
        scope = scope_of(user)
        regions = scope.q(OFFICE_ROLES, enterprise="") & Q(level__in=REGION_LEVELS)
        return Place.objects.open().filter(regions | Q(pk__in=scope.enterprise_ids()))

    def prepare(self, row: Body) -> None:
        """Whose it is follows from the place; what is asked of one kind only is not said of another."""
        place = row.place
        row.enterprise = Enterprise.objects.filter(pk=place.pk).first() if place.level == Level.ENTERPRISE else None
        if row.kind in OF_REGIONS and row.enterprise is not None:
            text = _("“%s”是地区的组织，由产改办登记。企业请选择文体协会、创新活动机构、职工席位或其他组织。")
            raise ValidationError({"kind": text % row.get_kind_display()})
        if row.kind in OF_ENTERPRISES and row.enterprise is None:
            text = _("“%s”是企业的组织，由企业登记。请选择别的种类，或由企业在自己的账号中登记。")
            raise ValidationError({"kind": text % row.get_kind_display()})
        row.level = row.level or _LEVELS[place.level]
        self._refuse_strangers(row)

    def _refuse_strangers(self, row: Body) -> None:
        problems: dict[str, str] = {}
        if row.kind != BodyKind.ASSOCIATION and row.member_count is not None:
            problems["member_count"] = _("会员人数只有职工文体协会填写。请留空，或把种类改为职工文体协会。")
        if row.kind != BodyKind.BOARD:
            for name in (*SEATS, "has_audit_committee"):
                if getattr(row, name) is not None:
                    problems[name] = _("只有“董事会、监事会职工席位”填写这一项。请留空，或改正种类。")
        if row.founded_on and row.founded_on > timezone.localdate():
            problems["founded_on"] = _("成立日期 %s 还没有到。请核对日期，成立后再登记。") % row.founded_on
        if problems:
            raise ValidationError(problems)

    @transaction.atomic
    def save(
        self, *, acting_user: Actor, values: Mapping[str, Any], row: Any = None, version: int | None = None
    ) -> models.Model:
        saved = save_row(self, acting_user=acting_user, values=values, row=row, version=version)
        if not isinstance(saved, Body):
            raise TypeError(f"the register of bodies saved a {type(saved).__name__}")
        append_body_change(saved)
        return saved

    def taken_back(self, row: Body) -> None:
        append_body_change(row)

    def detail_context(self, request: PortalRequest, row: Body) -> dict[str, Any]:
        today: datetime.date = timezone.localdate()
        return {
            "findings": findings_of(row, today),
            "year": today.year,
            "may_confirm": row.dissolved_on is None
            and row.confirmed_for != today.year
            and bool(verdict(request.user, "enterprises.keep_bodies", row)),
        }
