"""The text of Word documents: numbers that Word makes, tables, revisions, and files that are none."""

import io
import zipfile

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from foundation.refusals import Refused
from policies.word import CELL_MARK, han_number, read_word
from tests.policies.word_files import add, as_file, numbered_document


def read(document: DocumentType) -> tuple[list[str], list[str]]:
    found = read_word(as_file(document), "意见.docx")
    return found.lines, found.remarks


def test_numbers_that_word_makes_are_written_out() -> None:
    document = numbered_document()
    for text, level in (
        ("目标", 0),
        ("措施", 0),
        ("培训", 1),
        ("办学校。", 2),
        ("办工厂。", 2),
        ("待遇", 1),
        ("涨工资。", 2),
    ):
        add(document, text, level)
    add(document, "选址", 3)
    add(document, "联合编号", 4)
    add(document, "要点", 5)
    lines, remarks = read(document)
    assert lines == [
        "一、目标",
        "二、措施",
        "（一）培训",
        "1.办学校。",
        "2.办工厂。",
        "（二）待遇",
        "1.涨工资。",
        "①选址",
        "二.1联合编号",
        "要点",
    ]
    assert remarks == ["有 9 段的编号是 Word 自动生成的，已补写到段首，请核对。"]


def test_a_list_that_starts_elsewhere() -> None:
    document = numbered_document()
    add(document, "目标", 0)
    add(document, "措施", 0, number=78)
    add(document, "保障", 0, number=78)
    assert read(document)[0] == ["一、目标", "三、措施", "四、保障"]


def test_numbers_of_a_style_and_a_style_it_is_based_on() -> None:
    document = numbered_document()
    base = document.styles.add_style("Numbered", 1)
    markup = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="1"/><w:numId w:val="77"/></w:numPr>'
    base.element.get_or_add_pPr().append(parse_xml(markup))
    derived = document.styles.add_style("Derived", 1)
    derived.base_style = base
    document.add_paragraph("培训", style="Numbered")
    document.add_paragraph("待遇", style="Derived")
    assert read(document)[0] == ["（一）培训", "（二）待遇"]


def test_a_style_of_numbers_that_is_not_known_is_said() -> None:
    document = numbered_document()
    add(document, "目标", 6)
    lines, remarks = read(document)
    assert lines == ["目标"]
    assert remarks == ["有 1 段的自动编号样式无法还原，这些段没有编号，请补写。"]


def test_a_table_is_read_row_by_row_in_its_place() -> None:
    document = Document()
    document.add_paragraph("一、任务分工")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("任务", "牵头单位", "办好学校", "省教育厅\n省人社厅"), strict=True):
        cell.text = text
    document.add_paragraph("二、要求")
    lines, remarks = read(document)
    assert lines == ["一、任务分工", f"任务{CELL_MARK}牵头单位", f"办好学校{CELL_MARK}省教育厅 省人社厅", "二、要求"]
    assert remarks == ["文件里有 1 个表格，每一行读成一段，各格用“｜”隔开。"]


def test_what_revisions_add_is_read_and_what_they_take_is_not() -> None:
    document = Document()
    added = f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>增加的。</w:t></w:r></w:ins>'
    taken = f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>删掉的。</w:delText></w:r></w:del>'
    paragraph = document.add_paragraph("原有的。")._p
    paragraph.append(parse_xml(added))
    paragraph.append(parse_xml(taken))
    lines, remarks = read(document)
    assert lines == ["原有的。增加的。"]
    assert remarks == ["有 1 处修订标明删除的文字没有读入，标明增加的已读入。"]


def test_content_controls_are_read_and_text_boxes_are_said() -> None:
    document = Document()
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件里的。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control))
    box = f"<w:pict {nsdecls('w')}><w:txbxContent><w:p><w:r><w:t>框里的</w:t></w:r></w:p></w:txbxContent></w:pict>"
    document.add_paragraph("框外的。").runs[0]._r.append(parse_xml(box))
    lines, remarks = read(document)
    assert lines == ["控件里的。", "框外的。"]
    assert remarks == ["有 1 个文本框里的文字没有读入，需要的请粘贴进来。"]


def test_an_empty_document_says_what_to_do() -> None:
    with pytest.raises(Refused, match="里没有文字，可能是扫描的图片"):
        read(Document())


def rewritten(name: str, content: bytes) -> io.BytesIO:
    """A real document in which one part holds something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(as_file(Document())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, content if part == name else source.read(part))
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "content",
    [
        b"no markup",
        b"<a>" * 400,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ],
)
def test_a_damaged_document_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=r"读不出来，可能已损坏|里没有文字"):
        read_word(rewritten("word/document.xml", content), "意见.docx")


def test_a_document_that_swells_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="解开后有 22 MB，超过 20 MB"):
        read_word(rewritten("word/document.xml", b" " * (21 * 1024 * 1024)), "意见.docx")


def test_numbers_in_characters() -> None:
    assert [han_number(number) for number in (1, 10, 11, 20, 21, 100, 105, 110, 119, 999)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "一百",
        "一百零五",
        "一百一十",
        "一百一十九",
        "九百九十九",
    ]
