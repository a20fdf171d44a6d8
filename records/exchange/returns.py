"""A quarter's returns as one workbook: a sheet for each chapter of the sitting, laid out like a form on paper.

Each field has a row: its name, what the last period said, the cell to fill, what it takes. Brought back, a sheet is judged by
the form of its page and saved as a draft. What changed on the portal since the workbook was made is left as it is.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from foundation.accounts.models import Actor
from foundation.exchange.columns import Column
from foundation.exchange.headings import normal
from foundation.exchange.readings import CellProblem
from foundation.exchange.rows import cure_of
from foundation.exchange.sheets import mark, note_of, number_format
from foundation.exchange.tables import marks_of
from foundation.exchange.templates import ChoiceLists, add_lists, fill_heads, protect
from foundation.exchange.widgets import shown
from foundation.refusals import Refused, Stale
from foundation.ui.workbooks import as_bytes, for_paper, harmless, style_head
from foundation.workbooks.opening import Book, SheetInfo, open_book
from records.core.actions import file_record, update_record
from records.core.forms import RecordForm
from records.core.line_forms import LinesField
from records.core.lines import Lines
from records.core.models import Record
from records.core.values import values_of
from records.duties.chapters import Chapter, Returns, last_values
from records.exchange.lines import LineSheet, cells_of, columns_of, read_sheets, slug_of
from records.exchange.resources import PERIOD, RETURNS, resource_for

#: Where what stands: the columns of a sheet, and the row of its headings.
NAME, LAST, NOW, NOTE = 1, 2, 3, 4
HEAD = 4
_WIDTHS = {NAME: 38, LAST: 18, NOW: 24, NOTE: 70}
#: Empty lines that a sheet of lines offers; all of them belong to the chapter's one record.
ROOM, ONLY = 40, 1
#: Far more than any sitting fills: a larger file is something else, and too much to look through while somebody waits.
MOST_BYTES = 2 * 1024 * 1024
#: What Excel allows in no name of a sheet.
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]]")


def _columns(chapter: Chapter) -> dict[str, Column]:
    """The columns of the kind's own fields, by name."""
    columns = resource_for(chapter.kind.slug).columns
    return {column.name: column for column in columns if not column.is_ours and column.name != PERIOD}


def _form_of(returns: Returns, chapter: Chapter, data: Mapping[str, Any] | None = None) -> RecordForm:
    record = chapter.record.specific() if chapter.record is not None else None
    return RecordForm(data, kind=chapter.kind, filer=returns.enterprise, record=record)


# --- out


