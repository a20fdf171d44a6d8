"""Lines of records in a workbook: a sheet of their own for each sort, whose rows name by its running number (序号) the row of
the records' sheet that they belong to. One record stays one row; a sheet that is not there leaves the lines as they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from foundation.exchange.columns import NUMBER, Beside, Column
from foundation.exchange.headings import normal
from foundation.exchange.readings import CellProblem
from foundation.exchange.rows import cure_of
from foundation.exchange.tables import HEAD_WITHIN, is_empty, sheets_marked
from foundation.exchange.widgets import CellWidget, shown, tidy
from foundation.fields import field_of
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.workbooks.opening import Book, SheetInfo
from records.core.kinds import RecordKind
from records.core.lines import Lines, rows_of
from records.core.models import Record
from records.exchange.columns import record_column

#: Lines that belong to no row are named one by one up to so many.
_NAMED = 10


def slug_of(kind: RecordKind, lines: Lines) -> str:
    """What the portal marks a sheet of these lines with."""
    return f"{kind.slug}#{lines.name}"


def columns_of(lines: Lines) -> list[Column]:
    note = _("与“填报”表的序号相同，说明这一行属于哪一条记录。")
    return [
        Column(NUMBER, _("序号"), note, True, CellWidget(), is_ours=True),
        *(record_column(field_of(lines.model, name), needed=name in lines.required) for name in lines.fields),
    ]


def cells_of(record: Record, lines: Lines, number: Any) -> Iterator[list[Any]]:
    """The rows of a record's lines, in the order of the columns."""
    columns = columns_of(lines)[1:]
    for row in rows_of(record, lines):
        yield [number, *(column.widget.render(getattr(row, column.attribute)) for column in columns)]


@dataclass
class TypedLine:
    """A row of a sheet of lines: what its cells mean by field, and what of them cannot be read."""

    number: int
    cells: dict[str, str]
    read: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[Column, str, str]] = field(default_factory=list)


@dataclass
class LineSheet:
    """A sheet of lines as it was brought: its rows by the running number they name."""

    lines: Lines
    name: str
    columns: list[Column]
    rows: dict[str, list[TypedLine]]
    #: Rows without a number.
    unnumbered: list[int]
    #: Of each number that was asked for, the place of the row that has it.
    claimed: dict[str, tuple[str, int]] = field(default_factory=dict)

    def of(self, number: str, place: tuple[str, int]) -> list[TypedLine] | None:
        """The lines of the row with this number; None when another row has it as well."""
        if self.claimed.setdefault(number, place) != place:
            return None
        return self.rows.get(number, [])

    def where(self, row: TypedLine, heading: str = "") -> str:
        words = _("工作表“%(sheet)s”第 %(row)d 行") % {"sheet": self.name, "row": row.number}
        return f"{words}“{heading}”" if heading else words

    def left_over(self) -> list[str]:
        """What was not read, for whoever confirms."""
        notes = []
        numbers = {
            number: row.number for number, rows in self.rows.items() if number not in self.claimed for row in rows[:1]
        }
        for template, found in (
            (_("工作表“%(sheet)s”的这些行没有写序号，没有读取：第 %(rows)s 行。"), self.unnumbered),
            (_("工作表“%(sheet)s”的这些行，序号在“填报”表中没有，没有读取：第 %(rows)s 行。"), list(numbers.values())),
        ):
            if found:
                rows = "、".join(str(number) for number in found[:_NAMED])
                notes.append(template % {"sheet": self.name, "rows": rows + (_(" 等") if len(found) > _NAMED else "")})
        return notes


def read_sheets(book: Book, kind: RecordKind) -> dict[str, LineSheet]:
    """The sheets of lines that the file has, by the name of the lines. Raises ``Refused`` for one without its headings."""
    marked = sheets_marked(book)
    found: dict[str, LineSheet] = {}
    for lines in kind.lines:
        slug, title = slug_of(kind, lines), str(lines.label)[:31]
        sheets = [sheet for sheet in book.sheets if marked.get(sheet.name) == slug]
        sheets = sheets or [sheet for sheet in book.sheets if sheet.name == title and sheet.name not in marked]
        if sheets:
            found[lines.name] = _read_sheet(book, sheets[0], lines)
    return found


def _read_sheet(book: Book, sheet: SheetInfo, lines: Lines) -> LineSheet:
    columns = columns_of(lines)
    by_heading = {normal(column.heading): column for column in columns}
    found = LineSheet(lines, sheet.name, columns, defaultdict(list), [])
    places: dict[int, Column] = {}
    for number, cells in book.rows(sheet):
        if not places:
            heads = {place: by_heading.get(normal(cell)) for place, cell in enumerate(cells) if isinstance(cell, str)}
            known = {place: column for place, column in heads.items() if column is not None}
            if any(column.name == NUMBER for column in known.values()) and len(known) > 1:
                places = known
            elif number >= HEAD_WITHIN:
                break
            continue
        row = {column.name: cells[place] for place, column in places.items() if place < len(cells)}
        said = tidy(shown(row.pop(NUMBER, None)))
        if is_empty(row.values()) or said.startswith("示例"):
            continue
        if said:
            found.rows[said].append(_typed(number, row, columns))
        else:
            found.unnumbered.append(number)
    if not places:
        words = {"sheet": sheet.name, "columns": "、".join(column.heading for column in columns)}
        raise Refused(_("工作表“%(sheet)s”里没有找到表头。表头应有这些列：%(columns)s。请用导入页上的模板。") % words)
    return found


def _typed(number: int, cells: Mapping[str, Any], columns: Sequence[Column]) -> TypedLine:
    typed = TypedLine(number, {name: shown(cell) for name, cell in cells.items()})
    for column in columns[1:]:
        if column.name not in cells:
            continue
        try:
            read = column.widget.clean(cells[column.name])
            if column.max_length and isinstance(read, str) and len(read) > column.max_length:
                words = {"length": len(read), "most": column.max_length}
                raise CellProblem(filled(_("写了 %(length)d 个字，最多 %(most)d 个字。"), words), _("请缩短。"))
            typed.read[column.name] = read
        except CellProblem as problem:
            typed.problems.append((column, problem.reason, cure_of(problem, column)))
    return typed


def kept(sheets: Iterable[tuple[LineSheet, Sequence[TypedLine]]]) -> dict[str, list[dict[str, str]]]:
    """The lines of a row as they stood, for handing it back, by the name of the lines."""
    return {sheet.lines.name: [row.cells for row in rows] for sheet, rows in sheets}


def sheets_back(kind: RecordKind, rows: Iterable[Mapping[str, Any]]) -> list[Beside]:
    """The sheets of lines that go back with rows that did not go in; of each its lines as they stood."""
    waiting = list(rows)
    found = []
    for lines in kind.lines:
        if not any(lines.name in row.get("beside", {}) for row in waiting):
            continue
        columns = columns_of(lines)
        cells = [
            [row["cells"].get(NUMBER, ""), *(line.get(column.name, "") for column in columns[1:])]
            for row in waiting
            for line in row.get("beside", {}).get(lines.name, ())
        ]
        found.append(Beside(str(lines.label), slug_of(kind, lines), columns, cells))
    return found
