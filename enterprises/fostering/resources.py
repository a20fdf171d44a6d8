"""The register of fostered enterprises."""

from collections.abc import Mapping
from typing import Any, cast

import django_filters
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from enterprises.facts import append_register_changes
from enterprises.fostering.facts import FOSTERED
from enterprises.models import FosteredEnterprise
from enterprises.models.fostered import listed_on
from enterprises.pickers import EnterpriseCell, choose_enterprise
from foundation.accounts.models import Actor
from foundation.audit.log import register_event
from foundation.crud.actions import save_row
from foundation.crud.building import ResourceForm
from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, SheetColumn, register
from foundation.ui.sections import REGISTERS

register_event("enterprises.fostered_enterprise_saved", gettext_lazy("登记和修改优质企业培育名单"))


def _by_listing(
    queryset: models.QuerySet[FosteredEnterprise], name: str, value: str
) -> models.QuerySet[FosteredEnterprise]:
    today = listed_on(timezone.localdate())
    return queryset.filter(today) if value == "listed" else queryset.exclude(today)


class FosteredForm(ResourceForm):
    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "enterprise" in self.fields:
            choose_enterprise(self, user)


@register
class FosteredResource(Resource):
    model = FosteredEnterprise
    name = "fostered_enterprise"
    path = "fostered"
    columns = ("enterprise", "programme", "county", "listed_on", "delisted_on", "document")
    optional = ("document",)
    filters = (
        (
            "listed",
            django_filters.ChoiceFilter(
                label=gettext_lazy("状态"),
                choices=[("listed", gettext_lazy("在名单上")), ("off", gettext_lazy("不在名单上"))],
                empty_label=gettext_lazy("在名单上与否"),
                method=_by_listing,
            ),
        ),
    )
    search = ("enterprise__name", "enterprise__initials", "programme", "document")
    search_label = gettext_lazy("企业名称、拼音首字母、培育计划或文号")
    related = ("enterprise__county__city", "county__city")
    few_rows = True
    fieldsets = (
        Fieldset(gettext_lazy("企业与名单"), ("enterprise", "programme", "listed_on", "delisted_on", "document")),
    )
    fixed = ("enterprise",)
    form = FosteredForm
    cells = {"enterprise": EnterpriseCell}
    place_field = "enterprise"
    natural_key = ("enterprise", "programme")
    permissions = Permissions(view="enterprises.view_fostered", change="enterprises.keep_fostered")
    sheet = (
        SheetColumn(gettext_lazy("企业"), "enterprise.credit_code", 22),
        SheetColumn(gettext_lazy("企业名称"), "enterprise.name", 36),
        SheetColumn(gettext_lazy("地区"), lambda row: row.county.full_name(), 20),
        SheetColumn(gettext_lazy("培育计划"), "programme", 28),
        SheetColumn(gettext_lazy("列入日期"), "listed_on", 12),
        SheetColumn(gettext_lazy("移出日期"), "delisted_on", 12),
        SheetColumn(gettext_lazy("文号或依据"), "document", 28),
    )
    icon = "award"
    menu = Menu(REGISTERS, 47)
    new_label = gettext_lazy("登记优质培育企业")
    empty_text = gettext_lazy(
        "列入优质企业培育名单的企业登记在这里，统计和报告从这里取数，不再向企业收。也可以用表格一次导入整份名单。"
    )
    nothing_text = gettext_lazy("换个企业名称、培育计划或状态再试。")

    @transaction.atomic
    def save(
        self, *, acting_user: Actor, values: Mapping[str, Any], row: Any = None, version: int | None = None
    ) -> FosteredEnterprise:
        """Figures follow."""
        saved = cast(
            FosteredEnterprise, save_row(self, acting_user=acting_user, values=values, row=row, version=version)
        )
        append_register_changes([saved.enterprise_id], source=FOSTERED)
        return saved

    def taken_back(self, row: FosteredEnterprise) -> None:
        append_register_changes([row.enterprise_id], source=FOSTERED)
