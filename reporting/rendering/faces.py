"""All faces of a snapshot in one go, made in the order in which they go into each other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.jobs.handlers import JobError
from reporting.canonical import canonical_bytes
from reporting.rendering.content import Content, Edition, build_content

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
    """Workbook and snapshot first, then the PDF that carries them, then the Word file.

    The renderers are imported here and not at the top: they take most of a second, which every start would pay.
    """
    from reporting.rendering.docx import render_docx  # noqa: PLC0415
    from reporting.rendering.xlsx import render_xlsx  # noqa: PLC0415

    content = build_content(snapshot, edition)
    data = canonical_bytes(snapshot)
    progress(35, _("正在生成工作簿"))
    xlsx = render_xlsx(content)
    progress(50, _("正在排版 PDF"))
    pdf = _render_pdf(content, xlsx=xlsx, snapshot_json=data)
    progress(90, _("正在生成 Word 文件"))
    return Faces(pdf=pdf, xlsx=xlsx, docx=render_docx(content), json=data)


def _render_pdf(content: Content, *, xlsx: bytes, snapshot_json: bytes) -> bytes:
    """Without Pango WeasyPrint cannot be imported at all: everything else works, and this says what to install."""
    try:
        from reporting.rendering.pdf import render_pdf  # noqa: PLC0415
    except OSError as error:
        raise JobError(
            _(
                "服务器没有安装排版库 Pango，不能生成 PDF。请系统管理员安装 libpango-1.0-0、libpangoft2-1.0-0、"
                "libharfbuzz-subset0，重新启动平台后再点“重试”。"
            )
        ) from error
    return render_pdf(content, xlsx=xlsx, snapshot_json=snapshot_json)
