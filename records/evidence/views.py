"""Evidence: upload as soon as a file is chosen, take away, look at."""

from django.http import FileResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.requests import PortalRequest
from foundation.stored_files import views
from records.core.models import Record
from records.evidence.models import Attachment


@require_POST
def attachment_upload(request: PortalRequest) -> JsonResponse:
    """One file, for a record (``record``) or for a form not yet saved (``form_token``)."""
    return views.uploaded(request, Attachment, Record.objects.all())


@require_POST
def attachment_remove(request: PortalRequest, pk: int) -> JsonResponse:
    return views.removed(request, Attachment, pk)


@require_GET
def attachment_open(request: PortalRequest, pk: int) -> FileResponse:
    return views.opened(request, Attachment, pk)


@require_GET
def attachment_thumbnail(request: PortalRequest, pk: int) -> FileResponse:
    return views.thumbnail(request, Attachment, pk)
