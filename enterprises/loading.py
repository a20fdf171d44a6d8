"""Loading the industry classification GB/T 4754-2017."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from enterprises.models import Industry
from foundation.fields import field_of
from foundation.loading import Loaded, upsert

_LEVELS = frozenset(value for value, _label in field_of(Industry, "level").flatchoices)


def read_industries(path: Path) -> Iterator[dict[str, str]]:
    """Rows of the industry file. Raises ``ValueError`` naming the line that cannot be read."""
    with path.open(encoding="utf-8", newline="") as handle:
        for line, row in enumerate(csv.DictReader(handle), start=2):
            if row["level"] not in _LEVELS:
                raise ValueError(
                    f"{path.name} line {line}: unknown level {row['level']!r}; use one of {', '.join(sorted(_LEVELS))}"
                )
            yield {"code": row["code"], "level": row["level"], "name": row["name"]}


@transaction.atomic
def load_industries(path: Path) -> Loaded:
    """Create or update the industries of the file by code. Codes not in the file stay: enterprises may hold them."""
    return upsert(Industry, read_industries(path))
