"""The register of bases, and the list of their sorts."""

from collections.abc import Mapping
from typing import Any, cast

import django_filters
import django_tables2 as tables
from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.bases.facts import append_base_changes, counts_at
from enterprises.bases.filters import FactFilter, RegionFilter
from enterprises.bases.holders import BaseForm
from enterprises.models import Base, BaseSort
from enterprises.pickers import EnterpriseCell
from foundation.accounts.models import Actor
from foundation.audit.log import register_event
from foundation.crud.actions import save_row
from foundation.crud.choice_lists import ChoiceListResource
from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, SheetColumn, register
from foundation.ui.sections import REGISTERS, SETTINGS


def _any(queryset: models.QuerySet[Base], name: str, value: str) -> models.QuerySet[Base]:
    """The quarter narrows nothing by itself: it says of when the figure is that opens the list."""
    return queryset


@register
class BaseSortResource(ChoiceListResource):
    model = BaseSort
    name = "base_sort"
    path = "base-sorts"
    permissions = Permissions(view="enterprises.base_sorts", change="enterprises.base_sorts")
    menu = Menu(SETTINGS, 884)
    new_label = gettext_lazy("新增阵地种类")
    empty_text = gettext_lazy("新增之后，登记阵地与基地时才有得选。")


register_event("enterprises.base_saved", gettext_lazy("登记和修改阵地与基地"))


@register
class BaseResource(Resource):
    model = Base
    name = "base"
    columns = (
        "name",
        "sort",
        "level",
        "stage",
        (
            "holder",
            tables.Column(verbose_name=gettext_lazy("持有者"), accessor="holder_name", orderable=False),
        ),
        "place",
        "named_on",
        "capacity",
        "is_open",
    )
    optional = ("capacity", "is_open")
    sort = ("name",)
    filters = (
        (
            "sort",
            django_filters.ModelChoiceFilter(
                label=gettext_lazy("种类"), queryset=BaseSort.objects.all(), empty_label=gettext_lazy("全部种类")
            ),
        ),
        "level",
        "stage",
        "is_open",
        ("region", RegionFilter()),
        ("fact", FactFilter()),
        ("quarter", django_filters.CharFilter(label=gettext_lazy("季度"), method=_any, widget=forms.HiddenInput)),
    )
    search = ("name", "initials", "holder", "enterprise__name")
    search_label = gettext_lazy("名称、拼音首字母或持有者")
    related = ("sort", "place__city", "enterprise")
    fieldsets = (
        Fieldset(gettext_lazy("阵地"), ("sort", "name", "level", "stage", "named_on")),
        Fieldset(gettext_lazy("持有者"), ("place", "enterprise", "holder", "responsible")),
        Fieldset(gettext_lazy("在哪里、给谁用"), ("address", "capacity", "is_open")),
    )
    form = BaseForm
    cells = {"enterprise": EnterpriseCell}
    place_field = "place"
    natural_key = ("place", "enterprise", "holder", "sort", "name")
    permissions = Permissions(view="enterprises.view_bases", change="enterprises.keep_bases")
    sheet = (
        SheetColumn(gettext_lazy("种类"), "sort.name", 28),
        SheetColumn(gettext_lazy("名称"), "name", 36),
        SheetColumn(gettext_lazy("级别"), "level", 10),
        SheetColumn(gettext_lazy("状态"), "stage", 10),
        SheetColumn(gettext_lazy("命名日期"), "named_on", 12),
        SheetColumn(gettext_lazy("所在地区"), lambda base: base.place.full_name(), 20),
        SheetColumn(gettext_lazy("持有企业"), lambda base: base.enterprise and base.enterprise.credit_code, 22),
        SheetColumn(gettext_lazy("其他持有者"), "holder", 24),
        SheetColumn(gettext_lazy("持有者名称"), "holder_name", 36),
        SheetColumn(gettext_lazy("负责人"), "responsible", 12),
        SheetColumn(gettext_lazy("地址"), "address", 36),
        SheetColumn(gettext_lazy("容量"), "capacity", 10),
        SheetColumn(gettext_lazy("向外开放"), "is_open", 10),
    )
    icon = "building-community"
    menu = Menu(REGISTERS, 45)
    new_label = gettext_lazy("登记阵地")
    empty_text = gettext_lazy(
        "技能竞赛基地、创新工作室、实训基地、职工食堂、工人文化宫、法律援助点等登记在这里，统计和报告从这里取数。"
    )
    nothing_text = gettext_lazy("换个名称、种类或状态再试。")

    @transaction.atomic
    def save(
        self, *, acting_user: Actor, values: Mapping[str, Any], row: Any = None, version: int | None = None
    ) -> Base:
        """Figures follow, where it counted before as well."""
        before = [] if row is None else [counts_at(Base.objects.get(pk=row.pk))]
        saved = cast(Base, save_row(self, acting_user=acting_user, values=values, row=row, version=version))
        append_base_changes([*before, counts_at(saved)])
        return saved

    def taken_back(self, row: Base) -> None:
        append_base_changes([counts_at(row)])

    def prepare(self, row: Base) -> None:
        """Names of holders without stray spaces; a base of an enterprise lies where the enterprise lies."""
        row.holder = row.holder.strip()
        if row.enterprise is not None and row.enterprise.county_id != row.place_id:
            text = _("“%(enterprise)s”在%(county)s，请把所在地区选为%(county)s。")
            named = {"enterprise": row.enterprise, "county": row.enterprise.county}
            raise ValidationError({"place": text % named})
