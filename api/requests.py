"""The request of a signed-in person or program, as the views of the API see it."""

from rest_framework.request import Request

from foundation.accounts.models import User
from foundation.accounts.requests import PortalRequest


class ApiRequest(Request):
    """A request that passed authentication: its user is an account, never anonymous. Used for its types only."""

    user: User
    _request: PortalRequest
