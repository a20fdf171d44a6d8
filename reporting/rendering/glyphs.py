"""Which characters the typefaces of a report can print. What they cannot is found before anything is issued, said with its
code point and where it stands, and printed as that code point: never as an empty box."""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from foundation.folding import standard
from reporting.rendering.fonts import FALLBACKS, font_files

#: Categories of characters that print nothing: controls, marks of direction, joiners, spaces.
_SILENT = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
#: So many places of one character are named, and so many characters in one message.
PLACES, CHARACTERS = 3, 12


@dataclass
class Missing:
    """A character without a glyph, and where it stands, in words."""

    character: str
    places: list[str] = field(default_factory=list)

    @property
    def code_point(self) -> str:
        return f"U+{ord(self.character):04X}"

    def __str__(self) -> str:
        named = "、".join(self.places[:PLACES]) + (_(" 等") if len(self.places) > PLACES else "")
        return _("“%(character)s”（%(code)s，在%(places)s）") % {
            "character": self.character,
            "code": self.code_point,
            "places": named,
        }


@functools.cache
def printable_characters() -> frozenset[int]:
    """The code points that every stack of typefaces can print: those of all its first faces, and of the fallbacks."""
    by_family: dict[str, frozenset[int]] = {}
    for name, path in font_files().items():
        with TTFont(path, lazy=True) as font:
            by_family[name] = frozenset(font.getBestCmap())
    first = [codes for name, codes in by_family.items() if name not in FALLBACKS]
    return frozenset.intersection(*first).union(*(by_family[name] for name in FALLBACKS))


def has_glyph(character: str) -> bool:
    return (
        character.isascii()
        or ord(character) in printable_characters()
        or unicodedata.category(character) in _SILENT
        or 0xFE00 <= ord(character) <= 0xFE0F
    )


def missing_glyphs(texts: Iterable[tuple[str, str]]) -> list[Missing]:
    """The characters without a glyph in texts, each given with where it stands; in the order in which they are met."""
    found: dict[str, Missing] = {}
    for place, text in texts:
        for character in dict.fromkeys(_BEYOND_ASCII.findall(standard(text))):
            if has_glyph(character):
                continue
            missing = found.setdefault(character, Missing(character))
            if place not in missing.places:
                missing.places.append(place)
    return list(found.values())


def described(missing: list[Missing]) -> str:
    """A few of them; how many there are when there are more."""
    listed = "；".join(str(one) for one in missing[:CHARACTERS])
    return listed + (_(" 等 %d 个字符") % len(missing) if len(missing) > CHARACTERS else "")


def printable(text: str) -> str:
    """The text with characters of private use as those they stand for, and every character without a glyph as its code
    point in brackets."""

    def code_point(found: re.Match[str]) -> str:
        character = found.group()
        return character if has_glyph(character) else f"〔U+{ord(character):04X}〕"

    return _BEYOND_ASCII.sub(code_point, standard(text))