def workbook_of(returns: Returns) -> bytes:
    """The workbook of what is still open: what is begun stands in it."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    lists = ChoiceLists(workbook)
    marks: list[tuple[str | int, ...]] = []
    for chapter in returns.open:
        sheet = workbook.create_sheet(_title(workbook, str(chapter.kind.label)))
        _fill(sheet, returns, chapter, lists)
        version = chapter.record.version if chapter.record is not None else 0
        marks.append((sheet.title, RETURNS, returns.enterprise.credit_code, chapter.key, version))
        for lines in chapter.kind.lines:
            beside = workbook.create_sheet(_title(workbook, str(lines.label)))
            _fill_lines(workbook, beside, lines, chapter.record)
            marks.append((beside.title, slug_of(chapter.kind, lines)))
    mark(workbook, marks)
    return as_bytes(workbook)


def _title(workbook: Workbook, label: str) -> str:
    """A name for a sheet that no other has."""
    title = _NOT_IN_NAMES.sub(" ", label)[:31]
    number = 1
    while title in workbook.sheetnames:
        number += 1
        title = f"{title[:28]} {number}"
    return title


def _put(sheet: Worksheet, row: int, place: int, value: Any) -> Cell:
    """A value in a cell; text stays text, whatever it begins with."""
    cell = cast(Cell, sheet.cell(row, place))
    cell.value = value
    if isinstance(value, str) and not isinstance(harmless(sheet, value), str):
        cell.data_type, cell.quotePrefix = "s", True
    return cell


def _fill(sheet: Worksheet, returns: Returns, chapter: Chapter, lists: ChoiceLists) -> None:
    form, columns = _form_of(returns, chapter), _columns(chapter)
    record = chapter.record.specific() if chapter.record is not None else None
    last = last_values(chapter.kind, returns.enterprise, before=chapter.duty.period)
    sheet.cell(1, NAME, f"{chapter.kind.label}　{chapter.period_label}").font = Font(bold=True, size=14)
    sheet.cell(2, NAME, returns.enterprise.name)
    sheet.cell(3, NAME, _("填“本期”一列；带 * 的提交前必填，没有统计的留空，不要填 0。填好后回到“报表填报”页上传。"))
    for place, heading in ((NAME, _("数据项")), (LAST, _("上期")), (NOW, _("本期")), (NOTE, _("说明"))):
        style_head(sheet.cell(HEAD, place, heading), needed=place == NOW)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[place]
    row = HEAD
    for title, _help, fields in form.fieldsets():
        own = [columns[bound.name] for bound in fields if bound.name in columns]
        if not own:
            continue
        row += 1
        sheet.cell(row, NAME, title).font = Font(bold=True, color="5B6B7D")
        for column in own:
            row += 1
            sheet.cell(row, NAME, column.heading + ("*" if column.needed else ""))
            before = _put(sheet, row, LAST, column.widget.render(last.get(column.name)))
            before.font, before.number_format = Font(color="5B6B7D"), number_format(column)
            now = _put(sheet, row, NOW, _rendered(column, record))
            now.number_format, now.protection = number_format(column), Protection(locked=False)
            for cell in (before, now):
                cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
            note = sheet.cell(row, NOTE, note_of(column).replace("\n", " "))
            note.alignment = Alignment(wrap_text=True, vertical="top")
            if column.choices:
                rule = lists.rule(column.choices)
                rule.add(now.coordinate)
                sheet.add_data_validation(rule)
    protect(sheet)
    for_paper(sheet)
    sheet.freeze_panes = sheet.cell(HEAD + 1, NOW).coordinate


def _rendered(column: Column, record: Record | None) -> Any:
    return column.widget.render(getattr(record, column.attribute)) if record is not None else ""


def _fill_lines(workbook: Workbook, sheet: Worksheet, lines: Lines, record: Record | None) -> None:
    """A row for each line, those that are there first; the first column, which says whose they are, is out of sight."""
    columns = columns_of(lines)
    rows = list(cells_of(record.specific(), lines, ONLY)) if record is not None else []
    rows += [[ONLY, *[""] * len(lines.fields)] for _empty in range(max(ROOM - len(rows), 1))]
    fill_heads(sheet, columns, lambda column, number: None)
    for place, row in enumerate(rows, 2):
        for number, value in enumerate(row, 1):
            cell = _put(sheet, place, number, value)
            cell.number_format = number_format(columns[number - 1])
            cell.font, cell.protection = Font(), Protection(locked=False)
    add_lists(workbook, sheet, columns, first=2)
    sheet.column_dimensions["A"].hidden = True
    protect(sheet)
    for_paper(sheet)
    sheet.freeze_panes = "B2"


# --- in


@dataclass
class Brought:
    """What became of one sheet: saved as a draft, refused for its ``problems``, or nothing: it is empty, or says what the
    portal has. ``noted`` and ``written``: the version the workbook was made from, and the one it made of the draft."""

    chapter: Chapter
    is_saved: bool = False
    problems: list[str] = field(default_factory=list)
    noted: int = 0
    written: int = 0


@dataclass
class _Read:
    """A sheet as it was read: values by field, of those that say something, and what could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def bring(
    *,
    acting_user: Actor,
    returns: Returns,
    handle: BinaryIO,
    name: str,
    size: int,
    known: Mapping[str, Sequence[int]] | None = None,
) -> list[Brought]:
    """Save what the workbook says of each chapter as its draft, each by itself. ``known``: by chapter, from which version an
    earlier upload of this person was made, and which one it made; brought again it goes on from there. Raises ``Refused``
    for a file that is no such workbook, or another enterprise's or quarter's."""
    if size > MOST_BYTES:
        raise Refused(
            _("文件超过 2 MB，不会是从“报表填报”页下载的表格。请上传那份表格；照片等材料在各章“单独打开”后上传。")
        )
    with open_book(handle, name, size) as book:
        found = []
        gone = _gone(book)
        for chapter, title, sheet, version in _sheets(book, returns):
            lost = [gone[slug] for lines in chapter.kind.lines if (slug := slug_of(chapter.kind, lines)) in gone]
            if sheet is None or lost:
                names = [*([title] if sheet is None else []), *lost]
                found.append(Brought(chapter, problems=[_not_found(names)], noted=version))
                continue
            noted, written = (known or {}).get(chapter.key, (-1, -1))
            taken = written if version == noted else version
            one = _bring_sheet(acting_user, returns, chapter, book, sheet, taken)
            one.noted = version
            found.append(one)
        return found


