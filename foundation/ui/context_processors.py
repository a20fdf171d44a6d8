"""What the page frame needs. Lazy: a fragment that draws no frame pays nothing."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from foundation.ui.navigation import person_lines, sections_for, work_places

PORTAL_NAME = _("产业工人队伍建设改革工作平台")


def navigation(request: HttpRequest) -> dict[str, object]:
    """``nav_sections``, ``person_lines`` and ``portal_name`` for the page frame."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "portal_name": PORTAL_NAME,
        "nav_sections": SimpleLazyObject(lambda: sections_for(request)) if signed_in else [],
        # Set by the view that saved a form: the browser drops its kept copy of that form.
        "autosave_clear": SimpleLazyObject(lambda: request.session.pop("autosave_clear", "")) if signed_in else "",
        "person_lines": SimpleLazyObject(lambda: person_lines(request)) if signed_in else [],
        "work_places": SimpleLazyObject(lambda: work_places(request)) if signed_in else [],
    }
