"""Clauses point by point: each thing a clause asks for, what answers it, and the state of the clause that follows.

The points stand in ``data/policy/points.csv`` beside the text. ``answers`` names one thing that answers the point, or
several of which one is enough, divided by ``|``:

===============================  =================================================================
``ideology.lecture``             a record kind
``ideology.lecture#B01.x``       a fact of the kind
``ideology.lecture@venue``       a field of the kind
``fact:REG.party_orgs``          a fact, whoever counts it
``register:enterprises.pilots``  a register
``indicator:D02-1``              an indicator; of entered documents only, as it is a row
``rule:R03``                     a rule of compliance
``later:evaluation``             something that is none of them yet
``总述``                         the sentence asks for nothing; the row's words say why
===============================  =================================================================

Points of a document that the province entered are rows (``ClausePoint``), their answers too (``PointAnswer``).

What the portal does not have yet has a row with its name in ``awaited.csv``; a point that names it turns answered by
itself as soon as it is there. A name that is neither there nor awaited is a mistake (``mistakes``).
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from policies.links import Answer, answer_to, answers_to
from policies.models import ClausePoint

FOLDER = Path(settings.BASE_DIR) / "data" / "policy"
GENERAL = "总述"


class ClauseState(TextChoices):
    CARRIED = "carried", _("已承载")
    PARTLY = "partly", _("部分承载")
    TO_BUILD = "to_build", _("待建")
    GENERAL = "general", _("总述")


@dataclass(frozen=True)
class Point:
    """One thing a clause asks for. No ``answers``: it asks for nothing, and ``text`` says why."""

    clause: str
    text: str
    answers: tuple[str, ...]

    @property
    def kinds(self) -> set[str]:
        """The slugs of the kinds it names."""
        return {answer.partition("#")[0].partition("@")[0] for answer in self.answers if ":" not in answer}


@dataclass(frozen=True)
class PointReading:
    """A point with the answer found, or with the names of what it waits for. ``answers``: that one, and of an entered
    document every other that the province named."""

    point: Point
    answer: Answer | None
    awaited: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def waits_for(self) -> str:
        return "、".join(self.awaited)


@dataclass(frozen=True)
class ClauseCoverage:
    """How far a clause is carried. A sentence that asks for nothing has no points, and words why."""

    points: tuple[PointReading, ...] = ()
    why_general: str = ""

    @property
    def answered(self) -> int:
        return sum(1 for reading in self.points if reading.answer)

    @property
    def missing(self) -> list[PointReading]:
        return [reading for reading in self.points if not reading.answer]

    @property
    def state(self) -> ClauseState:
        if self.why_general:
            return ClauseState.GENERAL
        if not self.answered:
            return ClauseState.TO_BUILD
        return ClauseState.PARTLY if self.missing else ClauseState.CARRIED


def read_points(path: Path) -> dict[str, list[Point]]:
    """The points of a file by the code of their clause, in the order of the file."""
    found: dict[str, list[Point]] = defaultdict(list)
    for row in _rows(path):
        answers = () if row["answers"] == GENERAL else tuple(part.strip() for part in row["answers"].split("|"))
        found[row["clause"]].append(Point(row["clause"], row["point"], answers))
    return dict(found)


def read_awaited(path: Path) -> dict[str, str]:
    """What is to come, by the name that points give it: what people call it."""
    return {row["answer"]: row["label"] for row in _rows(path)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def all_points() -> Mapping[str, list[Point]]:
    return read_points(FOLDER / "points.csv")


@cache
def all_awaited() -> Mapping[str, str]:
    return read_awaited(FOLDER / "awaited.csv")


def coverage_of(clause: str) -> ClauseCoverage:
    """How far the clause of this code is carried, as the portal stands. No query."""
    points = all_points().get(clause, [])
    general = next((point.text for point in points if not point.answers), "")
    return ClauseCoverage(tuple(_read(point) for point in points if point.answers), general)


def entered_coverage(document: str) -> dict[str, ClauseCoverage]:
    """How far each clause of an entered document is carried, by its code. Two queries, and one for each sort of rows that
    answer points."""
    rows = ClausePoint.objects.filter(clause__part__document=document).prefetch_related("named_answers")
    points: dict[str, list[tuple[ClausePoint, list[str]]]] = defaultdict(list)
    for row in rows:
        points[row.clause_id].append((row, [answer.name for answer in row.named_answers.all()]))
    known = answers_to({name for of_clause in points.values() for _row, names in of_clause for name in names})
    return {clause: _of_rows(clause, of_clause, known) for clause, of_clause in points.items()}


def _of_rows(clause: str, rows: Sequence[tuple[ClausePoint, list[str]]], known: Mapping[str, Answer]) -> ClauseCoverage:
    general = "；".join(row.text for row, _names in rows if not row.asks)
    readings = []
    for row, names in rows:
        if row.asks:
            found = tuple(known[name] for name in names if name in known)
            missing = tuple(name for name in names if name not in known)
            point = Point(clause, row.text, tuple(names))
            readings.append(PointReading(point, found[0] if found else None, () if found else missing, found))
    return ClauseCoverage(tuple(readings), general)


def _read(point: Point) -> PointReading:
    found = next((answer for name in point.answers if (answer := answer_to(name))), None)
    awaited = () if found else tuple(dict.fromkeys(map(_name_of, point.answers)))
    return PointReading(point, found, awaited, (found,) if found else ())


def _name_of(answer: str) -> str:
    """What an answer that is not there is called: by its own row, or as the kind it belongs to."""
    kind = answer.partition("#")[0].partition("@")[0]
    awaited = all_awaited()
    return awaited.get(answer) or awaited.get(kind, answer)


def mistakes(
    points: Mapping[str, list[Point]],
    awaited: Mapping[str, str],
    clauses: Iterable[str],
    kinds: Mapping[str, Iterable[str]],
) -> list[str]:
    """What is wrong with the points, each as a sentence that says where to mend it. ``clauses`` are the codes of all clauses;
    ``kinds`` the slugs of the registered kinds, with the codes of clauses or measures that each says it answers."""
    codes = list(clauses)
    found = [f"{code}: no clause of a document has this code (points.csv)" for code in points if code not in codes]
    found += [f"{code}: the clause has no points (points.csv)" for code in codes if not points.get(code)]
    for code, of_clause in points.items():
        if len(of_clause) > 1 and any(not point.answers for point in of_clause):
            found.append(f"{code}: is {GENERAL} and has points as well (points.csv)")
        for point in of_clause:
            found += [
                f"{code} {point.text}: {answer!r} is neither in the portal nor awaited; correct points.csv, or name it in "
                "awaited.csv"
                for answer in point.answers
                if not _is_known(answer, awaited, kinds)
            ]
    for slug, claimed in kinds.items():
        for code in claimed:
            named = {
                kind for clause in _clauses_of(code, codes) for point in points.get(clause, []) for kind in point.kinds
            }
            if slug not in named:
                found.append(f"{slug} says it answers {code}, but no point of {code} names it; correct one of them")
    return found


def _is_known(answer: str, awaited: Mapping[str, str], kinds: Mapping[str, Iterable[str]]) -> bool:
    """There, or awaited; a fact or a field of a kind that is to come may be named before it is there."""
    if answer in awaited or answer_to(answer):
        return True
    kind = answer.partition("#")[0].partition("@")[0]
    return kind != answer and kind in awaited and kind not in kinds


def _clauses_of(code: str, codes: list[str]) -> list[str]:
    """The clause of this code, or the clauses of the measure of this code."""
    return [clause for clause in codes if clause == code or clause.rpartition("-c")[0] == code]
