"""The handbook's pages: the list of chapters, one chapter, all of them on paper. Everyone who has signed in may read it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.access.scope import scope_of
from foundation.accounts.requests import PortalRequest
from foundation.handbook.chapters import Chapter, chapters, contents


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """All chapters, with those for the person's own roles in front."""
    own = {slug for role in scope_of(request.user).roles() for slug in contents()["roles"].get(role, [])}
    everything = list(chapters().values())
    context = {
        "own": [chapter for chapter in everything if chapter.slug in own],
        "others": [chapter for chapter in everything if chapter.slug not in own],
    }
    return render(request, "handbook/index.html", context)


@require_safe
def chapter_page(request: PortalRequest, slug: str) -> HttpResponse:
    """One chapter; htmx gets the section it names, for the panel beside a page."""
    chapter = chapters().get(slug)
    if chapter is None:
        raise Http404(_("手册中没有这一章。"))
    if request.htmx:
        return _section(request, chapter, request.GET.get("section", ""))
    order = list(chapters().values())
    place = order.index(chapter)
    context = {
        "chapter": chapter,
        "previous": order[place - 1] if place else None,
        "following": order[place + 1] if place + 1 < len(order) else None,
    }
    return render(request, "handbook/chapter.html", context)


def _section(request: PortalRequest, chapter: Chapter, anchor: str) -> HttpResponse:
    try:
        sections = chapter.part(anchor) if anchor else [chapter.lead]
    except LookupError as error:
        raise Http404(_("手册中没有这一节。")) from error
    return render(request, "handbook/_section.html", {"chapter": chapter, "sections": sections, "first": sections[0]})


@require_safe
def whole(request: PortalRequest) -> HttpResponse:
    """Every chapter on one page, to be printed."""
    return render(request, "handbook/whole.html", {"chapters": chapters().values()})
