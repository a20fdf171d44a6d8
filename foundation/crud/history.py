"""What happened to one row, as the audit log has it."""

import django_tables2 as tables
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.audit.log import event_wording
from foundation.audit.models import Entry
from foundation.ui.tables import MomentColumn, PortalTable


def entries_of(row: models.Model) -> models.QuerySet[Entry]:
    """Every entry about the row, newest first: for whoever may see the row."""
    entries = Entry.objects.filter(target_type=row._meta.label_lower, target_id=str(row.pk))
    return entries.select_related("actor").order_by("-pk")


class HistoryTable(PortalTable):
    """Every change of a row, with before and after."""

    at = MomentColumn(verbose_name=gettext_lazy("时间"))
    event = tables.Column(verbose_name=gettext_lazy("事项"))
    changes = tables.Column(verbose_name=gettext_lazy("变更内容"), empty_values=())
    note = tables.Column(verbose_name=gettext_lazy("原因"), default="—")
    actor = tables.Column(verbose_name=gettext_lazy("经办人"), default=gettext_lazy("系统"))

    class Meta(PortalTable.Meta):
        model = Entry
        fields = ("at", "event", "changes", "note", "actor")
        sequence = fields
        orderable = False
        empty_text = gettext_lazy("登记之后还没有修改过。")

    def render_event(self, value: str) -> str:
        return event_wording(value)

    def render_changes(self, record: Entry) -> SafeString | str:
        pairs = [(name, pair) for name, pair in record.changes.items() if isinstance(pair, list) and len(pair) == 2]
        if not pairs:
            return "—"
        lines = ((name, old or _("（空）"), new or _("（空）")) for name, (old, new) in pairs)
        return format_html(
            '<ul class="diff-list">{}</ul>',
            format_html_join("", "<li>{}：<del>{}</del> → <ins>{}</ins></li>", lines),
        )
