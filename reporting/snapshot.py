"""The snapshot: everything a report says, read once and frozen before any face of it is made."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from enterprises.history import names_on
from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import Nature, declared_facts
from foundation.places.models import Level, Place
from indicators import queries
from records.core.queries import breaches_by_rule
from records.duties.queries import YearlyReturns, yearly_returns
from records.models import ReportingQuarter
from records.review.waiting import Waiting, waiting_below
from reporting import narrative
from reporting.canonical import Snapshot, plain
from reporting.unshown import hide_few

FORMAT = 3
TREND_QUARTERS = 5


def build_snapshot(region: Place, quarter: Quarter) -> Snapshot:
    """Read everything a quarterly report of the region says. Reads totals only; writes nothing."""
    figures = queries.figures(region, quarter)
    codes = list(figures)
    filled = queries.last_filled(quarter)
    row = ReportingQuarter.objects.filter(code=quarter.code).first()
    # Of a quarter that is closed everything is said as it stood then.
    closed = filled if row is not None and not row.is_open else None
    waiting = waiting_below(region, quarter)
    year = Year(quarter.year).previous()
    yearly = yearly_returns(region, year, quarter, at=closed)
    snapshot: Snapshot = {
        "format": FORMAT,
        "kind": "quarterly",
        "region": {"code": region.code, "name": region.full_name(), "level": str(region.level)},
        "quarter": quarter.code,
        "quarter_label": quarter.label,
        "due_on": _due_on(quarter, row),
        "data_as_of": timezone.localtime(filled).isoformat(timespec="seconds") if filled else None,
        "yearly": _yearly(year, yearly),
        "coverage": {**_coverage(region, quarter), **_waiting(waiting.values())},
        "figures": _figures(region, quarter, figures),
        "units": _units(region, quarter, codes, waiting, yearly, is_closed=closed is not None),
        "units_are": _units_are(region),
        "own": _own(region, quarter, codes),
        "trend": _trend(region, quarter, codes),
        "indicators": _indicators(region, quarter),
        "breaches": _breaches(region, quarter),
    }
    snapshot["sections"] = narrative.sections(snapshot)
    return snapshot


def _due_on(quarter: Quarter, row: ReportingQuarter | None) -> str:
    """The day by which enterprises report the quarter."""
    day = row.enterprise_due if row else ReportingQuarter.default_dates(quarter)["enterprise_due"]
    return day.isoformat()


def _yearly(year: Year, found: YearlyReturns) -> dict[str, Any]:
    """The year whose returns stand in the quarter's figures, and how far those that are owed are there."""
    return {
        "year": year.code,
        "label": year.label,
        "owed": found.owed,
        "done": found.done,
        "late": found.late,
        "overdue": found.overdue,
        "with_quarter": found.with_quarter,
    }


def _coverage(region: Place, quarter: Quarter) -> dict[str, int]:
    found = queries.coverage(region, quarter)
    return {name: int(getattr(found, name)) for name in ("enterprises", "reported", "nil", "due", "done", "on_time")}


def _waiting(units: Iterable[Waiting]) -> dict[str, int]:
    """What was filed and not decided when the figures were read: none of it is counted."""
    all_of_them = list(units)
    return {
        "waiting": sum(one.records for one in all_of_them),
        "overdue_reviews": sum(one.overdue for one in all_of_them),
    }


def _figures(region: Place, quarter: Quarter, figures: dict[str, Any]) -> list[dict[str, Any]]:
    earlier = queries.figures(region, quarter.previous())
    compared = queries.compared(region, quarter)
    return [
        {
            "code": code,
            "label": str(figure.label),
            "unit": str(figure.unit),
            "nature": str(figure.nature),
            "value": plain(figure.value),
            "year_to_date": plain(figure.year_to_date) if figure.nature == Nature.FLOW else None,
            "previous": plain(earlier[code].value) if code in earlier else None,
            "comparison": _comparison(compared.quarter.get(code)),
            "over_year": _comparison(compared.year.get(code)),
            "to_date_over_year": _comparison(compared.to_date.get(code)),
            "no_year": str(compared.lacks.get(code, "")),
            "reporting": figure.reporting,
            **_share(code, figure),
        }
        for code, figure in figures.items()
    ]


