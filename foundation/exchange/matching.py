"""Which heading of a sheet is which column: by its own words, by a synonym, by likeness; the rest by hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from foundation.exchange.columns import NUMBER, REASON, SheetResource
from foundation.exchange.headings import normal
from foundation.exchange.widgets import narrow, tidy

#: From here on two headings are alike enough to be offered (``rapidfuzz``, 0 to 100).
ALIKE = 72
#: A heading that holds the other whole (讲座标题, 标题) is offered before one that is merely alike.
WITHIN = 90


class How(models.TextChoices):
    EXACT = "exact", _("相同")
    SYNONYM = "synonym", _("近义")
    LIKE = "like", _("相近")
    HAND = "hand", _("手工")
    SEVERAL = "several", _("有几列都像")
    NONE = "none", _("不读取")


class Match(NamedTuple):
    """A heading as it stands, its position from 0, and the column it is taken for ("" for none)."""

    position: int
    heading: str
    column: str
    how: str


def as_said(heading: str) -> str:
    """By what a choice of somebody's is known: the heading as it stands; a form sends its line breaks in another way."""
    return tidy(heading).replace("\r\n", "\n")


def match_headings(
    headings: Sequence[tuple[int, str]], resource: SheetResource, chosen: Mapping[str, str] | None = None
) -> list[Match]:
    """Every heading with its column; no column is taken twice but by headings that are word for word the same.

    ``chosen`` is what somebody said by hand, by heading (``as_said``); it goes before everything else. Headings that say
    the same of a column but for what stands in brackets (参加人数（男）, 参加人数（女）) are left to that person, unless one of
    them is exactly the column's own."""
    found: dict[int, tuple[str, str]] = {}
    open_headings: list[tuple[int, str]] = []
    exact: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for position, heading in headings:
        column = resource.by_heading.get(normal(heading))
        if chosen is not None and (said := as_said(heading)) in chosen:
            found[position] = (chosen[said], How.HAND if chosen[said] else How.NONE)
        elif heading.strip() == REASON:
            found[position] = ("", How.NONE)
        elif column is not None:
            exact[column.name].append((position, heading))
        else:
            open_headings.append((position, normal(heading)))
    by_hand = {name for name, _how in found.values()}
    for name, places in exact.items():
        for position, _heading in places:
            found[position] = (name, How.EXACT)
        if len({as_said(heading) for _position, heading in places}) < 2:
            continue
        column = next(column for column in resource.columns if column.name == name)
        own = [position for position, heading in places if _word_for_word(heading, column.heading)]
        for position, _heading in places:
            if name in by_hand or (own and position not in own):
                found[position] = ("", How.NONE)
            elif not own:
                found[position] = ("", How.SEVERAL)
    taken = {name for name, _how in found.values()}
    for how in (How.SYNONYM, How.LIKE):
        for position, form in list(open_headings):
            name = resource.synonyms.get(form, "") if how == How.SYNONYM else _most_like(form, resource, taken)
            if name and name not in taken:
                found[position] = (name, how)
                taken.add(name)
                open_headings.remove((position, form))
    return [Match(position, heading, *found.get(position, ("", How.NONE))) for position, heading in headings]


def _word_for_word(heading: str, own: str) -> bool:
    said = narrow(heading).replace(" ", "").replace("\n", "").strip("*")
    return said in (narrow(own), normal(own))


def _most_like(form: str, resource: SheetResource, taken: set[str]) -> str:
    """The column that is still free whose heading, or a synonym of it, is most like this one."""
    if len(form) < 2:
        return ""
    best, score = "", 0.0
    for column in resource.columns:
        if column.name in taken or column.name == NUMBER or column.only_exact or column.is_shown_only:
            continue
        for other in (normal(column.heading), *resource.words_of(column)):
            likeness = fuzz.ratio(form, other)
            if len(other) >= 2 and (other in form or form in other):
                likeness = max(likeness, WITHIN + likeness / 100)
            if likeness > score:
                best, score = column.name, likeness
    return best if score >= ALIKE else ""
