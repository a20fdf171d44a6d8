"""What stands in a cell and what it means, both ways. One widget a sort of column.

``clean`` makes of a cell what the form's field takes, forgiving how people write; what it cannot read it refuses
(``CellProblem``) with the words of the cell. ``render`` writes a value as people read it.
"""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget
from openpyxl.utils.datetime import from_excel

from foundation.calendar.periods import Period
from foundation.exchange.readings import CellProblem, day_of, number_of, plain, quoted, whole
from foundation.folding import fold, standard, unified
from foundation.workbooks.values import EPOCH_1904, ErrorCell, Formula, LongNumber, Percent, Serial1904

#: Invisible characters that come along when text is copied from web pages and chats.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
_BLANK = str.maketrans({"\u00a0": " ", "\u3000": " ", "\t": " "})
_INVISIBLE_OR_BLANK = {**_INVISIBLE, **_BLANK}
#: Serial numbers of the days from 1990 to 2100; anything else is no day of an activity.
_SERIALS = range(32874, 73415)
_QUARTER = re.compile(r"(\d{4})\s*年?度?\s*[-_/.]?\s*(?:Q|第)?\s*([1-4一二三四])\s*(?:季度|季)?$", re.IGNORECASE)
_CHINESE_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4"}
#: What a program writes for an error where a cell can only hold text (CSV, old formats).
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_YES = frozenset({"是", "有", "对", "已", "√", "✓", "1", "y", "yes", "true"})
_NO = frozenset({"否", "无", "没有", "不是", "未", "×", "✗", "0", "n", "no", "false"})


def tidy(text: str) -> str:
    """Without stray spaces and invisible characters; characters of private use as those they stand for."""
    if text.isascii():
        return text.replace("\t", " ").strip()
    return standard(text.translate(_INVISIBLE_OR_BLANK)).strip()


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones."""
    return unified(standard(text))


def in_percent(share: float) -> str:
    """0.85 → 85."""
    return f"{(Decimal(repr(float(share))) * 100).normalize():f}"


def shown(cell: Any) -> str:
    """A cell as it stands in the workbook, for handing it back."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, Percent):
        return f"{in_percent(cell)}%"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


