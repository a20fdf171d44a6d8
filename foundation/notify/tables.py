"""The list of one's messages, and of e-mails that did not go out."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.labels import Label
from foundation.notify.models import Message
from foundation.notify.registry import kind_label
from foundation.ui.tables import MomentColumn, NumberColumn, PortalTable, StatusColumn, TickColumn

_EXCERPT = 80


class MessageTable(PortalTable):
    tick = TickColumn()
    title = tables.Column(verbose_name=_("消息"), attrs={"td": {"class": "main"}})
    event = tables.Column(verbose_name=_("类型"))
    place = tables.Column(verbose_name=_("来自"), default="—", orderable=False)
    shown_from = MomentColumn(verbose_name=_("时间"))
    read_at = tables.Column(verbose_name=_("状态"), empty_values=(), orderable=False)

    class Meta:
        model = Message
        fields = ("tick", "title", "event", "place", "shown_from", "read_at")

    def render_title(self, record: Message) -> SafeString:
        text = " ".join(record.text.split())
        excerpt = text[:_EXCERPT] + "…" if len(text) > _EXCERPT else text
        return format_html(
            '<a class="{}" href="{}">{}</a>{}',
            "" if record.read_at else "is-unread",
            reverse("notify:open", args=[record.pk]),
            record.title,
            format_html('<div class="muted excerpt">{}</div>', excerpt) if excerpt else "",
        )

    def render_event(self, value: str) -> str:
        return kind_label(value)

    def render_read_at(self, value: object) -> Label:
        return _("已读") if value else _("未读")


class MailTable(PortalTable):
    """Who and what kind, not what it says."""

    recipient = tables.Column(verbose_name=_("收件人"), orderable=False)
    event = tables.Column(verbose_name=_("类型"))
    mail = StatusColumn(verbose_name=_("邮件"))
    mail_attempts = NumberColumn(verbose_name=_("尝试次数"))
    mail_error = tables.Column(verbose_name=_("原因"))
    mail_due_at = MomentColumn(verbose_name=_("下次发送"), default="—")

    class Meta:
        model = Message
        fields = ("recipient", "event", "mail", "mail_attempts", "mail_error", "mail_due_at")

    def render_event(self, value: str) -> str:
        return kind_label(value)
