"""Faults of the machine that a person is told in words: the database is busy, nothing can be written."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

#: Seconds after which it is worth trying again: the writer that was waited for has had twenty already.
BUSY_SECONDS, FULL_SECONDS = 3, 300
_BUSY = ("database is locked", "database table is locked", "database schema is locked")
_NOT_WRITABLE = ("database or disk is full", "readonly database", "disk i/o error", "no space left on device")
_NOT_WRITABLE_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@dataclass(frozen=True)
class Fault:
    """``reason`` is the whole message for who tried to save, ``reading`` the one for who only looked."""

    reason: str
    reading: str
    retry_after: int
    is_busy: bool


def fault_of(exception: BaseException | None) -> Fault | None:
    """The fault behind an exception, or None when it is something else."""
    text = str(exception).lower()
    if isinstance(exception, OperationalError) and any(part in text for part in _BUSY):
        return Fault(
            _("平台正忙，这次操作没有完成，没有保存。请稍等几秒，返回上一页再提交一次；填写的内容还在。"),
            _("平台正忙，这一页没有打开。几秒后会自动再试一次。"),
            BUSY_SECONDS,
            is_busy=True,
        )
    if (isinstance(exception, OperationalError) and any(part in text for part in _NOT_WRITABLE)) or (
        isinstance(exception, OSError) and exception.errno in _NOT_WRITABLE_ERRNOS
    ):
        reason = _("服务器磁盘已满或不可写，没有保存。可以继续查看；请联系系统管理员清理磁盘空间后再试。")
        return Fault(reason, reason, FULL_SECONDS, is_busy=False)
    return None


@contextmanager
def noted_if_possible(what: str) -> Iterator[None]:
    """Around what a page that is only read notes by the way (that it was read): when nothing can be written, it is left out
    and the page is shown. What must be on record before something is shown does not stand in such a block."""
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if fault_of(error) is None:
            raise
        logger.warning("not noted: %s: %s", what, error)


def fault_answer(request: HttpRequest, fault: Fault) -> HttpResponse:
    """503 with ``Retry-After``; a page that was only read asks once more by itself (``static/js/portal.js``)."""
    reading = request.method in {"GET", "HEAD"}
    reason = fault.reading if reading else fault.reason
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response: HttpResponse = JsonResponse({"error": reason}, status=503, json_dumps_params={"ensure_ascii": False})
    else:
        context = {"reason": reason, "retry_after": fault.retry_after if reading and fault.is_busy else None}
        response = render(request, "503.html", context, status=503)
    response["Retry-After"] = str(fault.retry_after)
    return response
