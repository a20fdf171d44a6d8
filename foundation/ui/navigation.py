"""The menu: sections (``foundation.ui.sections``) with the pages of the rooms as tabs inside them.

Each app registers its pages in ``AppConfig.ready``; a person sees those that are visible to them. This module asks the
database nothing; what a ``visible`` or ``badge`` callable asks is the app's own affair.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from foundation.labels import Label
from foundation.ui.sections import TOP_BAR, Section

#: Given the person who looks (``foundation.accounts.models.Actor``, which lies above this layer).
Test = Callable[[Any], bool]
Badge = Callable[[HttpRequest], int | str | None]

#: So many sections stand in the bar at the bottom of a telephone; the others are behind 更多.
IN_PHONE_BAR = 4


@dataclass(frozen=True)
class Item:
    """One page, as registered."""

    section: Section
    label: Label
    url_name: str
    icon: str
    order: int
    visible: Test
    badge: Badge | None
    also: tuple[str, ...]
    is_tab: bool

    @property
    def url(self) -> str:
        return _address(self.url_name, get_script_prefix())

    def begins(self, path: str) -> int:
        """How much of a page's address is this item's own, in characters; 0: nothing, and "/" only for itself."""
        own = (self.url, *self.also)
        return max(
            (len(start) for start in own if start == path or (start != "/" and path.startswith(start))), default=0
        )


@functools.lru_cache(maxsize=512)
def _address(url_name: str, _prefix: str) -> str:
    """The menu has dozens, the same on every page. They begin with the prefix that the portal is served under."""
    return reverse(url_name)


@dataclass
class Entry:
    """One tab of a section, as shown to a person."""

    label: str
    url: str
    url_name: str
    icon: str
    badge: int | str | None
    active: bool = False


@dataclass
class Door:
    """A section of the menu as shown to a person: where it leads, and the tabs inside it."""

    section: Section
    entries: list[Entry]
    remembered: str = ""

    @property
    def active(self) -> bool:
        return any(entry.active for entry in self.entries)

    @property
    def _only(self) -> Entry | None:
        return self.entries[0] if len(self.entries) == 1 else None

    @property
    def label(self) -> str:
        """A section that holds one page for this person goes by that page's name."""
        return self._only.label if self._only else str(self.section.label)

    @property
    def icon(self) -> str:
        return self._only.icon if self._only else self.section.icon

    @property
    def url(self) -> str:
        """Of the tab that was visited last, if it is still there, else of the first."""
        return next((entry.url for entry in self.entries if entry.url_name == self.remembered), self.entries[0].url)

    @property
    def badge(self) -> int | str | None:
        """What waits in all tabs together; a count that was cut ("99+") stands for itself."""
        counts = [entry.badge for entry in self.entries if entry.badge]
        cut = next((count for count in counts if isinstance(count, str)), None)
        return cut or sum(count for count in counts if isinstance(count, int)) or None


@dataclass(frozen=True)
class WorkPlace:
    """Somewhere a person may choose to work; an empty ``value`` is everywhere at once."""

    value: str
    label: str
    active: bool


_items: dict[tuple[str, str], Item] = {}
_offer_places: list[Callable[[HttpRequest], Sequence[WorkPlace]]] = []
_describe_person: list[Callable[[HttpRequest], Sequence[str]]] = []


def _everybody(person: object) -> bool:
    return True


def register_item(
    section: Section,
    label: Label,
    url_name: str,
    icon: str,
    order: int = 100,
    visible: Test = _everybody,
    badge: Badge | None = None,
    also: tuple[str, ...] = (),
    is_tab: bool = True,
) -> None:
    """Add a page to a section. ``also``: beginnings of further addresses that belong to it, which its own does not begin;
    ``is_tab=False``: a page that other pages lead to, found by the search alone. One page may stand in two sections, for
    different people."""
    item = Item(section, label, url_name, icon, order, visible, badge, also, is_tab)
    key = (section.key, url_name)
    if key in _items and _items[key] != item:
        raise ValueError(f"menu item for {url_name!r} is registered twice in {section.key!r}")
    _items[key] = item


def items_for(person: Any) -> list[Item]:
    """All pages of the menu and of the search that are there for this person, in their order."""
    found = [item for item in _items.values() if item.visible(person)]
    return sorted(found, key=lambda item: (item.section.order, item.order))


def _items_of(request: HttpRequest) -> list[Item]:
    """``items_for`` the person of a request: looked at once for side menu and account menu."""
    found: list[Item] | None = getattr(request, "menu_items", None)
    if found is None:
        found = items_for(request.user)
        request.menu_items = found  # type: ignore[attr-defined]
    return found


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


def account_pages(request: HttpRequest) -> list[Entry]:
    """The pages that the account menu of the top bar leads to."""
    shown = (item for item in _items_of(request) if item.section is TOP_BAR and item.is_tab)
    return [Entry(str(item.label), item.url, item.url_name, item.icon, None) for item in shown]


def cookie_of(section: Section) -> str:
    """The cookie that remembers which tab of a section was visited last."""
    return f"tab_{section.key}"


def doors_for(request: HttpRequest) -> list[Door]:
    """The side menu of this person on this page. Notes the tab they are on (``request.visited_tab``), for
    ``RememberTabMiddleware``."""
    doors: dict[str, Door] = {}
    items = _items_of(request)
    begins = [item.begins(request.path) for item in items]
    longest = max(begins, default=0)
    marked = items[begins.index(longest)] if longest else None
    for item in items:
        if item.section is TOP_BAR or not item.is_tab:
            continue
        remembered = request.COOKIES.get(cookie_of(item.section), "")
        door = doors.setdefault(item.section.key, Door(item.section, [], remembered))
        count = item.badge(request) if item.badge else None
        door.entries.append(Entry(str(item.label), item.url, item.url_name, item.icon, count or None))
    if marked is not None and marked.section.key in doors:
        _mark_active(doors[marked.section.key], marked, request)
    return list(doors.values())


def _mark_active(door: Door, marked: Item, request: HttpRequest) -> None:
    """The tab whose page, or a page below it, is open. A page that is no tab lights up the tab nearest above it."""
    address = marked.url
    fitting = [entry for entry in door.entries if entry.url_name == marked.url_name] or [
        entry for entry in door.entries if entry.url != "/" and address.startswith(entry.url)
    ]
    nearest = max(fitting, key=lambda entry: len(entry.url), default=door.entries[0])
    nearest.active = True
    request.visited_tab = (door.section, nearest.url_name)  # type: ignore[attr-defined]
