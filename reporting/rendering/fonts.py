"""The typefaces a report is set in. They travel with the program, so a report looks the same on any machine."""

from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from foundation.labels import Label

FONT_DIR = Path(__file__).resolve().parent.parent / "fonts"


class Typeface(NamedTuple):
    """A CSS family name, its file, and what a reader calls it."""

    family: str
    file: str
    label: Label


#: Fandol stands in for the proprietary faces GB/T 9704 names; ``Portal Rest`` holds rare Han characters Fandol lacks,
#: ``Portal Signs`` units and signs (㎡ ㈱ ㎏ ✓), letters with accents, compatibility forms and the rarest Han characters.
TYPEFACES = (
    Typeface("Portal Fang", "FandolFang-Regular.otf", _("仿宋")),
    Typeface("Portal Hei", "FandolHei-Regular.otf", _("黑体")),
    Typeface("Portal Kai", "FandolKai-Regular.otf", _("楷体")),
    Typeface("Portal Song", "FandolSong-Bold.otf", _("小标宋")),
    Typeface("Portal Rest", "NotoSerifCJKsc-Rest.otf", _("生僻字")),
    Typeface("Portal Signs", "NotoSerifCJKsc-Signs.otf", _("符号")),
)
#: What stands behind the first face in every stack.
FALLBACKS = ("Portal Rest", "Portal Signs")
BODY_STACK = "'Portal Fang', 'Portal Rest', 'Portal Signs'"


def font_files() -> dict[str, Path]:
    """Family name → file."""
    return {typeface.family: FONT_DIR / typeface.file for typeface in TYPEFACES}


def font_face_css() -> str:
    """The ``@font-face`` rules. The URLs are the only ones the report's fetcher opens."""
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; src: url('{path.as_uri()}'); font-weight: 400; font-style: normal }}"
        for family, path in font_files().items()
    )
