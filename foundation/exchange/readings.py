"""How people write days and numbers into cells. What can mean only one thing is understood; anything else is refused with
the cell's own words, the reason and what to write instead."""

import calendar
import datetime
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from foundation.folding import standard, unified

WEEKDAYS = "一二三四五六日"


class CellProblem(ValueError):
    """A cell that cannot be read: why, and what to do. ``has_words``: it says more than its column takes, and that belongs
    into another column. ``may_be_unknown``: perhaps nobody knows the answer; what to do then hangs on the column
    (``foundation.exchange.rows.cure_of``)."""

    def __init__(self, reason: str, cure: str = "", *, has_words: bool = False, may_be_unknown: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.cure = reason, cure
        self.has_words, self.may_be_unknown = has_words, may_be_unknown


def quoted(text: str) -> str:
    """The words of a cell as a message shows them."""
    return " ".join(text.split())[:40]


def plain(text: str) -> str:
    """Full-width signs as half-width ones, without what is invisible and without the apostrophe that makes a cell text."""
    return unified(standard(text)).lstrip("'‘’`´").strip()


# --- days -----------------------------------------------------------------------------------------

_SEPARATED = re.compile(r"(\d{4}|\d{2})\s*[.\-/年。]\s*(\d{1,2})\s*[.\-/月。]\s*(\d{1,2})\s*(?:[日号]|(?!\d))")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{4})(?!\d)")
_NO_YEAR = re.compile(r"\d{1,2}\s*[月./\-]\s*\d{1,2}\s*[日号]?$")
_NO_DAY = re.compile(r"(?:\d{4}|\d{2})\s*[年./\-]\s*\d{1,2}\s*月?$")
#: What may stand behind a day without changing it: its day of the week, a part of the day, a time, a zone.
_WEEKDAY = re.compile(r"[(\[]?\s*(?:星期|周|礼拜)\s*([一二三四五六日天])\s*[)\]]?")
_PART_OF_DAY = r"(?:凌晨|清晨|早上|早晨|上午|中午|午间|下午|傍晚|晚上|晚间|夜间|全天|[AaPp][Mm])"
_TIME = re.compile(
    rf"\s*[Tt]?\s*{_PART_OF_DAY}?\s*(?:\d{{1,2}}\s*(?:[:：.]\s*\d{{1,2}}(?:\s*[:：.]\s*\d{{1,2}}(?:\.\d+)?)?|[时点](?:\s*\d{{1,2}}\s*分?|半)?))?"
    rf"\s*{_PART_OF_DAY}?\s*(?:Z|[+-]\d{{2}}:?\d{{2}})?\s*[()]?\s*$"
)
_ANOTHER_DAY = re.compile(r"^\s*[-~至到、,和及]")


def day_of(text: str) -> datetime.date:
    """The day a text names. Raises ``CellProblem``."""
    wording = plain(text)
    found = _SEPARATED.match(wording) or _PACKED.match(wording)
    if found is None and (turned := _DAY_FIRST.match(wording)):
        return _behind(text, _day_first(text, *map(int, turned.groups())), wording[turned.end() :])
    if found is None:
        if _NO_DAY.match(wording) and len(re.findall(r"\d+", wording)[0]) == 4:
            raise CellProblem(_("“%s”没有写是哪一天。") % quoted(text), _("请填年月日，例如 2026-09-30。"))
        if _NO_YEAR.match(wording):
            raise CellProblem(_("“%s”没有写年份。") % quoted(text), _("请填年月日，例如 2026-09-30。"))
        raise CellProblem(_("“%s”看不出是哪一天。") % quoted(text), _("请填年月日，例如 2026-09-30。"), has_words=True)
    year, month, day = found.groups()
    if len(year) == 2:
        raise CellProblem(_("“%s”的年份没有写全。") % quoted(text), _("年份请写四位，例如 2026-09-30。"))
    return _behind(text, _existing(text, int(year), int(month), int(day)), wording[found.end() :])


