"""Loading the policy documents: parsed text becomes rows, by code."""

from pathlib import Path
from typing import Any

from django.db import models, transaction

from foundation.loading import Loaded, is_referred_to, upsert
from policies.links import links_by_code
from policies.models import Clause, Document, Measure, Part
from policies.parsing import ParsedClause, ParsedDocument, ParsedPart, read_documents


@transaction.atomic
def load_policies(folder: Path) -> Loaded:
    """Create or update the documents that the portal ships. A code no longer in their text is removed unless something
    still answers or refers to it; documents that the province entered are left alone."""
    rows: dict[type[models.Model], list[dict[str, Any]]] = {Document: [], Part: [], Measure: [], Clause: []}
    for order, document in enumerate(read_documents(folder), start=1):
        collect(document, order, rows)
    loaded = Loaded()
    for model, wanted in rows.items():
        loaded += upsert(model, wanted)
    # Children first, so that a part whose measures all went can go too.
    for model, wanted in reversed(rows.items()):
        loaded += _remove_others(model, {row["code"] for row in wanted})
    return loaded


def collect(document: ParsedDocument, order: int, rows: dict[type[models.Model], list[dict[str, Any]]]) -> None:
    """Add a document's rows to those of each model, parents first."""
    rows[Document].append(
        {
            "code": document.code,
            "title": document.title,
            "number": document.number,
            "issuer": document.issuer,
            "issued_on": document.issued_on,
            "source": document.source,
            "text": document.text,
            "order": order,
        }
    )
    parents = {child.code: part.code for part in document.walk() for child in part.children}
    for part in document.walk():
        rows[Part].append(
            {
                "code": part.code,
                "document_id": document.code,
                "parent_id": parents.get(part.code),
                "number": part.number,
                "title": part.title,
                "text": part.text,
                "is_missing": part.is_missing,
                "order": len(rows[Part]) + 1,
            }
        )
        _collect_measures(part, rows)


def _collect_measures(part: ParsedPart, rows: dict[type[models.Model], list[dict[str, Any]]]) -> None:
    for measure in part.measures:
        rows[Measure].append(
            {
                "code": measure.code,
                "part_id": part.code,
                "number": measure.number,
                "title": measure.title,
                "text": measure.text,
                "is_safeguard": measure.is_safeguard,
                "order": len(rows[Measure]) + 1,
            }
        )
        _collect_clauses(measure.clauses, part.code, measure.code, rows[Clause])
    _collect_clauses((*part.sentences, *part.points), part.code, None, rows[Clause])


def _collect_clauses(
    clauses: tuple[ParsedClause, ...], part_code: str, measure_code: str | None, rows: list[dict[str, Any]]
) -> None:
    for clause in clauses:
        rows.append(
            {
                "code": clause.code,
                "measure_id": measure_code,
                "part_id": part_code,
                "number": clause.number,
                "text": clause.text,
                "order": len(rows) + 1,
            }
        )


#: How a row says that its document was entered.
_OF_ENTERED: dict[type[models.Model], str] = {
    Document: "is_entered",
    Part: "document__is_entered",
    Measure: "part__document__is_entered",
    Clause: "part__document__is_entered",
}


def _remove_others(model: type[models.Model], wanted: set[str]) -> Loaded:
    """Rows of other codes, latest first, so that a part is looked at after the parts within it."""
    entered = _OF_ENTERED[model]
    strays = list(model._base_manager.exclude(pk__in=wanted).exclude(**{entered: True}).order_by("-order", "-pk"))
    if not strays:
        return Loaded()
    removed = kept = 0
    answered = links_by_code()
    for item in strays:
        if item.pk in answered or is_referred_to(item):
            kept += 1
        else:
            item.delete()
            removed += 1
    return Loaded(removed=removed, kept=kept)
