"""The policy documents, read from their text into parts, measures and clauses with their own numbering.

Pure functions: text in, values out. Nothing is reworded; what is left out is a web page's navigation lines only.
Headings that the text itself does not print (the short titles of the 2025 plan's measures) are words of its sentences.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NUMERALS = "一二三四五六七八九十"
_PART = re.compile(rf"^([{_NUMERALS}]+、)(.+)$")
_SECTION = re.compile(rf"^[（(]([{_NUMERALS}]+)[）)]\s*(.+)$")
_NUMBERED = re.compile(r"^(\d+)\.(.+)$", re.DOTALL)
_SENTENCE = re.compile(r"[^。；]*[。；]|[^。；]+$")
_DATE_2022 = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日印发")
_DATE_2025 = re.compile(r"发布时间:(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True)
class ParsedClause:
    code: str
    number: str
    text: str


@dataclass(frozen=True)
class ParsedMeasure:
    code: str
    number: str
    title: str
    text: str
    is_safeguard: bool = False
    clauses: tuple[ParsedClause, ...] = ()


@dataclass(frozen=True)
class ParsedPart:
    """``points`` are numbered clauses that belong to the part as a whole (重点关注); ``sentences`` the clauses of a part that
    speaks for itself, without measures (二、企业的主要作用)."""

    code: str
    number: str
    title: str
    text: str = ""
    is_missing: bool = False
    measures: tuple[ParsedMeasure, ...] = ()
    points: tuple[ParsedClause, ...] = ()
    sentences: tuple[ParsedClause, ...] = ()
    children: tuple["ParsedPart", ...] = ()

    def walk(self) -> Iterator["ParsedPart"]:
        """The part and those within it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def clauses(self) -> Iterator[ParsedClause]:
        """Every clause of the part and those within it."""
        for part in self.walk():
            for measure in part.measures:
                yield from measure.clauses
            yield from (*part.sentences, *part.points)


@dataclass(frozen=True)
class ParsedDocument:
    code: str
    title: str
    number: str
    issuer: str
    issued_on: datetime.date
    source: str
    text: str
    parts: tuple[ParsedPart, ...]

    def walk(self) -> Iterator[ParsedPart]:
        """Every part, those within parts included, in reading order."""
        for part in self.parts:
            yield from part.walk()

    def clauses(self) -> Iterator[ParsedClause]:
        """Every clause, in reading order."""
        for part in self.parts:
            yield from part.clauses()


def sentences(text: str) -> list[str]:
    """Sentences with their closing mark. ``。`` and ``；`` close one; an enumeration with ``、`` stays whole."""
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]


def clauses_of(code: str, text: str) -> tuple[ParsedClause, ...]:
    """One clause for each sentence: ``<code>-c1``, ``-c2`` …"""
    return tuple(
        ParsedClause(f"{code}-c{index}", f"第{index}句", sentence)
        for index, sentence in enumerate(sentences(text), start=1)
    )


def _lines(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines() if line.strip()]


def _is_heading(line: str) -> bool:
    return bool(_PART.match(line) or _SECTION.match(line))


def joined_paragraphs(lines: list[str]) -> list[str]:
    """Paragraphs made whole again: a line continues the one before it when that one stops without a closing mark,
    which is what a page end does to it. Letterhead (what stands before the first heading) and headings stay alone."""
    paragraphs: list[str] = []
    in_body = False
    for line in lines:
        broken = in_body and not _is_heading(paragraphs[-1]) and not paragraphs[-1].endswith(("。", "：", "；"))
        if broken and not _is_heading(line) and not _NUMBERED.match(line):
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        in_body = in_body or _is_heading(line)
    return paragraphs


def _found(match: re.Match[str] | None, line: str) -> re.Match[str]:
    """The match that the document's form promises. Raises ``ValueError`` when the line is not of that form."""
    if match is None:
        raise ValueError(f"unexpected line in a policy document: {line[:60]!r}")
    return match


# --- the implementation opinion of 2022 ----------------------------------------------------------


def read_2022(source: str) -> ParsedDocument:
    """The 2022 opinion: four parts; the third has three sections with eleven measures, the fourth four safeguards."""
    paragraphs = joined_paragraphs(_lines(source))
    imprint = paragraphs[-1]
    first = next(index for index, line in enumerate(paragraphs) if _PART.match(line))
    number_at = next(index for index, line in enumerate(paragraphs[:first]) if "〔" in line and line.endswith("号"))
    year, month, day = map(int, _found(_DATE_2022.search(imprint), imprint).groups())
    return ParsedDocument(
        code="2022",
        title=paragraphs[number_at + 1],
        number=paragraphs[number_at],
        issuer=_DATE_2022.sub("", imprint).strip(),
        issued_on=datetime.date(year, month, day),
        source="文件全文",
        text="\n".join(paragraphs),
        parts=tuple(_parts_2022(paragraphs[first:-1])),
    )


def _split(paragraphs: list[str], pattern: re.Pattern[str]) -> tuple[list[str], list[tuple[re.Match[str], list[str]]]]:
    """What stands before the first heading of this kind, then each heading with the paragraphs under it."""
    before: list[str] = []
    groups: list[tuple[re.Match[str], list[str]]] = []
    for paragraph in paragraphs:
        if match := pattern.match(paragraph):
            groups.append((match, []))
        else:
            (groups[-1][1] if groups else before).append(paragraph)
    return before, groups


#: 企业的主要作用 says itself who does what; the other parts do so by their measures, or say what it is all for.
_SPEAKS_FOR_ITSELF = "2022-2"


