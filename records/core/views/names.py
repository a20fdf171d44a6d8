"""Names of registers that are offered while somebody writes one into a record."""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, JsonResponse
from django.views.decorators.http import require_GET

from foundation.accounts.requests import PortalRequest
from foundation.fields import field_of
from records.core.listed import offered
from records.core.models import ListedName, Record, RecordLine


@require_GET
def names(request: PortalRequest, model: str, field: str) -> JsonResponse:
    """What the registers of the field have of the like of ``q``, of what the person may see."""
    try:
        asked = field_of(apps.get_model(model), field)
    except (LookupError, ValueError, FieldDoesNotExist) as unknown:
        raise Http404 from unknown
    if not isinstance(asked, ListedName) or not issubclass(asked.model, Record | RecordLine):
        raise Http404
    found = offered(request.user, asked, request.GET.get("q", "").strip())
    return JsonResponse({"results": [{"value": name, "text": where} for name, where in found]})
