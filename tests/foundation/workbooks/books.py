"""Workbooks made for a test, down to the markup where a program would not write it."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from foundation.workbooks.opening import Book, open_book


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def book(*rows: Sequence[Any]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(list(row))
    return saved(workbook)


def opened(content: bytes, name: str = "台账.xlsx") -> Book:
    return open_book(io.BytesIO(content), name, len(content))


def cells(content: bytes, sheet: int = 0) -> list[list[Any]]:
    """Every row of a sheet."""
    with opened(content) as found:
        return [row for _number, row in found.rows(found.sheets[sheet])]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(content: bytes, **changes: Any) -> bytes:
    """A workbook with parts rewritten: the end of a part's name → what becomes of its bytes."""
    source = zipfile.ZipFile(io.BytesIO(content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            part = source.read(entry)
            for ending, change in changes.items():
                if entry.filename.endswith(ending.replace("__", ".")):
                    part = change(part)
            archive.writestr(entry.filename, part)
    return out.getvalue()


def with_rows(xml: str) -> bytes:
    """A workbook with a row of headings, and what is given as further rows of its XML."""
    return changed(
        book(["标题", "人数"]),
        sheet1__xml=lambda part: part.replace(b"</sheetData>", xml.encode() + b"</sheetData>"),
    )


def ods(repeat: str = "", row: str = "", names: Sequence[str] = ("表",)) -> bytes:
    """An open document whose sheets each have one row of two cells."""
    tables = "".join(
        f'<table:table table:name="{name}"><table:table-row {row}>'
        '<table:table-cell office:value-type="string"><text:p>标题</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="float" office:value="3" {repeat}><text:p>3</text:p></table:table-cell>'
        "</table:table-row></table:table>"
        for name in names
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        **{
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )
