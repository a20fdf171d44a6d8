"""From a file to rows of cells: which sheets hold a table of the resource, where its headings stand, and its rows as a stream."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.exchange.columns import FORMAT, NUMBER, REASON, SHEET, SheetResource
from foundation.exchange.matching import How, Match, match_headings
from foundation.exchange.rows import SheetRow
from foundation.exchange.sheets import MARK_SHEET
from foundation.exchange.widgets import shown, tidy
from foundation.refusals import Refused
from foundation.workbooks.opening import Book, SheetInfo
from foundation.workbooks.scanning import RESULT, SheetFacts
from foundation.workbooks.values import Cell

#: The headings stand in one of the first rows, under whatever titles.
HEAD_WITHIN = 30
#: So many of a sheet's headings are recognised at least.
HEADS = 3
#: Rows shown of each sheet, as they were read.
PREVIEWED = 5
#: Cells of a row that are looked at: what lies further right is no table of the portal's.
MAX_COLUMNS = 200

Layout = dict[str, Any]


def is_empty(cells: Iterable[Cell]) -> bool:
    return not any(cell is not None and (not isinstance(cell, str) or tidy(cell)) for cell in cells)


# --- looking at the sheets --------------------------------------------------------------------------


def survey(book: Book, resource: SheetResource) -> tuple[Layout, dict[str, list[list[str]]]]:
    """What the file holds for the resource: of each sheet its name, whether it is hidden, where its headings stand (0:
    nowhere) and what they are taken for, and how many rows lie below (without headings: are filled); and the first rows of each as they read.

    Raises ``Refused`` when no sheet holds a table of the resource, or when it is marked as another's."""
    skipped = {MARK_SHEET, *_marked_as_others(book, resource)}
    if {MARK_SHEET, SHEET} & {sheet.name for sheet in book.sheets}:
        # A template: its list of industries would read like a table of enterprises.
        skipped |= set(resource.beside)
    sheets: list[dict[str, Any]] = []
    previews: dict[str, list[list[str]]] = {}
    for sheet in book.sheets:
        if sheet.name in skipped:
            continue
        found, rows = _survey_sheet(book, sheet, resource)
        sheets.append(found)
        previews[sheet.name] = rows
    if not any(sheet["head"] for sheet in sheets):
        wanted = "、".join(column.heading for column in resource.columns if column.needed)
        raise Refused(
            _("前 %(rows)d 行里没有找到“%(kind)s”的表头。表头应有这些列：%(wanted)s。请用本页下载的模板。")
            % {"rows": HEAD_WITHIN, "kind": resource.label, "wanted": wanted}
        )
    return {"sheets": sheets, "unchecked": book.unchecked or ""}, previews


def _marked_as_others(book: Book, resource: SheetResource) -> set[str]:
    """The sheets the portal marked as those of other tables. Raises ``Refused`` when it marked none as the resource's: a
    sheet that was copied or renamed since is not marked, and is looked at like any other."""
    marked: dict[str, str] = {}
    for sheet in book.sheets:
        if sheet.name != MARK_SHEET:
            continue
        for _number, row in book.rows(sheet):
            if len(row) < 3 or not isinstance(row[0], str):
                continue
            if isinstance(row[2], int | float) and row[2] > FORMAT:
                raise Refused(_("这个文件由更新版本的平台生成，现在还读不了。请重新下载模板，把内容粘贴过去。"))
            marked[row[0]] = str(row[1])
    if marked and resource.slug not in marked.values():
        labels = resource.labels()
        found = "、".join(f"“{labels.get(slug) or _('其他内容')}”" for slug in dict.fromkeys(marked.values()))
        raise Refused(
            _("这个文件是%(found)s的表，这里要导入的是“%(wanted)s”。请改选类型，或换成对应的模板。")
            % {"found": found, "wanted": resource.label}
        )
    return {name for name, slug in marked.items() if slug != resource.slug}


