"""From a file to rows of cells: which sheets hold a table of the resource, where its headings stand, and its rows as a stream."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from foundation.exchange.columns import FORMAT, NUMBER, REASON, SHEET, Column, SheetResource
from foundation.exchange.headings import normal
from foundation.exchange.matching import How, Match, as_said, match_headings
from foundation.exchange.rows import SheetRow
from foundation.exchange.sheets import MARK_SHEET
from foundation.exchange.widgets import narrow, shown, tidy
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.workbooks.opening import Book, SheetInfo
from foundation.workbooks.scanning import RESULT, SheetFacts, column_letters
from foundation.workbooks.values import Cell

#: The headings stand in one of the first rows, under whatever titles.
HEAD_WITHIN = 30
#: So many of a sheet's headings are recognised at least.
HEADS = 3
#: Rows shown of each sheet, as they were read.
PREVIEWED = 5
#: Rows and ranges that are named one by one.
NAMED = 20
#: A sheet is taken for one of another table when it has so many more of that one's headings.
CLEARLY_MORE = 2
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
    marked = sheets_marked(book)
    skipped = {MARK_SHEET, *_marked_as_others(marked, resource)}
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
            filled(
                _("前 %(rows)d 行里没有找到“%(kind)s”的表头。表头应有这些列：%(wanted)s。请用导入页上的模板。"),
                {"rows": HEAD_WITHIN, "kind": resource.label, "wanted": wanted},
            )
        )
    return {"sheets": sheets, "unchecked": book.unchecked or "", "is_ours": bool(marked)}, previews


def marks_of(book: Book) -> dict[str, list[Cell]]:
    """What the portal noted of each of its own sheets, by the sheet's name: what it is of, then what else its reader wants
    to know. Raises ``Refused``."""
    marks: dict[str, list[Cell]] = {}
    for sheet in book.sheets:
        if sheet.name != MARK_SHEET:
            continue
        for _number, row in book.rows(sheet):
            if len(row) < 3 or not isinstance(row[0], str):
                continue
            if isinstance(row[2], int | float) and row[2] > FORMAT:
                raise Refused(_("这个文件由更新版本的平台生成，现在还读不了。请重新下载模板，把内容粘贴过去。"))
            marks[row[0]] = [row[1], *row[3:]]
    return marks


def sheets_marked(book: Book) -> dict[str, str]:
    """What the portal wrote each of its own sheets to be of, by the sheet's name. Raises ``Refused``."""
    return {name: str(cells[0]) for name, cells in marks_of(book).items()}


def _marked_as_others(marked: Mapping[str, str], resource: SheetResource) -> set[str]:
    """The sheets the portal marked as those of other tables. Raises ``Refused`` when it marked none as the resource's: a
    sheet that was copied or renamed since is not marked, and is looked at like any other."""
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
        "looks_like": _looks_like(best, resource) if head else None,
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
    headings = {match.position + 1: match.heading for match in matches}
    hidden_rows = [row for row in facts.hidden_rows if head < row <= facts.last_row]
    return {
        "hidden_rows": len(hidden_rows),
        "hidden_at": hidden_rows[:NAMED],
        "merged": len(merged),
        "merged_at": [
            [headings.get(entry.first_column, column_letters(entry.first_column)), entry.first_row, entry.last_row]
            for entry in merged[:NAMED]
        ],
        "formulas": facts.count(RESULT),
        "hidden_columns": [m.heading for m in matches if m.column and facts.is_hidden_column(m.position + 1)],
    }


def _looks_like(matches: Sequence[Match], resource: SheetResource) -> dict[str, Any] | None:
    """The other table whose headings the sheet has, where it has clearly more of them than of the resource's own."""
    have = {normal(match.heading): match.heading for match in matches}
    own = sum(1 for form in have if (column := resource.by_heading.get(form)) is not None and not column.is_ours)
    best: dict[str, Any] | None = None
    most = own + CLEARLY_MORE - 1
    for slug, label, headings in resource.kin():
        if slug != resource.slug and len(common := headings & set(have)) > most:
            only = [have[form].strip("*") for form in have if form in common and form not in resource.by_heading]
            best, most = {"slug": slug, "label": label, "headings": only}, len(common)
    return best


def places_named(layout: Mapping[str, Any], name: str) -> str:
    """The first hidden rows (``hidden_at``) or merged ranges (``merged_at``) of a sheet, in words."""
    listed = layout.get(name, [])
    if name == "hidden_at":
        words = [str(row) for row in listed]
        more = layout["hidden_rows"] > len(listed)
    else:
        words = [
            filled(_("“%(heading)s”第 %(first)d—%(last)d 行"), {"heading": heading, "first": first, "last": last})
            for heading, first, last in listed
        ]
        more = layout["merged"] > len(listed)
    return "、".join(words) + (_(" 等") if more else "")


