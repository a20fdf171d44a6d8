"""The catalogue of indicators as it is kept in ``data/``: what is asked for, what answers it, and what the rest waits for."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

DATA = Path(settings.BASE_DIR) / "data"
#: What is asked for: code, area, name, formula, unit, direction, period, source.
CATALOGUE_FILE = DATA / "indicator_catalogue.csv"
#: The indicators that come with the portal: ``number-part`` of the catalogue's number where it asks for several.
SHIPPED_FILE = DATA / "indicators.csv"
#: Numbers of which something, or all, cannot be measured yet, with the facts they wait for.
WAITING_FILE = DATA / "indicator_waiting.csv"


@dataclass(frozen=True)
class Waiting:
    """A number of the catalogue that waits for facts. ``is_partly``: something of it is measured already."""

    code: str
    area: str
    name: str
    unit: str
    waits_for: str
    is_partly: bool


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def catalogue() -> list[dict[str, str]]:
    """The rows of the catalogue as they are kept."""
    return _rows(CATALOGUE_FILE)


def shipped() -> list[dict[str, str]]:
    """The indicators that come with the portal, as they are kept."""
    return _rows(SHIPPED_FILE)


def number_in_catalogue(code: str) -> str:
    """``B01`` of ``B01-2``, the second indicator of that number."""
    return code.partition("-")[0]


@functools.cache
def areas_of_catalogue() -> tuple[str, ...]:
    """What an indicator may be about, in the order of the shipped ones and then of the catalogue."""
    return tuple(dict.fromkeys(row["area"] for row in (*shipped(), *catalogue())))


@functools.cache
def waiting_rows() -> tuple[Waiting, ...]:
    """What the catalogue asks for and nothing answers, or not all of it, in the catalogue's order."""
    waits = {row["code"]: row["waits_for"] for row in _rows(WAITING_FILE)}
    measured = {number_in_catalogue(row["code"]) for row in shipped()}
    return tuple(
        Waiting(row["code"], row["area"], row["name"], row["unit"], waits[row["code"]], row["code"] in measured)
        for row in catalogue()
        if row["code"] in waits
    )
