"""The audit log, read only."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from backoffice.forms import AuditFilter
from backoffice.queries import narrowed_entries
from backoffice.tables import AuditTable
from foundation.access.queries import visible_entries, visible_places
from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import table_download
from foundation.ui.tables import paginate


@require_GET
def audit_log(request: PortalRequest) -> HttpResponse:
    require(request.user, "audit.view")
    filters = AuditFilter(request.GET, places=visible_places(request.user))
    table = AuditTable(narrowed_entries(visible_entries(request.user), filters))
    if download := table_download(request, table, _("审计日志")):
        return download
    return render(request, "backoffice/audit.html", {"table": paginate(request, table), "filters": filters})