def _share(code: str, figure: queries.Figure) -> dict[str, Any]:
    """Of a part that may be left empty: part and whole over the rows that tell both."""
    if not declared_facts()[code].whole:
        return {}
    return {"share": [plain(side) for side in figure.share] if figure.share else None}


def _comparison(found: queries.Comparison | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": plain(found.value), "before": plain(found.before), "enterprises": found.enterprises}


def _units(
    region: Place,
    quarter: Quarter,
    codes: list[str],
    waiting: dict[int | None, Waiting],
    yearly: YearlyReturns,
    *,
    is_closed: bool,
) -> list[dict[str, Any]]:
    """What lies directly below; the enterprises of a quarter that is closed as they were called on its last day."""
    read = {*codes, "REG.enterprises", "REP.reported"}
    below, cells = queries.cells_below(region, [quarter], read, quarter=quarter)
    rows = queries.by_unit(region, codes, quarter, read_before=(below, cells))
    former: dict[int, str] = {}
    if is_closed and region.is_county_level:
        former = names_on(quarter.last_day, [row.place.pk for row in rows])
        rows.sort(key=lambda row: (former.get(row.place.pk, row.place.name), row.place.pk))
    kept: list[dict[str, Any]] = [
        {
            "code": row.place.code,
            "name": former.get(row.place.pk, row.place.name),
            "short_name": former.get(row.place.pk, row.place.short_name),
            "enterprises": row.enterprises,
            "reported": row.reported,
            "overdue_reviews": waiting[row.place.pk].overdue if row.place.pk in waiting else 0,
            "yearly_overdue": yearly.overdue_in.get(row.place.pk, 0),
            "yearly_late": yearly.late_in.get(row.place.pk, 0),
            "values": {code: plain(row.values.get(code)) for code in codes},
        }
        for row in rows
    ]
    if not region.is_county_level:
        told = {row.place.code: {code: cells.get((row.place.pk, quarter.code, code)) for code in codes} for row in rows}
        hide_few(kept, codes, told)
    return kept


def _own(region: Place, quarter: Quarter, codes: list[str]) -> dict[str, Any]:
    """What the region's own office reported, by fact: what the units below lack of its figures."""
    return {
        code: plain(value) for (_pk, _quarter, code), (value, _n) in queries.own_cells(region, [quarter], codes).items()
    }


def _units_are(region: Place) -> str:
    below: dict[str, str] = {Level.PROVINCE: "city", Level.CITY: "county"}
    return below.get(region.level, "enterprise")


def _trend(region: Place, quarter: Quarter, codes: list[str]) -> dict[str, Any]:
    quarters = quarter.trailing(TREND_QUARTERS)
    series = queries.trend(region, codes, quarters)
    return {
        "quarters": [one.code for one in quarters],
        "series": {code: [plain(value) for value in series[code]] for code in codes},
    }


def _breaches(region: Place, quarter: Quarter) -> dict[str, Any]:
    """What approved records of the quarter say was not as regulation asks, by rule."""
    in_all, found = breaches_by_rule(region, quarter)
    return {"enterprises": in_all, "rules": [asdict(one) for one in found]}


def _indicators(region: Place, quarter: Quarter) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "name": one.label,
            "unit": str(one.unit),
            "value": plain(one.value),
            "numerator": plain(one.numerator),
            "denominator": plain(one.denominator),
            "direction": str(one.direction),
            "target": plain(one.target),
            "coverage": one.coverage,
            "light": str(one.mark.label) if one.mark and one.mark.way else "",
        }
        for one in queries.indicator_values(region, quarter)
        # Of what nobody told and nobody is to reach there is nothing to print.
        if one.value is not None or one.target is not None
    ]
