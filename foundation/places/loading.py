"""Loading the regions: province, cities, counties and zones, each under the region its code begins with."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from foundation.loading import Loaded
from foundation.places.actions import save_place
from foundation.places.models import REGION_LEVELS, FormerName, Level, Place

#: How many digits of a region's code name the region above it.
_PARENT_DIGITS = {Level.PROVINCE: 0, Level.CITY: 2, Level.COUNTY: 4, Level.ZONE: 4}


def read_regions(path: Path) -> Iterator[dict[str, str]]:
    """Rows of the region file, parents first. Raises ``ValueError`` naming the line that cannot be read."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for line, row in enumerate(rows, start=2):
        if row["level"] not in REGION_LEVELS:
            raise ValueError(
                f"{path.name} line {line}: unknown level {row['level']!r}; use one of {', '.join(REGION_LEVELS)}"
            )
    yield from sorted(rows, key=lambda row: (_PARENT_DIGITS[Level(row["level"])], row["code"]))


@transaction.atomic
def load_regions(path: Path) -> Loaded:
    """Create or update the regions of the file by code. Places not in the file stay: enterprises live under them. So do
    the names of those renamed or closed in the portal, which knows better than an older file."""
    settled = set(FormerName.objects.values_list("place_id", flat=True))
    present = {place.code: place for place in Place.objects.regions().select_related("parent")}
    created = changed = unchanged = 0
    for row in read_regions(path):
        parent = present.get(row["code"][: _PARENT_DIGITS[Level(row["level"])]])
        place = present.get(row["code"])
        if place is not None and (
            place.is_closed or place.pk in settled or _as_loaded(place) == _as_wanted(row, parent)
        ):
            unchanged += 1
            continue
        created, changed = (created + 1, changed) if place is None else (created, changed + 1)
        present[row["code"]] = save_place(
            level=row["level"], code=row["code"], name=row["name"], short_name=row["short_name"], parent=parent
        )
    return Loaded(created=created, changed=changed, unchanged=unchanged)


def _as_loaded(place: Place) -> tuple[Any, ...]:
    return place.level, place.name, place.short_name, place.parent_id


def _as_wanted(row: dict[str, str], parent: Place | None) -> tuple[Any, ...]:
    return row["level"], row["name"], row["short_name"] or row["name"], parent.pk if parent else None