def _headings(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    found = [(place, tidy(cell)) for place, cell in enumerate(cells[:MAX_COLUMNS]) if isinstance(cell, str)]
    return [(place, text) for place, text in found if text]


def _survey_sheet(book: Book, sheet: SheetInfo, resource: SheetResource) -> tuple[dict[str, Any], list[list[str]]]:
    facts = book.facts(sheet)
    head = 0
    best: list[Match] = []
    rows: list[tuple[int, list[Cell]]] = []
    below = filled = filled_to_head = 0
    for number, cells in book.rows(sheet):
        filled += not is_empty(cells)
        if number <= HEAD_WITHIN:
            matches = match_headings(_headings(cells), resource)
            if _is_better(matches, best, resource):
                head, best, rows, below, filled_to_head = number, matches, [], 0, filled
                continue
        elif not head:
            break
        if head and not is_empty(cells[:MAX_COLUMNS]):
            below += 1
            if len(rows) < PREVIEWED:
                rows.append((number, cells))
            elif facts is not None:
                # How many rows follow is known without reading them.
                break
    if facts is not None and head:
        below = max(facts.filled_rows - filled_to_head, below)
    if not head:
        below = facts.filled_rows if facts is not None else filled
    found = {
        "name": sheet.name,
        "is_hidden": sheet.is_hidden,
        "head": head,
        "matches": [list(match) for match in best],
        "rows": below,
        **_besides(facts, head, best),
    }
    preview = [
        [shown(cells[match.position]) if match.position < len(cells) else "" for match in best] for _n, cells in rows
    ]
    return found, preview


def _besides(facts: SheetFacts | None, head: int, matches: Sequence[Match]) -> dict[str, Any]:
    """What stands in a sheet besides values, below its headings."""
    if facts is None or not head:
        return {"hidden_rows": 0, "merged": 0, "formulas": 0, "hidden_columns": []}
    merged = [entry for entry in facts.merged if entry.first_row > head and entry.last_row > entry.first_row]
    hidden = [match.heading for match in matches if match.column and facts.is_hidden_column(match.position + 1)]
    return {
        "hidden_rows": sum(1 for row in facts.hidden_rows if head < row <= facts.last_row),
        "merged": len(merged),
        "formulas": facts.count(RESULT),
        "hidden_columns": hidden,
    }


def _is_better(matches: Sequence[Match], best: Sequence[Match], resource: SheetResource) -> bool:
    """Whether a row reads more like headings than the best so far: of three recognised at least, one that tells rows
    apart; exact ones count before others."""
    if not _could_be_head(matches, resource):
        return False
    return _weight(matches) > _weight(best)


def _could_be_head(matches: Sequence[Match], resource: SheetResource) -> bool:
    names = {match.column for match in matches if match.column}
    return len(names) >= min(HEADS, len(resource.columns)) and bool(names & set(resource.heads))


def _weight(matches: Sequence[Match]) -> int:
    return sum(3 if match.how == How.EXACT else 1 for match in matches if match.column)


# --- choosing -----------------------------------------------------------------------------------------


def offered(layout: Layout) -> list[dict[str, Any]]:
    """The sheets with a table of the resource; a hidden one only when no visible one has any."""
    found = [sheet for sheet in layout["sheets"] if sheet["head"]]
    return [sheet for sheet in found if not sheet["is_hidden"]] or found


def needs_sheets(layout: Layout) -> bool:
    """Whether somebody has to say which sheets are meant, whether a hidden one is, or what becomes of hidden rows and
    merged cells."""
    sheets = offered(layout)
    return "chosen" not in layout and (
        len(sheets) > 1 or any(sheet["is_hidden"] or sheet["hidden_rows"] or sheet["merged"] for sheet in sheets)
    )


def chosen_sheets(layout: Layout) -> list[dict[str, Any]]:
    names = layout.get("chosen") or [sheet["name"] for sheet in offered(layout)[:1]]
    return [sheet for sheet in layout["sheets"] if sheet["name"] in names and sheet["head"]]


def matched(sheet: Mapping[str, Any], layout: Layout, resource: SheetResource) -> list[Match]:
    """What a sheet's headings are taken for, with what was chosen by hand. Raises ``Refused`` when two are taken
    for one column."""
    headings = [(entry[0], entry[1]) for entry in sheet["matches"]]
    found = match_headings(headings, resource, layout.get("mapping"))
    names = [match.column for match in found if match.column]
    for match in found:
        if match.column and names.count(match.column) > 1:
            raise Refused(_("表头“%s”出现了不止一次，不知道该读哪一列。请只保留一列。") % match.heading)
    return found


def needs_columns(layout: Layout, resource: SheetResource) -> bool:
    """Whether somebody has to look at what the headings are taken for: one was guessed, or a column without which no row
    can be told from another is missing while headings are left over. Raises ``Refused`` when none is left over."""
    if "mapping" in layout:
        return False
    asks = False
    for sheet in chosen_sheets(layout):
        matches = matched(sheet, layout, resource)
        if any(match.how in (How.SYNONYM, How.LIKE) for match in matches):
            asks = True
        if lacking(matches, resource):
            if not any(not match.column and match.heading != REASON for match in matches):
                raise Refused(lacking_message(matches, resource))
            asks = True
    return asks


def lacking(matches: Sequence[Match], resource: SheetResource) -> list[str]:
    have = {match.column for match in matches}
    return [column.heading for column in resource.columns if column.name in set(resource.keys) - have]


def lacking_message(matches: Sequence[Match], resource: SheetResource) -> str:
    return _("表中缺少“%s”列，无法分辨每一行说的是哪一条。请补上这一列，或用本页下载的模板。") % "”、“".join(
        lacking(matches, resource)
    )


# --- reading ------------------------------------------------------------------------------------------


def notes_of(layout: Layout, resource: SheetResource) -> list[str]:
    """What whoever confirms should know of how the file was read; nothing is left out without a word."""
    notes = [layout["unchecked"]] if layout["unchecked"] else []
    chosen = chosen_sheets(layout)
    names = {sheet["name"] for sheet in chosen}
    for sheet in layout["sheets"]:
        if sheet["name"] in names:
            continue
        if not sheet["head"]:
            if sheet["rows"] and not sheet["is_hidden"] and sheet["name"] not in resource.beside:
                text = _("没有读取工作表“%(name)s”：前 %(rows)d 行里没有找到“%(kind)s”的表头。")
                notes.append(text % {"name": sheet["name"], "rows": HEAD_WITHIN, "kind": resource.label})
            continue
        text = (
            _("没有读取隐藏的工作表“%(name)s”（%(rows)d 行）。")
            if sheet["is_hidden"]
            else _("没有读取工作表“%(name)s”（%(rows)d 行）。")
        )
        notes.append(text % sheet)
    for sheet in chosen:
        matches = matched(sheet, layout, resource)
        unread = [match.heading for match in matches if not match.column and match.heading != REASON]
        if unread:
            notes.append(
                _("“%(kind)s”没有这些列，没有读取：%(columns)s。")
                % {"kind": resource.label, "columns": "、".join(unread[:20])}
            )
        where = _("工作表“%s”：") % sheet["name"] if len(chosen) > 1 else ""
        if sheet["formulas"]:
            notes.append(where + _("有 %d 格是公式，按文件里算好的值读取。") % sheet["formulas"])
        if sheet["hidden_columns"]:
            notes.append(where + _("隐藏的列也读取了：%s。") % "、".join(sheet["hidden_columns"]))
        if sheet["hidden_rows"]:
            text = _("隐藏的 %d 行也读取了。") if layout.get("hidden") == "read" else _("隐藏的 %d 行没有读取。")
            notes.append(where + text % sheet["hidden_rows"])
        if sheet["merged"]:
            text = (
                _("有 %d 处合并单元格，下面的格都按第一格的内容读取。")
                if layout.get("merged") == "fill"
                else _("有 %d 处合并单元格，只有第一格有内容，其余的格按空格读取。")
            )
            notes.append(where + text % sheet["merged"])
    return notes


def columns_read(layout: Layout, resource: SheetResource) -> list[str]:
    """The columns that are read, in the resource's order."""
    names = {match.column for sheet in chosen_sheets(layout) for match in matched(sheet, layout, resource)}
    return [column.name for column in resource.columns if column.name in names]


def read_rows(book: Book, layout: Layout, resource: SheetResource) -> Iterator[SheetRow]:
    """The rows below the headings of the chosen sheets: what is empty but for what the template filled in, and the
    template's example, is no row."""
    infos = {sheet.name: sheet for sheet in book.sheets}
    filled_in = set(resource.filled_in)
    for sheet in chosen_sheets(layout):
        info = infos[sheet["name"]]
        facts = book.facts(info)
        positions = [(match.position, match.column) for match in matched(sheet, layout, resource) if match.column]
        skips_hidden = facts is not None and sheet["hidden_rows"] and layout.get("hidden") != "read"
        fill = _MergedValues(facts, sheet["head"]) if layout.get("merged") == "fill" and sheet["merged"] else None
        for number, cells in book.rows(info):
            if fill is not None:
                fill.over(number, cells)
            if number <= sheet["head"] or (skips_hidden and facts is not None and facts.is_hidden_row(number)):
                continue
            row = {name: cells[place] for place, name in positions if place < len(cells)}
            if is_empty(cell for name, cell in row.items() if name not in filled_in) or _is_example(row):
                continue
            yield SheetRow(number, row, sheet=sheet["name"])


class _MergedValues:
    """Puts the value of a merged range's first cell into the cells below and beside it."""

    def __init__(self, facts: SheetFacts | None, head: int) -> None:
        ranges = facts.merged if facts is not None else []
        self.ranges = sorted((entry for entry in ranges if entry.first_row > head), key=lambda entry: entry.first_row)
        self.at = 0
        self.open: list[tuple[Any, Cell]] = []

    def over(self, number: int, cells: list[Cell]) -> None:
        while self.at < len(self.ranges) and self.ranges[self.at].first_row <= number:
            entry = self.ranges[self.at]
            self.at += 1
            first = cells[entry.first_column - 1] if len(cells) >= entry.first_column else None
            self.open.append((entry, first))
        self.open = [(entry, value) for entry, value in self.open if entry.last_row >= number]
        for entry, value in self.open:
            cells.extend([None] * (min(entry.last_column, MAX_COLUMNS) - len(cells)))
            for column in range(entry.first_column, min(entry.last_column, MAX_COLUMNS) + 1):
                if cells[column - 1] is None:
                    cells[column - 1] = value


def _is_example(row: Mapping[str, Cell]) -> bool:
    number = row.get(NUMBER)
    return isinstance(number, str) and tidy(number).startswith("示例")
