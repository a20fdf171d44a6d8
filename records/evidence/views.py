"""Evidence: upload as soon as a file is chosen, take away, look at."""

from django.http import FileResponse, Http404, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import log
from foundation.files.serving import file_response
from foundation.files.tokens import uuid_or_none
from foundation.refusals import Refused
from records.core.models import Record
from records.evidence.actions import remove_attachment, store_attachment
from records.evidence.models import Attachment


def file_json(attachment: Attachment) -> dict:
    """What the page keeps of an uploaded file."""
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "size": attachment.size,
        "url": reverse("records:attachment", args=[attachment.pk]),
        "thumbnail_url": reverse("records:attachment_thumbnail", args=[attachment.pk]) if attachment.thumbnail else "",
        "remove_url": reverse("records:attachment_remove", args=[attachment.pk]),
    }


@require_POST
def attachment_upload(request: PortalRequest) -> JsonResponse:
    """One file, for a record (``record``) or for a form not yet saved (``form_token``)."""
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": _("没有收到文件。请重新选择。")}, status=400)
    record, token = None, uuid_or_none(request.POST.get("form_token"))
    if number := request.POST.get("record", ""):
        record = visible_or_404(Record.objects.all(), request.user, pk=int(number) if number.isdecimal() else 0)
    else:
        require(request.user, "records.create")
        if token is None:
            return JsonResponse({"error": _("页面已过期。请刷新后重新选择文件。")}, status=400)
    try:
        attachment = store_attachment(acting_user=request.user, upload=upload, record=record, form_token=token)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse(file_json(attachment), status=201)


@require_POST
def attachment_remove(request: PortalRequest, pk: int) -> JsonResponse:
    attachment = visible_or_404(Attachment.objects.select_related("record"), request.user, pk=pk)
    try:
        remove_attachment(acting_user=request.user, attachment=attachment)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"removed": pk})


@require_GET
def attachment_open(request: PortalRequest, pk: int) -> FileResponse:
    """The file itself: pictures and PDF in the browser, the rest as a download. Opening by an office is logged."""
    attachment = visible_or_404(Attachment.objects.select_related("record"), request.user, pk=pk)
    if attachment.record is not None and attachment.uploaded_by_id != request.user.pk:
        log("records.attachment_opened", by=request.user, on=attachment.record, note=attachment.name)
    return file_response(attachment.file, name=attachment.name, content_type=attachment.content_type)


@require_GET
def attachment_thumbnail(request: PortalRequest, pk: int) -> FileResponse:
    """A small picture of a picture. It stands in the record's own page, so showing it is not logged as opening."""
    attachment = visible_or_404(Attachment.objects.select_related("record"), request.user, pk=pk)
    if not attachment.thumbnail:
        raise Http404
    try:
        handle = attachment.thumbnail.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(handle, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
