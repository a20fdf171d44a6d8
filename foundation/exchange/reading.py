"""From a workbook to rows of cells: the right sheet, the row of headings wherever it stands, nothing after the end.

``.xlsx`` is read as a stream (openpyxl, read-only): formulas are seen as such, and a sheet that claims a million rows costs
no more than what stands in it. ``.xls`` is read with calamine; its format ends at 65,536 rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zipfile import BadZipFile

import openpyxl
import python_calamine
from django.utils.translation import gettext as _

from foundation.exchange.columns import FORMAT, NUMBER, REASON, SHEET, Column, SheetResource, normal
from foundation.exchange.sheets import MARK_SHEET
from foundation.exchange.widgets import tidy
from foundation.refusals import Refused
from foundation.workbooks.values import Formula

MAX_ROWS = 20_000
MAX_COLUMNS = 80
#: So many empty rows one after another are the end of the sheet.
GAP = 2_000
#: The headings stand in one of the first rows, under whatever titles.
HEAD_WITHIN = 30

Cells = Sequence[Any]


@dataclass
class Row:
    """One row as it stands in the workbook: its number there, and its cells by column name."""

    number: int
    cells: dict[str, Any]


@dataclass
class Table:
    """What a sheet holds: the columns that were recognised, the rows, and what the reader should know."""

    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Book:
    """A workbook of either format: names of its sheets, and their rows one after another."""

    def __init__(self, handle: BinaryIO, form: str) -> None:
        self.form = form
        try:
            if form == "xls":
                self.book: Any = python_calamine.load_workbook(handle)
                self.names: list[str] = list(self.book.sheet_names)
            else:
                self.book = openpyxl.load_workbook(handle, read_only=True, data_only=False, keep_links=False)
                self.names = [sheet.title for sheet in self.book.worksheets]
        except python_calamine.PasswordError as error:
            raise Refused(_("文件设有打开密码，无法读取。请取消密码后另存，再上传。")) from error
        except (python_calamine.CalamineError, BadZipFile, KeyError, ValueError, TypeError, SyntaxError) as error:
            raise Refused(_("文件已损坏，打不开。请在 Excel 或 WPS 中重新另存为 .xlsx 后上传。")) from error

    def rows(self, name: str) -> Iterator[Cells]:
        """The rows of a sheet from the first on; cells with formulas as ``Formula``."""
        try:
            if self.form == "xls":
                sheet = self.book.get_sheet_by_name(name)
                offset = sheet.start[0] if sheet.start else 0
                yield from ([] for _row in range(offset))
                indent = [None] * (sheet.start[1] if sheet.start else 0)
                for row in sheet.iter_rows():
                    yield [*indent, *(None if cell == "" else cell for cell in row)][:MAX_COLUMNS]
                return
            sheet = self.book[name]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=MAX_COLUMNS):
                yield [cell.value if cell.data_type != "f" else _formula(cell) for cell in row]
        except (python_calamine.CalamineError, BadZipFile, KeyError, ValueError, SyntaxError) as error:
            raise Refused(
                _("工作表“%s”的内容已损坏，读到一半停止。请在 Excel 或 WPS 中重新另存为 .xlsx 后上传。") % name
            ) from error

    def close(self) -> None:
        self.book.close()


def _formula(cell: Any) -> Formula:
    """The text of a formula, also of one that fills several cells."""
    text = str(getattr(cell.value, "text", cell.value))
    return Formula(text if text.startswith("=") else f"={text}")


def _is_empty(cells: Iterable[Any]) -> bool:
    return not any(cell is not None and (not isinstance(cell, str) or tidy(cell)) for cell in cells)


def _marked(book: Book) -> dict[str, str]:
    """Sheet name → slug of what it is of, as the portal wrote it into its own files. Raises for a newer format."""
    if MARK_SHEET not in book.names:
        return {}
    found: dict[str, str] = {}
    for row in book.rows(MARK_SHEET):
        if len(row) < 3 or not isinstance(row[0], str):
            continue
        if isinstance(row[2], int | float) and row[2] > FORMAT:
            raise Refused(_("这个文件由更新版本的平台生成，现在还读不了。请重新下载模板，把内容粘贴过去。"))
        found[row[0]] = str(row[1])
    return found


def _sheet_for(book: Book, resource: SheetResource) -> str | None:
    """The sheet the portal marked as the resource's, or the one named 填报. None: look at every sheet."""
    marked = _marked(book)
    mine = [name for name, slug in marked.items() if slug == resource.slug and name in book.names]
    if mine:
        return mine[0]
    if marked:
        labels = resource.labels()
        found = "、".join(f"“{labels.get(slug) or _('其他内容')}”" for slug in dict.fromkeys(marked.values()))
        raise Refused(
            _("这个文件是%(found)s的表，这里要导入的是“%(wanted)s”。请改选类型，或换成对应的模板。")
            % {"found": found, "wanted": resource.label}
        )
    return SHEET if SHEET in book.names else None


