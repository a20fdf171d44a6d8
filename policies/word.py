"""The text of a Word document (.docx): its paragraphs in order, with the numbers that Word shows but does not write into the text.

What a reader of the document would see and this does not bring is said in ``remarks``, for a person to look at.
"""

import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from django.core.files.base import File
from django.utils.translation import gettext as _
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from foundation.refusals import Refused
from foundation.saying import filled
from policies.cutting import lines_of

#: The text of a document, unpacked, in bytes: a thousand pages. A picture of any size is no matter, it is not read.
MOST_UNPACKED = 20 * 1024 * 1024
#: Between the cells of a row.
CELL_MARK = "｜"
_DIGITS = "零一二三四五六七八九"
_HAN_FORMATS = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}
_CIRCLED_FORMATS = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


@dataclass
class WordText:
    """``lines`` as ``policies.cutting`` takes them."""

    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_word(file: "File[Any]", name: str) -> WordText:
    """The text of a document that ``foundation.files.judging`` has let through. Raises ``Refused``."""
    _refuse_swollen(file, name)
    try:
        document = docx.Document(file)
        reader = _Reader(document)
        lines = lines_of("\n".join(reader.lines(document.element.body)))
    except (OpcError, KeyError, ValueError, AttributeError, OSError, etree.LxmlError, zipfile.BadZipFile) as error:
        raise Refused(
            _("文件“%(name)s”的内容读不出来，可能已损坏。请用 Office 或 WPS 打开并另存，或者把全文粘贴进来。")
            % {"name": name}
        ) from error
    if not lines:
        raise Refused(_("文件“%(name)s”里没有文字，可能是扫描的图片。请把全文识别成文字后粘贴进来。") % {"name": name})
    return WordText(lines, list(reader.remarks()))


