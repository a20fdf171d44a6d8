"""The search everywhere: the page, its results alone, and the short list under the box in the top bar."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.accounts.requests import PortalRequest
from foundation.search.searchers import LONGEST_TEXT, is_enough, search, searchers_for, split_terms

#: Hits a group: while typing, on the page, and when one group is opened.
LIVE, PAGE, WHOLE = 4, 8, 50


@require_safe
def search_page(request: PortalRequest) -> HttpResponse:
    """``/search/?q=…&in=enterprises``: all groups, or one of them at length. htmx gets the part it is to replace."""
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    terms = split_terms(text)
    offered = searchers_for(request.user)
    only = next((searcher for searcher in offered if searcher.name == request.GET.get("in")), None)
    template, limit = "search/search.html", WHOLE if only else PAGE
    if request.htmx:
        is_live = request.htmx.target == "search-live"
        template, limit = ("search/_live.html", LIVE) if is_live else ("search/_groups.html", limit)
    enough = is_enough(terms)
    context = {
        "text": text,
        "terms": terms,
        "enough": enough,
        "only": only,
        "offered": offered,
        "groups": search(request.user, terms, limit=limit, only=only.name if only else "") if enough else [],
    }
    return render(request, template, context)
