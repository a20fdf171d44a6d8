"""Whether an uploaded file may be opened at all: judged by its content, before any of it is unpacked."""

import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from foundation.refusals import Refused

#: A workbook of 20,000 rows has about 3 MB.
MAX_BYTES = 20 * 1024 * 1024
#: Unpacked: a million empty rows with their formats take about 250 MB and are read only as far as there is something.
MAX_SHEET_BYTES = 600 * 1024 * 1024
#: Parts that are read whole, such as the shared strings.
MAX_PART_BYTES = 64 * 1024 * 1024
#: Honest sheets pack up to about 40 : 1; a bomb goes to 1,000 : 1.
MAX_RATIO, RATIO_FROM = 250, 8 * 1024 * 1024

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _refuse_encrypted(head: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in head:
        raise Refused(
            _("文件设有打开密码，无法读取。请在 Excel 或 WPS 中打开，取消密码（文件—信息—保护工作簿）后另存，再上传。")
        )


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = {entry.filename for entry in archive.infolist()}
    if "xl/workbook.xml" not in names:
        raise Refused(_("这不是 Excel 工作簿。请用本页下载的模板填写，另存为 .xlsx 后上传。"))
    total = 0
    for entry in archive.infolist():
        total += entry.file_size
        is_sheet = entry.filename.startswith("xl/worksheets/")
        packed_too_well = entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        too_large = entry.file_size > (MAX_SHEET_BYTES if is_sheet else MAX_PART_BYTES)
        if entry.flag_bits & 1:
            raise Refused(_("文件的压缩内容设有密码，无法读取。请取消密码后另存，再上传。"))
        if packed_too_well or too_large or total > MAX_SHEET_BYTES + MAX_PART_BYTES:
            raise Refused(
                _("文件解压后异常庞大，已停止读取。请新建工作簿，只把要导入的行“选择性粘贴—数值”过去，再上传。")
            )


def check_file(handle: BinaryIO, name: str, size: int) -> str:
    """``xlsx`` or ``xls``, as the content says. Raises ``Refused``."""
    if size == 0:
        raise Refused(_("文件“%s”是空的。请检查后重新选择。") % name)
    if size > MAX_BYTES:
        raise Refused(
            _("文件“%(name)s”有 %(size).1f MB，超过 %(limit)d MB 的上限。请去掉图片和空行，或分成几个文件。")
            % {"name": name, "size": size / 1048576, "limit": MAX_BYTES // 1048576}
        )
    handle.seek(0)
    head = handle.read(8)
    handle.seek(0)
    if head.startswith(_OLE):
        _refuse_encrypted(handle.read())
        handle.seek(0)
        return "xls"
    if not head.startswith(_ZIP):
        raise Refused(
            _("文件“%s”不是 Excel 工作簿。请上传 .xlsx 或 .xls 文件；其他格式请在 Excel 或 WPS 中另存为 .xlsx。") % name
        )
    try:
        with zipfile.ZipFile(handle) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused(_("文件“%s”已损坏，打不开。请在 Excel 或 WPS 中重新另存为 .xlsx 后上传。") % name) from error
    handle.seek(0)
    return "xlsx"
