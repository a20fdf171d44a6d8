"""Attachments: uploaded as soon as they are chosen, taken away, opened."""

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.stored_files import views
from notices.models import Notice, NoticeFile


@require_POST
def file_upload(request: PortalRequest) -> JsonResponse:
    """One file, for a form not yet saved (``form_token``) or for a draft (``notice``)."""
    require(request.user, "notices.edit")
    return views.uploaded(request, NoticeFile, Notice.objects.select_related("office"))


@require_POST
def file_remove(request: PortalRequest, pk: int) -> JsonResponse:
    return views.removed(request, NoticeFile, pk)


@require_GET
def file_open(request: PortalRequest, pk: int) -> HttpResponseBase:
    return views.opened(request, NoticeFile, pk)


@require_GET
def file_thumbnail(request: PortalRequest, pk: int) -> HttpResponseBase:
    return views.thumbnail(request, NoticeFile, pk)
