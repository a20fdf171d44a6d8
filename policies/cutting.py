"""A policy document's text cut into paragraphs with a level each, by its own numbering: what the province then corrects by hand.

Pure functions: text in, values out. Nothing is reworded and nothing dropped; what is not taken into the document is a row
as well, with the reason as its level.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.saying import filled, in_marks

#: A heading is not longer than this; a longer line with a number is a sentence.
LONGEST_HEADING = 40
#: A line without a closing mark that is shorter than this is a heading or a signature, not one that a page cut off.
_SHORTEST_BROKEN = 20
_FINAL_MARKS = ("。", "；", "！", "？", ";")
_CLOSING_MARKS = (*_FINAL_MARKS, "：", ":")


class ParagraphLevel(TextChoices):
    """What a paragraph of a document is. The last three are not taken into it; each says why."""

    PART = "part", _("部分标题")
    SECTION = "section", _("部分之下的节标题")
    MEASURE = "measure", _("举措标题")
    ITEM = "item", _("条目（整段为一条）")
    TEXT = "text", _("正文（一句为一条）")
    OUTSIDE = "outside", _("引言或落款（不分条）")
    REPEATED = "repeated", _("不收入：标题、文号已另列")
    FURNITURE = "furniture", _("不收入：页眉页脚、网页导航")
    UNRELATED = "unrelated", _("不收入：附件，或与落实无关")


HEADINGS = (ParagraphLevel.PART, ParagraphLevel.SECTION, ParagraphLevel.MEASURE)
OMITTED = (ParagraphLevel.REPEATED, ParagraphLevel.FURNITURE, ParagraphLevel.UNRELATED)


@dataclass(frozen=True)
class Paragraph:
    """``text`` as it stands in the document, its number with it."""

    level: str
    text: str


_HAN = "零〇一二三四五六七八九十百"
#: How documents number, the broadest first. ``being`` (一是……) numbers paragraphs only where nothing else does at the top,
#: ``digits`` (1.1) only below 1.
_SCHEMES = {
    "volume": re.compile(rf"第[{_HAN}\d]+编"),
    "division": re.compile(rf"第[{_HAN}\d]+部分"),
    "chapter": re.compile(rf"第[{_HAN}\d]+章"),
    "subchapter": re.compile(rf"第[{_HAN}\d]+节"),
    "article": re.compile(rf"第[{_HAN}\d]+条(?:之[{_HAN}]+)?"),
    "han": re.compile(rf"[{_HAN}]+[、．.]"),
    "han_bracket": re.compile(rf"[（(〔][{_HAN}]+[）)〕]、?"),
    # 1.5万 and 2026.3 are figures.
    "digit": re.compile(r"\d{1,3}\s*(?:[.．、](?!\d)|[）)])"),
    "digits": re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}(?=\s)"),
    "digit_bracket": re.compile(r"[（(]\d{1,3}[）)]"),
    "circle": re.compile(r"[①-⑳]"),
    "being": re.compile(rf"[{_HAN}]{{1,2}}是"),
}
_RANKS = {name: rank for rank, name in enumerate(_SCHEMES)}
_ARTICLE = _RANKS["article"]
_CHAPTERS = ("volume", "division", "chapter", "subchapter")
_SPACE = re.compile(r"[\s\u3000]+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b-\u200f\u2060\ufeff\u00ad]")
_DATELINE = re.compile(r"^(\S{2,12}[讯电])[\s\u3000]+(?=\S)")
_OF_A_PAGE = re.compile(
    r"^(?:发布时间|发布日期|浏览次数|阅读次数|字号|打印|分享|首页|当前位置|[>＞])|^[-—－]\s*\d+\s*[-—－]$"
)
#: The names of annexes are numbered too, and are no measures.
_ANNEX = re.compile(r"附件?\s*[：:]")
#: Where an annex begins: its mark on a line of its own; a list of the names of annexes has a colon.
_ANNEX_BEGINS = re.compile(rf"附件?\s*[{_HAN}\d]{{0,3}}")
_DAY = re.compile(rf"[{_HAN}○O\d]{{4}}年[{_HAN}\d]{{1,3}}月[{_HAN}\d]{{1,3}}日$")
_FIRST_NUMBER = re.compile(rf"[第（(]?\s*[一1１①](?![{_HAN}\d])")
#: A signature with its day is not longer.
_LONGEST_SIGNATURE = 60
#: Who carries a measure out stands in brackets behind it.
_RESPONSIBLE = re.compile(r"[（(](?:责任|牵头|配合|实施)")
_FIRST_SENTENCE = re.compile(rf"([^。！？；]{{1,{LONGEST_HEADING}}})。(.+)", re.DOTALL)


def split_number(text: str) -> tuple[str, str]:
    """(the number as it is printed, what follows it); no number: ("", the text)."""
    for pattern in _SCHEMES.values():
        if match := pattern.match(text):
            return match[0].strip(), text[match.end() :].strip()
    return "", text


def heading_of(text: str) -> tuple[str, str]:
    """(number, title) of a heading, the title without the stop that may close it."""
    number, title = split_number(text)
    return number, title.strip("【】 ").removesuffix("。")


def lines_of(text: str) -> list[str]:
    """The lines that hold anything, without the blanks around and the tabs within them."""
    lines = (_SPACE.sub(" ", _INVISIBLE.sub("", line)).strip() for line in text.splitlines())
    return [line for line in lines if line]


def cut(lines: Iterable[str], *, title: str, number: str = "", issuer: str = "", is_wrapped: bool) -> list[Paragraph]:
    """Paragraphs with the level each appears to have. ``lines`` as ``lines_of`` gives them. ``is_wrapped``: a line may go on
    in the next one, as in text copied from a page or a scan; a word processor's paragraphs do not."""
    whole = list(_without_datelines(_joined(lines) if is_wrapped else lines))
    end = _annex_begin(whole)
    whole, annex = whole[:end], whole[end:]
    ranks = _ranked(whole)
    first = next((index for index, rank in enumerate(ranks) if rank is not None), None)
    known = [_squeezed(one) for one in (title, number, issuer) if one]
    found = list(_before(whole[:first], known)) if first is not None else []
    start = first or 0
    body = list(zip(whole[start:], ranks[start:], strict=True))
    if first is None:
        # Without any number the text is what stands after the title.
        found = [Paragraph(_at_the_head(line, known) or ParagraphLevel.TEXT, line) for line, _rank in body]
    else:
        found += _of_body(body)
    return [*_closed(found), *(Paragraph(ParagraphLevel.UNRELATED, line) for line in annex)]


