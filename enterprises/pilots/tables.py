"""Lists of pilots, parks and chains."""

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise, Pilot
from foundation.ui.badges import badge_markup
from foundation.ui.tables import DateColumn, LinkColumn, PortalTable


def state_badge(pilot: Pilot) -> SafeString:
    """Where a pilot is in its time."""
    if pilot.has_ended:
        return badge_markup(_("已终止"), tone="quiet")
    return badge_markup(_("试点中"), tone="done") if pilot.is_in_force else badge_markup(_("尚未开始"), tone="todo")


class _KnownDateColumn(DateColumn):
    """A day nobody knows is 未掌握."""

    empty_values = ()

    def render(self, value: object) -> str:
        return super().render(value) if value else _("未掌握")


class PilotTable(PortalTable):
    subject = LinkColumn(
        verbose_name=gettext_lazy("试点对象"),
        order_by=("subject_name",),
        linkify=lambda record: record.get_absolute_url(),
    )
    kind = tables.Column(verbose_name=gettext_lazy("类别"), empty_values=(), orderable=False, accessor="pk")
    place = tables.Column(
        verbose_name=gettext_lazy("地区"), empty_values=(), order_by=("place_code",), accessor="place_code"
    )
    tier = tables.Column(verbose_name=gettext_lazy("试点层级"))
    stage = tables.Column(verbose_name=gettext_lazy("阶段"), default=gettext_lazy("未掌握"))
    started_on = _KnownDateColumn(verbose_name=gettext_lazy("确定日期"))
    ended_on = DateColumn(verbose_name=gettext_lazy("终止日期"), default="—")
    document = tables.Column(verbose_name=gettext_lazy("文号或依据"), default="—")
    state = tables.Column(verbose_name=gettext_lazy("状态"), empty_values=(), orderable=False, accessor="pk")

    #: Shown when the person asks for them.
    optional = ("document",)

    phone = ("subject", "place", "tier", "state")

    class Meta(PortalTable.Meta):
        model = Pilot
        fields = ("subject", "kind", "place", "tier", "stage", "started_on", "ended_on", "document", "state")
        sequence = fields

    def render_kind(self, record: Pilot) -> str:
        return record.cluster.get_kind_display() if record.cluster else _("企业")

    def render_place(self, record: Pilot) -> str:
        subject = record.subject
        return (subject.county if isinstance(subject, Enterprise) else subject.place).full_name()

    def render_state(self, record: Pilot) -> SafeString:
        return state_badge(record)
