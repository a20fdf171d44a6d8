"""Setting an enterprise's township and park from its own page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from enterprises.towns.actions import assign_places
from enterprises.towns.forms import TownForm
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest


@require_POST
def town_set(request: PortalRequest, pk: int) -> HttpResponse:
    enterprise = visible_or_404(Enterprise.objects.select_related("county"), request.user, pk=pk)
    require(request.user, "enterprises.edit", enterprise)
    form = TownForm(request.POST, enterprise=enterprise)
    try:
        if not form.is_valid():
            raise ValidationError([message for errors in form.errors.values() for message in errors])
        assign_places(acting_user=request.user, enterprise_id=pk, **form.cleaned_data)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, _("所属乡镇（街道）和园区已保存。"))
    return redirect(f"{reverse('enterprises:detail', args=[pk])}#towns")
