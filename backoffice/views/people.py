"""An account's work in other hands: a substitute while its person is away, a successor for good."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backoffice.forms import HandOverForm
from backoffice.substitutes import SubstituteForm, arrange
from backoffice.views.accounts import account_page, managed_account
from foundation.access import succession
from foundation.accounts.requests import PortalRequest
from foundation.saying import filled
from foundation.ui.problems import problems_in


@require_POST
def substitute_add(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    form = SubstituteForm(request.POST, holder=account)
    if form.is_valid():
        with problems_in(form):
            given = arrange(acting_user=request.user, **form.cleaned_data)
            named = {"who": given.user, "away": account, "days": given.days_text()}
            messages.success(request, _("已安排%(who)s代理%(away)s，%(days)s。") % named)
            return redirect("backoffice:account", pk)
    return account_page(request, account, substitute_form=form)


@require_POST
def hand_over(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    form = HandOverForm(request.POST, user=request.user)
    if form.is_valid():
        with problems_in(form):
            given = succession.hand_over(account, acting_user=request.user, **form.cleaned_data)
            named = {"who": account, "other": form.cleaned_data["successor"], "count": len(given)}
            messages.success(request, filled(_("%(who)s的 %(count)d 项授权已交给%(other)s，原授权即刻失效。"), named))
            return redirect("backoffice:account", pk)
    return account_page(request, account, hand_over_form=form)
