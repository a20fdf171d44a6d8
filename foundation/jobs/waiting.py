"""What a page says of a job that is not over: why it waits, or that nothing is heard of it."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.jobs.handlers import handler, handlers
from foundation.jobs.models import LIVE, Job, Status
from foundation.jobs.progress import PULSE_EVERY, live_state, pulse_of
from foundation.jobs.workers import silent_queues
from foundation.saying import filled
from foundation.ui.formats import moment

#: A running job that has not been heard of for so long is not called running.
SILENT_AFTER = datetime.timedelta(seconds=4 * PULSE_EVERY)


@dataclass(frozen=True)
class Outlook:
    """``text`` for a person; ``is_silent`` when the process that should do the work is not heard."""

    text: str
    is_silent: bool


def outlook(job: Job) -> Outlook:
    """Of a job that waits or runs."""
    return _of_waiting(job) if job.status == Status.QUEUED else _of_running(job)


def served_queues() -> list[str]:
    """All queues that something is sent to."""
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    return sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *routed, *(how.queue for how in handlers())})


def _queue_of(kind: str) -> str | None:
    try:
        return handler(kind).queue
    except LookupError:
        return None


def _of_waiting(job: Job) -> Outlook:
    queue = _queue_of(job.kind)
    if queue is not None and (silent := silent_queues([queue])):
        return Outlook(_waits_for_a_worker(silent[queue]), is_silent=True)
    kinds = [how.kind for how in handlers() if how.queue == queue]
    ahead = Job.objects.filter(kind__in=kinds, status__in=LIVE, pk__lt=job.pk).count()
    if ahead:
        return Outlook(
            filled(_("正在等待处理，前面还有 %d 个任务。可以离开此页，任务会继续。"), ahead), is_silent=False
        )
    return Outlook(_("正在等待处理，通常几秒内开始。可以离开此页，任务会继续。"), is_silent=False)


def _waits_for_a_worker(last_sign: datetime.datetime | None) -> str:
    if last_sign is None:
        return _("后台处理程序还没有启动，任务会在它启动后自动开始。等了几分钟仍是这样的，请联系系统管理员。")
    return _("后台处理程序自 %s 起没有回应，任务会在它恢复后自动开始。请联系系统管理员重新启动平台。") % moment(
        last_sign
    )


def _of_running(job: Job) -> Outlook:
    signs = [sign for sign in (job.started_at, pulse_of(job)) if sign is not None]
    last_sign = max(signs, default=job.created_at)
    if timezone.now() - last_sign <= SILENT_AFTER:
        return Outlook(live_state(job).message or _("正在处理。可以离开此页，任务会继续。"), is_silent=False)
    text = _("自 %s 起没有收到处理程序的消息。它若已经停止，几分钟内会自动重新开始；一直这样的，请联系系统管理员。")
    return Outlook(text % moment(last_sign), is_silent=True)