def _existing(text: str, year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        pass
    if 1 <= month <= 12 and year >= 1:
        last = calendar.monthrange(year, month)[1]
        reason = _("“%(text)s”这一天不存在，%(year)d 年 %(month)d 月只有 %(last)d 天。")
        words = {"text": quoted(text), "year": year, "month": month, "last": last}
        raise CellProblem(reason % words, _("请核对日期。"))
    raise CellProblem(_("“%s”的月份不对。") % quoted(text), _("请填年月日，例如 2026-09-30。"))


def _day_first(text: str, one: int, other: int, year: int) -> datetime.date:
    """Day and month before the year, when it is plain which is which."""
    if one == other or one > 12:
        return _existing(text, year, other, one)
    if other > 12:
        return _existing(text, year, one, other)
    raise CellProblem(_("“%s”看不出哪个是月、哪个是日。") % quoted(text), _("请按年月日的顺序填，例如 2026-09-30。"))


def _behind(text: str, day: datetime.date, rest: str) -> datetime.date:
    """The day, when what stands behind it says nothing else."""
    if _ANOTHER_DAY.match(rest) and re.search(r"\d", rest) and not _TIME.match(rest):
        raise CellProblem(
            _("“%s”不止一天。") % quoted(text), _("请填开始的那一天，例如 %s。") % day.isoformat(), has_words=True
        )
    if named := _WEEKDAY.search(rest):
        said = WEEKDAYS.index(named.group(1).replace("天", "日"))
        if said != day.weekday():
            reason = _("“%(text)s”的日期和星期对不上：%(day)s 是星期%(right)s。")
            words = {"text": quoted(text), "day": day.isoformat(), "right": WEEKDAYS[day.weekday()]}
            raise CellProblem(reason % words, _("请核对后改正其中一个。"))
        rest = rest[: named.start()] + rest[named.end() :]
    if not _TIME.match(rest):
        raise CellProblem(
            _("“%s”除了日期还写了别的。") % quoted(text), _("这一格请只填 %s。") % day.isoformat(), has_words=True
        )
    return day


# --- numbers --------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[, ]\d{3})+|\d+(?:,\d+)*)(?:\.\d+)?")
_UNIT_OF_PEOPLE = frozenset({"人", "名", "位", "个人"})
_ABOUT = re.compile(r"约|近|左右|上下|余|多|以上|以下|以内|不足|不到|超过?|大概|大约|估计|几|数[十百千]|[≈~><≥≤±]")
_RANGE = re.compile(r"\d\D{0,3}?\s*(?:-|~|至|到|—|–)\s*\d")
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万]+")


def number_of(text: str, unit: str = "") -> str:
    """The number a text names, in digits: alone, with separators of thousands, with the ``unit`` of its column, or in Han
    numerals. Raises ``CellProblem``."""
    wording = plain(text)
    found = _NUMBER.match(wording)
    if found is not None and _means(wording[found.end() :], unit):
        return re.sub(r"[, ]", "", found.group()).lstrip("+")
    spelled = _CHINESE.match(wording)
    if spelled is not None and _means(wording[spelled.end() :], unit):
        return str(_spelled(spelled.group()))
    raise _no_number(text, wording, unit)


def _means(rest: str, unit: str) -> bool:
    """Whether what stands behind a number is nothing, or the column's own unit."""
    said = rest.strip()
    return not said or said == unit or {said, unit} <= _UNIT_OF_PEOPLE


def _spelled(text: str) -> int:
    """五十 → 50, 一百二十 → 120, 一万二 is not tried: 万 takes the whole before it."""
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character] + (digit * 10 if digit else 0)
        elif character == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * _STEPS[character], 0
    return total + section + digit


def _no_number(text: str, wording: str, unit: str) -> CellProblem:
    """Why the text is no one number, and what to write instead."""
    said, numbers = quoted(text), _NUMBER.findall(wording)
    if _RANGE.search(wording):
        reason, cure = _("“%s”是一个范围，不是确切的数。") % said, _("请填确切的数，例如 50。")
    elif len(numbers) > 1:
        reason = _("“%s”里有不止一个数，看不出该取哪一个。") % said
        return CellProblem(reason, _("请只填一个数，例如 50。"), has_words=True)
    elif _ABOUT.search(wording):
        reason, cure = _("“%s”是约数，不是确切的数。") % said, _("请填确切的数。")
    elif numbers and unit:
        reason = _("“%(text)s”里除了数还写了别的；这一列的单位是“%(unit)s”。") % {"text": said, "unit": unit}
        cure = _("请按“%s”只填一个数。") % unit
    elif numbers:
        reason, cure = _("“%s”里除了数还写了别的。") % said, _("请只填一个数，例如 50。")
    else:
        reason, cure = _("“%s”不是数。") % said, _("请填数字，例如 50。")
    return CellProblem(reason, cure, has_words=True, may_be_unknown=True)


def whole(text: str, number: str) -> str:
    """A whole number as the form takes it. Raises ``CellProblem`` for a fraction."""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return number
    if value != value.to_integral_value():
        raise CellProblem(_("“%s”不是整数。") % quoted(text), _("请填整数，例如 50。"))
    return str(int(value))
