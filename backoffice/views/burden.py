"""What the returns that are owed ask of enterprises, for the office that makes the rules."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from records.duties.burden import MOST_MINUTES, OPENING, PROFILES, SECONDS, SORTS, active_rules, burden_of


@require_GET
def burden(request: PortalRequest) -> HttpResponse:
    require(request.user, "records.set_calendar")
    rules = active_rules()
    context = {
        "burdens": [burden_of(profile, rules) for profile in PROFILES],
        "most": MOST_MINUTES,
        "opening": OPENING,
        "seconds": [(SORTS[sort], seconds) for sort, seconds in SECONDS.items()],
    }
    return render(request, "backoffice/burden.html", context)
