"""What stands in an ``.xlsx`` besides its values, read from the XML as a stream before any value is.

The reading library (calamine) gives values only: an error cell comes as empty text, a formula as its result, hidden rows as
any other, and the sheet as one rectangle whatever its size. So the sheet is looked at first, is refused when it is too
large, and what is remembered of single cells goes with the values afterwards.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.workbooks.limits import (
    MAX_AREA,
    MAX_CELLS,
    MAX_CELLS_PER_ROW,
    MAX_ELEMENTS,
    MAX_MARKS,
    MAX_ROWS,
)
from foundation.workbooks.packages import Package, damaged, parse

_RELATIONS = "xl/_rels/workbook.xml.rels"
_DIGITS = "0123456789"
#: Built-in number formats that show a share as percent.
_PERCENT_FORMATS = {"9", "10"}
#: Texts of formulas and errors that are kept; of the others only the place is.
_KEPT_TEXTS = 20_000
_KEPT_LENGTH = 200

#: Formulas of extensions (sparklines, validations) stand in no cell.
_EXTENSIONS = "http://schemas.microsoft.com/"

ERROR, FORMULA, RESULT, PERCENT = 1, 2, 3, 4


class Merged(NamedTuple):
    """A merged range, rows and columns from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


def too_large(reason: str) -> Refused:
    return Refused(reason + _("请新建工作簿，只把要导入的行和列“选择性粘贴—数值”过去，再上传。"))


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class SheetFacts:
    """What was found in a sheet. Rows and columns count from 1.

    ``marks`` are cells, as ``row << 24 | column << 4 | mark``, in order: an error, a formula without its result, a
    formula's result, a share in percent; ``texts`` the error or formula of a cell.
    """

    cells: int = 0
    first_row: int = 0
    last_row: int = 0
    first_column: int = 0
    last_column: int = 0
    filled_rows: int = 0
    hidden_rows: array = field(default_factory=lambda: array("L"))
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    marks: array = field(default_factory=lambda: array("Q"))
    texts: dict[int, str] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def is_hidden_row(self, row: int) -> bool:
        at = bisect_left(self.hidden_rows, row)
        return at < len(self.hidden_rows) and self.hidden_rows[at] == row

    def is_hidden_column(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)

    def count(self, mark: int) -> int:
        return self.counts.get(mark, 0)


@dataclass
class Sheet:
    """A sheet of a workbook as its table of contents names it."""

    name: str
    part: str
    is_hidden: bool


@dataclass
class Contents:
    """The table of contents of an ``.xlsx``."""

    sheets: list[Sheet]
    is_1904: bool
    percent_styles: frozenset[str]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _pairs(attributes: list[str]) -> dict[str, str]:
    names = iter(attributes)
    return {_local(name): value for name, value in zip(names, names, strict=True)}


def _yes(value: str | None) -> bool:
    return value in ("1", "true", "on")


def read_contents(package: Package) -> Contents:
    """Which sheets there are and where, how days are counted, which styles are percent. The parts the reading library
    takes whole are looked through as well. Raises ``Refused``."""
    targets: dict[str, str] = {}
    found: list[tuple[str, str, bool]] = []
    is_1904 = False

    def relation(name: str, attributes: list[str]) -> None:
        if _local(name) == "Relationship":
            pairs = _pairs(attributes)
            targets[pairs.get("Id", "")] = pairs.get("Target", "")

    def workbook(name: str, attributes: list[str]) -> None:
        nonlocal is_1904
        local = _local(name)
        if local == "sheet":
            pairs = _pairs(attributes)
            found.append((pairs.get("name", ""), pairs.get("id", ""), pairs.get("state", "visible") != "visible"))
        elif local == "workbookPr":
            is_1904 = _yes(_pairs(attributes).get("date1904"))

    if _RELATIONS not in package:
        raise damaged()
    parse(package.chunks(_RELATIONS), relation)
    parse(package.chunks("xl/workbook.xml"), workbook)
    sheets = []
    for sheet_name, relation_id, is_hidden in found:
        target = targets.get(relation_id, "").replace("\\", "/")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in part.lower() and part in package:
            sheets.append(Sheet(sheet_name, part, is_hidden))
    if "xl/sharedstrings.xml" in package:
        parse(package.chunks("xl/sharedstrings.xml"), lambda name, attributes: None)
    return Contents(sheets, is_1904, _percent_styles(package))


