"""Middleware of the page frame."""

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.ui.faults import fault_answer, fault_of
from foundation.ui.navigation import cookie_of

logger = logging.getLogger(__name__)


class HtmxLoginMiddleware:
    """An expired login seen from a fragment: the whole page goes to the login, and afterwards back to where it was.

    Without it htmx would follow the redirect and paint the login page into a corner of the old one. Stands before
    everything that may redirect to the login.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or response.status_code not in (301, 302):
            return response
        login = resolve_url(settings.LOGIN_URL)
        if urlsplit(response["Location"]).path != login:
            return response
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = f"{page.path}?{page.query}" if page.query else page.path
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = f"{login}?{urlencode({'next': back})}" if back else login
        # An idle log-out ends the session in this very response.
        answer.cookies = response.cookies
        return answer


def beyond_any_column(values: Iterable[object]) -> bool:
    """Whether one of them is a number larger than any row's: asking a database for it is an error, not an answer."""
    return any(isinstance(value, int) and value > models.BigIntegerField.MAX_BIGINT for value in values)


class StorableTextMiddleware:
    """Refuses the NUL character in addresses and forms: no page sends it, and PostgreSQL cannot keep it. An address
    with a number beyond any row's leads nowhere.

    Works in ``process_view``, after the check of the form's token has read the form. The API reads its own bodies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if beyond_any_column(kwargs.values()):
            raise Http404
        bad = [name for name, values in request.GET.lists() if any("\0" in text for text in (name, *values))]
        if request.method == "POST":
            bad += [name for name, values in request.POST.lists() if any("\0" in text for text in (name, *values))]
        if not bad and "\0" not in request.path:
            return None
        names = "、".join(name.replace("\0", "") for name in bad) or _("地址")
        reason = _("“%s”中有看不见的空字符，无法查找和保存。请删去这一项的内容，重新输入。") % names
        return render(request, "400.html", {"reason": reason}, status=400)


class RememberTabMiddleware:
    """A section of the menu leads to the tab its person visited last. Kept by the browser: it is no data of the portal."""

    _DAYS = 180

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        visited = getattr(request, "visited_tab", None)  # set by foundation.ui.navigation when a page frame is drawn
        if visited is not None and response.status_code == 200:
            section, url_name = visited
            if request.COOKIES.get(cookie_of(section)) != url_name:
                response.set_cookie(
                    cookie_of(section),
                    url_name,
                    max_age=self._DAYS * 24 * 60 * 60,
                    samesite="Lax",
                    httponly=True,
                    secure=settings.SESSION_COOKIE_SECURE,
                )
        return response


class FaultMiddleware:
    """A busy database or a full disk is told as such, not as an error of the portal. The API says it in its own form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        fault = fault_of(exception)
        if fault is None or request.path.startswith("/api/"):
            return None
        logger.warning("%s %s: %s", request.method, request.path, exception)
        return fault_answer(request, fault)


class LeadBackMiddleware:
    """Somebody opens an address that only takes what a form sends (from the history, by a reload after signing in again): back
    to the page it belongs to, with a word. The API says 405."""

    _MARK, _SECONDS = "portal_led_back", 10

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = request.method == "GET" and request.headers.get("HX-Request") != "true"
        if opened and response.status_code == 404 and request.COOKIES.get(self._MARK) == request.path:
            text = _(
                "这个地址只接收提交的内容，它所属的内容已经不在（可能已被删除），已回到上一级页面。刚才的提交是否完成，请以这里显示的为准。"
            )
            messages.info(request, text)
            return self._led_back(request)
        if response.status_code != 405 or not opened or request.path.startswith("/api/"):
            return response
        if not request.user.is_authenticated:
            return response
        # The page above may itself be one that only takes forms: on the way there one word is enough. An address that
        # somebody opens has a word of its own, however soon after another.
        if request.COOKIES.get(self._MARK) != request.path:
            text = _(
                "这个地址只接收提交的内容，不能直接打开，已回到它所属的页面。刚才的提交是否完成，请以这里显示的为准。"
            )
            messages.info(request, text)
        return self._led_back(request)

    def _led_back(self, request: HttpRequest) -> HttpResponse:
        """To the page above; where it was led is remembered, in case nothing stands there any more."""
        target = page_above(request.path)
        answer = HttpResponseRedirect(target)
        answer.set_cookie(self._MARK, target, max_age=self._SECONDS, httponly=True, samesite="Lax")
        return answer


def page_above(path: str) -> str:
    """The nearest address above that exists; the first page when there is none."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


class RefusalMiddleware:
    """What an action refuses and the view does not show itself: a page with the reason, 403 by a rule of access, else
    409; as JSON for a script that asks for JSON. The API answers for itself, in its own form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused) or request.path.startswith("/api/"):
            return None
        status = exception.status_code
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            return JsonResponse({"error": str(exception)}, status=status, json_dumps_params={"ensure_ascii": False})
        return render(request, f"{status}.html", {"reason": str(exception)}, status=status)
