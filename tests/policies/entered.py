"""A document that the province entered, for tests: drafted, published."""

import datetime
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as WordDocument

from foundation.accounts.models import User
from policies import actions
from policies.models import Document, Edition

TEXT = """苏示办〔2026〕3号
关于办好培训的意见
各市：
一、目标
提高产业工人待遇。
二、措施
（一）办好培训
开设职工大讲堂。鼓励企业自办学校。
（二）保障待遇
按时足额发薪。
某办公室
"""
VALUES: dict[str, Any] = {
    "title": "关于办好培训的意见",
    "number": "苏示办〔2026〕3号",
    "issuer": "某办公室",
    "issued_on": datetime.date(2026, 1, 5),
    "source": "文件全文",
}


def drafted(by: User, text: str = TEXT, **values: Any) -> Edition:
    return actions.create_draft(acting_user=by, values={**VALUES, **values}, text=text)[0]


def published(by: User, text: str = TEXT, **values: Any) -> Document:
    edition = drafted(by, text, **values)
    return actions.publish_draft(acting_user=by, pk=edition.pk, version=edition.version)


def word_file(*lines: str, name: str = "意见.docx") -> SimpleUploadedFile:
    document, out = WordDocument(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return SimpleUploadedFile(name, out.getvalue())
