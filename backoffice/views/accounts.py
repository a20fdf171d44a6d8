"""Accounts and grants: an administrator manages the people of their own place."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backoffice.forms import AccountForm, GrantForm, HandOverForm
from backoffice.slips import slip_for
from backoffice.substitutes import SubstituteForm
from backoffice.tables import AccountHistoryTable
from foundation.access import actions
from foundation.access.queries import account_history, manageable_accounts
from foundation.access.rules import require
from foundation.access.second_factor import clear_second_factor
from foundation.access.tokens import revoke_token
from foundation.accounts.lockout import locks_of
from foundation.accounts.models import SecurityPolicy, User
from foundation.accounts.requests import PortalRequest
from foundation.accounts.second_factor import has_second_factor
from foundation.refusals import Refused
from foundation.ui.problems import add_problems, problems_told
from foundation.ui.tables import paginate


@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_variables("password")
def account_create(request: PortalRequest) -> HttpResponse:
    """The random password is shown on the answer to this one request and nowhere else."""
    require(request.user, "accounts.manage")
    form = AccountForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("username", "full_name", "role", "place")}
        try:
            account, password = actions.create_account(acting_user=request.user, **values)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return _password_page(request, account, password, title=_("账号已建立"))
    return render(request, "backoffice/account_form.html", {"form": form})


@require_GET
def account_detail(request: PortalRequest, pk: int) -> HttpResponse:
    return account_page(request, managed_account(request, pk))


@never_cache
@require_POST
@sensitive_variables("password")
def account_reset_password(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    password = actions.reset_password(account, acting_user=request.user)
    return _password_page(request, account, password, title=_("密码已重置"))


@require_POST
def account_clear_second_factor(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    with problems_told(request):
        clear_second_factor(account, acting_user=request.user)
        messages.success(request, _("%s的第二重验证已重置，下次登录只需密码。请提醒本人重新设置。") % account)
    return redirect("backoffice:account", pk)


@require_POST
def account_unlock(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    actions.unlock(account, acting_user=request.user)
    messages.success(request, _("%s可以重新登录了。") % account)
    return redirect("backoffice:account", pk)


@require_POST
def account_token_revoke(request: PortalRequest, pk: int, token_pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    token = get_object_or_404(account.api_tokens.select_related("user"), pk=token_pk)
    revoke_token(token, acting_user=request.user)
    messages.success(request, _("接口令牌“%s”已作废，立即生效。") % token)
    return redirect("backoffice:account", pk)


@require_POST
def account_suspend(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    with problems_told(request):
        actions.suspend(account, acting_user=request.user)
        messages.success(request, _("%s的账号已停用，立即生效。") % account)
    return redirect("backoffice:account", pk)


@require_POST
def account_reactivate(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    actions.reactivate(account, acting_user=request.user)
    messages.success(request, _("%s的账号已恢复。") % account)
    return redirect("backoffice:account", pk)


@require_POST
def grant_add(request: PortalRequest, pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    form = GrantForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            actions.grant(acting_user=request.user, user=account, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        except Refused as refusal:
            add_problems(form, refusal)
        else:
            messages.success(request, _("授权已生效。"))
            return redirect("backoffice:account", pk)
    return account_page(request, account, form=form)


@require_POST
def grant_revoke(request: PortalRequest, pk: int, grant_pk: int) -> HttpResponse:
    account = managed_account(request, pk)
    held = get_object_or_404(account.grants.select_related("user", "place"), pk=grant_pk)
    with problems_told(request):
        actions.revoke(held, acting_user=request.user)
        messages.success(request, _("授权“%s”已收回。") % held)
    # Without its last grant the account may lie beyond what this administrator sees.
    still_mine = manageable_accounts(request.user).filter(pk=pk).exists()
    return redirect("backoffice:account", pk) if still_mine else redirect("backoffice:accounts")


def managed_account(request: PortalRequest, pk: int) -> User:
    """The account, for who manages it; 404 for everybody else."""
    require(request.user, "accounts.manage")
    return get_object_or_404(manageable_accounts(request.user), pk=pk)


def account_page(
    request: PortalRequest,
    account: User,
    *,
    form: GrantForm | None = None,
    substitute_form: SubstituteForm | None = None,
    hand_over_form: HandOverForm | None = None,
) -> HttpResponse:
    """One account with everything that can be done to it; a refused form comes back with its words."""
    history = AccountHistoryTable(account_history(request.user, account), viewer=request.user)
    substitute_form = substitute_form or SubstituteForm(holder=account)
    context = {
        "account": account,
        "grants": account.grants.select_related("place__city", "granted_by", "standing_in_for"),
        "form": form or GrantForm(user=request.user),
        "substitute_form": substitute_form,
        "may_be_stood_in_for": substitute_form.has_something_to_lend,
        "hand_over_form": hand_over_form or HandOverForm(user=request.user),
        "history": paginate(request, history),
        "is_self": account.pk == request.user.pk,
        "one_time_until": SecurityPolicy.current().one_time_until(account),
        "now": timezone.now(),
        "has_second_factor": has_second_factor(account),
        "locks": locks_of(account),
        "tokens": account.api_tokens.all(),
    }
    return render(request, "backoffice/account.html", context)


def _password_page(request: PortalRequest, account: User, password: str, *, title: str) -> HttpResponse:
    slip = slip_for(request, account, password)
    context = {"account": account, "slip": slip, "title": title, "until": slip.until}
    return render(request, "backoffice/account_password.html", context)
