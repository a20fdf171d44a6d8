"""What was done for the measures of a policy document, as a workbook."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.accounts.requests import PortalRequest
from foundation.ui.workbooks import as_download
from policies.queries import read_document
from records.models import ReportingQuarter
from reporting.measures.beside import place_asked
from reporting.measures.content import overview
from reporting.measures.exporting import export_measures
from reporting.quarters import asked_quarter


@require_GET
def measures_export(request: PortalRequest, code: str) -> HttpResponse:
    """Of the region asked for or one's own; who works for several enterprises or none has no such figures."""
    reading, place = read_document(code), place_asked(request)
    if reading is None or place is None:
        raise Http404
    quarter = asked_quarter(request.GET, list(ReportingQuarter.objects.order_by("-code")))
    content = export_measures(overview(reading, place, quarter), reading, acting_user=request.user)
    name = _("%(place)s%(quarter)s政策落实情况.xlsx") % {"place": place.full_name(), "quarter": quarter.label}
    return as_download(content, name)
