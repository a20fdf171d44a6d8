"""Ends sessions nobody uses."""

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from foundation.ui.faults import fault_answer, fault_of

logger = logging.getLogger(__name__)

SESSION_KEY = "last_request"


def background_request(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that pages poll by themselves: asking it does not count as somebody being there."""
    view.background_request = True  # type: ignore[attr-defined]  # a mark on the function, as Django's own
    return view


def stamp_interval() -> int:
    """Seconds between two writes of the stamp: at most once a minute, or every click would save the session."""
    return min(60, settings.SESSION_IDLE_SECONDS // 10)


class IdleLogoutMiddleware:
    """Signs a person out after ``SESSION_IDLE_SECONDS`` without a request.

    Works in ``process_view``, where messages are already available although this middleware stands before theirs
    (it has to stand before the one that requires a login).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.session.session_key:
            return None
        now = int(time.time())
        last = request.session.get(SESSION_KEY)
        if last is not None and now - last > settings.SESSION_IDLE_SECONDS:
            return self._end(request, view)
        if last is None or (now - last >= stamp_interval() and not getattr(view, "background_request", False)):
            request.session[SESSION_KEY] = now
        return None

    def _end(self, request: HttpRequest, view: Callable[..., HttpResponse]) -> HttpResponse | None:
        request.idle_logout = True  # type: ignore[attr-defined]  # read when the sign-out is logged
        logout(request)
        if not getattr(view, "login_required", True):
            # The login page, the public pages and the API say themselves what an anonymous caller gets.
            return None
        messages.warning(
            request,
            _("您已超过 %(minutes)d 分钟没有操作，为安全起见已退出，请重新登录。未保存的内容会在重新登录后恢复。")
            % {"minutes": max(1, settings.SESSION_IDLE_SECONDS // 60)},
        )
        target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: _page_of(request)})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)


class PatientSessionMiddleware(SessionMiddleware):
    """Reading goes on while nothing can be written: what a page that is only read would note in the session (when somebody
    was last here) is then left out. A form that cannot keep its session fails, as everything it writes would."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (OperationalError, SessionInterrupted) as error:
            # Django says of a session it could not write that somebody deleted it; the reason stands behind.
            fault = fault_of(error) or fault_of(error.__context__ and error.__context__.__context__)
            if fault is None:
                raise
            logger.warning("session of %s not saved: %s", request.path, fault.reason)
            return response if request.method in {"GET", "HEAD"} else fault_answer(request, fault)


class PrivateAnswersMiddleware:
    """Nothing a signed-in person sees is kept by a browser or a proxy: others may sit at the same machine. Whatever a view
    says of its own answer gives way. Static files are answered before and are not concerned."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class ReturningLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Sends an anonymous person to the login and afterwards back to the page they were on, also when what they sent was
    a form to an address that shows no page of its own."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method not in {"GET", "HEAD"}:
            # Without a word it would look as if it had been taken.
            messages.warning(
                request,
                _("登录已经结束，刚才提交的内容没有保存。请重新登录，再提交一次；填报页面上已填写的文字会恢复。"),
            )
        return redirect_to_login(
            _page_of(request), self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: the one shown, which for a form or a fragment is the one that sent the request."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return request.get_full_path()
    sender = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if sender.netloc != request.get_host():
        return "/"
    return sender.path + (f"?{sender.query}" if sender.query else "")