def _gone(book: Book) -> dict[str, str]:
    """Sheets of lines that the workbook was made with and has no more, by what they are of."""
    there = {sheet.name for sheet in book.sheets}
    return {shown(slug): title for title, (slug, *_more) in marks_of(book).items() if title not in there}


def _not_found(names: Sequence[str]) -> str:
    titles = "、".join(f"“{name}”" for name in names)
    return _("文件里没有%s这张表，可能改了名或删掉了，这一章没有读入。请把表名改回来，或重新下载后再填。") % titles


def _sheets(book: Book, returns: Returns) -> list[tuple[Chapter, str, SheetInfo | None, int]]:
    """Each chapter of the workbook with the name of its sheet, and the sheet; None: renamed, or deleted."""
    found: list[tuple[Chapter, str, SheetInfo | None, int]] = []
    others = 0
    marks = marks_of(book)
    named = {sheet.name: sheet for sheet in book.sheets}
    for title, (slug, *more) in marks.items():
        if slug != RETURNS or len(more) < 3:
            continue
        code, key, version = (shown(cell) for cell in more[:3])
        if code != returns.enterprise.credit_code:
            raise Refused(
                _("这个文件是代码为 %s 的企业的报表，不是这家企业的。请用这家企业的“报表填报”页下载的表格。") % code
            )
        chapter = returns.chapter(key)
        if chapter is None:
            others += 1
            continue
        if title not in named and not chapter.is_open:
            continue
        # Written by hand it is no version, and so an old one.
        found.append((chapter, title, named.get(title), int(version) if version.isdecimal() else -1))
    if not found and others:
        raise Refused(
            _("这个文件不是%s的报表。请打开它那个季度的“报表填报”页上传，或重新下载。") % returns.quarter.label
        )
    if not found:
        raise Refused(
            _("这个文件不是从“报表填报”页下载的整份报表。请先下载、填好再上传；单类记录的表请到“批量导入”页上传。")
        )
    return found


def _bring_sheet(
    acting_user: Actor, returns: Returns, chapter: Chapter, book: Book, sheet: SheetInfo, version: int
) -> Brought:
    brought = Brought(chapter)
    read = _read(book, sheet, _columns(chapter))
    lines = read_sheets(book, chapter.kind)
    rows = {one.lines.name: one.rows.get(str(ONLY), []) for one in lines.values()}
    if not read.values and not read.problems and not any(rows.values()):
        return brought
    form = _form_of(returns, chapter, _data(chapter, read, rows))
    brought.problems = [*read.problems, *_line_problems(lines.values())]
    told = {name for name in read.places if name not in read.values}
    if not form.is_valid():
        brought.problems += list(_form_problems(form, read, told))
    brought.problems += list(_not_asked(form, read))
    if not brought.problems and _says_the_same(chapter, form):
        return brought
    if not chapter.is_open:
        brought.problems = [_("这一章已经提交，表里的改动没有读入。要改的，请先在平台上撤回，再重新下载。")]
    elif version != (chapter.record.version if chapter.record is not None else 0):
        brought.problems = [_("下载表格以后，这一章在平台上填过或改过，没有覆盖。请重新下载，在新的表里改。")]
    if brought.problems:
        return brought
    try:
        brought.written = _save(acting_user, returns, chapter, form).version
    except ValidationError as problem:
        brought.problems = [str(message) for message in problem.messages]
    except (Refused, Stale) as refusal:
        brought.problems = [str(refusal)]
    else:
        brought.is_saved = True
    return brought


