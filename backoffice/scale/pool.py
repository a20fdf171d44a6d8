"""The sample records that a large seed multiplies: built by each kind's own factory, so that a new kind is seeded too.

An enterprise is given records built for another one of its stratum (``STRATUM``) that has no more staff: counts of people
stay possible, while a rule that wants a share of the staff may not hold for a larger one. A contract test holds every
factory to complete, valid rows.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.utils import CursorWrapper

from backoffice.scale.sql import make_table, make_table_of
from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from records.core.factories import build_record
from records.core.kinds import RecordKind, all_kinds
from records.core.values import values_of

#: What tells apart enterprises that are asked different things (``is_industrial``: mining, manufacturing, supply of energy
#: and water, sections B to D of GB/T 4754).
STRATUM = ("size", "ownership", "is_pilot", "has_union", "has_party_organisation", "is_industrial")
#: Samples of each kind for each stratum.
TURNS = 4


class PooledKind(NamedTuple):
    """A kind with its number in the plan, the strata it applies to, and the table its samples wait in."""

    number: int
    kind: RecordKind
    strata: list[int]

    @property
    def table(self) -> str:
        return f"scale_pool_{self.number}"

    @property
    def own_fields(self) -> "list[models.Field[Any, Any]]":
        """The kind's own columns."""
        return [field for field in self.kind.model._meta.local_concrete_fields if not field.primary_key]

    @property
    def own_dates(self) -> list[str]:
        """Columns that are moved along with the day of the record."""
        return [str(field.column) for field in self.own_fields if type(field) is models.DateField]


def _representatives(cursor: CursorWrapper) -> dict[int, list[Enterprise]]:
    """Of each stratum the enterprises with the fewest staff, as many as there are turns."""
    cursor.execute(
        "SELECT stratum, enterprise_id FROM (SELECT stratum, enterprise_id, row_number() OVER (PARTITION BY stratum "
        "ORDER BY headcount NULLS LAST, enterprise_id) AS turn FROM scale_enterprise) ranked WHERE turn <= %s",
        [TURNS],
    )
    pairs = cursor.fetchall()
    found = Enterprise.objects.in_bulk([pk for _stratum, pk in pairs])
    strata: dict[int, list[Enterprise]] = {}
    for stratum, pk in pairs:
        strata.setdefault(stratum, []).append(found[pk])
    return strata


def _samples(kind: RecordKind, stratum: int, members: Sequence[Enterprise]) -> list[tuple[object, ...]]:
    """Rows of ``scale_pool``: what the base holds, the kind's own columns and the values a step keeps, as JSON."""
    day = Quarter.current().first_day
    rows: list[tuple[object, ...]] = []
    for turn in range(TURNS):
        record = build_record(kind, enterprise=members[turn % len(members)], day=day)
        kind.clear_hidden(record)
        own = {
            field.column: field.get_prep_value(getattr(record, field.attname))
            for field in kind.model._meta.local_concrete_fields
            if not field.primary_key
        }
        rows.append(
            (
                stratum,
                turn,
                record.title,
                record.number_of_people,
                record.attendances,
                json.dumps(own, cls=DjangoJSONEncoder),
                json.dumps(values_of(record, {}), cls=DjangoJSONEncoder),
            )
        )
    return rows


def make_pool(cursor: CursorWrapper) -> list[PooledKind]:
    """A temporary table of samples for each kind, next to ``scale_enterprise``. Every sample is of the running quarter's
    first day."""
    strata = _representatives(cursor)
    pooled = []
    for number, kind in enumerate(all_kinds()):
        suits = [
            stratum
            for stratum, members in sorted(strata.items())
            if all(kind.is_reported_by(enterprise) for enterprise in members)
        ]
        if not suits:
            continue
        rows = [row for stratum in suits for row in _samples(kind, stratum, strata[stratum])]
        columns = "stratum int, turn int, title text, number_of_people int, attendances int, own jsonb, said jsonb"
        make_table_of(cursor, "scale_pool", columns, rows)
        entry = PooledKind(number, kind, suits)
        own = "".join(f', own_row."{field.column}"' for field in entry.own_fields)
        make_table(
            cursor,
            entry.table,
            "SELECT pool.stratum, pool.turn, pool.title AS sample_title, pool.number_of_people AS people, "
            f"pool.attendances AS times, pool.said{own} "
            f'FROM scale_pool pool, jsonb_populate_record(NULL::"{kind.model._meta.db_table}", pool.own) own_row',
        )
        pooled.append(entry)
    return pooled
