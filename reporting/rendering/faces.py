"""All faces of a snapshot in one go, made in the order in which they go into each other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reporting.canonical import canonical_bytes
from reporting.rendering.content import Edition, build_content
from reporting.rendering.docx import render_docx
from reporting.rendering.pdf import render_pdf
from reporting.rendering.xlsx import render_xlsx

ProgressReport = Callable[[int, str], None]


@dataclass(frozen=True)
class Faces:
    """The bytes of each face; the PDF holds ``xlsx`` and ``json`` unchanged."""

    pdf: bytes
    xlsx: bytes
    docx: bytes
    json: bytes


def silent(percent: int, message: str) -> None:
    """For callers that show no progress."""


def render_faces(snapshot: dict[str, Any], edition: Edition, progress: ProgressReport = silent) -> Faces:
    """Workbook and snapshot first, then the PDF that carries them, then the Word file."""
    content = build_content(snapshot, edition)
    data = canonical_bytes(snapshot)
    progress(35, _("正在生成工作簿"))
    xlsx = render_xlsx(content)
    progress(50, _("正在排版 PDF"))
    pdf = render_pdf(content, xlsx=xlsx, snapshot_json=data)
    progress(90, _("正在生成 Word 文件"))
    return Faces(pdf=pdf, xlsx=xlsx, docx=render_docx(content), json=data)
