"""The register as a workbook."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from enterprises.models import Enterprise
from foundation.access.scope import scope_of
from foundation.audit.log import log, register_event
from foundation.ui.workbooks import as_bytes, plain_sheet

register_event("enterprises.exported", gettext_lazy("导出企业名录"))


def _headings() -> list[tuple[str, int]]:
    return [
        (_("企业名称"), 36), (_("统一社会信用代码"), 22), (_("设区市"), 12), (_("县（市、区）"), 16), (_("行业"), 28),
        (_("所有制"), 18), (_("规模"), 8), (_("试点层级"), 12), (_("职工人数（人）"), 14), (_("一线职工人数（人）"), 16),
        (_("已建立工会"), 12), (_("已建立党组织"), 14), (_("产改指导员"), 12), (_("产改联络员"), 12), (_("产改观察员"), 12),
    ]  # fmt: skip


def _yes_no(value: bool) -> str:
    return _("是") if value else _("否")


def _rows(enterprises: Iterable[Enterprise]) -> Iterator[list[Any]]:
    for firm in enterprises:
        yield [
            firm.name, firm.credit_code, firm.county.city.name, firm.county.name, firm.industry.name,
            firm.get_ownership_display(), firm.get_size_display(), firm.get_pilot_tier_display(), firm.headcount,
            firm.frontline_count, _yes_no(firm.has_union), _yes_no(firm.has_party_organisation), firm.instructor,
            firm.liaison, firm.observer,
        ]  # fmt: skip


def export_enterprises(enterprises: models.QuerySet[Enterprise], *, acting_user: models.Model) -> bytes:
    """The given rows of the register; the audit log keeps who took how many along."""
    rows = list(_rows(enterprises.select_related("county__city", "industry")))
    workbook = Workbook(write_only=True)
    plain_sheet(workbook, _("企业名录"), _headings(), rows)
    places = scope_of(acting_user).places()
    note = _("%d 家企业") % len(rows)
    log("enterprises.exported", by=acting_user, note=note, place=places[0] if places else None)
    return as_bytes(workbook)