def _parts_2022(paragraphs: list[str]) -> Iterator[ParsedPart]:
    _before, groups = _split(paragraphs, _PART)
    for index, (heading, body) in enumerate(groups, start=1):
        code = f"2022-{index}"
        text, sections = _split(body, _SECTION)
        is_measures = any(_NUMBERED.match(line) for line in body)
        yield ParsedPart(
            code=code,
            number=heading[1],
            title=heading[2],
            text="\n".join(text),
            measures=() if is_measures else tuple(_safeguards_2022(sections)),
            sentences=clauses_of(code, "\n".join(text)) if code == _SPEAKS_FOR_ITSELF else (),
            children=tuple(_sections_2022(code, sections)) if is_measures else (),
        )


def _sections_2022(code: str, sections: list[tuple[re.Match[str], list[str]]]) -> Iterator[ParsedPart]:
    for index, (heading, body) in enumerate(sections, start=1):
        yield ParsedPart(
            code=f"{code}.{index}",
            number=f"（{heading[1]}）",
            title=heading[2],
            measures=tuple(_measure_2022(paragraph) for paragraph in body),
        )


def _measure_2022(paragraph: str) -> ParsedMeasure:
    """``1.深化理想信念教育。深入开展……``: number, title up to the first full stop, text."""
    number, rest = _found(_NUMBERED.match(paragraph), paragraph).groups()
    title, text = rest.split("。", 1)
    code = f"2022-m{number}"
    return ParsedMeasure(code, f"{number}.", title, text, clauses=clauses_of(code, text))


def _safeguards_2022(sections: list[tuple[re.Match[str], list[str]]]) -> Iterator[ParsedMeasure]:
    for index, (heading, body) in enumerate(sections, start=1):
        code, text = f"2022-s{index}", "\n".join(body)
        yield ParsedMeasure(
            code, f"（{heading[1]}）", heading[2], text, is_safeguard=True, clauses=clauses_of(code, text)
        )


# --- the interpretation of the plan of 2025 ------------------------------------------------------

#: Where each measure begins in the running text, and the title it is shown by.
_ACTION_4 = (
    ("要保障产业工人的民主权利", "保障民主权利"),
    ("要提高产业工人的经济收入", "提高经济收入"),
    ("要维护产业工人的合法权益", "维护合法权益"),
    ("强调要加强产业工人服务保障", "加强服务保障"),
)
_ACTION_5 = (
    ("在强化职业教育方面", "强化职业教育"),
    ("在提供就业服务方面", "提供就业服务"),
    ("在提供转型服务方面", "提供转型服务"),
)
_PART_7 = (
    ("要持续深化构建", "深化构建工作格局"),
    ("要发挥企业作用", "发挥企业作用"),
    ("要加大宣传力度", "加大宣传力度"),
)
_SITE_NAVIGATION = ("首页", ">")
_SOURCE_2025 = "江苏工人报讯，《关于进一步深化产业工人队伍建设改革的方案》解读（下）；不是方案原文，解读（上）未收入"


def read_2025(source: str) -> ParsedDocument:
    """江苏工人报 on the plan (下): action four, action five, part seven. What stands before is not held."""
    lines = _lines(source)
    published = next(index for index, line in enumerate(lines) if _DATE_2025.match(line))
    body = lines[published + 1 :]
    title = next(line for line in lines[:published] if not line.startswith(_SITE_NAVIGATION))
    year, month, day = map(int, _found(_DATE_2025.match(lines[published]), lines[published]).groups())
    fourth, fifth, seventh = (
        next(index for index, line in enumerate(body) if mark in line)
        for mark in ("四是实施", "五是实施", "第七部分为")
    )
    return ParsedDocument(
        code="2025",
        title=title,
        number="",
        issuer="江苏工人报（解读文章）",
        issued_on=datetime.date(year, month, day),
        source=_SOURCE_2025,
        text="\n".join([title, *body]),
        parts=(
            ParsedPart("2025-a1-3", "第一至三项行动：", "名称待补充", is_missing=True),
            _action_2025("2025-a4", "第四项行动：", "暖心关爱行动", body[fourth:fifth], _ACTION_4, start="四是实施"),
            _action_2025("2025-a5", "第五项行动：", "强基固本行动", body[fifth:seventh], _ACTION_5, start="五是实施"),
            _action_2025("2025-p7", "第七部分：", "加强组织领导", body[seventh:], _PART_7, start="第七部分为"),
        ),
    )


def _action_2025(
    code: str, number: str, title: str, lines: list[str], marks: tuple[tuple[str, str], ...], *, start: str
) -> ParsedPart:
    """The running text cut at the marks of its measures; the numbered lines after 重点关注 are points of the whole."""
    points = [match for line in lines if (match := _NUMBERED.match(line))]
    running = "\n".join(line for line in lines if not _NUMBERED.match(line) and not line.startswith("重点关注"))
    running = running[running.index(start) :]
    begins = [running.index(mark) for mark, _title in marks]
    ends = [*begins[1:], len(running)]
    measures = []
    for index, ((_mark, name), begin, end) in enumerate(zip(marks, begins, ends, strict=True), start=1):
        text = running[begin:end].strip()
        measure = f"{code}-m{index}"
        measures.append(ParsedMeasure(measure, "", name, text, clauses=clauses_of(measure, text)))
    return ParsedPart(
        code,
        number,
        title,
        text=running[: begins[0]].strip(),
        measures=tuple(measures),
        points=tuple(ParsedClause(f"{code}-f{match[1]}", f"{match[1]}.", match[2].strip()) for match in points),
    )


#: Every document held: its file and its reader, in the order they are shown.
READERS = {
    "2022-12-implementation-opinion.txt": read_2022,
    "2025-08-14-plan-interpretation-part2.txt": read_2025,
}


def read_documents(folder: Path) -> list[ParsedDocument]:
    """All policy documents of the folder, parsed."""
    return [reader((folder / name).read_text(encoding="utf-8")) for name, reader in READERS.items()]
