"""The paragraphs of an edition put together as a document: parts, measures and clauses with codes that stay.

Pure functions: values in, values out. A part, measure or clause that was there before under the same heading, with the same
text, keeps its code; another one never gets a code that was used once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from foundation.saying import filled, in_marks
from policies.cutting import HEADINGS, OMITTED, Paragraph, ParagraphLevel, heading_of, split_number
from policies.parsing import ParsedClause, ParsedMeasure, ParsedPart, sentences

LONGEST_TITLE = 120
LONGEST_POINT = 500
#: How much of a paragraph a message quotes.
_QUOTED = 20


@dataclass(frozen=True)
class Problem:
    """What stands in the way of publishing. ``index``: of the paragraph, or of the clause where ``of_clause``, from 0."""

    text: str
    index: int
    of_clause: bool = False


@dataclass(frozen=True)
class Decision:
    """What a clause asks for: ``points`` has one on each line; of a clause that asks for nothing it says why."""

    text: str
    asks: bool
    points: str

    @property
    def lines(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in self.points.splitlines() if line.strip()))


@dataclass(frozen=True)
class Compiled:
    """``clause_codes`` in the order of the text, as ``clauses_of`` gives the clauses; ``codes`` as an edition keeps them."""

    parts: tuple[ParsedPart, ...]
    opening: str
    closing: str
    clause_codes: tuple[str, ...]
    codes: tuple[dict[str, str], ...]


def clauses_of(paragraphs: Iterable[Paragraph]) -> list[str]:
    """The clauses in the order of the text: each sentence of running text, each item as a whole without its number."""
    found: list[str] = []
    for one in paragraphs:
        if one.level == ParagraphLevel.TEXT:
            found += sentences(one.text)
        elif one.level == ParagraphLevel.ITEM:
            found.append(split_number(one.text)[1] or one.text)
    return found


def proposed(text: str) -> Decision:
    """What a clause seems to ask for before anybody has looked: itself, as one point; a lead-in asks for nothing."""
    if text.endswith(("：", ":")):
        return Decision(text, asks=False, points=_("引出下文，本身没有要做的事"))
    return Decision(text, asks=True, points=text.rstrip("。；！？;"))


def decisions_for(texts: Iterable[str], made: Iterable[Decision]) -> list[Decision]:
    """What was decided of the same text before, otherwise what is proposed."""
    known: dict[str, list[Decision]] = defaultdict(list)
    for decision in made:
        known[decision.text].append(decision)
    return [known[text].pop(0) if known[text] else proposed(text) for text in texts]


def lost_decisions(texts: Sequence[str], made: Iterable[Decision]) -> list[Decision]:
    """What somebody decided by hand of clauses that are no longer there."""
    left = list(texts)
    lost = []
    for decision in made:
        if decision.text in left:
            left.remove(decision.text)
        elif decision != proposed(decision.text):
            lost.append(decision)
    return lost


def quoted(text: str) -> str:
    return in_marks(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}……")


# --- what stands in the way -------------------------------------------------------------------------


def problems_in(paragraphs: Sequence[Paragraph], decisions: Sequence[Decision]) -> list[Problem]:
    """Everything that has to be put right before the document can be published, in the order of the text."""
    return [*_problems_of_paragraphs(paragraphs), *_problems_of_clauses(decisions)]


def _problems_of_paragraphs(paragraphs: Sequence[Paragraph]) -> Iterator[Problem]:
    body = [index for index, one in enumerate(paragraphs) if one.level not in (ParagraphLevel.OUTSIDE, *OMITTED)]
    if not any(paragraphs[index].level in (ParagraphLevel.TEXT, ParagraphLevel.ITEM) for index in body):
        yield Problem(_("还没有一段是正文或条目，没有可以落实的条款。请给正文各段选好层级。"), 0)
        return
    has_parts = any(one.level == ParagraphLevel.PART for one in paragraphs)
    seen_part = False
    waiting: int | None = None
    for index, one in enumerate(paragraphs):
        where = {"n": index + 1, "text": quoted(one.text)}
        if one.level == ParagraphLevel.OUTSIDE and body[0] < index < body[-1]:
            yield Problem(
                filled(
                    _("第 %(n)d 段%(text)s夹在正文中间，不能作引言或落款。请改为正文、条目，或选一种不收入。"), where
                ),
                index,
            )
        if index not in body:
            continue
        seen_part = seen_part or one.level == ParagraphLevel.PART
        if has_parts and not seen_part:
            yield Problem(
                filled(_("第 %(n)d 段%(text)s在第一个部分标题之前。请改为引言，或在它前面设部分标题。"), where), index
            )
        elif one.level == ParagraphLevel.SECTION and not has_parts:
            yield Problem(
                filled(_("第 %(n)d 段%(text)s是节标题，但全文没有部分标题。请改为部分或举措标题。"), where), index
            )
        if one.level in HEADINGS:
            if waiting is not None:
                yield _empty_measure(paragraphs, waiting)
            waiting = index if one.level == ParagraphLevel.MEASURE else None
            if len(heading_of(one.text)[1]) > LONGEST_TITLE:
                text = _("第 %(n)d 段%(text)s作标题超过 %(most)d 字。请换行把标题和正文拆开，或改为正文。")
                yield Problem(filled(text, {**where, "most": LONGEST_TITLE}), index)
        else:
            waiting = None
    if waiting is not None:
        yield _empty_measure(paragraphs, waiting)


def _empty_measure(paragraphs: Sequence[Paragraph], index: int) -> Problem:
    text = _("第 %(n)d 段%(text)s是举措标题，下面没有正文。请补上正文，或改为条目。")
    return Problem(filled(text, {"n": index + 1, "text": quoted(paragraphs[index].text)}), index)


def _problems_of_clauses(decisions: Sequence[Decision]) -> Iterator[Problem]:
    for index, one in enumerate(decisions):
        where = {"n": index + 1, "text": quoted(one.text)}
        if not one.lines:
            text = (
                _("第 %(n)d 条%(text)s还没有要点。请写出要做的事，或改为总述并写明原因。")
                if one.asks
                else _("第 %(n)d 条%(text)s是总述，还没有写明为什么没有要做的事。")
            )
            yield Problem(filled(text, where), index, of_clause=True)
        elif any(len(line) > LONGEST_POINT for line in one.lines):
            text = _("第 %(n)d 条%(text)s有一个要点超过 %(most)d 字。请分成几行，一行一个要点。")
            yield Problem(filled(text, {**where, "most": LONGEST_POINT}), index, of_clause=True)


# --- putting together -------------------------------------------------------------------------------


class _Codes:
    """Gives codes: the former one of what is still there, otherwise the next that was never used."""

    def __init__(self, former: Iterable[Mapping[str, str]], used: Collection[str], titles: Collection[str]) -> None:
        self._used = set(used)
        self._by_title: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_number: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in former:
            self._used.add(one["code"])
            self._by_title[one["above"], one["title"]].append(one["code"])
            # A heading that was corrected is known by its number, unless its title now stands elsewhere.
            if one["number"] and one["title"] not in titles:
                self._by_number[one["above"], one["number"]].append(one["code"])
        self.given: list[dict[str, str]] = []

    def give(self, prefix: str, *, above: str, number: str, title: str) -> str:
        for known in (self._by_title[above, title], self._by_number[above, number] if number else []):
            if known:
                code = known.pop(0)
                break
        else:
            count = 1
            while f"{prefix}{count}" in self._used:
                count += 1
            code = f"{prefix}{count}"
        self._used.add(code)
        self.given.append({"code": code, "above": above, "number": number, "title": title})
        return code


@dataclass
class _Holder:
    """A part, section or measure being put together."""

    code: str
    number: str
    title: str
    texts: list[str] = field(default_factory=list)
    clauses: list[ParsedClause] = field(default_factory=list)
    measures: list["_Holder"] = field(default_factory=list)
    children: list["_Holder"] = field(default_factory=list)

    def measure(self) -> ParsedMeasure:
        return ParsedMeasure(self.code, self.number, self.title, "\n".join(self.texts), clauses=tuple(self.clauses))

    def part(self) -> ParsedPart:
        return ParsedPart(
            self.code,
            self.number,
            self.title,
            text="\n".join(self.texts),
            measures=tuple(one.measure() for one in self.measures),
            sentences=tuple(self.clauses),
            children=tuple(one.part() for one in self.children),
        )


def _before_title(number: str) -> str:
    """第一章 总则, but 一、总则."""
    return f"{number} " if number.startswith("第") else number


class _Builder:
    def __init__(self, code: str, codes: _Codes) -> None:
        self._code, self._codes = code, codes
        self.parts: list[_Holder] = []
        self.clause_codes: list[str] = []
        self._part: _Holder | None = None
        self._section: _Holder | None = None
        self._measure: _Holder | None = None

    def add(self, paragraph: Paragraph, key: str) -> None:
        """``key``: what a heading is known by (``_keys``)."""
        if paragraph.level == ParagraphLevel.PART:
            self._open_part(*heading_of(paragraph.text), key)
        elif paragraph.level == ParagraphLevel.SECTION:
            self._open_section(*heading_of(paragraph.text), key)
        elif paragraph.level == ParagraphLevel.MEASURE:
            self._open_measure(*heading_of(paragraph.text), key)
        else:
            self._add_text(paragraph)

    def _give(self, prefix: str, above: str, number: str, title: str) -> str:
        return self._codes.give(prefix, above=above, number=number, title=title)

    def _open_part(self, number: str, title: str, key: str) -> _Holder:
        part = _Holder(self._give(f"{self._code}-", self._code, number, key), _before_title(number), title)
        self.parts.append(part)
        self._part, self._section, self._measure = part, None, None
        return part

    def _top(self) -> _Holder:
        # A document without any part is one part.
        return self._part or self._open_part("", _("全文"), "")

    def _open_section(self, number: str, title: str, key: str) -> None:
        part = self._top()
        self._section = _Holder(self._give(f"{part.code}.", part.code, number, key), _before_title(number), title)
        part.children.append(self._section)
        self._measure = None

    def _open_measure(self, number: str, title: str, key: str) -> None:
        part = self._section or self._top()
        code = self._give(f"{self._code}-m", part.code, number, key)
        self._measure = _Holder(code, _before_title(number), title)
        part.measures.append(self._measure)

    def _add_text(self, paragraph: Paragraph) -> None:
        holder = self._measure or self._section or self._top()
        holder.texts.append(paragraph.text)
        number = split_number(paragraph.text)[0] if paragraph.level == ParagraphLevel.ITEM else ""
        for text in clauses_of([paragraph]):
            code = self._give(f"{holder.code}-c", holder.code, "", text)
            shown = number or _("第%d句") % (len(holder.clauses) + 1)
            holder.clauses.append(ParsedClause(code, shown, text))
            self.clause_codes.append(code)


def _keys(body: Sequence[Paragraph]) -> list[str]:
    """By what each heading is known: its title, or, as of 第二条 that has none, the text below it. Of text nothing."""
    below = [one.text for one in body[1:]] + [""]
    return [
        (heading_of(one.text)[1] or following) if one.level in HEADINGS else ""
        for one, following in zip(body, below, strict=True)
    ]


def compile_document(
    code: str,
    paragraphs: Sequence[Paragraph],
    former: Iterable[Mapping[str, Any]] = (),
    used: Collection[str] = (),
) -> Compiled:
    """The document of this code. ``former`` are the codes of the version in force, ``used`` all that were ever given.
    The paragraphs have no problems (``problems_in``)."""
    body = [one for one in paragraphs if one.level not in (ParagraphLevel.OUTSIDE, *OMITTED)]
    outside: tuple[list[str], list[str]] = ([], [])
    seen = 0
    for one in paragraphs:
        seen += one.level not in (ParagraphLevel.OUTSIDE, *OMITTED)
        if one.level == ParagraphLevel.OUTSIDE:
            outside[bool(seen)].append(one.text)
    keys = _keys(body)
    codes = _Codes(former, used, set(keys))
    builder = _Builder(code, codes)
    for one, key in zip(body, keys, strict=True):
        builder.add(one, key)
    return Compiled(
        parts=tuple(part.part() for part in builder.parts),
        opening="\n".join(outside[0]),
        closing="\n".join(outside[1]),
        clause_codes=tuple(builder.clause_codes),
        codes=tuple(codes.given),
    )
