"""Numbers and names in sentences: what is counted is written with its thousands separated, as everywhere on the pages; a
title stands in quotation marks of which there are no two pairs alike within each other.

``filled(_("应到 %(all)d 人"), {"all": 1200})`` → ``应到 1,200 人``
"""

import re
from collections.abc import Mapping

#: A place for a value. A whole number before 年 is a year, and no count.
_PLACE = re.compile(r"%(?:%|(?:\((?P<name>\w+)\))?(?P<sort>[sd]))(?P<year> ?年)?")


def filled(message: object, values: object) -> str:
    """The message with its values, put in as ``%`` does; whole numbers of ``%d`` with their commas."""
    text = str(message)
    places = [(match["name"], _is_count(match)) for match in _PLACE.finditer(text) if match["sort"]]
    text = _PLACE.sub(lambda match: f"{match[0][:-1]}s" if _is_count(match) else match[0], text)
    if isinstance(values, Mapping):
        counts = {name for name, is_count in places if is_count}
        return text % {name: _shown(value, name in counts) for name, value in values.items()}
    given = values if isinstance(values, tuple) else (values,)
    return text % tuple(_shown(value, is_count) for value, (_name, is_count) in zip(given, places, strict=True))


#: Marks within marks, as Chinese writes them.
_INNER = str.maketrans("“”", "‘’")


def in_marks(title: object) -> str:
    """``“送温暖”活动`` → ``“‘送温暖’活动”``"""
    return f"“{str(title).translate(_INNER)}”"


def _is_count(match: re.Match[str]) -> bool:
    return match["sort"] == "d" and not match["year"]


def _shown(value: object, is_count: bool) -> object:
    return f"{value:,d}" if is_count and isinstance(value, int) else value