def _is_better(matches: Sequence[Match], best: Sequence[Match], resource: SheetResource) -> bool:
    """Whether a row reads more like headings than the best so far: of three recognised at least, one that tells rows
    apart; exact ones count before others."""
    if not _could_be_head(matches, resource):
        return False
    return _weight(matches) > _weight(best)


def _could_be_head(matches: Sequence[Match], resource: SheetResource) -> bool:
    names = {match.column or normal(match.heading) for match in matches if match.column or match.how == How.SEVERAL}
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
    chosen = layout.get("mapping")
    if chosen is not None and layout.get("is_ours"):
        # Without its number and version a line the portal has exported would be read as a new one.
        chosen = {said: name for said, name in chosen.items() if not _is_only_exact(resource, said)}
    found = match_headings(headings, resource, chosen)
    by_column: dict[str, list[Match]] = defaultdict(list)
    for match in found:
        if match.column:
            by_column[match.column].append(match)
    for name, matches in by_column.items():
        different = list(dict.fromkeys(as_said(match.heading) for match in matches))
        if len(different) > 1:
            label = next(column.heading for column in resource.columns if column.name == name)
            raise Refused(
                _("%(headings)s都对应到了“%(column)s”。请只留一列，其余的选“不读取”。")
                % {"headings": "、".join(f"“{heading}”" for heading in different), "column": label}
            )
        if len(matches) > 1:
            raise Refused(_("表头“%s”出现了不止一次，不知道该读哪一列。请只保留一列。") % matches[0].heading)
    return found


def _is_only_exact(resource: SheetResource, heading: str) -> bool:
    column = resource.by_heading.get(normal(heading))
    return column is not None and column.only_exact


def needs_columns(layout: Layout, resource: SheetResource) -> bool:
    """Whether somebody has to look at what the headings are taken for: one was guessed, several say the same, a file the
    portal did not write has a heading as exports have it, the sheet looks like one of another table; or a column without
    which no row can be told from another is missing while headings are left over. Raises ``Refused`` when none is left over."""
    if "mapping" in layout:
        return False
    asks = False
    for sheet in chosen_sheets(layout):
        matches = matched(sheet, layout, resource)
        if any(match.how in (How.SYNONYM, How.LIKE, How.SEVERAL) for match in matches) or sheet.get("looks_like"):
            asks = True
        if not layout.get("is_ours"):
            asks |= any(resource_column(resource, match).only_exact for match in matches if match.column)
        if lacking(matches, resource):
            if not any(not match.column and match.heading != REASON for match in matches):
                raise Refused(lacking_message(matches, resource))
            asks = True
    return asks


def resource_column(resource: SheetResource, match: Match) -> Column:
    return next(column for column in resource.columns if column.name == match.column)


def lacking(matches: Sequence[Match], resource: SheetResource) -> list[str]:
    have = {match.column for match in matches}
    return [column.heading for column in resource.columns if column.name in set(resource.keys) - have]


def lacking_message(matches: Sequence[Match], resource: SheetResource) -> str:
    return _("表中缺少“%s”列，无法分辨每一行说的是哪一条。请补上这一列，或用本页下载的模板。") % "”、“".join(
        lacking(matches, resource)
    )


# --- reading ------------------------------------------------------------------------------------------


def notes_of(layout: Layout, resource: SheetResource, left_out: Sequence["LeftOut"] = ()) -> list[str]:
    """What whoever confirms should know of how the file was read; nothing is left out without a word. ``left_out``: rows
    that are none, as ``read_rows`` found them."""
    notes = [layout["unchecked"]] if layout["unchecked"] else []
    if recalled := layout.get("recalled"):
        notes.append(_("各列按本单位 %(day)s 核对过的对应读取（%(who)s）。") % recalled)
    chosen = chosen_sheets(layout)
    names = {sheet["name"] for sheet in chosen}
    for sheet in layout["sheets"]:
        if sheet["name"] in names:
            continue
        if not sheet["head"]:
            if sheet["rows"] and not sheet["is_hidden"] and sheet["name"] not in resource.beside:
                text = _("没有读取工作表“%(name)s”：前 %(rows)d 行里没有找到“%(kind)s”的表头。")
                notes.append(filled(text, {"name": sheet["name"], "rows": HEAD_WITHIN, "kind": resource.label}))
            continue
        text = (
            _("没有读取隐藏的工作表“%(name)s”（%(rows)d 行）。")
            if sheet["is_hidden"]
            else _("没有读取工作表“%(name)s”（%(rows)d 行）。")
        )
        notes.append(filled(text, sheet))
    for sheet in chosen:
        matches = matched(sheet, layout, resource)
        unread = [
            match.heading
            for match in matches
            if match.heading != REASON
            and (not match.column or (resource_column(resource, match).is_shown_only and not layout.get("is_ours")))
        ]
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
            text = (
                _("隐藏的 %(count)d 行也读取了：第 %(rows)s行。")
                if layout.get("hidden") == "read"
                else _("隐藏的 %(count)d 行没有读取：第 %(rows)s行。")
            )
            named = {"count": sheet["hidden_rows"], "rows": places_named(sheet, "hidden_at") + " "}
            notes.append(where + filled(text, named))
        if sheet["merged"]:
            text = (
                _("有 %(count)d 处合并单元格（%(places)s），下面的格都按第一格的内容读取。")
                if layout.get("merged") == "fill"
                else _("有 %(count)d 处合并单元格（%(places)s），只有第一格有内容，其余的格按空格读取。")
            )
            notes.append(where + filled(text, {"count": sheet["merged"], "places": places_named(sheet, "merged_at")}))
        if rows := [row for row in left_out if row.sheet == sheet["name"]]:
            listed = "、".join(_("第 %d 行“%s”") % (row.number, row.words) for row in rows[:NAMED])
            more = filled(_(" 等 %d 行"), len(rows)) if len(rows) > NAMED else ""
            notes.append(where + _("%s是合计、说明或签名，没有读取。") % (listed + more))
    return notes


