"""The lines of an office's page of figures that ask for something, and the registry of what finds them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import extent_facts, key_facts
from foundation.places.models import Place
from indicators.falling import quarters_of
from indicators.queries import Board, Cells, region_cells
from records.models import ReportingQuarter


def last_whole(quarter: Quarter) -> Quarter:
    """The quarter, or while it runs the one before: what took place in a part of one is compared with no whole one."""
    return quarter if quarter.last_day < timezone.localdate() else quarter.previous()


def read_for_lines(place: Place, units: list[Place], quarter: Quarter) -> Cells:
    """What a page of figures compares its units by, what is owed and what was reported, of a region and the units below, in
    the quarters that the lines look at. One query."""
    codes = {"DUT.due", "DUT.done", "REG.enterprises", "REP.reported"}
    codes |= {fact.code for fact in (*key_facts(), *extent_facts())}
    quarters = sorted({quarter, *quarters_of(last_whole(quarter))})
    return region_cells([place.pk, *(unit.pk for unit in units)], quarters, codes)


@dataclass(frozen=True)
class Asked:
    """Of whom and when the page speaks. ``units``: the regions directly below; none of a county. ``is_over``: the day by which
    enterprises report has passed."""

    user: User
    place: Place
    quarter: Quarter
    row: ReportingQuarter | None
    board: Board
    units: list[Place]
    #: What ``read_for_lines`` says, of the region and its units.
    told: Cells
    is_over: bool

    def difference(self, unit: Place, whole: str, part: str) -> int:
        """How many of ``whole`` a unit has beyond ``part``, of the figures in ``told``."""
        values = (self.told.get((unit.pk, self.quarter.code, code)) for code in (whole, part))
        return int.__sub__(*(int(value[0]) if value else 0 for value in values))


@dataclass(frozen=True)
class Named:
    """A unit or figure that a line names, and where it leads."""

    name: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Attention:
    """One line. ``title`` is a whole sentence with its number; ``tone`` ``bad`` (late, broken) or ``soon``; ``named`` the first
    few it is about, ``more`` how many it does not name."""

    title: str
    tone: str
    action_url: str
    action_label: str
    named: tuple[Named, ...] = ()
    more: int = 0


#: Finds what asks for something, in at most two queries; None where there is nothing, several where one query finds them.
Finder = Callable[[Asked], "Attention | list[Attention] | None"]

_finders: list[tuple[int, Finder]] = []


def register_attention(order: int) -> Callable[[Finder], Finder]:
    """Decorator. Smaller orders stand first; adding a finder twice changes nothing."""

    def add(finder: Finder) -> Finder:
        if all(known is not finder for _order, known in _finders):
            _finders.append((order, finder))
            _finders.sort(key=lambda entry: entry[0])
        return finder

    return add


def attentions(asked: Asked) -> list[Attention]:
    """Every line there is for this person, place and quarter."""
    lines: list[Attention] = []
    for _order, finder in _finders:
        found = finder(asked)
        lines += found if isinstance(found, list) else filter(None, [found])
    return lines
