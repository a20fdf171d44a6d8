"""The answers to a page that uploads, shows and removes files. A room's own view names its model and calls one of these."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.access.rules import ScopedQuerySet, require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import log
from foundation.files.serving import file_response, kept_back_on_failure
from foundation.files.tokens import uuid_or_none
from foundation.refusals import Refused
from foundation.stored_files.actions import remove_file, store_file
from foundation.stored_files.models import StoredFile

_PK_DIGITS = 18


def file_json(file: StoredFile) -> dict[str, Any]:
    """What the page keeps of an uploaded file."""
    return {
        "id": file.pk,
        "name": file.name,
        "size": file.size,
        "url": reverse(file.url_name, args=[file.pk]),
        "thumbnail_url": reverse(f"{file.url_name}_thumbnail", args=[file.pk]) if file.thumbnail else "",
        "remove_url": reverse(f"{file.url_name}_remove", args=[file.pk]),
    }


def uploaded(
    request: PortalRequest,
    model: type[StoredFile],
    owners: ScopedQuerySet[Any],
    takes_video: Callable[[Any], bool] = lambda owner: False,
) -> JsonResponse:
    """Keep the one file sent, for an owner (its key under ``owner_name``) or for a form not yet saved (``form_token``).
    ``takes_video`` is asked of the owner, or of None for a form."""
    upload, owner = request.FILES.get("file"), None
    if upload is None:
        return JsonResponse({"error": _("没有收到文件。请重新选择。")}, status=400)
    token = uuid_or_none(request.POST.get("form_token"))
    if number := request.POST.get(model.owner_name, ""):
        pk = int(number) if number.isdecimal() and len(number) <= _PK_DIGITS else 0
        owner = visible_or_404(owners, request.user, pk=pk)
    else:
        require(request.user, model.create_permission)
        if token is None:
            return JsonResponse({"error": _("页面已过期。请刷新后重新选择文件。")}, status=400)
    try:
        file = store_file(
            model,
            acting_user=request.user,
            upload=upload,
            owner=owner,
            form_token=token,
            takes_video=takes_video(owner),
        )
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse(file_json(file), status=201)


def removed(request: PortalRequest, model: type[StoredFile], pk: int) -> JsonResponse:
    file = _visible(request, model, pk)
    try:
        remove_file(acting_user=request.user, file=file)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"removed": pk})


def opened(request: PortalRequest, model: type[StoredFile], pk: int) -> HttpResponseBase:
    """The file itself: pictures and PDF in the browser, the rest as a download."""
    file = _visible(request, model, pk)
    asked = request.headers.get("Range", "")
    response = file_response(file.file, name=file.name, content_type=file.content_type, size=file.size, asked=asked)
    # A player asks for part after part: the first is the opening.
    is_first = not asked or asked.startswith("bytes=0-")
    if is_first and file.logs_opening and file.owner is not None and file.uploaded_by_id != request.user.pk:
        with kept_back_on_failure(response):
            log(f"{file.event}_opened", by=request.user, on=file.owner, note=file.name)
    return response


def thumbnail(request: PortalRequest, model: type[StoredFile], pk: int) -> HttpResponseBase:
    """A small picture of a picture. It stands in the owner's own page, so showing it is not logged as opening."""
    file = _visible(request, model, pk)
    if not file.thumbnail:
        raise Http404
    return file_response(file.thumbnail, name=f"{file.name}.jpg", content_type="image/jpeg")


def _visible(request: PortalRequest, model: type[StoredFile], pk: int) -> StoredFile:
    return visible_or_404(model.objects.select_related(model.owner_name), request.user, pk=pk)