def _recognised(cells: Cells, resource: SheetResource) -> dict[int, Column]:
    """Position → column for every cell that is a heading of the sheet."""
    found: dict[int, Column] = {}
    for position, cell in enumerate(cells):
        column = resource.by_heading.get(normal(cell)) if isinstance(cell, str) else None
        if column is not None:
            found[position] = column
    return found


def _check_heads(cells: Cells, found: dict[int, Column], label: str) -> list[str]:
    """Notes on headings nobody knows. Raises when a column stands twice."""
    names = [column.name for column in found.values()]
    for position, column in found.items():
        if names.count(column.name) > 1:
            raise Refused(_("表头“%s”出现了不止一次，不知道该读哪一列。请只保留一列。") % tidy(str(cells[position])))
    unknown = [tidy(str(cell)) for place, cell in enumerate(cells) if place not in found and not _is_empty([cell])]
    unknown = [heading for heading in unknown if heading != REASON]
    if not unknown:
        return []
    return [_("“%(kind)s”没有这些列，没有读取：%(columns)s。") % {"kind": label, "columns": "、".join(unknown[:20])}]


def _is_head(found: dict[int, Column], resource: SheetResource) -> bool:
    names = {column.name for column in found.values()}
    return len(names) >= 3 and bool(names & set(resource.heads))


def _is_example(row: dict[str, Any]) -> bool:
    return isinstance(row.get(NUMBER), str) and tidy(row[NUMBER]).startswith("示例")


def _read_sheet(book: Book, name: str, resource: SheetResource) -> Table | None:
    """The table on a sheet; None when no row of headings stands on it. A row that holds nothing but what the template
    filled in is empty."""
    table: Table | None = None
    positions: dict[int, Column] = {}
    gap = 0
    for number, cells in enumerate(book.rows(name), 1):
        gap = gap + 1 if _is_empty(cells) else 0
        if gap > GAP or (table is None and number > HEAD_WITHIN):
            break
        if table is None:
            positions = _recognised(cells, resource)
            if _is_head(positions, resource):
                table = Table(list(positions.values()), notes=_check_heads(cells, positions, resource.label))
            continue
        row = {column.name: cells[place] for place, column in positions.items() if place < len(cells)}
        if gap or _is_empty(cell for key, cell in row.items() if key not in resource.filled_in) or _is_example(row):
            continue
        table.rows.append(Row(number, row))
        if len(table.rows) > MAX_ROWS:
            raise Refused(_("表中有内容的行超过 %d 行。请分成几个文件，分别导入。") % MAX_ROWS)
    return table


def read_table(handle: BinaryIO, form: str, resource: SheetResource) -> Table:
    """The rows of the resource's sheet. Raises ``Refused`` with what to do."""
    book = Book(handle, form)
    try:
        named = _sheet_for(book, resource)
        for name in [named] if named else book.names:
            table = _read_sheet(book, name, resource)
            if table is not None:
                return _complete(table, resource)
    finally:
        book.close()
    wanted = "、".join(column.heading for column in resource.columns if column.needed)
    raise Refused(
        _("前 %(rows)d 行里没有找到“%(kind)s”的表头。表头应有这些列：%(wanted)s。请用本页下载的模板。")
        % {"rows": HEAD_WITHIN, "kind": resource.label, "wanted": wanted}
    )


def _complete(table: Table, resource: SheetResource) -> Table:
    """The table, unless it lacks a column without which no row can be told from another, or any row."""
    have = {column.name for column in table.columns}
    lacking = [column.heading for column in resource.columns if column.name in set(resource.keys) - have]
    if lacking:
        raise Refused(
            _("表中缺少“%s”列，无法分辨每一行说的是哪一条。请补上这一列，或用本页下载的模板。") % "”、“".join(lacking)
        )
    if not table.rows:
        raise Refused(_("表头下面没有要导入的行（写着“示例”的行不导入）。请填好后再上传。"))
    return table