class CellWidget(Widget):
    """Text as it stands, without stray spaces. Base of all."""

    shape = "text"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, Formula):
            raise CellProblem(
                _("这一格是公式（%s），文件里没有它的计算结果。") % value[:60],
                _("请复制这一格，用“选择性粘贴—数值”粘贴回原处，再导入。"),
            )
        if isinstance(value, ErrorCell) or (isinstance(value, str) and tidy(value).upper() in _ERRORS):
            raise CellProblem(
                _("这一格是错误值 %s，不是内容。") % value, _("请在 Excel 中改好这一格的公式或引用，或填上实际内容。")
            )
        if isinstance(value, LongNumber) and self.shape in ("text", "code"):  # a telephone, a number of an order
            raise CellProblem(
                _("这一格是数字格，Excel 的数字只保留 15 位，%s 的末几位已经丢失。") % shown(value),
                _("请把这一列设为文本格式，重新填写完整的号码。"),
            )
        if value is None or (isinstance(value, str) and not tidy(value)):
            return ""
        return self.read(value)

    def read(self, value: Any) -> Any:
        """The meaning of a cell that is not empty."""
        return tidy(shown(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class LineWidget(CellWidget):
    """Text of one line: what stands on several lines of a cell is joined by spaces."""

    def read(self, value: Any) -> str:
        return re.sub(r"\s*\n\s*", " ", tidy(shown(value)))


class NameWidget(CellWidget):
    """The name of a unit: no line breaks, and no spaces but those between Latin words."""

    def read(self, value: Any) -> str:
        return re.sub(r"(?<![A-Za-z0-9.,&])\s+|\s+(?![A-Za-z0-9&])", "", tidy(shown(value)))


class CodeWidget(CellWidget):
    """Codes and numbers of identity: half-width capitals without spaces."""

    shape = "code"

    def read(self, value: Any) -> str:
        return plain(shown(value)).replace(" ", "").upper()


class NumberWidget(CellWidget):
    """Whole numbers and amounts, with separators or with the ``unit`` of the column behind them."""

    def __init__(self, places: int = 0, *, unit: str = "", is_percent: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places, self.unit, self.is_percent = places, unit, is_percent
        self.shape = "decimal" if places else "integer"

    def read(self, value: Any) -> Any:
        if isinstance(value, Percent):
            if not self.is_percent:
                reason = _("“%s”是百分比，这一列填的是数。") % shown(value)
                raise CellProblem(reason, _("请填数值，不用百分比格式。"))
            number = in_percent(value)
        elif isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
            raise CellProblem(_("“%s”不是数。") % shown(value), _("请把这一格设为常规格式，重新填写数字。"))
        elif isinstance(value, int | float):
            number = str(Decimal(repr(float(value)))) if isinstance(value, float) else str(value)
        else:
            number = number_of(str(value), "%" if self.is_percent else self.unit)
        return number if self.places else whole(shown(value), number)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class DayWidget(CellWidget):
    """A day: as a date, a serial number, or text in one of the ways people write it."""

    shape = "date"

    def read(self, value: Any) -> Any:
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if isinstance(value, Serial1904):
                value = value + EPOCH_1904
            if int(value) in _SERIALS:
                return from_excel(int(value)).date()
            value = shown(value)
        text = plain(str(value))
        if text.isdecimal() and int(text) in _SERIALS:
            return from_excel(int(text)).date()
        return day_of(str(value))


class YesNoWidget(CellWidget):
    """是 or 否; empty is not said."""

    shape = "yes_no"

    def read(self, value: Any) -> Any:
        word = narrow(shown(value)).lower()
        if word in _YES or word in _NO:
            return word in _YES
        reason = _("“%s”看不出是“是”还是“否”。") % shown(value)[:40]
        raise CellProblem(reason, _("请填“是”或“否”。"), may_be_unknown=True)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else _("是") if value else _("否")


class ChoiceWidget(CellWidget):
    """One of a list, written with its words; ``also`` has other words people use for a choice, by word."""

    shape = "choice"

    def __init__(self, labels: Mapping[Any, str], also: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.labels = {key: str(label) for key, label in labels.items()}
        self.keys = {fold(word): key for word, key in (also or {}).items()}
        self.keys |= {fold(str(key)): key for key in self.labels}
        self.keys |= {fold(label): key for key, label in self.labels.items()}

    def read(self, value: Any) -> Any:
        text = plain(shown(value))
        key = self.keys.get(fold(text))
        if key is not None:
            return key
        several = [part for part in re.split(r"[、,;/和及\s]+", text) if fold(part) in self.keys]
        if len(several) > 1:
            raise CellProblem(_("“%s”写了不止一项，这一列只能选一项。") % quoted(text))
        near = [label for label in self.labels.values() if len(text) > 1 and (text in label or label in text)]
        if len(near) == 1:
            raise CellProblem(_("“%s”不在可选的内容里。") % quoted(text), _("如果是“%s”，请照这样填写。") % near[0])
        raise CellProblem(_("“%s”不在可选的内容里。") % quoted(text))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value, "" if value is None else str(value))


class PeriodWidget(CellWidget):
    """2026Q3 or 2026, shown as 2026年第三季度 or 2026年度."""

    shape = "period"

    def __init__(self, is_annual: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_annual = is_annual

    def read(self, value: Any) -> str:
        text = narrow(shown(value))
        if self.is_annual:
            return found.group(1) if (found := re.match(r"(\d{4})\s*年?度?$", text)) else text
        if found := _QUARTER.match(text):
            year, number = found.groups()
            return f"{year}Q{_CHINESE_DIGITS.get(number, number)}"
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return Period.parse(value).label if value else ""