def remarks_on(paragraphs: Sequence[Paragraph]) -> list[str]:
    """What a person should look at in paragraphs as ``cut`` gives them: annexes left out, numberings that do not go together."""
    remarks = []
    if annex := [one.text for one in paragraphs if one.level == ParagraphLevel.UNRELATED]:
        found = {"n": len(annex), "text": in_marks(annex[0][:20])}
        text = gettext(
            "从%(text)s起的 %(n)d 段看来是附件，先按不收入处理。附件里有要落实的，请逐段改选层级，或者另录成一个文件。"
        )
        remarks.append(filled(text, found))
    numbered = [(one, name) for one in paragraphs if one.level not in OMITTED and (name := _scheme_of(one.text))]
    # 四是…… as a heading stands beside 第四部分.
    ranked = [
        (one, name, _RANKS["division"] if name == "being" and one.level in HEADINGS else _RANKS[name])
        for one, name in numbered
    ]
    levelled = (*HEADINGS, ParagraphLevel.ITEM)
    first, leading = next(((one, rank) for one, _name, rank in ranked if one.level in levelled), (None, 0))
    other = next(
        (
            one
            for one, name, rank in ranked
            if (one.level in levelled and rank < leading) or (name == "article" and one.level not in levelled)
        ),
        None,
    )
    if first and other:
        found = {"first": in_marks(first.text[:20]), "other": in_marks(other.text[:20])}
        text = gettext(
            "全文有两种不相配的编号：%(first)s和%(other)s。层级按先出现、用得多的那种分，不一定对，请逐段核对。"
        )
        remarks.append(filled(text, found))
    return remarks


