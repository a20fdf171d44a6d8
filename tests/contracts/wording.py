"""What no page may say: words of the framework where the portal has its own, codes of the program in place of words, and 你."""

import functools
import re
from html import unescape

from foundation.audit.log import registered_events

#: Where text is not prose: code, what scripts read, what a person typed, and the vocabulary of the API's own pages.
_NO_PROSE = re.compile(r"<(script|style|code|pre|textarea|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_ATTRIBUTES = re.compile(r'\b(?:title|placeholder|aria-label|data-confirm)="([^"]*)"')

_FORBIDDEN = {
    "a default of the framework": re.compile(
        r"-{5,}|字段是必填项|选择一个有效的选项|输入一个有效的|确保该变量|This field|Enter a valid|Select a valid|不是有效选项"
    ),
    "你 for 您": re.compile(r"你"),
    "a code of the program": re.compile(r"(?<![\w./@:=-])[a-z]{3,}(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)+(?![\w/(.-])"),
    "the code of a quarter": re.compile(r"(?<![\w=/?.-])20\d\dQ[1-4](?![\w/&.-])"),
    "an untranslated placeholder": re.compile(r"%\([a-z_]+\)[sd]|\{\{|\{%|\bNone\b"),
    "what a browser calls itself": re.compile(r"Mozilla/\d|AppleWebKit/|Gecko/\d|(?:Chrome|Safari|Firefox|Edg)/\d"),
    "the code of a clause": re.compile(r"(?<![\w/#-])20\d\d-(?:\d+\.\d+|[map]\d+)(?:-[mfc]\d+)*(?![\w.])"),
}


@functools.cache
def _event_codes() -> re.Pattern[str]:
    """Whatever the audit log calls something by, in code."""
    codes = sorted(registered_events(), key=len, reverse=True)
    return re.compile(rf"(?<![\w./@:=-])(?:{'|'.join(map(re.escape, codes))})(?![\w/(.-])")


def wrong_words(html: str) -> list[str]:
    """What stands on the page and may not, each with its reason and some words around it."""
    prose = _NO_PROSE.sub(" ", html)
    texts = [unescape(_TAG.sub("\n", prose)), *(unescape(text) for text in _ATTRIBUTES.findall(prose))]
    found = []
    for text in texts:
        for why, pattern in (*_FORBIDDEN.items(), ("the code of an audit event", _event_codes())):
            for match in pattern.finditer(text):
                around = " ".join(text[max(match.start() - 20, 0) : match.end() + 20].split())
                found.append(f"{why}: …{around}…")
    return list(dict.fromkeys(found))