def _read(book: Book, sheet: SheetInfo, columns: Mapping[str, Column]) -> _Read:
    """The cells of “本期”, each by the field that its row names."""
    by_heading = {normal(column.heading): column for column in columns.values()}
    name, now = normal(_("数据项")), normal(_("本期"))
    read, places = _Read(), (0, 0)
    for number, cells in book.rows(sheet):
        texts = [normal(cell) if isinstance(cell, str) else "" for cell in cells]
        if not any(places):
            if name in texts and now in texts:
                places = (texts.index(name), texts.index(now))
            continue
        column = by_heading.get(texts[places[0]]) if places[0] < len(texts) else None
        if column is None or places[1] >= len(cells):
            continue
        where = f"{get_column_letter(places[1] + 1)}{number}"
        try:
            value = column.widget.clean(cells[places[1]])
        except CellProblem as problem:
            read.places[column.name] = where
            read.problems.append(_at(where, column.heading, f"{problem.reason}{cure_of(problem, column)}"))
            continue
        if value not in ("", None):
            read.values[column.name], read.places[column.name] = value, where
    return read


def _not_asked(form: RecordForm, read: _Read) -> Iterator[str]:
    """What is filled in although another answer makes it no question: on the page it would not be seen."""
    if not form.is_valid():
        return
    columns = {column.name: column for column in resource_for(form.kind.slug).columns}
    draft = form.blank()
    for name, value in form.values().items():
        setattr(draft, name, value)
    for name, value in read.values.items():
        if not form.kind.is_shown(draft, name) and value not in (0, "0", False):
            why = _("按前面的答案不用填这一项。请清空这一格，或者改正前面的答案。")
            yield _at(read.places[name], columns[name].heading, why)


def _says_the_same(chapter: Chapter, form: RecordForm) -> bool:
    if chapter.record is None or not form.is_valid():
        return False
    record = chapter.record.specific()
    draft = copy.copy(record)
    for name, value in form.values().items():
        setattr(draft, name, value)
    chapter.kind.clear_hidden(draft)
    return values_of(draft, {}) == values_of(record, {})


def _at(where: str, heading: str, why: str) -> str:
    return _("单元格 %(where)s（%(heading)s）：%(why)s") % {"where": where, "heading": heading, "why": why}


def _data(chapter: Chapter, read: _Read, rows: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {**read.values, PERIOD: chapter.duty.period}
    return data | {name: [row.read for row in found] for name, found in rows.items()}


def _line_problems(sheets: Iterable[LineSheet]) -> Iterator[str]:
    for sheet in sheets:
        for row in sheet.rows.get(str(ONLY), []):
            for column, reason, cure in row.problems:
                yield _("%(where)s：%(why)s") % {"where": sheet.where(row, column.heading), "why": f"{reason}{cure}"}


def _form_problems(form: RecordForm, read: _Read, told: set[str]) -> Iterator[str]:
    columns = {column.name: column for column in resource_for(form.kind.slug).columns}
    for name, messages in form.errors.items():
        if name in told:
            continue
        for message in messages:
            if name in columns and name in read.places:
                yield _at(read.places[name], columns[name].heading, str(message))
            elif name in columns:
                yield _("%(heading)s：%(why)s") % {"heading": columns[name].heading, "why": message}
            else:
                label = form.fields[name].label if isinstance(form.fields.get(name), LinesField) else ""
                yield _("%(heading)s：%(why)s") % {"heading": label, "why": message} if label else str(message)


def _save(acting_user: Actor, returns: Returns, chapter: Chapter, form: RecordForm) -> Record:
    if chapter.record is None:
        return file_record(acting_user=acting_user, kind=chapter.kind, filer=returns.enterprise, values=form.values())
    return update_record(
        acting_user=acting_user, record_id=chapter.record.pk, version=chapter.record.version, values=form.values()
    )
