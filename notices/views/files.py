"""Attachments: uploaded as soon as they are chosen, taken away, opened."""

from django.http import FileResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import AccessDenied, require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.files.serving import file_response
from foundation.files.tokens import uuid_or_none
from foundation.refusals import Refused
from notices.actions import remove_file, store_file
from notices.models import Notice, NoticeFile


def file_json(file: NoticeFile) -> dict:
    """What the page keeps of an uploaded file."""
    return {
        "id": file.pk,
        "name": file.name,
        "size": file.size,
        "url": reverse("notices:file", args=[file.pk]),
        "thumbnail_url": "",
        "remove_url": reverse("notices:file_remove", args=[file.pk]),
    }


@require_POST
def file_upload(request: PortalRequest) -> JsonResponse:
    """One file, for a form not yet saved (``form_token``) or for a draft (``notice``)."""
    require(request.user, "notices.edit")
    upload, notice = request.FILES.get("file"), None
    if upload is None:
        return JsonResponse({"error": _("没有收到文件。请重新选择。")}, status=400)
    token = uuid_or_none(request.POST.get("form_token"))
    if number := request.POST.get("notice", ""):
        pk = int(number) if number.isdecimal() and len(number) < 19 else 0
        notice = visible_or_404(Notice.objects.select_related("office"), request.user, pk=pk)
    elif token is None:
        return JsonResponse({"error": _("页面已过期。请刷新后重新选择文件。")}, status=400)
    try:
        file = store_file(acting_user=request.user, upload=upload, notice=notice, form_token=token)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse(file_json(file), status=201)


@require_POST
def file_remove(request: PortalRequest, pk: int) -> JsonResponse:
    file = visible_or_404(NoticeFile.objects.select_related("notice__office"), request.user, pk=pk)
    try:
        remove_file(acting_user=request.user, file=file)
    except AccessDenied as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"removed": pk})


@require_GET
def file_open(request: PortalRequest, pk: int) -> FileResponse:
    file = visible_or_404(NoticeFile.objects.all(), request.user, pk=pk)
    return file_response(file.file, name=file.name, content_type=file.content_type)
