"""The workbook: every figure of the snapshot, complete, with real numbers in the cells."""

import datetime
import io
import itertools
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from foundation.ui.workbooks import CellStyle, as_bytes, streamed_workbook
from indicators.queries import Lack
from reporting.narrative import breached_rules, left_empty_of
from reporting.rendering.content import Content, over_quarters, quarter_in_row, shown_quarters
from reporting.unshown import unshown_of

_HEAD_FILL = PatternFill("solid", fgColor="F2F2F2")
_EDGE = Side(style="thin", color="999999")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
#: Of a stock or a headcount there is no year to date: the cell says so instead of "not reported".
_INAPPLICABLE = "—"
#: Of a year before the first figures.
_NO_DATA = gettext_lazy("没有数据")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: Stamped on every member of the archive: the same snapshot gives the same bytes.
_ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)


def render_xlsx(content: Content) -> bytes:
    """The workbook's bytes. The same content always gives the same bytes."""
    at = _data_time(content)
    with streamed_workbook() as book:
        _overview(book.create_sheet(_("总体")), content)
        _units(book.create_sheet(_("分地区")), content)
        _trend(book.create_sheet(_("趋势")), content)
        if content.snapshot["indicators"]:
            _indicators(book.create_sheet(_("指标")), content)
        if content.breaches:
            _breaches(book.create_sheet(_("不符合规定")), content)
        _notes(book.create_sheet(_("说明")), content)
        book.properties.creator = content.compiler
        book.properties.title = content.title
        book.properties.created = book.properties.modified = at
        return _settled(as_bytes(book), at)


def _data_time(content: Content) -> datetime.datetime:
    as_of = content.snapshot["data_as_of"]
    if not as_of:
        return datetime.datetime(1980, 1, 1)
    return datetime.datetime.fromisoformat(as_of).astimezone(datetime.UTC).replace(tzinfo=None)


def _settled(data: bytes, at: datetime.datetime) -> bytes:
    """openpyxl stamps the hour of writing on the archive and its core properties; put the data's own there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = _stamped(body, at)
            target.writestr(zipfile.ZipInfo(name, _ARCHIVE_TIME), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _stamped(body: bytes, at: datetime.datetime) -> bytes:
    head, mark, rest = body.partition(b"<dcterms:modified")
    opening, close, tail = rest.partition(b">")
    _old, end, after = tail.partition(b"</dcterms:modified>")
    return head + mark + opening + close + f"{at.isoformat(timespec='seconds')}Z".encode() + end + after


def safe_text(value: str) -> str:
    """Text that a spreadsheet shows and never runs."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _number(value: Any) -> int | float:
    number = Decimal(value)
    return int(number) if number == number.to_integral_value() else float(number)


class _Remark(str):
    """What stands among numbers and is none."""

    __slots__ = ()


class _Looks:
    """What the cells of one sheet look like."""

    def __init__(self, sheet: Worksheet) -> None:
        right = Alignment(horizontal="right", vertical="center")
        self.title = CellStyle(sheet, font=Font(bold=True, size=14))
        self.head = CellStyle(
            sheet,
            font=Font(bold=True),
            fill=_HEAD_FILL,
            border=_BORDER,
            alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        )
        self.text = CellStyle(sheet, border=_BORDER, alignment=Alignment(vertical="center", wrap_text=True))
        self.whole = CellStyle(sheet, border=_BORDER, alignment=right, number_format="#,##0")
        self.broken = CellStyle(sheet, border=_BORDER, alignment=right, number_format="#,##0.0#")
        self.missing = CellStyle(sheet, border=_BORDER, alignment=right, font=Font(color="777777"))
        self.inapplicable = CellStyle(sheet, border=_BORDER, alignment=right)
        self.not_reported = _("未填报")

    def of_text(self, value: Any) -> Any:
        cell = self.text.cell(safe_text(value))
        cell.data_type = "s"
        return cell

    def of_number(self, value: Any) -> Any:
        """A number as a number, a missing one as 未填报; a dash stays one."""
        if value is None:
            return self.missing.cell(self.not_reported)
        if value in (_INAPPLICABLE, _NO_DATA) or isinstance(value, _Remark):
            return self.inapplicable.cell(str(value))
        number = _number(value)
        return (self.whole if isinstance(number, int) else self.broken).cell(number)


def _table(
    sheet: Worksheet,
    title: str,
    heads: list[str],
    rows: Iterable[list[Any]],
    text_columns: int,
    widths: list[int],
) -> None:
    """A titled table with a frozen head, ready to print on landscape pages. Written row by row: a write-only sheet
    takes its settings before its first row."""
    for column in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = widths[min(column, len(widths)) - 1]
    sheet.row_dimensions[3].height = 32
    sheet.freeze_panes = f"{get_column_letter(text_columns + 1)}4"
    sheet.print_title_rows = "3:3"
    _landscape(sheet)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="— &P —"))
    looks = _Looks(sheet)
    sheet.append([looks.title.cell(safe_text(title))])
    sheet.append([])
    sheet.append([looks.head.cell(safe_text(head)) for head in heads])
    for row in rows:
        texts = [looks.of_text(value) for value in row[:text_columns]]
        sheet.append([*texts, *(looks.of_number(value) for value in row[text_columns:])])


