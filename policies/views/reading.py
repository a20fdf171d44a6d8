"""Reading the policy documents. Everyone who has signed in may; the province finds there what it works on."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from policies.actions import MANAGE
from policies.beside import beside
from policies.forms import RetireForm
from policies.queries import discarded_for, documents_with_counts, drafts_for, editions_of, read_document


@require_safe
def document_list(request: PortalRequest) -> HttpResponse:
    """The documents as cards; above them the drafts, for whoever may enter documents."""
    may_manage = bool(verdict(request.user, MANAGE))
    context = {
        "documents": documents_with_counts(),
        "may_manage": may_manage,
        "drafts": list(drafts_for(request.user)) if may_manage else [],
        "discarded": list(discarded_for(request.user)) if may_manage else [],
    }
    return render(request, "policies/list.html", context)


@require_safe
def document_detail(request: PortalRequest, code: str) -> HttpResponse:
    """One document whole: parts, measures and clauses in their own numbering, with what answers each."""
    reading = read_document(code)
    if reading is None:
        raise Http404(_("没有编码为“%s”的政策文件。") % code)
    may_manage = reading.document.is_entered and bool(verdict(request.user, MANAGE))
    context = {
        "reading": reading,
        "document": reading.document,
        "beside": beside(request, reading),
        "may_manage": may_manage,
        "editions": list(editions_of(request.user, reading.document)) if may_manage else [],
        "retire_form": RetireForm(),
    }
    return render(request, "policies/document.html", context)
