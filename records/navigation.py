"""The record core's menu entries."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.requests import is_signed_in
from foundation.ui.navigation import register_item
from records.review.queries import queue_for

#: The menu shows "99+" rather than counting a long queue.
_COUNT_TO = 100


def _waiting(request: HttpRequest) -> str | int | None:
    if not is_signed_in(request):
        return None
    count = queue_for(request.user).order_by()[:_COUNT_TO].count()
    return "99+" if count == _COUNT_TO else count or None


register_item(
    section=_("填报"),
    label=_("活动记录"),
    url_name="records:list",
    icon="files",
    order=20,
    visible=lambda request: bool(verdict(request.user, "records.view")),
)
register_item(
    section=_("填报"),
    label=_("批量导入"),
    url_name="records:imports",
    icon="upload",
    order=25,
    visible=lambda request: bool(verdict(request.user, "records.create")),
)
register_item(
    section=_("审核"),
    label=_("待审核"),
    url_name="records:review",
    icon="checks",
    order=10,
    visible=lambda request: bool(verdict(request.user, "records.review")),
    badge=_waiting,
)
register_item(
    section=_("审核"),
    label=_("抽查"),
    url_name="records:samples",
    icon="search",
    order=20,
    visible=lambda request: bool(verdict(request.user, "records.sample")),
)
register_item(
    section=_("审核"),
    label=_("申诉"),
    url_name="records:appeals",
    icon="gavel",
    order=25,
    visible=lambda request: bool(verdict(request.user, "records.decide_appeal")),
)
register_item(
    section=_("审核"),
    label=_("审核情况"),
    url_name="records:review_overview",
    icon="chart-bar",
    order=30,
    visible=lambda request: bool(verdict(request.user, "records.review_overview")),
)
register_item(
    section=_("审核"),
    label=_("审核设置"),
    url_name="records:review_settings",
    icon="settings",
    order=40,
    visible=lambda request: bool(verdict(request.user, "records.set_review")),
)
register_item(
    section=_("统计"),
    label=_("填报进度"),
    url_name="records:progress",
    icon="clipboard-check",
    order=32,
    visible=lambda request: scope_of(request.user).is_office or scope_of(request.user).is_auditor,
)
