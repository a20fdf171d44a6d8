"""All faces of a snapshot in one go, made in the order in which they go into each other."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.refusals import Refused
from reporting.canonical import canonical_bytes
from reporting.rendering.content import Content, Edition, build_content

logger = logging.getLogger(__name__)

ProgressReport = Callable[[int, str], None]


@dataclass(frozen=True)
class Formats:
    """The bytes of each face; the PDF holds ``xlsx`` and ``json`` unchanged. ``pdf`` is empty where Pango is missing."""

    pdf: bytes
    xlsx: bytes
    docx: bytes
    json: bytes


def silent(percent: int, message: str) -> None:
    """For callers that show no progress."""


def render_formats(snapshot: dict[str, Any], edition: Edition, progress: ProgressReport = silent) -> Formats:
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
    if not pdf and not edition.is_draft:
        raise Refused(no_pango())
    progress(90, _("正在生成 Word 文件"))
    return Formats(pdf=pdf, xlsx=xlsx, docx=render_docx(content), json=data)


def no_pango() -> str:
    """What to tell a person when the PDF cannot be set on this server."""
    return _(
        "服务器没有安装排版库 Pango，不能生成 PDF。请系统管理员安装 libpango-1.0-0、libpangoft2-1.0-0、"
        "libharfbuzz-subset0，重新启动平台后再生成一次。"
    )


def _render_pdf(content: Content, *, xlsx: bytes, snapshot_json: bytes) -> bytes:
    """Without Pango WeasyPrint cannot even be imported: the other faces are made all the same."""
    try:
        from reporting.rendering.pdf import render_pdf  # noqa: PLC0415
    except OSError as error:
        logger.warning("no PDF: %s", error)
        return b""
    return render_pdf(content, xlsx=xlsx, snapshot_json=snapshot_json)