def columns_read(layout: Layout, resource: SheetResource) -> list[str]:
    """The columns that are read, in the resource's order."""
    names = {match.column for sheet in chosen_sheets(layout) for match in matched(sheet, layout, resource)}
    return [column.name for column in resource.columns if column.name in names]


class LeftOut(NamedTuple):
    """A row below the headings that is none of the table: a total, a note, a signature. ``words``: what it begins with."""

    sheet: str
    number: int
    words: str


#: What rows under a table begin with: totals alone in their cell; notes and signatures with something behind them.
_TOTAL = re.compile(r"(合计|总计|小计|累计|共计|总和|汇总|总数|本页合计|本月合计|全年合计)(\(.*\))?([:：].*)?$")
_BESIDE = re.compile(
    r"(备注|附注|注释|注|说明|填表说明|填报说明|填表人|填报人|制表人|制表|经办人|经手人|审核人|复核人|负责人|分管领导|单位负责人"
    r"|联系人|联系电话|电话|填表单位|填报单位|单位\(盖章\)|单位盖章|盖章|签字|签章|填表日期|填报日期|填表时间|制表日期)"
    r"\s*(\([^)]*\))?\s*([:：;；、.\d]|$)"
)


def beside_the_table(cells: Sequence[Cell], filled_in: Collection[int] = ()) -> tuple[int, str]:
    """Where a row of totals, a note or a signature begins, and with which word; empty for any other row. ``filled_in``:
    places in which a template puts the same into every row, and which begin nothing."""
    for place, cell in enumerate(cells[:MAX_COLUMNS]):
        if place not in filled_in and isinstance(cell, str) and (words := narrow(cell)):
            found = _TOTAL.match(words.replace(" ", "")) or _BESIDE.match(words)
            return place, found.group(1) if found else ""
    return 0, ""


def read_rows(
    book: Book, layout: Layout, resource: SheetResource, left_out: list[LeftOut] | None = None
) -> Iterator[SheetRow]:
    """The rows below the headings of the chosen sheets: what is empty but for what the template filled in, and the
    template's example, is no row. Totals, notes and signatures under a table, which lack what tells rows apart, are none
    either and are put into ``left_out``."""
    infos = {sheet.name: sheet for sheet in book.sheets}
    filled_in = set(resource.filled_in)
    unread = {column.name for column in resource.columns if column.is_shown_only}
    for sheet in chosen_sheets(layout):
        info = infos[sheet["name"]]
        facts = book.facts(info)
        matches = matched(sheet, layout, resource)
        positions = [(m.position, m.column) for m in matches if m.column and m.column not in unread]
        keys = [position for position, name in positions if name in resource.keys]
        prefilled = {position for position, name in positions if name in filled_in}
        skips_hidden = facts is not None and sheet["hidden_rows"] and layout.get("hidden") != "read"
        fill = _MergedValues(facts, sheet["head"]) if layout.get("merged") == "fill" and sheet["merged"] else None
        for number, cells in book.rows(info):
            if fill is not None:
                fill.over(number, cells)
            if number <= sheet["head"] or (skips_hidden and facts is not None and facts.is_hidden_row(number)):
                continue
            row = {name: cells[place] for place, name in positions if place < len(cells)}
            place, words = beside_the_table(cells)
            if not words:
                place, words = beside_the_table(cells, prefilled)
            others = [cells[key : key + 1] for key in keys if key != place]
            if words and (not others or any(map(is_empty, others))):
                if left_out is not None:
                    left_out.append(LeftOut(sheet["name"], number, words))
                continue
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