def _percent_styles(package: Package) -> frozenset[str]:
    """Numbers of the cell formats that show percent. A part with styles that is broken says nothing: values are read
    without it."""
    custom: set[str] = set(_PERCENT_FORMATS)
    found: list[str] = []
    within = False
    number = 0

    def style(name: str, attributes: list[str]) -> None:
        nonlocal within, number
        local = _local(name)
        if local == "numFmt":
            pairs = _pairs(attributes)
            if "%" in re.sub(r'"[^"]*"|\\.', "", pairs.get("formatCode", "")):
                custom.add(pairs.get("numFmtId", ""))
        elif local in ("cellXfs", "cellStyleXfs"):
            within = local == "cellXfs"
        elif local == "xf" and within:
            if _pairs(attributes).get("numFmtId") in custom:
                found.append(str(number))
            number += 1

    if "xl/styles.xml" not in package:
        return frozenset()
    try:
        parse(package.chunks("xl/styles.xml"), style)
    except Refused:
        return frozenset()
    return frozenset(found)


class _Scan:
    """Looks through one sheet. ``handler`` is called for every element of a file, two million times for a large one: it
    keeps what it counts in local names and calls out for what is rare."""

    def __init__(self, percent_styles: frozenset[str]) -> None:
        self.facts = SheetFacts()
        self.percent = percent_styles
        self.parser: Any = None
        self.text: list[str] | None = None
        self.formula: str | None = None

    def setup(self, parser: Any) -> None:
        self.parser = parser

    def handler(self) -> tuple[Callable[[str, list[str]], None], Callable[[], SheetFacts]]:
        """The handler of elements, and what closes the scan."""
        percent, facts = self.percent, self.facts
        columns: dict[str, int] = {}
        local_names: dict[str, str] = {}
        row = column = row_counted = cells = cells_of_row = elements = filled_rows = 0
        first_row = last_row = last_column = 0
        first_column = 1 << 20
        row_text, kind, style = "0", "", ""
        has_value, remembers = True, False

        def start(name: str, attributes: list[str]) -> None:
            nonlocal row, column, row_counted, cells, cells_of_row, elements, filled_rows, row_text, kind, style
            nonlocal first_row, last_row, first_column, last_column, has_value, remembers
            local = local_names.get(name)
            if local is None:
                # Formulas of extensions (sparklines, validations) stand in no cell.
                local = local_names[name] = "" if name.startswith(_EXTENSIONS) else _local(name)
            if local == "v" or local == "is":
                if has_value:
                    return
                has_value = True
                cells += 1
                cells_of_row += 1
                if row != row_counted:
                    row_counted = row
                    filled_rows += 1
                    if row > last_row:
                        last_row = row
                    if row < first_row or not first_row:
                        first_row = row
                    if cells > MAX_CELLS:
                        raise too_large(_("工作表里有内容的格超过 %d 个。") % MAX_CELLS)
                if column > last_column:
                    last_column = column
                if column < first_column:
                    first_column = column
                if cells_of_row > MAX_CELLS_PER_ROW:
                    raise too_large(
                        _("第 %(row)d 行有内容的格超过 %(most)d 个。") % {"row": row, "most": MAX_CELLS_PER_ROW}
                    )
                if remembers or kind == "e":
                    remembers = True
                    self.take_text()
                elif style in percent and kind in ("", "n"):
                    self.mark(row, column, PERCENT)
            elif local == "c":
                if remembers:
                    self.close(row, column, kind, has_value)
                    remembers = False
                elements += 1
                if elements > MAX_ELEMENTS:
                    raise too_large(_("工作表里的格太多。"))
                has_value, kind, style = False, "", ""
                if not attributes or attributes[0] != "r":
                    attributes = _with_reference_first(attributes)
                reference = attributes[1]
                if len(attributes) > 2:
                    for at in range(2, len(attributes), 2):
                        if attributes[at] == "t":
                            kind = attributes[at + 1]
                        elif attributes[at] == "s":
                            style = attributes[at + 1]
                if not reference:
                    column += 1
                    return
                if reference.endswith(row_text):
                    letters = reference[: -len(row_text)]
                    column = columns.get(letters, 0)
                    if column:
                        return
                letters = reference.rstrip(_DIGITS)
                column = columns[letters] = _column(letters)
                if reference[len(letters) :] != row_text:
                    # What counts for the reading library is the cell's own address.
                    row = _number(reference[len(letters) :])
                    row_text, cells_of_row = str(row), 0
            elif local == "row":
                if remembers:
                    self.close(row, column, kind, has_value)
                    remembers = False
                pairs = dict(zip(attributes[::2], attributes[1::2], strict=True))
                row = _number(pairs["r"]) if "r" in pairs else row + 1
                row_text, column, cells_of_row = str(row), 0, 0
                if _yes(pairs.get("hidden")):
                    facts.hidden_rows.append(row)
                    _bounded(len(facts.hidden_rows))
            elif local == "f":
                remembers = True
                self.take_text()
                self.formula = ""
            elif local == "mergeCell":
                self.merge(_pairs(attributes).get("ref", ""))
            elif local == "col":
                pairs = _pairs(attributes)
                if _yes(pairs.get("hidden")):
                    facts.hidden_columns.append((_number(pairs.get("min")), _number(pairs.get("max"))))

        def finish() -> SheetFacts:
            if remembers:
                self.close(row, column, kind, has_value)
            facts.cells, facts.first_row, facts.last_row = cells, first_row, last_row
            facts.first_column, facts.last_column = (first_column if cells else 0), last_column
            facts.filled_rows = filled_rows
            if cells and (last_row - first_row + 1) * (last_column - first_column + 1) > MAX_AREA:
                raise too_large(
                    _("工作表的内容从第 %(first)d 行一直伸到 %(letters)s 列第 %(last)d 行，范围过大。")
                    % {"first": first_row, "letters": column_letters(last_column), "last": last_row}
                )
            if filled_rows > MAX_ROWS:
                raise Refused(_("表中有内容的行超过 %d 行。请分成几个文件，分别导入。") % MAX_ROWS)
            facts.marks, facts.hidden_rows = _sorted(facts.marks), _sorted(facts.hidden_rows)
            return facts

        return start, finish

    def take_text(self) -> None:
        """Collect what follows. What a formula says ends where its result begins."""
        if self.formula is not None and self.text is not None:
            self.formula = "".join(self.text)
        self.text = []
        self.parser.CharacterDataHandler = self.text.append

    def close(self, row: int, column: int, kind: str, has_value: bool) -> None:
        """A cell with a formula or an error is over: what is to be remembered of it."""
        text, formula = "".join(self.text or ()), self.formula
        self.text = self.formula = None
        self.parser.CharacterDataHandler = None
        if kind == "e":
            # An error's name comes last, after the formula that made it.
            self.mark(row, column, ERROR, text if has_value else "")
        elif formula is not None:
            has_result = has_value and bool(text.strip() or kind == "str")
            self.mark(row, column, RESULT if has_result else FORMULA, f"={formula if has_value else text}")

    def mark(self, row: int, column: int, mark: int, text: str = "") -> None:
        facts = self.facts
        place = row << 24 | column << 4 | mark
        facts.marks.append(place)
        facts.counts[mark] = facts.counts.get(mark, 0) + 1
        if mark in (ERROR, FORMULA):
            _bounded(facts.counts[mark])
            if len(facts.texts) < _KEPT_TEXTS:
                facts.texts[place] = text[:_KEPT_LENGTH]

    def merge(self, reference: str) -> None:
        found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d+):\$?([A-Za-z]{1,3})\$?(\d+)", reference)
        if found:
            left, top, right, bottom = found.groups()
            self.facts.merged.append(Merged(_number(top), _column(left), _number(bottom), _column(right)))
            _bounded(len(self.facts.merged))


