"""What a signed-in person has to do before anything else: change a password, set up a second factor.

Rooms above register their own. API tokens are not asked: they do not rest on the password, and a program cannot change one.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.middleware import stamp_interval
from foundation.accounts.models import SecurityPolicy
from foundation.accounts.requests import PortalRequest, is_signed_in
from foundation.labels import Label

#: When everything was last found done: asked at most once a minute, like the stamp of the idle log-out.
SESSION_KEY = "obligations_met"
#: Pages open to everybody, whatever they still have to do.
_ALWAYS = frozenset({"account_logout", "account_reauthenticate"})


class Obligation(NamedTuple):
    """Where to do it, what to say, and the addresses that belong to doing it."""

    url_name: str
    message: Label
    pages: frozenset[str]


Check = Callable[[PortalRequest], Obligation | None]
_checks: list[Check] = []


def register_obligation(check: Check) -> Check:
    """Decorator: ask this of every signed-in person; checks are asked in the order they were registered."""
    if check not in _checks:
        _checks.append(check)
    return check


def first_obligation(request: PortalRequest) -> Obligation | None:
    return next((found for check in _checks if (found := check(request)) is not None), None)


@register_obligation
def own_password(request: PortalRequest) -> Obligation | None:
    """A password that somebody else knows, or that is too old."""
    name = "account_change_password"
    if request.user.must_change_password:
        message = _("您用的是一次性密码。请先改成只有自己知道的密码，再继续使用。")
        return Obligation(name, message, frozenset({name}))
    policy = SecurityPolicy.current()
    if policy.is_too_old(request.user):
        message = _("您的密码已使用超过 %d 天。请先修改密码，再继续使用。") % policy.password_days
        return Obligation(name, message, frozenset({name}))
    return None


class ObligationsMiddleware:
    """Leads whoever still has something to do to the page where it is done, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        page = request.resolver_match.view_name if request.resolver_match else ""
        if not is_signed_in(request) or page in _ALWAYS:
            return None
        now = int(time.time())
        known_until = request.session.get(SESSION_KEY, 0) + stamp_interval()
        if now < known_until and not request.user.must_change_password:
            return None
        obligation = first_obligation(request)
        if obligation is None:
            if not getattr(view, "background_request", False):
                request.session[SESSION_KEY] = now
            return None
        is_public = not getattr(view, "login_required", True) and not request.path.startswith("/api/")
        if is_public or page in obligation.pages:
            return None
        return _led_to(request, obligation)


def _led_to(request: HttpRequest, obligation: Obligation) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {
            "type": "urn:problem-type:portal:forbidden",
            "title": _("没有权限"),
            "status": 403,
            "detail": str(obligation.message),
        }
        return JsonResponse(
            body, status=403, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
        )
    messages.warning(request, obligation.message)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(obligation.url_name)})
    return redirect(obligation.url_name)
