"""One door for every table that is brought: judged, looked through, then read row by row.

with open_book(handle, name, size) as book:
    for sheet in book.sheets:
        for number, cells in book.rows(sheet):
            ...
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, Self

import python_calamine
from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.workbooks import delimited, scanning
from foundation.workbooks.foreign import Child
from foundation.workbooks.judging import Form, check_file
from foundation.workbooks.packages import Package, damaged
from foundation.workbooks.scanning import ERROR, FORMULA, PERCENT, SheetFacts
from foundation.workbooks.values import (
    LOSES_DIGITS,
    Cell,
    ErrorCell,
    Formula,
    LongNumber,
    Percent,
    Serial1904,
    unescaped,
)

#: The one sheet of a text file.
TEXT_SHEET = "CSV"
#: How values that travelled from another process are made again.
_REVIVED: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "span": lambda seconds: datetime.timedelta(seconds=seconds),
}


@dataclass(frozen=True)
class SheetInfo:
    name: str
    is_hidden: bool = False


class Book:
    """A table file that is open. ``unchecked`` says what could not be looked for in a file of this form; None when all
    could be. Rows are numbered as the program shows them, from 1; empty rows come as empty lists."""

    sheets: list[SheetInfo]
    unchecked: str | None = None

    def facts(self, sheet: SheetInfo) -> SheetFacts | None:
        """What stands in a sheet besides values; None when that cannot be told. Raises when the sheet is too large."""
        raise NotImplementedError

    def rows(self, sheet: SheetInfo) -> Iterator[tuple[int, list[Cell]]]:
        raise NotImplementedError

    def close(self) -> None:
        """Give back what the file holds; the handle stays the caller's."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, sort: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_book(handle: BinaryIO, name: str, size: int) -> Book:
    """Open whatever it is. Raises ``Refused`` with the true cause."""
    opened: dict[Form, Callable[[BinaryIO], Book]] = {Form.XLSX: _Workbook, Form.CSV: _Text}
    form = check_file(handle, name, size)
    return opened[form](handle) if form in opened else _Foreign(handle, form)


class _Workbook(Book):
    """``.xlsx`` and ``.xlsm``: looked through, then read with calamine."""

    def __init__(self, handle: BinaryIO) -> None:
        self._package = Package(handle)
        self._facts: dict[str, SheetFacts] = {}
        try:
            self._contents = scanning.read_contents(self._package)
            handle.seek(0)
            self._book = python_calamine.load_workbook(handle)
        except python_calamine.PasswordError as error:
            self._package.close()
            raise Refused(_("文件设有打开密码，无法读取。请取消密码后另存，再上传。")) from error
        except (python_calamine.CalamineError, ValueError, KeyError) as error:
            self._package.close()
            raise damaged() from error
        except Refused:
            self._package.close()
            raise
        known = set(self._book.sheet_names)
        self._parts = {sheet.name: sheet.part for sheet in self._contents.sheets}
        self.sheets = [SheetInfo(sheet.name, sheet.is_hidden) for sheet in self._contents.sheets if sheet.name in known]
        if not self.sheets:
            self.close()
            raise damaged()

    def facts(self, sheet: SheetInfo) -> SheetFacts:
        if sheet.name not in self._facts:
            part = self._parts[sheet.name]
            self._facts[sheet.name] = scanning.scan_sheet(self._package, part, self._contents.percent_styles)
        return self._facts[sheet.name]

    def rows(self, sheet: SheetInfo) -> Iterator[tuple[int, list[Cell]]]:
        facts = self.facts(sheet)
        try:
            found = self._book.get_sheet_by_name(sheet.name)
        except (python_calamine.CalamineError, ValueError, KeyError) as error:
            raise Refused(
                _("工作表“%s”的内容已损坏，读到一半停止。请在 Excel 或 WPS 中重新另存为 .xlsx 后上传。") % sheet.name
            ) from error
        top, left = found.start or (0, 0)
        yield from ((number, []) for number in range(1, top + 1))
        indent: list[Cell] = [None] * left
        is_1904 = self._contents.is_1904
        marks, at = facts.marks, 0
        for number, row in enumerate(found.iter_rows(), top + 1):
            cells: list[Cell] = [*indent, *_typed_row(row, is_1904)]
            while at < len(marks) and marks[at] >> 24 <= number:
                place = marks[at]
                at += 1
                if place >> 24 == number:
                    _put(cells, place, facts)
            yield number, cells
        # Rows that hold nothing but cells without a value, at the end.
        for place in marks[at:]:
            cells = []
            _put(cells, place, facts)
            if cells:
                yield place >> 24, cells

    def close(self) -> None:
        self._package.close()
        book = getattr(self, "_book", None)
        if book is not None:
            book.close()


def _typed_row(row: Iterable[Any], is_1904: bool) -> Iterator[Cell]:
    """Values of calamine's as the portal knows them."""
    for cell in row:
        if cell == "":
            yield None
        elif isinstance(cell, str):
            yield unescaped(cell) if "_x" in cell or "\r" in cell else cell
        elif not isinstance(cell, float):
            yield cell
        elif abs(cell) >= LOSES_DIGITS:
            yield LongNumber(cell)
        elif is_1904:
            yield Serial1904(cell)
        else:
            yield int(cell) if cell.is_integer() else cell


def _put(cells: list[Cell], place: int, facts: SheetFacts) -> None:
    """Put what was found at a place over the value that was read."""
    column, mark = (place >> 4) & 0xFFFFF, place & 0xF
    at = column - 1
    if mark == PERCENT:
        value = cells[at] if at < len(cells) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            cells[at] = Percent(value)
        return
    if mark not in (ERROR, FORMULA):
        return
    cells.extend([None] * (column - len(cells)))
    if mark == ERROR:
        cells[at] = ErrorCell(facts.texts.get(place) or "#N/A")
    elif cells[at] is None:
        cells[at] = Formula(facts.texts.get(place, "="))


class _Foreign(Book):
    """What only calamine opens, in a process of its own."""

    _NAMES = {Form.XLS: ".xls", Form.XLSB: ".xlsb", Form.ODS: ".ods"}

    def __init__(self, handle: BinaryIO, form: Form) -> None:
        self._child = Child(handle)
        try:
            self.sheets = [SheetInfo(name, is_hidden) for name, is_hidden in self._child.sheets()]
        except Refused:
            self._child.close()
            raise
        self.unchecked = (
            _(
                "这是 %s 文件，其中的错误值（如 #N/A）、公式、隐藏的行列和合并单元格没有检查：错误值会当作空格。"
                "有这些内容的，请另存为 .xlsx 再上传。"
            )
            % self._NAMES[form]
        )

    def facts(self, sheet: SheetInfo) -> None:
        return None

    def rows(self, sheet: SheetInfo) -> Iterator[tuple[int, list[Cell]]]:
        for number, row in enumerate(self._child.rows(sheet.name), 1):
            yield number, list(_typed_row(map(_revived, row), False))

    def close(self) -> None:
        self._child.close()


def _revived(cell: Any) -> Any:
    """A value as it was before it travelled."""
    if not isinstance(cell, tuple):
        return "" if cell is None else cell
    sort, value = cell
    return _REVIVED[sort](value)


class _Text(Book):
    """Delimited text: one sheet, every cell text."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self.sheets = [SheetInfo(TEXT_SHEET)]

    def facts(self, sheet: SheetInfo) -> None:
        return None

    def rows(self, sheet: SheetInfo) -> Iterator[tuple[int, list[Cell]]]:
        for number, row in enumerate(delimited.rows_of(self._handle), 1):
            yield number, list(row)