def _with_reference_first(attributes: list[str]) -> list[str]:
    """The attributes of a cell with its address first, empty when it has none."""
    pairs = dict(zip(attributes[::2], attributes[1::2], strict=True))
    rest = [text for name, value in pairs.items() if name != "r" for text in (name, value)]
    return ["r", pairs.get("r", ""), *rest]


def _bounded(count: int) -> None:
    if count > MAX_MARKS:
        raise too_large(_("工作表里隐藏的行、合并的格、公式或错误值太多。"))


def _sorted(values: array) -> array:
    """Files write rows in order; a file that does not is put in order."""
    if all(values[at] <= values[at + 1] for at in range(len(values) - 1)):
        return values
    return array(values.typecode, sorted(values))


def _number(text: str | None) -> int:
    """A number of a row or column; what is none, or beyond any sheet, is a damaged file."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 7:
        raise damaged()
    return int(text)


def _column(letters: str) -> int:
    number = 0
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        raise damaged()
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def scan_sheet(package: Package, part: str, percent_styles: Iterable[str] = ()) -> SheetFacts:
    """Look through a sheet. Raises ``Refused`` when it is too large, or damaged."""
    scan = _Scan(frozenset(percent_styles))
    start, finish = scan.handler()
    parse(package.chunks(part), start, scan.setup)
    return finish()
