"""Reading a policy document whole, in its own order, with what answers each clause. Four queries, whatever its size; a
few more for one that the province entered, whose points are rows.

Policy documents are public to everyone who has signed in: no scope narrows them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Prefetch, Q, QuerySet

from foundation.accounts.models import Actor
from policies.compiling import Compiled, Decision
from policies.links import ClauseLink, links_by_code
from policies.models import Clause, ClausePoint, Document, Edition, EditionState, Measure, Part, PointAnswer
from policies.parsing import ParsedClause, ParsedPart
from policies.points import ClauseCoverage, ClauseState, Point, PointReading, coverage_of, entered_coverage


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
    #: Of an entered document: its sentences and numbered points stand as they come, in the order of the text.
    is_entered: bool = False

    @property
    def sentences(self) -> list[ClauseReading]:
        return [reading for reading in self.clauses if self.is_entered or not reading.clause.is_point]

    @property
    def points(self) -> list[ClauseReading]:
        return [reading for reading in self.clauses if not self.is_entered and reading.clause.is_point]

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
    """Every document with how many measures, safeguards, points and clauses it holds, and its missing parts; two queries.
    Those in force come first."""
    in_parts = Q(parts__clauses__measure=None) & ~Q(parts__clauses__number__endswith="句")
    return (
        Document.objects.defer("text")
        .annotate(
            measures=Count("parts__measures", filter=Q(parts__measures__is_safeguard=False), distinct=True),
            safeguards=Count("parts__measures", filter=Q(parts__measures__is_safeguard=True), distinct=True),
            points=Count("parts__clauses", filter=in_parts, distinct=True),
            clauses=Count("parts__clauses", distinct=True),
        )
        .order_by(F("retired_on").asc(nulls_first=True), "order")
        .prefetch_related(Prefetch("parts", Part.objects.filter(is_missing=True), to_attr="missing_parts"))
    )


def read_document(code: str) -> DocumentReading | None:
    """The document with everything in it, or None when there is none of this code."""
    document = Document.objects.filter(pk=code).first()
    if document is None:
        return None
    links = links_by_code()
    entered = entered_coverage(code) if document.is_entered else {}
    clauses: dict[str, list[ClauseReading]] = defaultdict(list)
    for clause in Clause.objects.filter(part__document=document).order_by("order"):
        coverage = entered.get(clause.pk, ClauseCoverage()) if document.is_entered else coverage_of(clause.pk)
        named = _links_of(clause, coverage) if document.is_entered else links.get(clause.pk, [])
        clauses[clause.measure_id or clause.part_id].append(ClauseReading(clause, named, coverage))
    measures: dict[str, list[MeasureReading]] = defaultdict(list)
    for measure in Measure.objects.filter(part__document=document).order_by("order"):
        measures[measure.part_id].append(MeasureReading(measure, clauses[measure.pk], links.get(measure.pk, [])))
    readings: dict[str, PartReading] = {}
    top: list[PartReading] = []
    for part in Part.objects.filter(document=document).order_by("order"):
        reading = PartReading(part, measures[part.pk], clauses[part.pk], is_entered=document.is_entered)
        readings[part.pk] = reading
        (readings[part.parent_id].children if part.parent_id else top).append(reading)
    if document.is_entered:
        opening, closing = _paragraphs(document.opening), _paragraphs(document.closing)
    else:
        opening, closing = _outside_parts(document, [part for reading in top for part in reading.walk()])
    return DocumentReading(document, top, opening, closing)


def clauses_answered_by(kind: str, facts: Iterable[str], codes: Iterable[str]) -> QuerySet[Clause]:
    """What a kind of records with these facts answers: the clauses of these codes, and those of entered documents in force of
    which the province has linked a point to the kind or a fact of it. One query."""
    names = [kind, *(f"fact:{code}" for code in facts)]
    answered = PointAnswer.objects.filter(name__in=names).values("point__clause")
    linked = Q(code__in=answered, part__document__retired_on=None)
    found = Clause.objects.filter(Q(code__in=list(codes)) | linked)
    return found.select_related("measure", "part__document", "part__parent")


def _links_of(clause: Clause, coverage: ClauseCoverage) -> list[ClauseLink]:
    """What the province says answers a clause of an entered document, each once, where it has a page."""
    answers = dict.fromkeys(answer for point in coverage.points for answer in point.answers if answer.url)
    return [ClauseLink(clause.pk, answer.label, answer.url) for answer in answers]


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


# --- what the province works on -----------------------------------------------------------------------


def drafts_for(user: Actor) -> QuerySet[Edition]:
    """The drafts being worked on, the latest first, without their text."""
    drafts = Edition.objects.visible_to(user).filter(state=EditionState.DRAFT)
    return (
        drafts.select_related("document", "changed_by").defer("text", "codes", "document__text").order_by("-changed_at")
    )


def discarded_for(user: Actor) -> QuerySet[Edition]:
    """The drafts somebody deleted, the latest first; they can be had back."""
    discarded = Edition.objects.visible_to(user).filter(state=EditionState.DISCARDED)
    return (
        discarded.select_related("document", "changed_by")
        .defer("text", "codes", "document__text")
        .order_by("-changed_at")
    )


def editions_of(user: Actor, document: Document) -> QuerySet[Edition]:
    """The versions of a document that are or were in force, the latest first, without their text."""
    published = Edition.objects.visible_to(user).filter(document=document, published_at__isnull=False)
    return published.select_related("changed_by").defer("text", "codes").order_by("-published_at")


def points_to_link(document: Document) -> QuerySet[ClausePoint]:
    """The points of an entered document that ask for something, in the order of the text, with what they are linked to."""
    points = ClausePoint.objects.filter(clause__part__document=document, asks=True)
    related = points.select_related("clause__measure", "clause__part__parent").prefetch_related("named_answers")
    return related.order_by("clause__order", "order")


def preview_of(edition: Edition, made: Compiled, decisions: Sequence[Decision]) -> DocumentReading:
    """A draft as it would be read once published; nothing is linked yet. No query."""
    coverage = {
        code: ClauseCoverage(
            tuple(PointReading(Point(code, line, ()), None) for line in decision.lines if decision.asks),
            "" if decision.asks else "；".join(decision.lines),
        )
        for code, decision in zip(made.clause_codes, decisions, strict=True)
    }
    document = Document(
        code=edition.document_id or f"d{edition.pk}",
        **{name: getattr(edition, name) for name in ("title", "number", "issuer", "issued_on", "source", "text")},
    )
    parts = [_preview_of_part(part, document, coverage) for part in made.parts]
    return DocumentReading(document, parts, _paragraphs(made.opening), _paragraphs(made.closing))


def _preview_of_part(part: ParsedPart, document: Document, coverage: Mapping[str, ClauseCoverage]) -> PartReading:
    row = Part(code=part.code, document=document, number=part.number, title=part.title, text=part.text)
    measures = []
    for one in part.measures:
        measure = Measure(code=one.code, part=row, number=one.number, title=one.title, text=one.text)
        measures.append(MeasureReading(measure, _preview_of_clauses(one.clauses, coverage), []))
    children = [_preview_of_part(child, document, coverage) for child in part.children]
    return PartReading(row, measures, _preview_of_clauses(part.sentences, coverage), children, is_entered=True)


def _preview_of_clauses(clauses: Sequence[ParsedClause], coverage: Mapping[str, ClauseCoverage]) -> list[ClauseReading]:
    return [
        ClauseReading(Clause(code=one.code, number=one.number, text=one.text), [], coverage[one.code])
        for one in clauses
    ]
