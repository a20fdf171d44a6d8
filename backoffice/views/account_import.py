"""Many accounts from one file: the confirmation, whose answer is the slips. Everything before it is the import pipeline's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from backoffice.account_import.importing import AccountImport, admit_import
from backoffice.slips import slip_for
from foundation.access.rules import require, visible_or_404
from foundation.accounts.models import SecurityPolicy
from foundation.accounts.requests import PortalRequest
from foundation.exchange.models import Import
from foundation.refusals import Refused


@never_cache
@require_POST
@sensitive_variables("admitted", "slips")
def confirm(request: PortalRequest, pk: int, resource: str = AccountImport.name) -> HttpResponse:
    """The passwords are on the answer to this one request and nowhere else."""
    require(request.user, "accounts.manage")
    batch = visible_or_404(Import.objects.all(), request.user, pk=pk, resource=resource)
    try:
        admitted = admit_import(acting_user=request.user, batch_id=batch.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("backoffice:account_import", pk)
    if admitted is None:
        messages.warning(request, _("检查之后情况有变化，还没有建立任何账号。请看标出的行，再确认。"))
        return redirect("backoffice:account_import", pk)
    if not admitted:
        messages.success(request, _("已更新授权，没有新账号。"))
        return redirect("backoffice:accounts")
    policy = SecurityPolicy.current()
    slips = [slip_for(request, user, password, held=held, policy=policy) for user, password, held in admitted]
    return render(request, "backoffice/slips.html", {"slips": slips, "until": slips[0].until})
