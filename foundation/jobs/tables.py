"""The list of jobs."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.jobs.models import Job
from foundation.ui.tables import LinkColumn, MomentColumn, PortalTable, StatusColumn


class JobTable(PortalTable):
    title = LinkColumn(verbose_name=_("任务"), linkify=lambda record: reverse("jobs:detail", args=[record.pk]))
    status = StatusColumn(verbose_name=_("状态"))
    owner = tables.Column(verbose_name=_("发起人"), default=_("系统"), orderable=False)
    created_at = MomentColumn(verbose_name=_("发起时间"))
    finished_at = MomentColumn(verbose_name=_("结束时间"), default="—")

    def render_title(self, record: Job) -> str:
        return record.title_for(self.request.user)

    class Meta:
        model = Job
        fields = ("title", "status", "owner", "created_at", "finished_at")
        order_by = "-created_at"
