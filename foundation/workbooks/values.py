"""What a cell can hold besides None, text, numbers, booleans, days, moments, times and spans.

All are subclasses of what they look like, so that whoever does not care need not ask."""

import datetime
import re

#: A number cell keeps 15 digits; from here on the last ones may be lost.
LOSES_DIGITS = 1e15
#: 1904-01-01 counted from the epoch of 1900: what a workbook with the other epoch adds to a serial number.
EPOCH_1904 = 1462
#: Excel writes characters it cannot keep as ``_x000D_``; a real underscore before such a text is ``_x005F_``.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")

Cell = None | str | int | float | bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta


class ErrorCell(str):
    """A cell that holds an error: ``#N/A``, ``#REF!``. The text is the error's name."""

    __slots__ = ()


class Formula(str):
    """A cell with a formula whose result the file does not hold. The text is the formula, with its sign of equality."""

    __slots__ = ()


class Percent(float):
    """A share shown as percent: 0.85 shown as 85 %."""

    __slots__ = ()


class LongNumber(float):
    """A number of more than 15 digits: a code typed into a number cell, whose last digits are lost."""

    __slots__ = ()


class Serial1904(float):
    """A plain number of a workbook that counts its days from 1904: taken for a day, it is that many days later."""

    __slots__ = ()


def unescaped(text: str) -> str:
    """Text with Excel's escapes resolved; carriage returns are dropped, a line ends with a line feed."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
