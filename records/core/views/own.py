"""本级填报: what an office reports of itself, with what is filed for the open periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from foundation.access.rules import require, where
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Period
from foundation.places.models import Place
from records.core.kinds import RecordKind, area_label, office_kinds
from records.core.models import Record, Status
from records.core.periods import open_quarters, period_choices, working_quarter

#: Of the periods that are open, so many are shown for a return: the others are filed from the form.
PERIODS_SHOWN = 2


@dataclass(frozen=True)
class OwnLine:
    """A return for one period with its record, or an event with how many were filed in the quarter."""

    kind: RecordKind
    period: str
    record: Record | None
    count: int
    url: str

    @property
    def period_label(self) -> str:
        return Period.parse(self.period).label


@require_GET
def own_records(request: PortalRequest) -> HttpResponse:
    require(request.user, "records.create_own")
    offices = list(Place.objects.filter(where(request.user, "records.create_own")).order_by("code"))
    context = {"offices": [(office, _by_area(_lines(office))) for office in offices]}
    return render(request, "records/own.html", context)


def _by_area(lines: Sequence[OwnLine]) -> list[tuple[str, list[OwnLine]]]:
    """Under the names of the rooms, as the kinds are declared; they come in order."""
    return [(area_label(area), list(found)) for area, found in groupby(lines, key=lambda line: line.kind.area)]


def _lines(office: Place) -> list[OwnLine]:
    kinds = office_kinds(office)
    quarter, still_open = working_quarter(), open_quarters()
    own = Record.objects.filed_by(office)
    returns = {
        (record.kind, record.period): record for record in own.exclude(Q(period=None) | Q(status=Status.REJECTED))
    }
    events = own.filter(period=None, quarter=quarter.code).order_by().values_list("kind").annotate(Count("pk"))
    counts: dict[str, int] = dict(events)
    lines: list[OwnLine] = []
    for kind in kinds:
        if kind.is_return:
            periods: Sequence[str] = [period for period, _label in period_choices(kind, still_open)[:PERIODS_SHOWN]]
            lines += [_return_line(kind, period, returns.get((kind.slug, period)), office) for period in periods]
        else:
            new = f"{reverse('records:create', args=[kind.slug])}?{urlencode({'office': office.code})}"
            lines.append(OwnLine(kind, quarter.code, None, counts.get(kind.slug, 0), new))
    return lines


def _return_line(kind: RecordKind, period: str, record: Record | None, office: Place) -> OwnLine:
    if record is None:
        new = urlencode({"office": office.code, "period": period})
        return OwnLine(kind, period, None, 0, f"{reverse('records:create', args=[kind.slug])}?{new}")
    address = "records:edit" if record.is_editable else "records:detail"
    return OwnLine(kind, period, record, 0, reverse(address, args=[record.pk]))