def _annex_begin(lines: Sequence[str]) -> int:
    """The index at which an annex begins behind a numbered text: at its mark, or behind signature and day where numbers
    begin anew; how many lines there are, where there is none."""
    has_number = [bool(_scheme_of(line)) for line in lines]
    first = has_number.index(True) if True in has_number else len(lines)
    for index in range(first + 1, len(lines)):
        line = lines[index]
        if _ANNEX_BEGINS.fullmatch(line):
            return index
        if has_number[index] or has_number[index - 1] or not _is_signed(lines, index):
            continue
        begin = index + 1
        # （此件公开发布） belongs to the signature.
        while begin < len(lines) and lines[begin].startswith(("（", "(")) and not has_number[begin]:
            begin += 1
        following = (line for line, is_numbered in zip(lines[begin:], has_number[begin:], strict=True) if is_numbered)
        if _FIRST_NUMBER.match(next(following, "")):
            return begin
    return len(lines)


def _is_signed(lines: Sequence[str], index: int) -> bool:
    """Whether a line is the day below a signature, or both in one."""
    line = _squeezed(lines[index])
    match = _DAY.search(line)
    if not match or len(line) > _LONGEST_SIGNATURE:
        return False
    return match.start() > 0 or not lines[index - 1].endswith(_CLOSING_MARKS)


def _scheme_of(line: str) -> str | None:
    return next((name for name, pattern in _SCHEMES.items() if pattern.match(line)), None)


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)


def _joined(lines: Iterable[str]) -> list[str]:
    """A line continues the one before it when that one, being a long one, stops without a closing mark. What stands before the
    first number stays as it is: letterhead, title, salutation."""
    joined: list[str] = []
    in_body = False
    for line in lines:
        has_number = bool(split_number(line)[0])
        if in_body and not has_number and _is_broken(joined[-1]):
            joined[-1] += line
        else:
            joined.append(line)
        in_body = in_body or has_number
    return joined


def _is_broken(line: str) -> bool:
    return len(line) >= _SHORTEST_BROKEN and not line.endswith(_CLOSING_MARKS) and not _is_heading(line)


def _is_heading(line: str) -> bool:
    return bool(split_number(line)[0]) and len(line) <= LONGEST_HEADING and "。" not in line and "，" not in line


def _without_datelines(lines: Iterable[str]) -> Iterator[str]:
    """``江苏工人报讯 四是……``: where it comes from is a line of its own."""
    for line in lines:
        if match := _DATELINE.match(line):
            yield match[1]
            yield line[match.end() :]
        else:
            yield line


def _ranked(lines: Sequence[str]) -> list[int | None]:
    """How broad the number of each line is, 0 the broadest; None without one."""
    names = [_scheme_of(line) for line in lines]
    ranks = dict(_RANKS)
    _place_articles(ranks, [name for name in names if name])
    if "digit" not in names:
        del ranks["digits"]
    if "han" in names or "chapter" in names or ("article" in ranks and "article" in names):
        del ranks["being"]
    else:
        ranks["being"] = ranks["division"] if "division" in names else ranks["han"]
    found = [ranks.get(name) if name else None for name in names]
    is_annex = False
    for index, line in enumerate(lines):
        is_annex = bool(_ANNEX.match(line)) or (is_annex and found[index] is not None and _is_heading(line))
        if is_annex:
            found[index] = None
    return found


def _place_articles(ranks: dict[str, int], names: Sequence[str]) -> None:
    """第一条 where other numbers lead: a stray one, of which there are fewer, numbers nothing; otherwise what leads is broader.
    Chapters have articles below them."""
    if "article" not in names or any(name in names for name in _CHAPTERS):
        return
    leads = names[0] if names[0] != "article" else "han"
    articles, leading = names.count("article"), names.count(leads)
    if articles < leading and (articles == 1 or names[0] != "article"):
        del ranks["article"]
    elif names[0] != "article":
        ranks[leads] = ranks["chapter"]


