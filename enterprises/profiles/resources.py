"""The list of yearly profiles: every enterprise with what it said of a year, or has not said yet."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from enterprises.profiles.filters import ProfileFilter
from enterprises.profiles.queries import filing_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.crud.resource import Menu, Permissions, Resource, SheetColumn, register
from foundation.panels import panels_for
from foundation.ui.sections import REGISTERS
from foundation.ui.tables import MomentColumn, NumberColumn


@register
class ProfileResource(Resource):
    model = Enterprise
    name = "profile"
    pages = ("list", "export")
    columns = (
        "name",
        "county",
        ("said_headcount", NumberColumn(verbose_name=gettext_lazy("职工（人）"))),
        ("said_frontline_count", NumberColumn(verbose_name=gettext_lazy("一线职工（人）"))),
        ("said_industrial_count", NumberColumn(verbose_name=gettext_lazy("产业工人（人）"))),
        ("said_women_count", NumberColumn(verbose_name=gettext_lazy("女职工（人）"))),
        ("said_young_count", NumberColumn(verbose_name=gettext_lazy("35岁以下（人）"))),
        ("said_wages_total", NumberColumn(verbose_name=gettext_lazy("工资总额（万元）"), places=2)),
        ("said_union_members", NumberColumn(verbose_name=gettext_lazy("工会会员（人）"))),
        ("said_hired", NumberColumn(verbose_name=gettext_lazy("新进职工（人）"))),
        ("said_hired_young", NumberColumn(verbose_name=gettext_lazy("新进35岁以下（人）"))),
        ("said_hired_graduates", NumberColumn(verbose_name=gettext_lazy("新进应届毕业生（人）"))),
        ("said_at", MomentColumn(verbose_name=gettext_lazy("填报时间"), default=gettext_lazy("未填报"))),
    )
    optional = (
        "said_women_count",
        "said_union_members",
        "said_young_count",
        "said_hired",
        "said_hired_young",
        "said_hired_graduates",
    )
    filterset = ProfileFilter
    related = ("county__city",)
    natural_key = ("credit_code",)
    permissions = Permissions(view="enterprises.view_profiles")
    sheet = (
        SheetColumn(gettext_lazy("企业名称"), "name", 36),
        SheetColumn(gettext_lazy("统一社会信用代码"), "credit_code", 22),
        SheetColumn(gettext_lazy("设区市"), "county.city.name", 12),
        SheetColumn(gettext_lazy("县（市、区）"), "county.name", 16),
        SheetColumn(gettext_lazy("年度"), "said_of", 8),
        SheetColumn(gettext_lazy("职工人数（人）"), "said_headcount", 12),
        SheetColumn(gettext_lazy("一线职工人数（人）"), "said_frontline_count", 12),
        SheetColumn(gettext_lazy("产业工人人数（人）"), "said_industrial_count", 12),
        SheetColumn(gettext_lazy("女职工人数（人）"), "said_women_count", 12),
        SheetColumn(gettext_lazy("35岁以下职工人数（人）"), "said_young_count", 14),
        SheetColumn(gettext_lazy("工资总额（万元）"), "said_wages_total", 14),
        SheetColumn(gettext_lazy("工会会员人数（人）"), "said_union_members", 12),
        SheetColumn(gettext_lazy("本年新进职工（人）"), "said_hired", 12),
        SheetColumn(gettext_lazy("新进职工中35岁以下（人）"), "said_hired_young", 14),
        SheetColumn(gettext_lazy("新进职工中应届高校毕业生（人）"), "said_hired_graduates", 16),
        SheetColumn(gettext_lazy("状态"), lambda one: _("已填报") if one.said_at else _("未填报"), 10),
    )
    api_fields = (
        "name",
        "credit_code",
        "county",
        ("said_of", int),
        ("said_headcount", int),
        ("said_frontline_count", int),
        ("said_industrial_count", int),
        ("said_women_count", int),
        ("said_wages_total", Decimal),
        ("said_union_members", int),
        ("said_young_count", int),
        ("said_hired", int),
        ("said_hired_young", int),
        ("said_hired_graduates", int),
        ("said_at", datetime),
    )
    icon = "users-group"
    menu = Menu(REGISTERS, 41)
    title = gettext_lazy("年度基本情况")
    empty_text = gettext_lazy("企业登记后，在这里看哪些已经填报年度基本情况。")
    nothing_text = gettext_lazy("换个名称、年度或状态再试。")
    list_template = "enterprises/profiles/list.html"

    def rows(self, user: Actor) -> models.QuerySet[Enterprise]:
        found = Enterprise.objects.visible_to(user).active()
        return found.select_related(*self.related).order_by(*self.list_ordering)

    def url(self, page: str, row: Any = None) -> str:
        """A row is an enterprise, and has its page."""
        return row.get_absolute_url() if row is not None else super().url(page)

    def sheet_title(self, asked: QueryDict) -> str:
        return _("%d年度基本情况") % ProfileFilter(asked, queryset=Enterprise.objects.none()).chosen_year

    def list_context(self, request: PortalRequest, filterset: ProfileFilter) -> dict[str, Any]:
        year = filterset.chosen_year
        filed, everybody = filing_of(Enterprise.objects.visible_to(request.user).active(), year)
        return {
            "year": year,
            "filed": filed,
            "everybody": everybody,
            "missing": everybody - filed,
            "panels": panels_for(self.list_page, request, request.user),
        }
