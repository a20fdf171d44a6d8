"""Excel out, and an import reviewed as one. Imports themselves are pages of ``foundation.exchange``."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import export_response
from foundation.ui.tables import paginate
from records.core.kinds import kind_by_slug
from records.core.models import Record
from records.exchange.exporting import RecordExport
from records.review.batches import confirm_batch, freeze
from records.review.views.queue import QueueTable


@require_GET
def record_export(request: PortalRequest) -> HttpResponse:
    """The list as filtered: at once when it is short, else by a job."""
    return export_response(request, RecordExport())


def review_batch(request: PortalRequest, pk: int) -> HttpResponse:
    """What waits of one import, and one confirmation that approves it all; what becomes of each record is written down."""
    require(request.user, "records.review")
    waiting = Record.objects.allowing(request.user, "records.review").filter(import_batch=pk)
    first = waiting.select_related("import_batch", "import_batch__created_by").order_by("pk").first()
    if first is None or first.import_batch is None:
        raise Http404
    if request.method == "POST":
        asked = _("整批导入：%s") % first.import_batch.filename
        batch = freeze(acting_user=request.user, action="approve", records=waiting.order_by("pk"), asked=asked)
        confirm_batch(acting_user=request.user, batch_id=batch.pk)
        return redirect("records:batch", batch.pk)
    listed = waiting.for_list().order_by("submitted_at", "pk")
    context = {
        "batch": first.import_batch,
        "is_backfill": first.is_backfill,
        "kind": kind_by_slug(first.kind),
        "table": paginate(request, QueueTable(listed, exclude=("assigned_to",))),
        "count": waiting.count(),
    }
    return render(request, "records/review_batch.html", context)
