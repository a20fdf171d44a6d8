"""Gives every request an id that its audit entries, log lines and error page share."""

import uuid
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from foundation.audit.log import request_context


def _address(request: HttpRequest) -> str:
    """Whose request it is: the one address that the lock-out goes by too, past a proxy when there is one."""
    try:
        address: str = get_adapter().get_client_ip(request)
        return address
    except PermissionDenied:
        return ""


class RequestContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # read by the API's problems
        token = request_context.set({"request_id": request_id, "address": _address(request)})
        try:
            response = self.get_response(request)
        finally:
            request_context.reset(token)
        response["X-Request-ID"] = request_id
        return response
