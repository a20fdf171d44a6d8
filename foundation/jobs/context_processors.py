"""What administrators are told on every page: what the portal lacks to do its work."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.scope import scope_of
from foundation.accounts.requests import is_signed_in
from foundation.files.space import space_left
from foundation.jobs.waiting import served_queues
from foundation.jobs.workers import silent_queues
from foundation.labels import Label
from foundation.ui.formats import file_size, moment

#: What a queue is for, in the words of the people who read of it.
QUEUE_NAMES: dict[str, Label] = {
    "default": gettext_lazy("一般任务"),
    "figures": gettext_lazy("统计数据"),
    "reports": gettext_lazy("报告"),
}


def operation_warnings() -> list[str]:
    """In the order of urgency; empty when all is well."""
    found = []
    space = space_left()
    if space.is_low:
        left = {"folder": space.folder, "free": file_size(space.free)}
        found.append(
            _("服务器磁盘已满：%(folder)s 只剩 %(free)s，可以查看，不能保存。请立即清理磁盘空间。") % left
            if space.is_full
            else _("服务器磁盘空间不足：%(folder)s 只剩 %(free)s。请及时清理或扩容，写满以后不能保存。") % left
        )
    silent = [
        _("%(queue)s（%(since)s）")
        % {
            "queue": QUEUE_NAMES.get(queue, queue),
            "since": _("自 %s 起") % moment(last_sign) if last_sign else _("没有启动"),
        }
        for queue, last_sign in silent_queues(served_queues()).items()
    ]
    if silent:
        text = _("后台处理程序没有回应：%s。相关任务在等待。请查看服务器上的运行日志，必要时重新启动平台。")
        found.append(text % _("、").join(silent))
    return found


def warnings(request: HttpRequest) -> dict[str, Any]:
    """``operation_warnings`` for the page frame; others than administrators can do nothing about them."""
    # A page that refuses the request itself is drawn before anybody is recognised.
    shown = hasattr(request, "user") and is_signed_in(request) and scope_of(request.user).is_admin
    return {"operation_warnings": SimpleLazyObject(operation_warnings) if shown else []}
