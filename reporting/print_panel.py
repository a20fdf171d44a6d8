"""On a record that is about to be printed: which characters the portal's typefaces do not have."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.requests import PortalRequest
from foundation.panels import Panel, register_panel
from records.core.kinds import kind_of
from records.core.lines import rows_of
from records.models import Record
from reporting.rendering.glyphs import described, missing_glyphs


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    """What people wrote, each with the field it stands in."""
    specific = record.specific()
    yield str(_("填报单位")), record.filer.name
    for name in kind_of(record).fields:
        field = specific._meta.get_field(name)
        if isinstance(field, models.CharField | models.TextField) and not field.choices:
            yield str(field.verbose_name), getattr(specific, name) or ""
    for lines in kind_of(record).lines:
        for row in rows_of(specific, lines):
            for field in row.own_fields():
                if isinstance(field, models.CharField | models.TextField) and not field.choices:
                    yield str(lines.label), getattr(row, field.name) or ""


def glyph_panel(request: PortalRequest, record: Record) -> dict[str, Any] | None:
    missing = missing_glyphs(_texts(record))
    return {"missing": described(missing)} if missing else None


register_panel("records.print", Panel(_("没有字形的字符"), "reporting/_print_glyphs.html", glyph_panel))
