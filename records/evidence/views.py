"""Evidence: upload as soon as a file is chosen, take away, look at."""

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.requests import PortalRequest
from foundation.stored_files import views
from records.core.kinds import kind_by_slug
from records.core.models import Record
from records.evidence.models import Attachment


@require_POST
def attachment_upload(request: PortalRequest) -> JsonResponse:
    """One file, for a record (``record``) or for a form not yet saved (``form_token``, and of which ``kind``)."""
    return views.uploaded(request, Attachment, Record.objects.all(), lambda record: _takes_video(request, record))


def _takes_video(request: PortalRequest, record: Record | None) -> bool:
    try:
        return kind_by_slug(record.kind if record is not None else request.GET.get("kind", "")).takes_video
    except LookupError:
        return False


@require_POST
def attachment_remove(request: PortalRequest, pk: int) -> JsonResponse:
    return views.removed(request, Attachment, pk)


@require_GET
def attachment_open(request: PortalRequest, pk: int) -> HttpResponseBase:
    return views.opened(request, Attachment, pk)


@require_GET
def attachment_thumbnail(request: PortalRequest, pk: int) -> HttpResponseBase:
    return views.thumbnail(request, Attachment, pk)
