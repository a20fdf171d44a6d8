"""Asking for an enterprise's ledger, and fetching it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.models import Enterprise
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.files.serving import file_response, kept_back_on_failure
from reporting.bundles import actions
from reporting.bundles.contents import years_of
from reporting.bundles.models import Bundle
from reporting.bundles.panel import YearForm


@require_POST
def bundle_create(request: PortalRequest, pk: int) -> HttpResponse:
    """``pk`` is the enterprise's; back to its page, where the progress is shown."""
    enterprise = visible_or_404(Enterprise.objects.select_related("place"), request.user, pk=pk)
    require(request.user, "reporting.create_bundle", enterprise)
    form = YearForm(request.POST, years=years_of(request.user, enterprise))
    if form.is_valid():
        try:
            actions.request_bundle(acting_user=request.user, enterprise=enterprise, year=form.cleaned_data["year"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        messages.error(request, " ".join(map(str, form.errors["year"])))
    return redirect(f"{reverse('enterprises:detail', args=[pk])}#bundles")


@require_GET
def bundle_download(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The ZIP, to the person it was made for. What was taken along stands in the audit log."""
    bundle = visible_or_404(Bundle.objects.select_related("enterprise"), request.user, pk=pk)
    if not bundle.can_be_fetched:
        raise Http404(_("台账已过期或还没有生成好。"))
    response = file_response(bundle.file, name=bundle.file_name, content_type="application/zip")
    with kept_back_on_failure(response):
        actions.note_fetched(bundle, acting_user=request.user)
    return response
