"""What is handed to a person with a new password: a slip of paper, shown once and kept nowhere."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from foundation.access.models import Grant
from foundation.accounts.models import SecurityPolicy, User


@dataclass(frozen=True)
class Slip:
    """Where to go, as whom, with which password, until when."""

    account: User
    password: str
    address: str
    until: datetime.datetime | None
    role: str = ""
    place: str = ""


def slip_for(
    request: HttpRequest,
    account: User,
    password: str,
    *,
    held: Grant | None = None,
    policy: SecurityPolicy | None = None,
) -> Slip:
    """The slip of an account whose one-time password was just set; ``held`` is what it says under the name."""
    held = held or account.grants.in_force().select_related("place").first()
    return Slip(
        account=account,
        password=password,
        address=settings.SITE_URL or request.build_absolute_uri("/"),
        until=(policy or SecurityPolicy.current()).one_time_until(account),
        role=held.get_role_display() if held else "",
        place=str(held.place) if held else "",
    )
