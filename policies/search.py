"""What the search everywhere finds in the policy documents: public to everyone who has signed in."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.search.searchers import Hit, Searcher, Terms, every_term, excerpt, holds, register_searcher
from policies.models import Clause, Document, Measure, Part


def find(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Documents by title and number, parts and measures by title, clauses by their text; the broader ones first, and
    the finer only as long as there is room for them."""
    hits: list[Hit] = []
    for source in (_documents, _parts, _measures, _clauses):
        if len(hits) < limit:
            hits += source(terms, limit - len(hits))
    return hits


def _address(document: str, code: str) -> str:
    return f"{reverse('policies:document', args=[document])}#{code}"


def _documents(terms: Terms, limit: int) -> Iterator[Hit]:
    found = Document.objects.filter(
        every_term(terms, lambda word: Q(title__icontains=word) | Q(number__icontains=word))
    )
    for document in found.defer("text")[:limit]:
        url = reverse("policies:document", args=[document.code])
        subtitle = document.number or document.issuer
        yield Hit(
            title=document.title, url=url, subtitle=_("已停用 · %s") % subtitle if document.retired_on else subtitle
        )


def _parts(terms: Terms, limit: int) -> Iterator[Hit]:
    found = Part.objects.filter(every_term(terms, lambda word: Q(title__icontains=word) | Q(text__icontains=word)))
    for part in found.select_related("document").defer("document__text")[:limit]:
        matched = "" if holds(part.title, terms) else excerpt(part.text, terms)
        url = _address(part.document_id, part.code)
        yield Hit(title=str(part), url=url, subtitle=part.document.title, matched=matched)


def _measures(terms: Terms, limit: int) -> Iterator[Hit]:
    found = Measure.objects.filter(every_term(terms, lambda word: Q(title__icontains=word)))
    for measure in found.select_related("part__document").defer("part__document__text")[:limit]:
        url = _address(measure.part.document_id, measure.code)
        yield Hit(title=str(measure), url=url, subtitle=measure.part.document.title)


def _clauses(terms: Terms, limit: int) -> Iterator[Hit]:
    found = Clause.objects.filter(every_term(terms, lambda word: Q(text__icontains=word)))
    for clause in found.select_related("measure", "part__document").defer("part__document__text")[:limit]:
        url = _address(clause.part.document_id, clause.code)
        matched = excerpt(clause.text, terms)
        yield Hit(
            title=str(clause.measure or clause.part), url=url, subtitle=clause.part.document.title, matched=matched
        )


register_searcher(
    Searcher(
        name="policies",
        label=gettext_lazy("政策文件和条款"),
        hint=gettext_lazy("文件标题、文号、条款中的词句"),
        icon="book-2",
        find=find,
        order=60,
    )
)
