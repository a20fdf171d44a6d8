"""Which region a page of figures is about, and the way up from it."""

from django.http import Http404, HttpRequest

from foundation.access.rules import where
from foundation.access.scope import scope_of
from foundation.places.models import Place


def asked_region(request: HttpRequest) -> Place:
    """The region asked for, or the person's own; 404 outside their area."""
    own = scope_of(request.user).regions()
    code = request.GET.get("region", "")
    for place in own:
        if place.code == code or not code:
            return place
    allowed = Place.objects.filter(where(request.user, "reporting.dashboard")).select_related("province", "city")
    found = allowed.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def regions_above(request: HttpRequest, place: Place) -> list[Place]:
    """The regions above this one that the person may see, highest first."""
    own = {region.pk for region in scope_of(request.user).regions()}
    if place.pk in own:
        return []
    above = [place.province, place.city] if place.is_county_level else [place.province]
    chain = [region for region in above if region is not None and region.pk != place.pk]
    while chain and chain[0].pk not in own:
        chain.pop(0)
    return chain