def _refuse_swollen(file: "File[Any]", name: str) -> None:
    with zipfile.ZipFile(file) as archive:
        size = sum(part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels")))
    file.seek(0)
    if size > MOST_UNPACKED:
        text = _(
            "文件“%(name)s”的文字部分解开后有 %(size)d MB，超过 %(limit)d MB，不能读入。请拆开，或者把全文粘贴进来。"
        )
        raise Refused(
            filled(text, {"name": name, "size": -(-size // 1048576), "limit": MOST_UNPACKED // 1048576}), field="file"
        )


def han_number(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一, 105 → 一百零五; up to 999, as documents number."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not number else "")


def _written(number: int, style: str) -> str | None:
    """A number as Word prints it in this style; None for a style that is not known."""
    if style == "ideographDigital" and number > 10:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if style in _HAN_FORMATS and 0 <= number <= 999:
        return han_number(number)
    if style in _CIRCLED_FORMATS and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if style == "decimal":
        return str(number)
    if style == "decimalFullWidth":
        return "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in str(number))
    return None


def _value(element: Any, path: str) -> str | None:
    """The ``w:val`` of an element below, by its path of names."""
    for name in path.split("/"):
        element = None if element is None else element.find(qn(f"w:{name}"))
    return None if element is None else element.get(qn("w:val"))


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 6 else None


@dataclass
class _Level:
    start: int
    style: str
    text: str


class _Numbering:
    """The numbers that Word makes: read from ``numbering.xml``, counted as the paragraphs come."""

    def __init__(self, document: Any) -> None:
        part = next(
            (one for one in document.part.package.iter_parts() if str(one.partname) == "/word/numbering.xml"), None
        )
        root = None if part is None else part.element
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._restarted: set[str] = set()
        self._starts: dict[str, dict[int, int]] = {}
        self.unknown = 0
        if root is None:
            return
        for abstract in root.iter(qn("w:abstractNum")):
            self._levels[abstract.get(qn("w:abstractNumId"))] = {
                level: self._level(one)
                for one in abstract.findall(qn("w:lvl"))
                if (level := _whole(one.get(qn("w:ilvl")))) is not None
            }
        for number in root.findall(qn("w:num")):
            key = number.get(qn("w:numId"))
            self._abstract_of[key] = _value(number, "abstractNumId") or ""
            self._starts[key] = {
                level: start
                for one in number.findall(qn("w:lvlOverride"))
                if (level := _whole(one.get(qn("w:ilvl")))) is not None
                and (start := _whole(_value(one, "startOverride"))) is not None
            }

    @staticmethod
    def _level(level: Any) -> _Level:
        start = _whole(_value(level, "start"))
        return _Level(
            1 if start is None else start, _value(level, "numFmt") or "decimal", _value(level, "lvlText") or ""
        )

    def next(self, key: str, level: int) -> str:
        """The number of the next paragraph of a list at a level; "" for a bullet, or a style that is not known."""
        abstract = self._abstract_of.get(key, "")
        levels = self._levels.get(abstract, {})
        if level not in levels or levels[level].style in ("bullet", "none"):
            return ""
        counts = self._counts[abstract]
        if key not in self._restarted:
            self._restarted.add(key)
            for of, start in self._starts.get(key, {}).items():
                counts[of] = start - 1
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        text = levels[level].text
        for of, one in levels.items():
            if f"%{of + 1}" in text:
                written = _written(counts.get(of, one.start), one.style)
                if written is None:
                    self.unknown += 1
                    return ""
                text = text.replace(f"%{of + 1}", written)
        return text.strip()


class _Reader:
    def __init__(self, document: Any) -> None:
        self._numbering = _Numbering(document)
        styles = document.part._styles_part.element
        self._styles = {one.get(qn("w:styleId")): one for one in styles.iter(qn("w:style"))}
        self._seen: Counter[str] = Counter()

    def lines(self, element: Any) -> Iterator[str]:
        """The paragraphs within, in order, each row of a table as one."""
        for child in element:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                self._seen["table"] += 1
                yield from self._rows(child)
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")):
                yield from self.lines(child)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iterchildren(qn("w:tr")):
            cells = [" ".join(lines_of("\n".join(self.lines(cell)))) for cell in row.iterchildren(qn("w:tc"))]
            yield CELL_MARK.join(filter(None, cells))

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        text = "".join(self._pieces(paragraph))
        if not text.strip():
            return
        number = self._number(paragraph)
        if number:
            self._seen["numbered"] += 1
        yield number + text.lstrip() if number else text

    def _pieces(self, element: Any) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag == qn("w:t"):
                yield child.text or ""
            elif tag == qn("w:tab"):
                yield "\t"
            elif tag in (qn("w:br"), qn("w:cr")):
                yield "\n"
            elif tag == qn("w:noBreakHyphen"):
                yield "-"
            elif tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
                self._seen["note"] += 1
            elif tag in (qn("w:pict"), qn("w:drawing")) or (isinstance(tag, str) and tag.endswith("}AlternateContent")):
                if next(child.iter(qn("w:txbxContent")), None) is not None:
                    self._seen["box"] += 1
            elif tag in (qn("w:del"), qn("w:moveFrom")):
                self._seen["deleted"] += 1
            elif tag not in (qn("w:pPr"), qn("w:rPr")):
                yield from self._pieces(child)

    def _number(self, paragraph: Any) -> str:
        """The number that Word puts before the paragraph, by its own setting or by that of its style."""
        key, level = _value(paragraph, "pPr/numPr/numId"), _value(paragraph, "pPr/numPr/ilvl")
        style, seen = _value(paragraph, "pPr/pStyle"), set()
        while key is None and style in self._styles and style not in seen:
            seen.add(style)
            key = _value(self._styles[style], "pPr/numPr/numId")
            level = level or _value(self._styles[style], "pPr/numPr/ilvl")
            style = _value(self._styles[style], "basedOn")
        if key is None or key == "0":
            return ""
        return self._numbering.next(key, _whole(level) or 0)

    def remarks(self) -> Iterator[str]:
        """What a person should look at in the text that was read."""
        found = {
            "table": _("文件里有 %d 个表格，每一行读成一段，各格用“｜”隔开。"),
            "numbered": _("有 %d 段的编号是 Word 自动生成的，已补写到段首，请核对。"),
            "note": _("有 %d 处脚注或尾注没有读入。"),
            "box": _("有 %d 个文本框里的文字没有读入，需要的请粘贴进来。"),
            "deleted": _("有 %d 处修订标明删除的文字没有读入，标明增加的已读入。"),
        }
        for name, text in found.items():
            if self._seen[name]:
                yield filled(text, self._seen[name])
        if self._numbering.unknown:
            text = _("有 %d 段的自动编号样式无法还原，这些段没有编号，请补写。")
            yield filled(text, self._numbering.unknown)
