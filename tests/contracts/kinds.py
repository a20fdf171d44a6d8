"""The kinds a contract walks over: all of them, the greater part marked as a sweep.

A quick run leaves sweeps out (`-m "not sweep"`, `./portal test`) and so meets a few kinds that together have every
feature there is: each rhythm, each way to declare something, each sort of field. `./portal test --all` meets every kind.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest

from records.core.kinds import RecordKind, all_kinds

#: What every kind says of itself, and says differently.
_NAMES = {"model", "area", "clauses", "purpose", "fieldsets", "order"}


def features(kind: RecordKind) -> set[str]:
    """What could make a kind behave unlike another: what it declares beyond the defaults, and of what sort its fields are."""
    declared = {
        f"{name} {said}" if isinstance(said := getattr(kind, name), str) else name
        for name in RecordKind.__annotations__
        if name not in _NAMES and getattr(kind, name) != getattr(RecordKind, name)
    }
    own_ways = {name for name, value in vars(type(kind)).items() if isinstance(value, FunctionType | property)}
    fields = [kind.model._meta.get_field(name) for name in kind.fields]
    sorts = {f"{type(field).__name__}{' of choices' if field.choices else ''}" for field in fields}
    return {f"rhythm {kind.rhythm}", f"review by {kind.review_levels}", *declared, *own_ways, *sorts}


def representatives(kinds: list[RecordKind]) -> list[RecordKind]:
    """As few as easily found that have every feature of all: the one that adds most first, by name where two add the
    same."""
    chosen: list[RecordKind] = []
    missing = set().union(*map(features, kinds))
    while missing:
        best = min(kinds, key=lambda kind: (-len(features(kind) & missing), kind.slug))
        chosen.append(best)
        missing -= features(best)
    return chosen


def each_kind(wanted: Callable[[RecordKind], Any] = lambda kind: True) -> list[Any]:
    """Parameters for a test: every kind that may be filed and is wanted; those that stand for no feature of their own are a
    sweep."""
    kinds = [kind for kind in all_kinds() if not kind.is_retired and wanted(kind)]
    shown = representatives(kinds)
    return [pytest.param(kind, id=kind.slug, marks=() if kind in shown else pytest.mark.sweep) for kind in kinds]


def by_workbook(kind: RecordKind) -> bool:
    """Enterprises report it, those of the cast among them: what a workbook of theirs may hold."""
    asks_everybody = type(kind).applies_to is RecordKind.applies_to
    return kind.is_for_enterprises and (asks_everybody or not kind.is_for_offices)
