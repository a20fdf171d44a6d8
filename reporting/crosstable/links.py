"""What a cell opens: the list behind its figure where that can be narrowed as the cell is, else the cell's enterprises."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature
from reporting.crosstable.asking import Axis, Measure, Spec
from reporting.crosstable.content import Cell, Line, Member, Table
from reporting.crosstable.figures import ALL
from reporting.crosstable.queries import ATTRIBUTES
from reporting.links import fact_url, side_urls


def table_url(query: str = "") -> str:
    address = reverse("reporting:table")
    return f"{address}?{query}" if query else address


#: Stands for a place's code while an address is made once for many places.
_SOMEWHERE = "__somewhere__"


def with_links(table: Table, lines: Iterable[Line] | None = None) -> Table:
    """The same table with the address that each cell opens, of these lines (None: of all) and of the total. For pages
    only."""
    lists: dict[tuple[str, Quarter, Quarter], str] = {}
    shown = table.lines if lines is None else lines
    for line in [*shown, *([table.total] if table.total else [])]:
        for cell in line.cells:
            if cell.plain is not None or cell.value is not None:
                cell.url = _url(table.spec, cell, lists)
    return table


def _url(spec: Spec, cell: Cell, lists: dict[tuple[str, Quarter, Quarter], str]) -> str:
    """ "" where there is no such list: what an office has of its own beside others, and the total of single enterprises
    that are narrowed down, who stand above it already."""
    axes = zip((spec.rows, spec.columns), (cell.row, cell.column), strict=True)
    members = {axis: member for axis, member in axes if axis is not None and member.key != ALL}
    quarters = [quarter for quarter in cell.row.quarters if quarter in cell.column.quarters]
    place = spec.region.code
    for axis, member in members.items():
        if axis in (Axis.CITY, Axis.COUNTY, Axis.ENTERPRISE):
            if axis is not Axis.ENTERPRISE and member.place is None:
                return ""
            place = member.code
    is_narrowed = bool(spec.only) or any(axis.by in ATTRIBUTES for axis in members)
    if Axis.ENTERPRISE in members or not (is_narrowed or cell.measure.versions):
        key = (cell.measure.code, quarters[0], quarters[-1])
        if key not in lists:
            lists[key] = _list(cell.measure, quarters)
        return lists[key].replace(_SOMEWHERE, place)
    if spec.rows is Axis.ENTERPRISE or spec.columns is Axis.ENTERPRISE:
        return ""
    return table_url(_enterprises(spec, cell.measure, members, place, quarters))


def _list(measure: Measure, quarters: Sequence[Quarter]) -> str:
    """The list behind a value somewhere; of an indicator, that behind the first fact it is made of."""
    last = quarters[-1]
    if measure.fact is None:
        version = measure.version_in(last)
        sides = side_urls(version.numerator if version else (), region=_SOMEWHERE, quarter=last)
        return sides[0][1] if sides else ""
    url = fact_url(measure.fact.code, region=_SOMEWHERE, quarter=last.code)
    if measure.fact.nature is Nature.FLOW and len(quarters) > 1:
        url += f"&since={quarters[0].code}"
    return url


def _enterprises(
    spec: Spec, measure: Measure, members: dict[Axis, Member], place: str, quarters: Sequence[Quarter]
) -> str:
    """The table of the enterprises behind a cell: their values add up to it. Of an indicator, both its sides."""
    first, last, values = quarters[0], quarters[-1], [measure.code]
    if version := measure.version_in(last):
        first = last.year_to_date()[0]
        values += version.fact_codes
    narrowed = {str(axis): [member.code] for axis, member in members.items() if axis.by in ATTRIBUTES}
    dropped = dict.fromkeys(("columns", "area", "show", "only", "mark", "sort", "top"))
    return spec.query(
        **{
            **dropped,
            **narrowed,
            "region": place,
            "rows": Axis.ENTERPRISE.value,
            "value": values,
            "since": first.code,
            "quarter": last.code,
        }
    )
