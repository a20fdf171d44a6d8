"""The lists: what came, what was issued, and how far each unit is."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.ui.badges import badge_markup
from foundation.ui.formats import day
from foundation.ui.tables import (
    DateColumn,
    LinkColumn,
    MomentColumn,
    NumberColumn,
    PortalTable,
    StatusColumn,
    TickColumn,
)
from notices.models import Delivery, Notice

TONES = {"draft": "quiet", "sending": "todo", "sent": "done", "withdrawn": "quiet"}


class ReceivedTable(PortalTable):
    title = tables.Column(verbose_name=_("通知"), accessor="notice__title", attrs={"td": {"class": "main"}})
    office = tables.Column(verbose_name=_("发文单位"), accessor="notice__office_name", orderable=False)
    place = tables.Column(verbose_name=_("收到的单位"), orderable=False)
    sent_at = DateColumn(verbose_name=_("日期"), accessor="notice__sent_at")
    due = DateColumn(verbose_name=_("截止日期"), empty_values=(), orderable=False)
    state = tables.Column(verbose_name=_("状态"), empty_values=(), orderable=False)

    phone = ("title", "office", "due", "state")

    class Meta:
        model = Delivery
        fields = ("title", "office", "place", "sent_at", "due", "state")

    def render_title(self, record: Delivery) -> SafeString:
        css = "" if record.read_at else "is-unread"
        return format_html('<a class="{}" href="{}">{}</a>', css, record.get_absolute_url(), record.notice.title)

    def render_due(self, record: Delivery) -> str:
        days = [due for due in (record.notice.receipt_due, record.notice.feedback_due) if due]
        return day(min(days)) if days else "—"

    def render_state(self, record: Delivery) -> SafeString:
        if record.notice.state == "withdrawn":
            return badge_markup(_now("已撤回"), tone="quiet")
        label, tone = record.state_label()
        return badge_markup(label, tone=tone)


class SentTable(PortalTable):
    title = LinkColumn(verbose_name=_("通知"))
    office = tables.Column(verbose_name=_("发文单位"), accessor="office_name", order_by="office__code")
    number = tables.Column(verbose_name=_("文号"), default="—", orderable=False)
    sent_at = MomentColumn(verbose_name=_("发出时间"), default="—")
    recipients = NumberColumn(verbose_name=_("发往单位（个）"), orderable=False)
    state = StatusColumn(verbose_name=_("状态"), tones=TONES)

    phone = ("title", "sent_at", "recipients", "state")

    class Meta:
        model = Notice
        fields = ("title", "office", "number", "sent_at", "recipients", "state")

    def render_recipients(self, value: int | None) -> str:
        return "—" if value is None else f"{value:,}"


class UrgedColumn(tables.Column):
    """``已催办 2 次，最近 2026-11-20``, of rows ``with_urges``; asked for out of hours, the last is still to come."""

    empty_values = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("催办"))
        super().__init__(*args, accessor="urged_times", orderable=False, **kwargs)

    def render(self, value: int | None, record: Any) -> str:
        if not value:
            return "—"
        said = {"times": value, "day": day(record.urged_on)}
        if record.urged_on > timezone.localdate():
            return _now("已催办 %(times)d 次，最近一次将在 %(day)s 送达") % said
        return _now("已催办 %(times)d 次，最近 %(day)s") % said


class UnitTable(PortalTable):
    """``may_urge`` adds the boxes to tick. A notice to the whole province has a row for every enterprise in it."""

    sorts = ()

    tick = TickColumn(offered=lambda delivery: delivery.is_behind)
    place = tables.Column(
        verbose_name=_("单位"), accessor="place__name", order_by="place__name", attrs={"td": {"class": "main"}}
    )
    county = tables.Column(verbose_name=_("所在地区"), empty_values=(), orderable=False)
    state = tables.Column(verbose_name=_("状态"), empty_values=(), orderable=False)
    read_at = MomentColumn(verbose_name=_("阅读"), default="—")
    receipted_at = MomentColumn(verbose_name=_("签收"), default="—")
    answered_at = MomentColumn(verbose_name=_("反馈"), default="—")
    urged = UrgedColumn()

    phone = ("tick", "place", "county", "state", "urged")

    class Meta:
        model = Delivery
        fields = ("tick", "place", "county", "state", "read_at", "receipted_at", "answered_at", "urged")
        sequence = fields

    def render_place(self, record: Delivery) -> SafeString | str:
        if not record.answered_at:
            return record.place.name
        return format_html('<a href="{}">{}</a>', reverse("notices:unit", args=[record.pk]), record.place.name)

    def render_county(self, record: Delivery) -> str:
        region = record.county if record.enterprise_id else record.city
        return region.full_name() if region is not None and region.pk != record.place_id else "—"

    def render_state(self, record: Delivery) -> SafeString:
        label, tone = record.state_label()
        return badge_markup(label, tone=tone)
