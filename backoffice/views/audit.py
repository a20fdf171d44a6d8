"""The audit log, read only."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from backoffice.forms import AuditFilter
from backoffice.queries import narrowed_entries
from backoffice.tables import AuditTable
from foundation.access.queries import visible_entries, visible_places
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import TableExport, export_response, is_export, register_export
from foundation.ui.tables import paginate


@register_export
class AuditExport(TableExport):
    name, title, permission = "backoffice.audit", gettext_lazy("审计日志"), "audit.view"

    def form(self, user: Actor, asked: QueryDict) -> AuditFilter:
        return AuditFilter(asked, places=visible_places(user))

    def table(self, user: Actor, asked: QueryDict) -> AuditTable:
        return AuditTable(narrowed_entries(visible_entries(user), self.form(user, asked), user), viewer=user)


@require_GET
def audit_log(request: PortalRequest) -> HttpResponse:
    require(request.user, "audit.view")
    filters = AuditFilter(request.GET, places=visible_places(request.user))
    if is_export(request):
        return export_response(request, AuditExport())
    table = AuditTable(narrowed_entries(visible_entries(request.user), filters, request.user), viewer=request.user)
    return render(request, "backoffice/audit.html", {"table": paginate(request, table), "filters": filters})