def _at_the_head(line: str, known: Sequence[str]) -> ParagraphLevel | None:
    """What is said of the document elsewhere, or belongs to the page that the text was copied from."""
    squeezed = _squeezed(line)
    if any(squeezed == one or (len(squeezed) > 5 and one.startswith(squeezed)) for one in known):
        return ParagraphLevel.REPEATED
    return ParagraphLevel.FURNITURE if _OF_A_PAGE.match(line) else None


def _before(lines: Sequence[str], known: Sequence[str]) -> Iterator[Paragraph]:
    """What stands before the first number."""
    for line in lines:
        yield Paragraph(_at_the_head(line, known) or ParagraphLevel.OUTSIDE, line)


def _of_body(body: Sequence[tuple[str, int | None]]) -> list[Paragraph]:
    present = {rank for _line, rank in body if rank is not None}
    top = min(present)
    has_parts = top != _ARTICLE and (len(present) > 1 or top <= _RANKS["han"])
    found: list[Paragraph] = []
    for block in _blocks(body, top) if has_parts else [body]:
        inner = sorted({rank for _line, rank in block if rank is not None and (rank != top or not has_parts)})
        levels = {top: ParagraphLevel.PART} if has_parts else {}
        levels |= _levels(inner)
        for line, rank in block:
            if rank is None:
                level = ParagraphLevel.FURNITURE if _OF_A_PAGE.match(line) else ParagraphLevel.TEXT
                found.append(Paragraph(level, line))
            else:
                found += _numbered(line, rank, levels[rank])
    return found


def _blocks(body: Sequence[tuple[str, int | None]], top: int) -> Iterator[list[tuple[str, int | None]]]:
    block: list[tuple[str, int | None]] = []
    for line, rank in body:
        if rank == top and block:
            yield block
            block = []
        block.append((line, rank))
    yield block


def _levels(ranks: Sequence[int]) -> dict[int, ParagraphLevel]:
    """The levels of the numbers within a part, the broadest first: the innermost heading is a measure. 第一条 always is."""
    if _ARTICLE in ranks:
        measure = _ARTICLE
    else:
        measure = ranks[min(1, len(ranks) - 1)] if ranks else -1
    return {
        rank: ParagraphLevel.SECTION
        if rank < measure
        else ParagraphLevel.MEASURE
        if rank == measure
        else ParagraphLevel.ITEM
        for rank in ranks
    }


def _numbered(line: str, rank: int, level: ParagraphLevel) -> Iterator[Paragraph]:
    """A heading, with the text that stands in its line as a paragraph of its own; a measure without a title is an item."""
    if level == ParagraphLevel.ITEM:
        yield Paragraph(level, line)
        return
    number, rest = split_number(line)
    begin = line[: len(line) - len(rest)]
    match = _FIRST_SENTENCE.fullmatch(rest)
    takes_comma = level != ParagraphLevel.MEASURE or rank != _RANKS["digit"]
    if match and (takes_comma or not re.search("[，,]", match[1])) and rank != _ARTICLE:
        yield Paragraph(level, f"{begin}{match[1]}。")
        yield Paragraph(ParagraphLevel.TEXT, match[2].strip())
    elif len(rest) <= LONGEST_HEADING and not rest.endswith(_CLOSING_MARKS):
        yield Paragraph(level, line)
    elif rank == _ARTICLE:
        yield Paragraph(level, number)
        yield Paragraph(ParagraphLevel.TEXT, rest)
    elif level == ParagraphLevel.MEASURE:
        yield Paragraph(ParagraphLevel.ITEM, line)
    else:
        yield Paragraph(level, line)


def _closed(found: list[Paragraph]) -> list[Paragraph]:
    """What ends the document without a closing mark and a number is signature, day, imprint."""
    closed = list(found)
    for index in range(len(closed) - 1, -1, -1):
        one = closed[index]
        is_text = one.level == ParagraphLevel.TEXT and not _RESPONSIBLE.match(one.text)
        if not is_text or one.text.endswith(_CLOSING_MARKS):
            break
        closed[index] = Paragraph(ParagraphLevel.OUTSIDE, one.text)
    return closed
