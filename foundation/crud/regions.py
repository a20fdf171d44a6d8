"""A region chosen above one list is that of all lists, until another is chosen: kept with the session."""

from django.http import HttpResponse
from django.shortcuts import redirect

from foundation.access.scope import any_place_in, scope_of
from foundation.accounts.requests import PortalRequest
from foundation.places.models import Place
from foundation.ui.regions import CHOSEN, REGION

_KEPT = "list_region"


def with_region(request: PortalRequest) -> HttpResponse | None:
    """The address to go on to: without the mark of a choice that was just made and is now kept; with the kept region
    where a list is opened by its bare address. None where the list is shown as it was asked for."""
    if CHOSEN in request.GET:
        asked = request.GET.copy()
        region, before = asked.get(REGION, ""), asked.get(CHOSEN, "")
        del asked[CHOSEN]
        if region and region != before:
            request.session[_KEPT] = region
        elif not region:
            request.session.pop(_KEPT, None)
        for name in [name for name, values in asked.lists() if not any(values)]:
            del asked[name]
        # Nothing left to say: the mark that everything is wanted keeps the default view away.
        return redirect(f"{request.path}?{asked.urlencode() or 'all=1'}")
    kept = request.session.get(_KEPT) if not request.GET else None
    if kept and _is_within(request, kept):
        return redirect(f"{request.path}?{REGION}={kept}")
    return None


def _is_within(request: PortalRequest, code: str) -> bool:
    """A person may have gone to another office since."""
    place = Place.objects.regions().filter(code=code).first()
    return place is not None and any_place_in(scope_of(request.user).regions(), place)
