"""The request of a signed-in person, as the pages behind the sign-in see it."""

from typing import TypeGuard

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from foundation.accounts.models import User


class PortalRequest(HttpRequest):
    """A request that passed the sign-in: its user is an account, never anonymous. Used for its types only."""

    user: User
    htmx: HtmxDetails
    #: Numbers beside menu items that the page has counted itself, by the item's view: the menu counts them no second time.
    counted: dict[str, int]


def is_signed_in(request: HttpRequest) -> TypeGuard[PortalRequest]:
    return request.user.is_authenticated
