"""Which section of the handbook helps on this page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from foundation.handbook.chapters import find_section, section_for_page


@dataclass(frozen=True)
class Help:
    """``url`` is the place in the handbook, ``part_url`` brings that section alone."""

    title: str
    url: str
    part_url: str


def help_for(page: str) -> Help | None:
    """The help of a page by its URL name; None when the handbook has no word for it."""
    target = section_for_page(page)
    if not target:
        return None
    section = find_section(target)[0]
    part_url = reverse("handbook:chapter", args=[section.chapter])
    return Help(section.title, section.url, f"{part_url}?{urlencode({'section': section.anchor})}")


def help_here(request: HttpRequest) -> dict[str, object]:
    """``page_help`` for the page frame. Lazy: a fragment that draws no frame pays nothing."""
    match = request.resolver_match
    return {"page_help": SimpleLazyObject(lambda: help_for(match.view_name if match else ""))}
