"""The lines of an office's page of figures that ask for something, and the registry of what finds them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts, extent_facts, key_facts
from foundation.places.models import Place
from indicators.falling import pairs_of_falls, quarters_of
from indicators.models import Against
from indicators.queries import Board, Cells, Reading, region_cells_of
from indicators.units import UnitPairs, unit_pairs
from records.models import ReportingQuarter


def last_whole(quarter: Quarter) -> Quarter:
    """The quarter, or while it runs the one before: what took place in a part of one is compared with no whole one."""
    return quarter if quarter.last_day < timezone.localdate() else quarter.previous()


@dataclass(frozen=True)
class Told:
    """What a page of figures and its lines know of a region and the units below: their figures, and the pairs by which
    they are compared."""

    cells: Cells
    pairs: UnitPairs


def read_for_lines(
    place: Place,
    units: list[Place],
    quarter: Quarter,
    *,
    codes: Collection[str],
    quarters: Collection[Quarter],
    own: tuple[Collection[str] | None, Collection[Quarter]] | None = None,
) -> Told:
    """What is owed and what was reported in the quarters that the lines look at, and what the page itself needs: these
    facts in these quarters, and how the first of both compare. ``own``: facts (None: all) and quarters that the page needs
    of the place alone, which are compared in the quarter as well. Two queries."""
    lines = {"DUT.due", "DUT.done", "REG.enterprises", "REP.reported"}
    lines |= {fact.code for fact in (*key_facts(), *extent_facts())}
    whole = last_whole(quarter)
    read, facts = {quarter, *quarters_of(whole), *quarters}, {*lines, *codes}
    own_codes, own_quarters = own or (codes, ())
    of_place = Reading([place.pk], {*read, *own_quarters}, None if own_codes is None else {*facts, *own_codes})
    cells = region_cells_of(of_place, Reading([unit.pk for unit in units], read, facts))
    falling = pairs_of_falls([fact.code for fact in key_facts()], whole)
    compared = declared_facts() if own_codes is None else own_codes
    pairs = unit_pairs(
        [place, *units],
        falling,
        {(quarter, one): codes for one in Against},
        own=(place, {(quarter, one): compared for one in Against}),
    )
    return Told(cells, pairs)


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
    #: Of the region and its units.
    told: Told
    is_over: bool

    def difference(self, unit: Place, whole: str, part: str) -> int:
        """How many of ``whole`` a unit has beyond ``part``, of the figures in ``told``."""
        values = (self.told.cells.get((unit.pk, self.quarter.code, code)) for code in (whole, part))
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
    few it is about, ``more`` how many it does not name, ``counted_in`` the measure word of these."""

    title: str
    tone: str
    action_url: str
    action_label: str
    named: tuple[Named, ...] = ()
    more: int = 0
    counted_in: str = field(default_factory=lambda: _("个"))

    @property
    def separator(self) -> str:
        """What stands between the named: stronger than any mark inside one of them."""
        texts = "".join(one.name + one.note for one in self.named)
        return _("；") if any(mark in texts for mark in (_("，"), _("、"))) else _("、")


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
