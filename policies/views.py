"""Pages of the policy documents. Everyone who has signed in may read them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.requests import PortalRequest
from policies.beside import beside
from policies.queries import documents_with_counts, read_document


@require_safe
def document_list(request: PortalRequest) -> HttpResponse:
    """The documents as cards."""
    return render(request, "policies/list.html", {"documents": documents_with_counts()})


@require_safe
def document_detail(request: PortalRequest, code: str) -> HttpResponse:
    """One document whole: parts, measures and clauses in their own numbering, with what answers each."""
    reading = read_document(code)
    if reading is None:
        raise Http404(_("没有编码为“%s”的政策文件。") % code)
    return render(
        request,
        "policies/document.html",
        {"reading": reading, "document": reading.document, "beside": beside(request, reading)},
    )
