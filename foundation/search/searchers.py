"""Search everywhere: each room says in its ``search.py`` what can be found in it; one page asks all of them.

A searcher starts from ``visible_to`` or a scoped read of ``foundation.access.queries``, so that what lies outside a
person's scope is not found. It is asked for a few hits and never counts: a page of results is no list.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from foundation.accounts.models import Actor
from foundation.labels import Label

#: What is read of the typed text; the rest is dropped.
LONGEST_TEXT = 100
MOST_TERMS = 6

#: Han characters of all planes, radicals, and the private use that stands for some of them.
_CHINESE = re.compile(r"[\u2e80-\u2fdf\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff]")

Terms = tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """One thing found. ``matched`` shows the words where the title does not: an excerpt, a number."""

    title: str
    url: str
    subtitle: str = ""
    matched: str = ""


def _everybody(user: Actor) -> bool:
    return True


@dataclass(frozen=True)
class Searcher:
    """``find(user, words, limit)`` returns at most ``limit`` hits that hold all the words. ``hint`` says what may be
    typed; ``offered_to`` says who is told of it (``find`` itself decides what they find)."""

    name: str
    label: Label
    hint: Label
    icon: str
    find: Callable[[Actor, Terms, int], Sequence[Hit]]
    order: int = 50
    offered_to: Callable[[Actor], bool] = _everybody


@dataclass(frozen=True)
class Group:
    searcher: Searcher
    hits: list[Hit]
    has_more: bool


_searchers: dict[str, Searcher] = {}


def register_searcher(searcher: Searcher) -> None:
    """Registering the same searcher again changes nothing; another of its name is an error."""
    if _searchers.setdefault(searcher.name, searcher) != searcher:
        raise ValueError(f"searcher {searcher.name!r} is registered twice")


def searchers_for(user: Actor) -> list[Searcher]:
    """What this person is told they can search, in the order of the page."""
    offered = [searcher for searcher in _searchers.values() if searcher.offered_to(user)]
    return sorted(offered, key=lambda searcher: (searcher.order, searcher.name))


def split_terms(text: str) -> Terms:
    """The words of what was typed, each once: all of them must be found."""
    return tuple(dict.fromkeys(text[:LONGEST_TEXT].split()))[:MOST_TERMS]


def is_enough(terms: Terms) -> bool:
    """One Chinese character narrows a search; of other letters it takes two."""
    text = "".join(terms)
    return len(text) > 1 or bool(_CHINESE.search(text))


def every_term(terms: Terms, condition: Callable[[str], Q]) -> Q:
    """All words, each wherever ``condition`` looks."""
    joined = Q()
    for word in terms:
        joined &= condition(word)
    return joined


def holds(text: str, terms: Terms) -> bool:
    """Whether all words are in a text that is in memory."""
    folded = text.casefold()
    return all(word.casefold() in folded for word in terms)


def excerpt(text: str, terms: Terms, *, around: int = 36) -> str:
    """The part of a long text that shows the first word found in it; the beginning when none is."""
    folded = text.casefold()
    places = [place for word in terms if (place := folded.find(word.casefold())) >= 0]
    start = max(0, min(places, default=0) - around)
    end = start + 3 * around
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def search(user: Actor, terms: Terms, *, limit: int, only: str = "") -> list[Group]:
    """What each room finds, at most ``limit`` a room; ``only`` asks one of them. Rooms that find nothing are left out."""
    groups = []
    for searcher in searchers_for(user):
        if only and searcher.name != only:
            continue
        if hits := list(searcher.find(user, terms, limit + 1)):
            groups.append(Group(searcher, hits[:limit], len(hits) > limit))
    return groups
