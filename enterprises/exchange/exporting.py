"""The register as a workbook."""

from django.db import models
from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from enterprises.exchange.resources import RegisterResource
from enterprises.filters import RegisterFilter
from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.audit.log import register_event
from foundation.crud.exporting import Found, ListExport, register_export
from foundation.crud.opened import OpenedFigure, opened_figure
from foundation.exchange.columns import NUMBER
from foundation.exchange.sheets import add_sheet, mark
from foundation.saying import filled

register_event("enterprises.exported", gettext_lazy("导出企业名录"))


@register_export
class RegisterExport(ListExport):
    """The list as filtered; it can be imported again as it is."""

    name, title, permission = "enterprises.register", gettext_lazy("企业名录"), "enterprises.view"
    event = "enterprises.exported"

    def queryset(self, user: Actor, asked: QueryDict) -> models.QuerySet[Enterprise]:
        found: models.QuerySet[Enterprise] = self._filtered(user, asked).qs
        return found

    def _filtered(self, user: Actor, asked: QueryDict) -> RegisterFilter:
        rows = Enterprise.objects.visible_to(user).select_related("county__city", "industry")
        return RegisterFilter(asked, queryset=rows)

    def form(self, user: Actor, asked: QueryDict) -> BaseForm:
        form: BaseForm = self._filtered(user, asked).form
        return form

    def opened(self, user: Actor, asked: QueryDict) -> OpenedFigure | None:
        filtered = self._filtered(user, asked)
        quarter = filtered.figures_of()
        return opened_figure(asked.get("fact", ""), [quarter] if quarter else [], filtered.qs)

    def note(self, asked: QueryDict, written: int) -> str:
        return filled(_("%d 家企业"), written)

    def write(self, workbook: Workbook, found: Found) -> None:
        resource = RegisterResource()
        resource.fields.pop(NUMBER)
        columns = [column for column in resource.columns if column.name != NUMBER]
        rows = ([*resource.row_of(enterprise), *found.counted(enterprise)] for enterprise in found.rows())
        add_sheet(workbook, resource.label, columns, rows, found.counted_headings)
        mark(workbook, [(resource.label, resource.slug)])
