"""What a file is, by its content and never by its name; and whether it may be opened."""

import zipfile
from enum import StrEnum
from typing import BinaryIO

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from foundation.workbooks.limits import MAX_BYTES


class Form(StrEnum):
    """The forms of a table that can be read. ``xlsx`` is also what ``.xlsm`` and ``.et`` files of newer programs are."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
#: What is neither a workbook nor text, by its first bytes.
_OTHERS = ((b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPG"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"))

#: How delimited text is named, and what separates its columns, as either encoding writes it. A table of one column has none.
_NAMES_OF_TEXT = (".csv", ".txt", ".tsv")
_SEPARATORS = {mark.encode(encoding) for mark in ",\t;|，；" for encoding in ("utf-8", "gb18030")}


def normal_name(name: str) -> str:
    """The name of a part of a package as programs mean it: with slashes, without a leading one, in small letters."""
    return name.replace("\\", "/").lstrip("/").lower()


def check_file(handle: BinaryIO, name: str, size: int) -> Form:
    """What the file is. Raises ``Refused`` for what cannot be read; leaves the handle at the beginning."""
    if size == 0:
        raise Refused(_("文件“%s”是空的。请检查后重新选择。") % name)
    if size > MAX_BYTES:
        raise Refused(
            _("文件“%(name)s”有 %(size).1f MB，超过 %(limit)d MB 的上限。请去掉图片和空行，或分成几个文件。")
            % {"name": name, "size": size / 1048576, "limit": MAX_BYTES // 1048576}
        )
    handle.seek(0)
    head = handle.read(_HEAD)
    handle.seek(0)
    if head.startswith(_OLE):
        return _old_workbook(handle, name)
    if head.startswith(_ZIP):
        return _package(handle, name)
    return _text(head, name)


def _old_workbook(handle: BinaryIO, name: str) -> Form:
    """Excel 97 to 2003; a new workbook with a password has the same outside."""
    content = handle.read()
    handle.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(
            _("文件设有打开密码，无法读取。请在 Excel 或 WPS 中打开，取消密码（文件—信息—保护工作簿）后另存，再上传。")
        )
    if "WordDocument".encode("utf-16-le") in content:
        raise Refused(_("文件“%s”是 Word 文档，不是 Excel 工作簿。请把表格复制到 Excel 里另存，再上传。") % name)
    return Form.XLS


def _package(handle: BinaryIO, name: str) -> Form:
    try:
        with zipfile.ZipFile(handle) as archive:
            entries = archive.infolist()
            names = {normal_name(entry.filename) for entry in entries}
            locked = any(entry.flag_bits & 1 for entry in entries)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(_("文件“%s”已损坏，打不开。请在 Excel 或 WPS 中重新另存为 .xlsx 后上传。") % name) from error
    handle.seek(0)
    if locked:
        raise Refused(_("文件的压缩内容设有密码，无法读取。请取消密码后另存，再上传。"))
    if "xl/workbook.xml" in names:
        return Form.XLSX
    if "xl/workbook.bin" in names:
        return Form.XLSB
    if "content.xml" in names and "mimetype" in names:
        return Form.ODS
    if "word/document.xml" in names:
        raise Refused(_("文件“%s”是 Word 文档，不是 Excel 工作簿。请把表格复制到 Excel 里另存，再上传。") % name)
    if any(part.endswith((".xlsx", ".xls", ".csv")) for part in names):
        raise Refused(_("文件“%s”是压缩包，不是 Excel 工作簿。请先解压，再上传里面的表格。") % name)
    raise Refused(_("文件“%s”不是 Excel 工作簿。请用导入页上的模板填写，另存为 .xlsx 后上传。") % name)


def _text(head: bytes, name: str) -> Form:
    """Delimited text, unless it is a page or an XML list in disguise."""
    for start, kind in _OTHERS:
        if head.startswith(start):
            raise Refused(
                _("文件“%(name)s”不是 Excel 工作簿，其实是 %(kind)s 文件。请上传 .xlsx、.xls 或 .csv 文件。")
                % {"name": name, "kind": kind}
            )
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in plain:
        raise Refused(
            _(
                "文件“%s”名为 Excel 工作簿，其实是“XML 电子表格 2003”。请在 Excel 或 WPS 中打开，"
                "用“另存为”选“Excel 工作簿（.xlsx）”，再上传。"
            )
            % name
        )
    if plain.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
        raise Refused(
            _(
                "文件“%s”名为 Excel 工作簿，其实是网页（有些系统导出的“Excel”就是这样）。请在原系统里选“导出为 .xlsx 或 .csv”；"
                "没有的，在 Excel 中打开，核对身份证号、信用代码等长数字没有变样，再另存为 .xlsx 上传。"
            )
            % name
        )
    if plain.startswith(b"<") or (b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise Refused(
            _("文件“%s”不是 Excel 工作簿。请上传 .xlsx、.xls 或 .csv 文件；其他格式请在 Excel 或 WPS 中另存为 .xlsx。")
            % name
        )
    if not name.lower().endswith(_NAMES_OF_TEXT) and not any(mark in head for mark in _SEPARATORS):
        raise Refused(
            _("文件“%s”不是 Excel 工作簿，其实是纯文本，里面也没有分列的内容。请上传 .xlsx、.xls 或 .csv 文件。") % name
        )
    return Form.CSV
