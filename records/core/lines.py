"""What a kind declares of its lines, and what is checked of them: row by row, and among each other."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from foundation.fields import field_of, label_of_field
from foundation.labels import Label
from foundation.saying import filled
from records.core.fields import quantity_of
from records.core.models.line import RecordLine
from records.core.models.record import Record


@dataclass(frozen=True)
class Total:
    """The sum of a column that should come to what a field of the record says. Where it does not, it is asked about when
    the record is handed in, never refused: what was spent may not all be known by purpose."""

    column: str
    field: str


class Cited(NamedTuple):
    """What a line tells whoever refers to it: its subject, what became of it in words, whether it is to be voted on, and
    whether it passed (None: not said, or not voted on)."""

    about: str
    outcome: str
    is_vote: bool
    is_passed: bool | None


@dataclass(frozen=True)
class Lines:
    """Rows of a record of one sort.

    name       what the model's ``LineOf`` calls them; also their name in forms, API and history
    model      the class of a line
    fields     its fields, in the order of the columns
    label      what the table is called
    required   cells each line must have to be handed in
    at_least   so many lines a hand-in needs
    most       more lines than this are refused
    unique     no two lines have the same values in all of these
    totals     sums that should equal fields of the record
    stands_until  the day up to which a line is in force: the next return takes over whole those that still are, and no other
    help       one line under the table: what a row is
    cited      what a line tells records of other kinds that refer to it, None for a line that cannot be referred to; where
               it is not given, none can
    """

    name: str
    model: type[RecordLine]
    fields: tuple[str, ...]
    label: Label
    required: tuple[str, ...] = ()
    at_least: int = 0
    most: int = 100
    unique: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    stands_until: str = ""
    help: Label = ""
    cited: Callable[[Any], Cited | None] | None = None

    def in_force(self, rows: Iterable[Mapping[str, Any]], today: datetime.date) -> list[Mapping[str, Any]]:
        """Of the rows of an earlier record those that still stand; all of them where lines have no such day."""
        name = self.stands_until
        return [row for row in rows if not name or row[name] is None or row[name] >= today]


class Cell(NamedTuple):
    """A place in a record's lines: the row as people count, from 1, and the field; ``""``: the row as a whole."""

    row: int
    field: str


#: What is wrong with lines, by their name and the place; row 0: the lines as a whole.
Problems = dict[tuple[str, Cell], list[str]]


def path_of(name: str, cell: Cell) -> str:
    """``agenda.2.votes_for``: how errors, rules and remarks name a place in the lines."""
    return ".".join([name, *([str(cell.row)] if cell.row else []), *([cell.field] if cell.field else [])])


def place_in(path: str) -> tuple[str, Cell]:
    """The name of the lines and the place that a path says; of a plain field's name that name and row 0."""
    name, *rest = path.split(".")
    row = int(rest[0]) if rest and rest[0].isdecimal() else 0
    return name, Cell(row, rest[1] if len(rest) > 1 else "")


def place_label(lines: Lines, cell: Cell) -> str:
    """``议题第 2 行“赞成票”``"""
    if not cell.row:
        return str(lines.label)
    words = {"lines": lines.label, "row": cell.row}
    if not cell.field:
        return _("%(lines)s第 %(row)d 行") % words
    return _("%(lines)s第 %(row)d 行“%(field)s”") % {**words, "field": label_of_field(lines.model, cell.field)}


def in_the_row(lines: Lines, cell: Cell, message: str) -> str:
    """A message with the place it is about, for where it does not stand beside it."""
    if not cell.row:
        return message
    where = _("第 %(row)d 行") % {"row": cell.row}
    if cell.field:
        where += f"“{label_of_field(lines.model, cell.field)}”"
    return _("%(where)s：%(message)s") % {"where": where, "message": message}


def rows_of(record: Record, lines: Lines) -> Sequence[RecordLine]:
    rows: Sequence[RecordLine] = getattr(record, lines.name)
    return rows


def stored_cells(row: RecordLine, lines: Lines) -> dict[str, Any]:
    """The line's values as their columns hold them: of a reference the key."""
    return {name: getattr(row, field_of(row, name).attname) for name in lines.fields}


def stored_rows(record: Record, lines: Lines) -> list[dict[str, Any]]:
    return [stored_cells(row, lines) for row in rows_of(record, lines)]


def total_of(rows: Iterable[RecordLine], column: str) -> Decimal | int | None:
    """The sum of a column; None where no line says anything."""
    said = [value for row in rows if (value := getattr(row, column)) is not None]
    return sum(said) if said else None


def _cells(problem: ValidationError) -> Mapping[str, list[str]]:
    return problem.message_dict if hasattr(problem, "error_dict") else {NON_FIELD_ERRORS: problem.messages}


def _impossible(lines: Lines, row: RecordLine, record: Record) -> Iterator[tuple[str, str]]:
    """What cannot be, draft or not: (field, message)."""
    not_asked = [f.name for f in row._meta.concrete_fields if f.is_relation or f.name not in lines.fields]
    try:
        row.full_clean(exclude=not_asked, validate_unique=False, validate_constraints=False)
    except ValidationError as problem:
        for name, messages in _cells(problem).items():
            for message in messages:
                yield ("" if name == NON_FIELD_ERRORS else name), message
    for (name, within), whole_of in [
        *((pair, row) for pair in row.parts),
        *((pair, record) for pair in row.parts_of_record),
    ]:
        part, whole = getattr(row, name), getattr(whole_of, within)
        if part is not None and whole is not None and part > whole:
            yield (
                name,
                _("“%(part)s”（%(some)s）超过了“%(whole)s”（%(all)s）。请核对两个数。")
                % {
                    "part": label_of_field(row, name),
                    "some": quantity_of(row, name, part),
                    "whole": label_of_field(whole_of, within),
                    "all": quantity_of(whole_of, within, whole),
                },
            )


def _twice(lines: Lines, rows: Sequence[RecordLine]) -> Iterator[tuple[int, str]]:
    """Rows that say the same as an earlier one in what must differ: (row, message)."""
    seen: dict[tuple[Any, ...], int] = {}
    for number, row in enumerate(rows, 1):
        said = stored_cells(row, lines)
        key = tuple(said[name] for name in lines.unique)
        if not lines.unique or any(value in (None, "") for value in key):
            continue
        first = seen.setdefault(key, number)
        if first != number:
            names = "、".join(f"“{label_of_field(lines.model, name)}”" for name in lines.unique)
            yield (
                number,
                _("%(names)s与第 %(first)d 行相同。请合成一行，或改其中一行。")
                % {
                    "names": names,
                    "first": first,
                },
            )


def check_lines(record: Record, lines: Lines, *, is_complete: bool) -> Problems:
    """Everything wrong with the record's lines; with ``is_complete`` also what a hand-in lacks."""
    rows = rows_of(record, lines)
    found: Problems = {}

    def note(row: int, field: str, message: str) -> None:
        found.setdefault((lines.name, Cell(row, field)), []).append(message)

    if len(rows) > lines.most:
        words = {"label": lines.label, "count": len(rows), "most": lines.most}
        note(0, "", filled(_("“%(label)s”有 %(count)d 行，最多 %(most)d 行。请合并或减少。"), words))
        return found
    if is_complete and len(rows) < lines.at_least:
        words = {"label": lines.label, "least": lines.at_least}
        note(0, "", filled(_("“%(label)s”至少填 %(least)d 行。提交前请填好；暂时没有数据可先存草稿。"), words))
    for number, row in enumerate(rows, 1):
        for name, message in _impossible(lines, row, record):
            note(number, name, message)
        if is_complete:
            said = stored_cells(row, lines)
            for name in lines.required:
                if said[name] in (None, ""):
                    note(number, name, _("还没有填。请填好，或删去这一行；暂时没有数据可先存草稿。"))
    for number, message in _twice(lines, rows):
        note(number, lines.unique[0], message)
    return found
