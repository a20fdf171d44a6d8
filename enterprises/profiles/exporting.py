"""The profiles of a year as a workbook."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from enterprises.models import Enterprise
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.ui.workbooks import as_bytes, plain_sheet

register_event("enterprises.profiles_exported", gettext_lazy("导出年度基本情况"))


def export_profiles(enterprises: models.QuerySet[Enterprise], year: int, *, acting_user: Actor) -> bytes:
    """The given enterprises with what they said of the year; empty cells for who has not."""
    headings = [
        (_("企业名称"), 36),
        (_("统一社会信用代码"), 22),
        (_("设区市"), 12),
        (_("县（市、区）"), 16),
        (_("年度"), 8),
        (_("职工人数（人）"), 12),
        (_("一线职工人数（人）"), 12),
        (_("产业工人人数（人）"), 12),
        (_("女职工人数（人）"), 12),
        (_("工资总额（万元）"), 14),
        (_("工会会员人数（人）"), 12),
        (_("状态"), 10),
    ]
    rows = [
        [
            enterprise.name,
            enterprise.credit_code,
            enterprise.county.city.name,
            enterprise.county.name,
            year,
            enterprise.said_headcount,
            enterprise.said_frontline_count,
            enterprise.said_industrial_count,
            enterprise.said_women_count,
            enterprise.said_wages_total,
            enterprise.said_union_members,
            _("已填报") if enterprise.said_at else _("未填报"),
        ]
        for enterprise in enterprises
    ]
    workbook = Workbook(write_only=True)
    plain_sheet(workbook, _("%d年度基本情况") % year, headings, rows)
    places = scope_of(acting_user).places()
    note = _("%(year)d 年度，%(count)d 家企业") % {"year": year, "count": len(rows)}
    log("enterprises.profiles_exported", by=acting_user, note=note, place=places[0] if places else None)
    return as_bytes(workbook)
