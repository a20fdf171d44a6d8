"""The menu. Each app registers its items in ``AppConfig.ready``; a person sees those that are visible to them.

This module asks the database nothing; what a ``visible`` or ``badge`` callable asks is the app's own affair.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse

from foundation.labels import Label

Test = Callable[[HttpRequest], bool]
Badge = Callable[[HttpRequest], int | str | None]


@dataclass(frozen=True)
class Item:
    """One line of the menu, as registered."""

    section: Label
    label: Label
    url_name: str
    icon: str
    order: int
    visible: Test
    badge: Badge | None


@dataclass
class Entry:
    """One line of the menu, as shown to a person."""

    label: str
    url: str
    icon: str
    badge: int | str | None
    active: bool = False


@dataclass
class Section:
    label: str
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class WorkPlace:
    """Somewhere a person may choose to work; an empty ``value`` is everywhere at once."""

    value: str
    label: str
    active: bool


_items: dict[str, Item] = {}
_offer_places: list[Callable[[HttpRequest], Sequence[WorkPlace]]] = []
_describe_person: list[Callable[[HttpRequest], Sequence[str]]] = []


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def register_item(
    section: Label,
    label: Label,
    url_name: str,
    icon: str,
    order: int = 100,
    visible: Test = _signed_in,
    badge: Badge | None = None,
) -> None:
    """Add a line to the menu. ``section`` "" has no head; sections stand in the order of their first item."""
    item = Item(section, label, url_name, icon, order, visible, badge)
    if url_name in _items and _items[url_name] != item:
        raise ValueError(f"menu item for {url_name!r} is registered twice")
    _items[url_name] = item


def describe_person_with(describe: Callable[[HttpRequest], Sequence[str]]) -> None:
    """Let the layer that knows say what the account menu writes under a person's name (role · place)."""
    _describe_person[:] = [describe]


def person_lines(request: HttpRequest) -> list[str]:
    """What stands under the name in the account menu."""
    return [str(line) for describe in _describe_person for line in describe(request)]


def offer_places_with(offer: Callable[[HttpRequest], Sequence[WorkPlace]]) -> None:
    """Let the layer that knows say between which places a person of several may switch."""
    _offer_places[:] = [offer]


def work_places(request: HttpRequest) -> list[WorkPlace]:
    """The places the account menu offers; none when there is nothing to choose."""
    return [place for offer in _offer_places for place in offer(request)]


def sections_for(request: HttpRequest) -> list[Section]:
    """The menu of this person on this page."""
    sections: dict[str, Section] = {}
    entries: list[Entry] = []
    for item in sorted(_items.values(), key=lambda item: item.order):
        if not item.visible(request):
            continue
        count = item.badge(request) if item.badge else None
        entry = Entry(label=str(item.label), url=reverse(item.url_name), icon=item.icon, badge=count or None)
        sections.setdefault(str(item.section), Section(str(item.section))).entries.append(entry)
        entries.append(entry)
    _mark_active(entries, request.path)
    return list(sections.values())


def _mark_active(entries: list[Entry], path: str) -> None:
    """The entry whose address begins this page's address, the longest first; "/" only for itself."""
    fitting = [entry for entry in entries if entry.url == path or (entry.url != "/" and path.startswith(entry.url))]
    if fitting:
        max(fitting, key=lambda entry: len(entry.url)).active = True
