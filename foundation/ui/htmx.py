"""Small helpers for views that answer htmx."""

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from foundation.ui.templatetags.ui import message_level


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page, not for a whole page (boosted link, history restore)."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def toast(response: HttpResponse, text: str, *, level: str = "success") -> HttpResponse:
    """Let the browser show a short notice when this fragment arrives."""
    return trigger_client_event(response, "portal:toast", {"items": [{"text": str(text), "level": level}]})


def messages_as_toasts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Send the waiting messages along with a fragment, which has no place to show them."""
    items = [{"text": str(message), "level": message_level(message)} for message in get_messages(request)]
    return trigger_client_event(response, "portal:toast", {"items": items}) if items else response


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the whole page elsewhere, whether htmx asked or the browser did."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
