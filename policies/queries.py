"""Reading a policy document whole, in its own order, with what answers each clause. Four queries, whatever its size.

Policy documents are public to everyone who has signed in: no scope narrows them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q, QuerySet

from policies.links import ClauseLink, links_by_code
from policies.models import Clause, Document, Measure, Part
from policies.points import ClauseCoverage, ClauseState, coverage_of


@dataclass(frozen=True)
class ClauseReading:
    clause: Clause
    links: list[ClauseLink]
    coverage: ClauseCoverage


@dataclass(frozen=True)
class MeasureReading:
    """``links`` answer the measure as a whole; those of single sentences are with the sentences."""

    measure: Measure
    clauses: list[ClauseReading]
    links: list[ClauseLink]

    @property
    def is_answered(self) -> bool:
        """Nothing that any of its sentences asks for is without an answer."""
        states = {clause.coverage.state for clause in self.clauses}
        return bool(states) and states <= {ClauseState.CARRIED, ClauseState.GENERAL}


@dataclass(frozen=True)
class PartReading:
    """``clauses`` are those without a measure: the sentences of the part's own text, or its numbered points."""

    part: Part
    measures: list[MeasureReading]
    clauses: list[ClauseReading]
    children: list["PartReading"] = field(default_factory=list)

    @property
    def sentences(self) -> list[ClauseReading]:
        return [reading for reading in self.clauses if not reading.clause.is_point]

    @property
    def points(self) -> list[ClauseReading]:
        return [reading for reading in self.clauses if reading.clause.is_point]

    def walk(self) -> Iterator["PartReading"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class DocumentReading:
    """``opening`` and ``closing`` are the paragraphs outside every part: salutation, preamble, imprint."""

    document: Document
    parts: list[PartReading]
    opening: list[str]
    closing: list[str]

    @property
    def states(self) -> list[tuple[ClauseState, int]]:
        """How many of its clauses are in each state."""
        parts = [part for top in self.parts for part in top.walk()]
        clauses = [clause for part in parts for clause in part.clauses]
        clauses += [clause for part in parts for measure in part.measures for clause in measure.clauses]
        counts = Counter(clause.coverage.state for clause in clauses)
        return [(state, counts[state]) for state in ClauseState if counts[state]]


def documents_with_counts() -> QuerySet[Document]:
    """Every document with how many measures, safeguards and points it holds, and its missing parts; two queries."""
    return (
        Document.objects.defer("text")
        .annotate(
            measures=Count("parts__measures", filter=Q(parts__measures__is_safeguard=False), distinct=True),
            safeguards=Count("parts__measures", filter=Q(parts__measures__is_safeguard=True), distinct=True),
            points=Count("parts__clauses", filter=Q(parts__clauses__number__endswith="."), distinct=True),
        )
        .prefetch_related(Prefetch("parts", Part.objects.filter(is_missing=True), to_attr="missing_parts"))
    )


def read_document(code: str) -> DocumentReading | None:
    """The document with everything in it, or None when there is none of this code."""
    document = Document.objects.filter(pk=code).first()
    if document is None:
        return None
    links = links_by_code()
    clauses: dict[str, list[ClauseReading]] = defaultdict(list)
    for clause in Clause.objects.filter(part__document=document).order_by("order"):
        clauses[clause.measure_id or clause.part_id].append(
            ClauseReading(clause, links.get(clause.pk, []), coverage_of(clause.pk))
        )
    measures: dict[str, list[MeasureReading]] = defaultdict(list)
    for measure in Measure.objects.filter(part__document=document).order_by("order"):
        measures[measure.part_id].append(MeasureReading(measure, clauses[measure.pk], links.get(measure.pk, [])))
    readings: dict[str, PartReading] = {}
    top: list[PartReading] = []
    for part in Part.objects.filter(document=document).order_by("order"):
        reading = readings[part.pk] = PartReading(part, measures[part.pk], clauses[part.pk])
        (readings[part.parent_id].children if part.parent_id else top).append(reading)
    opening, closing = _outside_parts(document, [part for reading in top for part in reading.walk()])
    return DocumentReading(document, top, opening, closing)


def _outside_parts(document: Document, readings: list[PartReading]) -> tuple[list[str], list[str]]:
    """The paragraphs after the title and before the first part, and those after the last."""
    text = document.text
    begin = text.index(document.title) + len(document.title)
    held = [reading for reading in readings if not reading.part.is_missing]
    starts = [text.find(piece) for reading in held for piece in (str(reading.part), reading.part.text) if piece]
    ends = [text.rfind(piece) + len(piece) for reading in held for piece in _pieces(reading) if piece in text]
    first = min((start for start in starts if start >= begin), default=len(text))
    last = max(ends, default=len(text))
    return _paragraphs(text[begin:first]), _paragraphs(text[last:])


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pieces(reading: PartReading) -> Iterator[str]:
    yield from filter(None, (str(reading.part), reading.part.text))
    for measure in reading.measures:
        yield measure.measure.text
    for point in reading.points:
        yield point.clause.text