def _landscape(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4


def _overview(sheet: Worksheet, content: Content) -> None:
    heads = [_("代码"), _("数据项"), _("计量单位"), _("本季度"), _("上季度"), _("本年累计"), _("有数据企业数（家）")]
    heads += [_("可比：本季度"), _("可比：上季度"), _("可比企业数（家）")]
    # A snapshot of before there were comparisons with the year before gives the workbook that it always gave.
    has_year = all("over_year" in one for one in content.snapshot["figures"])
    if has_year:
        heads += [_("同比可比：本期"), _("同比可比：上年同期"), _("同比可比企业数（家）")]
        heads += [_("本年累计同比：本期"), _("本年累计同比：上年同期")]
    by_code = {one["code"]: one for one in content.snapshot["figures"]}
    unsaid = {code: left_empty_of(by_code, code) for code in by_code}
    # Nor where nothing was left empty.
    says_unsaid = any(unsaid.values())
    if says_unsaid:
        heads.append(_("没有填全的"))
    rows = (
        [
            one["code"],
            one["label"],
            one["unit"],
            one["value"],
            one["previous"],
            one["year_to_date"] if one["nature"] == "flow" else _INAPPLICABLE,
            one["reporting"],
            *_compared(one.get("comparison")),
            *(_over_year(one) if has_year else []),
            *([_Remark(unsaid[one["code"]]) if unsaid[one["code"]] else _INAPPLICABLE] if says_unsaid else []),
        ]
        for one in content.snapshot["figures"]
    )
    _table(sheet, content.title, heads, rows, 3, [22, 34, 10, 14])


def _compared(found: dict[str, Any] | None) -> list[Any]:
    """Both values of the comparison and over how many enterprises; dashes where there is none, or all are compared."""
    if not found:
        return [_INAPPLICABLE] * 3
    return [found["value"], found["before"], _INAPPLICABLE if found["enterprises"] is None else found["enterprises"]]


def _over_year(figure: dict[str, Any]) -> list[Any]:
    """The same against the year before, with the years to date; where nothing was known a year before, that is said."""
    values = _compared(figure["over_year"])
    if figure["no_year"] == Lack.NO_DATA:
        values[1] = _NO_DATA
    return [*values, *_compared(figure["to_date_over_year"])[:2]]


def _units(sheet: Worksheet, content: Content) -> None:
    figures = content.snapshot["figures"]
    heads = [
        _("代码"),
        _("单位"),
        _("企业数（家）"),
        _("已填报（家）"),
        *(f"{one['label']}（{one['unit']}）" for one in figures),
    ]
    rows = (
        [
            unit["code"],
            unit["name"],
            unit["enterprises"],
            unit["reported"],
            *(_Remark(unshown_of(unit, one["code"])) or unit["values"][one["code"]] for one in figures),
        ]
        for unit in content.snapshot["units"]
    )
    region, coverage = content.snapshot["region"], content.snapshot["coverage"]
    total = [
        region["code"],
        _("合计"),
        coverage["enterprises"],
        coverage["reported"],
        *(one["value"] for one in figures),
    ]
    # A snapshot of an earlier day does not tell it apart.
    own = content.snapshot.get("own")
    own_rows = (
        [
            [
                region["code"],
                _("%s本级") % region["name"],
                _INAPPLICABLE,
                _INAPPLICABLE,
                *(own.get(one["code"], _INAPPLICABLE) for one in figures),
            ]
        ]
        if own
        else []
    )
    _table(sheet, content.units.title, heads, itertools.chain(rows, own_rows, [total]), 2, [22, 30, 14])


def _trend(sheet: Worksheet, content: Content) -> None:
    trend, shown = content.snapshot["trend"], shown_quarters(content.snapshot)
    heads = [_("代码"), _("数据项"), _("计量单位")]
    heads += [quarter_in_row(content.snapshot, trend["quarters"][index]) for index in shown]
    rows = [
        [
            one["code"],
            over_quarters(one["label"]),
            one["unit"],
            *(trend["series"][one["code"]][index] for index in shown),
        ]
        for one in content.snapshot["figures"]
    ]
    _table(sheet, content.trend.title, heads, rows, 3, [22, 34, 10, 14])


def _indicators(sheet: Worksheet, content: Content) -> None:
    """Every indicator that was measured or has something to reach: on paper stand only those that have both."""
    heads = [_("代码"), _("指标"), _("计量单位"), _("进度"), _("填报"), _("指标值"), _("分子"), _("分母"), _("目标")]
    rows = [
        [
            one["code"],
            one["name"],
            one["unit"],
            one.get("light") or _INAPPLICABLE,
            one.get("coverage") or _INAPPLICABLE,
            one["value"],
            one["numerator"],
            _INAPPLICABLE if one["denominator"] is None and one["value"] is not None else one["denominator"],
            _INAPPLICABLE if one["target"] is None else one["target"],
        ]
        for one in content.snapshot["indicators"]
    ]
    title = _("%(quarter)s指标值") % {"quarter": content.snapshot["quarter_label"]}
    _table(sheet, title, heads, rows, 5, [12, 40, 10, 14, 28, 14])


def _breaches(sheet: Worksheet, content: Content) -> None:
    heads = [_("代码"), _("规定"), _("依据"), _("不符合（家）"), _("记录（条）"), _("未填写（家）")]
    names = ("rule", "words", "citation", "enterprises", "records", "unstated")
    rows = [[one[name] for name in names] for one in breached_rules(content.snapshot)]
    title = content.breaches.title if content.breaches else ""
    _table(sheet, title, heads, rows, 3, [14, 60, 60, 12])


def _notes(sheet: Worksheet, content: Content) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 6, 100
    _landscape(sheet)
    sheet.append([CellStyle(sheet, font=Font(bold=True, size=14)).cell(_("编制说明"))])
    sheet.append([])
    note_style = CellStyle(sheet, alignment=Alignment(wrap_text=True, vertical="top"))
    for index, note in enumerate(content.data_notes, 1):
        sheet.append([index, note_style.cell(safe_text(note))])
