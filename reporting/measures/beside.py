"""Puts what was done beside the measures of a document, at the reader's own scope."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from policies.beside import Beside, register_beside
from policies.queries import DocumentReading
from records.models import ReportingQuarter
from reporting.measures.content import overview
from reporting.quarters import asked_quarter
from reporting.regions import asked_region, regions_above


def place_asked(request: PortalRequest) -> Place | None:
    """The region asked for or the person's own; of an enterprise's people their enterprise, where they have one only."""
    if verdict(request.user, "reporting.dashboard"):
        return asked_region(request)
    own = list(Enterprise.objects.allowing(request.user, "records.create").select_related("place")[:2])
    return own[0].place if len(own) == 1 else None


@register_beside
def measures_beside(request: PortalRequest, reading: DocumentReading) -> Beside:
    """A strip above the text, and a box below each measure that something is counted for."""
    place = place_asked(request)
    if place is None:
        return Beside()
    known = list(ReportingQuarter.objects.order_by("-code"))
    found = overview(reading, place, asked_quarter(request.GET, known))
    shared = {
        "overview": found,
        "place": place,
        "quarter": found.quarter,
        "is_one": not place.is_region,
        "is_running": found.quarter == Quarter.current(),
        "document": reading.document,
    }
    above = regions_above(request, place) if place.is_region else []
    head = render_to_string("reporting/measures/head.html", {**shared, "quarters": known, "above": above}, request)
    below = {
        code: SafeString(render_to_string("reporting/measures/below.html", {**shared, "carried": one}, request))
        for code, one in found.by_code.items()
        if one.is_counted
    }
    return Beside(SafeString(head), below)
