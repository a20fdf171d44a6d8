"""What is usual among enterprises: the median of each fact in a county, and in an industry of the province.

A median does not add up from below, and over 100,000 enterprises it takes seconds: it is worked out by night, and when a
quarter is closed, never while a page is drawn. Pages say as of when it stands.

An enterprise that made its statement and has no record of a thing has a zero of it (``Fact.zero_with``). These zeros stand
in no row: how many there are in a group is counted, and they take their places in the order together, as one 0 of that
weight. One statement for both databases, with window functions: PostgreSQL's own percentiles know no weights.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, SpeaksOf, declared_facts
from foundation.statistics import renew_statistics
from indicators.models import FactValue, FillState, PeerMedian, ScatteredPlace

#: Over fewer enterprises than this no median is told: it would show what single ones reported.
LEAST = 5

_VALUES, _ENTERPRISES = FactValue._meta.db_table, Enterprise._meta.db_table
_SCATTERED, _MEDIANS = ScatteredPlace._meta.db_table, PeerMedian._meta.db_table


def says_of_one(fact: Fact) -> bool:
    """Whether the fact's value of a single enterprise says something of it: an amount, people, or how often. A stock
    without an amount counts enterprises, which says something of many; what is owed is told elsewhere."""
    return fact.speaks_of is not SpeaksOf.COVERAGE and bool(fact.amount or fact.nature is not Nature.STOCK)


def peer_facts() -> dict[str, Fact]:
    """The facts by which one enterprise can be compared with others."""
    return {code: fact for code, fact in declared_facts().items() if says_of_one(fact)}


@dataclass(frozen=True)
class Group:
    """How enterprises are put together: what names the group of a value ``v`` of an enterprise ``e``.

    ``adds_up``: one that moved within the quarter counts once, with the sum of what it did in both counties. Among the
    enterprises of a county it stands in each with what it did there."""

    place: str
    section: str
    adds_up: bool


_COUNTIES = Group("v.region_id", "CAST('' AS varchar(1))", adds_up=False)
_SECTIONS = Group("e.province_id", "SUBSTR(e.industry_id, 1, 1)", adds_up=True)


def _own_values(group: Group, facts: str) -> str:
    """The values of some facts with their group, of enterprises alone: with a region's own nobody is compared."""
    rows = (
        f"SELECT v.place_id AS enterprise_id, {group.place} AS place_id, {group.section} AS section, v.fact, v.value"  # noqa: S608
        f" FROM {_VALUES} v JOIN {_ENTERPRISES} e ON e.place_id = v.place_id"
        f" WHERE v.quarter = %(quarter)s AND v.fact IN ({facts}) AND v.value IS NOT NULL"
    )
    if not group.adds_up:
        return rows
    moved = f"(SELECT place_id FROM {_SCATTERED} WHERE quarter = %(quarter)s)"  # noqa: S608
    return (
        f"{rows} AND v.place_id NOT IN {moved} UNION ALL"  # noqa: S608
        " SELECT enterprise_id, place_id, section, fact, SUM(value) FROM"
        f" ({rows} AND v.place_id IN {moved}) moved GROUP BY enterprise_id, place_id, section, fact"
    )


