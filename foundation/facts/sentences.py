"""What the report says of figures, declared by the room that owns them (``<room>/sentences.py``).

An item is one 一是…; its clauses are read by ``reporting/narrative.py``, which says what may stand in braces. A clause with
an unknown figure is left out, and one about nothing (zeros now, and before); an item without clauses as well. A clause
that begins with 其中 or 占 speaks of a part of what stands before it.
"""

from dataclasses import dataclass

from foundation.labels import Label


@dataclass(frozen=True)
class Item:
    """One 一是 of a task area: the area's room, a title and its clauses.

    ``order`` of the item within its area, smaller first; items of one order stand as they were declared.
    ``lower_is_better``: what grows is no progress and stands among the problems. ``when_none`` is said in its place where
    all who reported have none.
    """

    area: str
    title: Label
    clauses: tuple[Label, ...]
    lower_is_better: bool = False
    when_none: Label = ""
    order: int = 50


@dataclass(frozen=True)
class Problem:
    """What stands among the problems while the fact is not zero: a title, and the clause that tells it."""

    fact: str
    title: Label
    clause: Label


_problems: dict[str, Problem] = {}
_items: dict[tuple[str, str], Item] = {}


def register_items(*items: Item) -> None:
    """An item of the same area and title replaces itself, so that a module may be loaded again."""
    for item in items:
        _items[item.area, str(item.title)] = item


def register_problems(*problems: Problem) -> None:
    """Another problem of the same fact replaces the first."""
    for problem in problems:
        _problems[problem.fact] = problem


def all_problems() -> list[Problem]:
    """In the order of their facts' codes."""
    return [_problems[fact] for fact in sorted(_problems)]


def all_items() -> list[Item]:
    """Every item, by order within its area; the areas themselves are put in order by who prints them."""
    return sorted(_items.values(), key=lambda item: item.order)
