"""How many requests a minute a program may make. Counted by windows of a minute in the cache; a cache that fails counts nobody."""

import time
from typing import ClassVar

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from foundation.accounts.models import ApiToken

_WINDOW = 60


def within(name: str, limit: int) -> bool:
    """Count one request under the name; False when the minute's limit is used up."""
    key = f"api-requests:{int(time.time()) // _WINDOW}:{name}"
    if cache.add(key, 1, _WINDOW):
        return limit >= 1
    try:
        return bool(cache.incr(key) <= limit)
    except ValueError:
        return True  # neither added nor there: the cache takes nothing now


class MinuteThrottle(BaseThrottle):
    """``per_minute`` requests for each caller."""

    per_minute: ClassVar[int]

    def caller(self, request: Request) -> str:
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        return within(self.caller(request), self.per_minute)

    def wait(self) -> float:
        """Seconds until the next window."""
        return _WINDOW - time.time() % _WINDOW


class AddressThrottle(MinuteThrottle):
    """Asked before anybody is recognised, so that trying out tokens is counted, too. An office shares one address."""

    per_minute = 3000

    def caller(self, request: Request) -> str:
        django_request: HttpRequest = request._request
        return f"address:{get_ip(django_request)}"


class CallerThrottle(MinuteThrottle):
    """Each token for itself; a person's browser as that person."""

    per_minute = 1200

    def caller(self, request: Request) -> str:
        return f"token:{request.auth.pk}" if isinstance(request.auth, ApiToken) else f"user:{request.user.pk}"


class WriteThrottle(CallerThrottle):
    """Writes cost more than reads."""

    per_minute = 600

    def caller(self, request: Request) -> str:
        return f"writes:{super().caller(request)}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)
