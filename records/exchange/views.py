"""Excel out, a quarter's returns as one workbook, and an import reviewed as one. Imports themselves are pages of
``foundation.exchange``."""

from typing import BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import export_response
from foundation.refusals import Refused
from foundation.ui.tables import paginate
from foundation.ui.workbooks import as_download
from records.core.actions import note_export
from records.core.kinds import kind_by_slug
from records.core.models import Record
from records.duties.chapters import Returns, returns_of
from records.duties.views.statements import enterprise_and_quarter
from records.exchange.exporting import RecordExport
from records.exchange.returns import bring, workbook_of
from records.review.batches import confirm_batch, freeze
from records.review.views.queue import QueueTable


@require_GET
def record_export(request: PortalRequest) -> HttpResponse:
    """The list as filtered: at once when it is short, else by a job."""
    return export_response(request, RecordExport())


@require_GET
def returns_workbook(request: PortalRequest, quarter: str) -> HttpResponse:
    """What is still open of a sitting, to be filled in a workbook."""
    returns = returns_of(*enterprise_and_quarter(request, quarter))
    if not returns.open:
        messages.info(request, _("各章都已提交，没有要填的报表。"))
        return redirect(_sitting(returns))
    note_export(request.user, len(returns.open), _("%s整份报表") % returns.quarter.label)
    name = _("%(quarter)s报表_%(enterprise)s.xlsx")
    name = name % {"quarter": returns.quarter.label, "enterprise": returns.enterprise.name}
    return as_download(workbook_of(returns), name)


@require_POST
def returns_upload(request: PortalRequest, quarter: str) -> HttpResponse:
    """The workbook brought back: each sheet a draft, or why not."""
    returns = returns_of(*enterprise_and_quarter(request, quarter))
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        messages.error(request, _("没有选择文件。请选择填好的表格，再上传。"))
        return redirect(_sitting(returns))
    try:
        brought = bring(
            acting_user=request.user,
            returns=returns,
            handle=cast(BinaryIO, upload),
            name=upload.name or "",
            size=upload.size or 0,
            known=request.session.get(_known_key(returns), {}),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_sitting(returns))
    kept = request.session.get(_known_key(returns), {})
    written = {one.chapter.key: [one.noted, one.written] for one in brought if one.is_saved}
    request.session[_known_key(returns)] = {**kept, **written}
    context = {
        "returns": returns,
        "brought": brought,
        "saved": sum(one.is_saved for one in brought),
        "refused": sum(bool(one.problems) for one in brought),
        "sitting_url": _sitting(returns),
    }
    return render(request, "records/returns_brought.html", context)


def _known_key(returns: Returns) -> str:
    """Where the session keeps which versions this person's uploads were made from, and which they made."""
    return f"returns-{returns.enterprise.pk}-{returns.quarter.code}"


def _sitting(returns: Returns) -> str:
    query = urlencode({"enterprise": returns.enterprise.credit_code})
    return f"{reverse('records:sitting', args=[returns.quarter.code])}?{query}"


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
