"""The record core's pages in the menu: the same lists stand under 填报 for enterprises and under 审核 for offices."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import is_signed_in
from foundation.ui.navigation import register_item
from foundation.ui.sections import FIGURES, FILING, REVIEW
from records.review.queries import queue_for

#: The menu shows "99+" rather than counting a long queue.
_COUNT_TO = 100


def _waiting(request: HttpRequest) -> str | int | None:
    if not is_signed_in(request):
        return None
    count = getattr(request, "counted", {}).get("records:review")
    if count is None:
        count = queue_for(request.user).order_by()[:_COUNT_TO].count()
    return "99+" if count >= _COUNT_TO else count or None


def _may(permission: str) -> Callable[[Actor], bool]:
    return lambda person: bool(verdict(person, permission))


def _is_above(person: Actor) -> bool:
    """An office or an auditor: they look at others' records."""
    scope = scope_of(person)
    return scope.is_office or scope.is_auditor


def _files(permission: str) -> Callable[[Actor], bool]:
    """Allowed, and of an enterprise."""
    return lambda person: not _is_above(person) and bool(verdict(person, permission))


def _looks_at(permission: str) -> Callable[[Actor], bool]:
    """Allowed, and of an office or an auditor."""
    return lambda person: _is_above(person) and bool(verdict(person, permission))


register_item(FILING, _("活动记录"), "records:list", "files", order=20, visible=_files("records.view"))
register_item(
    FILING,
    _("应报事项"),
    "records:duties",
    "clipboard-check",
    order=22,
    visible=_files("records.view_duty"),
    also=("/records/statement/", "/records/sitting/"),
)
register_item(FILING, _("申诉"), "records:appeals", "gavel", order=24, visible=_files("records.view_appeal"))
register_item(
    FILING, _("更正申请"), "records:corrections", "pencil", order=24, visible=_files("records.view_correction")
)
register_item(FILING, _("批量导入"), "records:imports", "upload", order=25, visible=_files("records.create"))
register_item(REVIEW, _("待审核"), "records:review", "checks", order=10, visible=_may("records.review"), badge=_waiting)
register_item(REVIEW, _("抽查"), "records:samples", "search", order=20, visible=_may("records.sample"))
register_item(REVIEW, _("申诉"), "records:appeals", "gavel", order=25, visible=_looks_at("records.view_appeal"))
register_item(
    REVIEW, _("更正申请"), "records:corrections", "pencil", order=26, visible=_looks_at("records.view_correction")
)
register_item(REVIEW, _("活动记录"), "records:list", "files", order=27, visible=_looks_at("records.view"))
register_item(REVIEW, _("批量导入"), "records:imports", "upload", order=28, visible=_looks_at("records.create"))
register_item(REVIEW, _("本级填报"), "records:own", "pencil", order=27, visible=_may("records.create_own"))
register_item(
    REVIEW, _("审核情况"), "records:review_overview", "chart-bar", order=30, visible=_may("records.review_overview")
)
register_item(
    REVIEW, _("审核设置"), "records:review_settings", "settings", order=40, visible=_may("records.set_review")
)
register_item(
    REVIEW, _("批量审核"), "records:batches", "checks", order=12, visible=_may("records.review"), is_tab=False
)
register_item(FIGURES, _("填报进度"), "records:progress", "clipboard-check", order=32, visible=_is_above)
register_item(
    FIGURES, _("应报事项"), "records:duties", "clipboard-list", order=33, visible=_looks_at("records.view_duty")
)
register_item(
    FILING,
    _("填报进度"),
    "records:progress",
    "clipboard-check",
    order=23,
    visible=_files("records.view_duty"),
    is_tab=False,
)
