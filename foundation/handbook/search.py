"""What the search everywhere finds in the handbook."""

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Actor
from foundation.handbook.chapters import Section, chapters
from foundation.search.searchers import Hit, Searcher, Terms, excerpt, holds, register_searcher


def find(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Sections by their heading, then by their text."""
    return list(islice(_hits(terms), limit))


def _hits(terms: Terms) -> Iterator[Hit]:
    everything = [
        (chapter.title, section) for chapter in chapters().values() for section in (chapter.lead, *chapter.sections)
    ]
    named = [(title, section) for title, section in everything if holds(section.title, terms)]
    for title, section in named:
        yield _hit(title, section, "")
    for title, section in everything:
        if (title, section) not in named and holds(f"{title} {section.title} {section.text}", terms):
            yield _hit(title, section, excerpt(section.text, terms))


def _hit(chapter: str, section: Section, matched: str) -> Hit:
    return Hit(title=section.title, url=section.url, subtitle=chapter, matched=matched)


register_searcher(
    Searcher(name="handbook", label=_("使用手册"), hint=_("怎么做、名词解释"), icon="help-circle", find=find, order=70)
)
