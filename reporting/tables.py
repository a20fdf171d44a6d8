"""Tables of the reports pages."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from foundation.ui.badges import badge_markup
from foundation.ui.tables import LinkColumn, MomentColumn, PortalTable, QuarterColumn, StatusColumn
from reporting.models import Report


class ReportTable(PortalTable):
    title = LinkColumn(verbose_name=_("报告"), order_by=("region__code",), empty_values=())
    quarter = QuarterColumn(verbose_name=_("季度"))
    draft_number = tables.Column(verbose_name=_("稿次"))
    state = StatusColumn(verbose_name=_("签发状态"), tones={"draft": "quiet"})
    status = tables.Column(verbose_name=_("生成状态"), orderable=False)
    number = tables.Column(verbose_name=_("编号"))
    data_as_of = MomentColumn(verbose_name=_("数据截至"))
    created_at = MomentColumn(verbose_name=_("发起时间"))

    class Meta:
        model = Report
        fields = ("title", "quarter", "draft_number", "state", "status", "number", "data_as_of", "created_at")
        order_by = ("-created_at",)

    def render_draft_number(self, value: int) -> str:
        return _("第%d稿") % value

    def render_status(self, record: Report) -> str:
        if record.is_building:
            return badge_markup(_("生成中"), tone="todo")
        if record.has_failed:
            return badge_markup(_("生成失败"), tone="bad")
        return badge_markup(_("已生成"), tone="done")
