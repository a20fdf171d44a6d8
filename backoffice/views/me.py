"""One's own account: where one may work, who stands in for whom, how one signs in and what happened at the door."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backoffice.substitutes import SubstituteForm, arrange
from backoffice.tables import AccountHistoryTable
from foundation.access.models import Grant
from foundation.access.queries import own_history
from foundation.access.scope import scope_of
from foundation.access.succession import end_substitute
from foundation.access.switching import choose
from foundation.access.tokens import revoke_token
from foundation.accounts.models import SecurityPolicy
from foundation.accounts.requests import PortalRequest
from foundation.accounts.second_factor import has_second_factor
from foundation.ui.problems import problems_in
from foundation.ui.tables import paginate


@require_GET
def own_account(request: PortalRequest) -> HttpResponse:
    return _page(request, SubstituteForm(holder=request.user))


@require_POST
def work_as(request: PortalRequest) -> HttpResponse:
    """Choose the grant to work as; afterwards the first page, or the one that was out of sight."""
    chosen = request.POST.get("grant", "")
    try:
        held = choose(request, int(chosen) if chosen else None)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if held is None:
        messages.success(request, _("现在以全部身份工作。"))
    else:
        messages.success(request, _("现在以“%s”的身份工作，页面只显示这里的内容。") % held)
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "backoffice:workbench")


@require_POST
def substitute_add(request: PortalRequest) -> HttpResponse:
    form = SubstituteForm(request.POST, holder=request.user)
    if form.is_valid():
        with problems_in(form):
            given = arrange(acting_user=request.user, **form.cleaned_data)
            messages.success(request, _("已请%(who)s代理，%(days)s。") % {"who": given.user, "days": given.days_text()})
            return redirect("backoffice:me")
    return _page(request, form)


@require_POST
def substitute_end(request: PortalRequest, pk: int) -> HttpResponse:
    """For the one who is away and for the substitute."""
    mine = Grant.objects.filter(Q(user=request.user) | Q(standing_in_for=request.user), standing_in_for__isnull=False)
    given = get_object_or_404(mine.select_related("user", "place", "standing_in_for"), pk=pk)
    end_substitute(given, acting_user=request.user)
    messages.success(request, _("代理已结束。"))
    return redirect("backoffice:me")


@require_POST
def token_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.api_tokens.select_related("user"), pk=pk)
    revoke_token(token, acting_user=request.user)
    messages.success(request, _("接口令牌“%s”已作废，立即生效。") % token)
    return redirect(f"{reverse('backoffice:me')}#tokens")


def _page(request: PortalRequest, form: SubstituteForm) -> HttpResponse:
    related = ("place", "place__city", "user", "standing_in_for")
    scope = scope_of(request.user)
    context = {
        "grants": request.user.grants.not_ended().select_related(*related),
        "scope": scope,
        "working_as": scope.grants[0].pk if scope.is_narrowed else None,
        "substitutes": Grant.objects.not_ended().filter(standing_in_for=request.user).select_related(*related),
        "form": form,
        "may_name": form.has_something_to_lend,
        "policy": SecurityPolicy.current(),
        "tokens": request.user.api_tokens.all(),
        "has_second_factor": has_second_factor(request.user),
        "history": paginate(request, AccountHistoryTable(own_history(request.user), viewer=request.user)),
    }
    return render(request, "backoffice/me.html", context)
