"""What the page frame needs. Lazy: a fragment that draws no frame pays nothing."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from foundation.ui.navigation import IN_PHONE_BAR, Door, Entry, account_pages, doors_for, person_lines, work_places

PORTAL_NAME = _("产业工人队伍建设改革工作平台")


def _tabs(doors: list[Door]) -> list[Entry]:
    """The tabs of the section that is open, when there is a choice."""
    entries = next((door.entries for door in doors if door.active), [])
    return entries if len(entries) > 1 else []


def navigation(request: HttpRequest) -> dict[str, object]:
    """``nav_doors``, ``nav_tabs``, ``person_lines`` and ``portal_name`` for the page frame."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    doors: Any = SimpleLazyObject(lambda: doors_for(request))
    return {
        "portal_name": PORTAL_NAME,
        "nav_doors": doors if signed_in else [],
        "nav_tabs": SimpleLazyObject(lambda: _tabs(doors)) if signed_in else [],
        "account_pages": SimpleLazyObject(lambda: account_pages(request)) if signed_in else [],
        "nav_in_phone_bar": f":{IN_PHONE_BAR}",
        # Set by the view that saved a form: the browser drops its kept copy of that form.
        "autosave_clear": SimpleLazyObject(lambda: request.session.pop("autosave_clear", "")) if signed_in else "",
        "person_lines": SimpleLazyObject(lambda: person_lines(request)) if signed_in else [],
        "work_places": SimpleLazyObject(lambda: work_places(request)) if signed_in else [],
    }
