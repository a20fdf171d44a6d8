"""What pages say of work that waits, of workers that are not heard and of disks that fill up."""

import errno
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from billiard.exceptions import WorkerLostError
from celery.signals import task_failure
from django.core.cache import cache
from django.utils import timezone

from foundation.files import space
from foundation.jobs import running
from foundation.jobs.actions import enqueue
from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job, Status
from foundation.jobs.progress import Pulse, pulse_of
from foundation.jobs.tasks import run_job, sweep
from foundation.jobs.workers import sign_of_life
from foundation.ui.formats import moment

pytestmark = pytest.mark.django_db


@job_handler("test.silence")
def _work(job: Job, report) -> dict:
    if errno_ := job.parameters.get("errno"):
        raise OSError(errno_, "as the system says it")
    return {}


@pytest.fixture
def job(cast) -> Job:
    return enqueue(
        kind="test.silence", title="导出《一季度 台账》", parameters={}, owner=cast.county, unique_key="silence"
    )


def shown(sign_in, job: Job) -> str:
    return sign_in(job.owner).get(f"/jobs/{job.pk}/progress/").content.decode()


def heard(queue: str, ago: timedelta) -> None:
    cache.set(f"worker-sign:{queue}", (timezone.now() - ago).isoformat(), 600)


def test_a_job_that_waits_says_for_what(cast, sign_in, job):
    assert "后台处理程序还没有启动" in shown(sign_in, job)
    assert "通常几秒内开始" not in shown(sign_in, job)
    heard("reports", timedelta(0))
    assert "还没有启动" in shown(sign_in, job), "the worker of another queue"
    heard("default", timedelta(seconds=30))
    assert "通常几秒内开始" in shown(sign_in, job)
    heard("default", timedelta(minutes=9))
    page = shown(sign_in, job)
    assert f"自 {moment(timezone.now() - timedelta(minutes=9))} 起没有回应" in page
    assert "没有回应</span>" in page.replace("\n", "") or "没有回应" in page

    sign_of_life(["default"])
    later = enqueue(kind="test.silence", title="另一个", parameters={}, owner=cast.county, unique_key="silence-2")
    assert "前面还有 1 个任务" in shown(sign_in, later)


def test_a_job_without_heartbeat_is_not_called_running(sign_in, job):
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        status=Status.RUNNING, attempts=1, lease_until=now + timedelta(minutes=4), started_at=now
    )
    job.refresh_from_db()
    assert "进行中" in shown(sign_in, job)
    Job.objects.update(started_at=now - timedelta(minutes=3))
    job.refresh_from_db()
    page = shown(sign_in, job)
    assert "进行中" not in page and "没有收到处理程序的消息" in page
    cache.set(f"job-pulse:{job.pk}", {"attempt": 1, "at": now.isoformat()}, 600)
    assert "进行中" in shown(sign_in, job), "a long step that reports nothing"
    Job.objects.update(attempts=2)
    job.refresh_from_db()
    assert "进行中" not in shown(sign_in, job), "the sign was of an earlier attempt"


@pytest.mark.django_db(transaction=True)
def test_a_running_job_gives_signs_by_itself(job, monkeypatch):
    monkeypatch.setattr("foundation.jobs.progress.PULSE_EVERY", 0.05)
    Job.objects.filter(pk=job.pk).update(status=Status.RUNNING, attempts=1)
    job.refresh_from_db()
    # The cache may still hold the sign of an earlier test's job of the same number.
    before = first = pulse_of(job)
    with Pulse(job):
        while first in (None, before):
            first = pulse_of(job)
    assert first is not None and timezone.now() - first < timedelta(minutes=5)


def lose(job: Job, exception: BaseException, task=run_job) -> None:
    """As Celery tells the process above the one that was killed."""
    task_failure.send(
        sender=task, task_id="x", exception=exception, args=[job.pk], kwargs={}, traceback=None, einfo=None
    )


def test_a_killed_child_gives_its_job_back_at_once(job, monkeypatch):
    sent = []
    monkeypatch.setattr("foundation.jobs.actions._send_on_commit", lambda job, queue: sent.append((job.pk, queue)))
    lease = timezone.now() + timedelta(minutes=4)
    Job.objects.filter(pk=job.pk).update(
        status=Status.RUNNING, attempts=1, lease_until=lease, started_at=timezone.now()
    )
    lose(job, ValueError("an error of the work itself"))
    lose(job, WorkerLostError("killed"), task=sweep)
    job.refresh_from_db()
    assert (job.lease_until, sent) == (lease, [])
    lose(job, WorkerLostError("Worker exited prematurely: signal 9 (SIGKILL)"))
    assert sent == [(job.pk, "default")]
    assert running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.DONE, 2)
    lose(job, WorkerLostError("after it was over"))
    job.refresh_from_db()
    assert job.status == Status.DONE and len(sent) == 1


def test_a_job_whose_process_keeps_dying_is_given_up(job):
    Job.objects.filter(pk=job.pk).update(
        status=Status.RUNNING, attempts=3, lease_until=timezone.now() + timedelta(minutes=4)
    )
    lose(job, WorkerLostError("killed"))
    job.refresh_from_db()
    assert job.status == Status.FAILED and "重试" in job.error


def test_a_job_that_cannot_write_says_so(cast, caplog):
    for number, words in ((errno.ENOSPC, "磁盘已满或不可写"), (errno.ENOENT, "意外错误")):
        values = {"parameters": {"errno": number}, "owner": cast.county, "unique_key": f"errno {number}"}
        job = enqueue(kind="test.silence", title="导出", **values)
        with caplog.at_level(logging.CRITICAL):
            running.run(job.pk)
        job.refresh_from_db()
        assert job.status == Status.FAILED and words in job.error


def test_administrators_are_told_before_the_disk_is_full_and_others_are_not(cast, sign_in, settings, monkeypatch):
    sign_of_life(["default", "figures", "reports"])
    free = 10 * 2**30
    monkeypatch.setattr(space.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    admin = sign_in(cast.admin)
    assert "磁盘" not in admin.get("/me/").content.decode()
    free = settings.LOW_DISK_BYTES - 1
    page = admin.get("/me/").content.decode()
    assert "服务器磁盘空间不足" in page and str(settings.VAR_DIR) in page
    free = 5 * 2**20
    assert "服务器磁盘已满" in admin.get("/me/").content.decode()
    assert "磁盘" not in sign_in(cast.county).get("/me/").content.decode()


def test_administrators_are_told_of_silent_workers(cast, sign_in):
    sign_of_life(["default", "figures"])
    heard("reports", timedelta(hours=2))
    page = sign_in(cast.admin).get("/me/").content.decode()
    assert f"没有回应：报告（自 {moment(timezone.now() - timedelta(hours=2))} 起）。" in page
    assert "后台处理程序没有回应" not in sign_in(cast.province).get("/me/").content.decode()