def _statement(quarter: Quarter, group: Group) -> tuple[str, dict[str, str]]:
    """The ``INSERT`` of a quarter's medians for one sort of group, and its parameters."""
    facts = peer_facts()
    parameters = {"quarter": quarter.code, **{f"fact_{number}": code for number, code in enumerate(facts)}}
    named = {code: f"%({name})s" for name, code in parameters.items()}
    witnesses = sorted({fact.zero_with for fact in facts.values() if fact.zero_with})
    for number, code in enumerate(witnesses):
        parameters[f"witness_{number}"] = code
        named[code] = f"%(witness_{number})s"
    pairs = [f"({named[code]}, {named[fact.zero_with]})" for code, fact in facts.items() if fact.zero_with]
    sql = f"""
        INSERT INTO {_MEDIANS} (place_id, section, quarter, fact, median, enterprises)
        WITH silent_fact(fact, witness) AS (VALUES {", ".join(pairs) or "('', '')"}),
        valued AS ({_own_values(group, ", ".join(named[code] for code in facts))}),
        said AS ({_own_values(group, ", ".join(named[code] for code in witnesses) or "''")}),
        asked AS (SELECT place_id, section, fact AS witness, COUNT(*) AS n FROM said GROUP BY place_id, section, fact),
        told AS (
            SELECT s.place_id, s.section, v.fact, COUNT(DISTINCT s.enterprise_id) AS n
            FROM said s JOIN silent_fact f ON f.witness = s.fact
            JOIN {_VALUES} v ON v.place_id = s.enterprise_id AND v.quarter = %(quarter)s AND v.fact = f.fact
            GROUP BY s.place_id, s.section, v.fact
        ),
        silent AS (
            SELECT a.place_id, a.section, f.fact, a.n - COALESCE(t.n, 0) AS zeros
            FROM asked a JOIN silent_fact f ON f.witness = a.witness
            LEFT JOIN told t ON t.place_id = a.place_id AND t.section = a.section AND t.fact = f.fact
        ),
        ranked AS (
            SELECT place_id, section, fact, value, weight,
                CAST(SUM(weight) OVER (PARTITION BY place_id, section, fact ORDER BY value
                    ROWS UNBOUNDED PRECEDING) AS integer) AS last,
                CAST(SUM(weight) OVER (PARTITION BY place_id, section, fact) AS integer) AS enterprises
            FROM (
                SELECT place_id, section, fact, value, 1 AS weight FROM valued
                UNION ALL SELECT place_id, section, fact, 0, zeros FROM silent WHERE zeros > 0
            ) weighed
        )
        SELECT place_id, section, CAST(%(quarter)s AS varchar(6)), fact, ROUND(CAST(
            (SUM(CASE WHEN (enterprises + 1) / 2 BETWEEN last - weight + 1 AND last THEN value ELSE 0 END)
            + SUM(CASE WHEN (enterprises + 2) / 2 BETWEEN last - weight + 1 AND last THEN value ELSE 0 END))
            / 2.0 AS numeric), 2), enterprises
        FROM ranked WHERE enterprises >= {LEAST} GROUP BY place_id, section, fact, enterprises
    """  # noqa: S608 -- the names of tables; values are parameters
    return sql, parameters


def _state(quarter: Quarter) -> str:
    return f"medians {quarter.code}"


@transaction.atomic
def store_medians(quarter: Quarter) -> int:
    """Work out the medians of a quarter from the values as they are stored. Returns how many there are."""
    FillState.objects.get_or_create(name=_state(quarter))
    FillState.objects.select_for_update().get(name=_state(quarter))
    began = timezone.now()
    PeerMedian.objects.filter(quarter=quarter.code).delete()
    with connection.cursor() as cursor:
        for group in (_COUNTIES, _SECTIONS):
            cursor.execute(*_statement(quarter, group))
    stored = PeerMedian.objects.filter(quarter=quarter.code).count()
    FillState.objects.filter(name=_state(quarter)).update(done_at=began)
    renew_statistics(PeerMedian, rows=stored)
    return stored


def stale_medians() -> list[Quarter]:
    """The quarters whose figures changed since their medians were worked out, and those whose never were."""
    times = dict(FillState.objects.values_list("name", "done_at"))
    found = []
    for name, counted in times.items():
        if name[:4].isdecimal() and counted is not None:
            quarter = Quarter.parse(name)
            done = times.get(_state(quarter))
            if done is None or done < counted:
                found.append(quarter)
    return sorted(found)


def medians_known(quarter: Quarter) -> datetime.datetime | None:
    """As of when the quarter's medians stand; None: they were never worked out. One query."""
    return FillState.objects.filter(name=_state(quarter)).values_list("done_at", flat=True).first()


@dataclass(frozen=True)
class Peers:
    """A median and over how many enterprises it is one."""

    median: Decimal
    enterprises: int


def medians_of(enterprise: Enterprise, quarter: Quarter) -> tuple[dict[str, Peers], dict[str, Peers]]:
    """The medians by fact of the enterprise's county and of its industry in the province. One query."""
    county = Q(place=enterprise.county_id, section="")
    industry = Q(place=enterprise.province_id, section=enterprise.industry.section)
    rows = PeerMedian.objects.filter(county | industry, quarter=quarter.code)
    found: tuple[dict[str, Peers], dict[str, Peers]] = ({}, {})
    for section, fact, median, enterprises in rows.values_list("section", "fact", "median", "enterprises"):
        found[bool(section)][fact] = Peers(median, enterprises)
    return found
