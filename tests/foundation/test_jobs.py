"""Long work: asked once, done once, taken over when its worker dies, called off when its owner says so."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from celery import current_app
from django.db import IntegrityError, OperationalError, connections, transaction
from django.utils import timezone

from foundation.access.models import Grant
from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.jobs import actions, progress, running
from foundation.jobs.handlers import Cancelled, job_handler
from foundation.jobs.models import Job, Status
from foundation.refusals import Refused

pytestmark = pytest.mark.django_db

RUNS: list[int] = []


@job_handler("tests.count", max_attempts=2, lease=60)
def count(job: Job, report: progress.Progress) -> dict:
    RUNS.append(job.pk)
    report(40, "正在统计")
    do = job.parameters.get("do", "")
    if do == "refuse":
        raise Refused("本季度没有数据。请先填报。")
    if do == "crash":
        raise ZeroDivisionError
    if do == "locked":
        raise OperationalError("database is locked")
    if do == "unkeepable":
        return {"value": object()}
    if do == "cancel":
        actions.cancel(job, acting_user=job.owner)
        report.check()
    if do == "lose":
        # Another worker takes the job over while this one is stuck.
        Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
    return {"url": "/reports/1/", "label": "打开报告", "attempt": job.attempts}


@pytest.fixture(autouse=True)
def _fresh():
    RUNS.clear()


def ask(owner, key: str = "k", **parameters) -> Job:
    return actions.enqueue(kind="tests.count", title="统计", parameters=parameters, owner=owner, unique_key=key)


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_asking_twice_gives_one_job_and_one_run(cast):
    job = ask(cast.county)
    assert ask(cast.county) == job
    assert running.run(job.pk) is True
    assert running.run(job.pk) is False
    job.refresh_from_db()
    assert (job.status, job.progress, job.result["label"]) == (Status.DONE, 100, "打开报告")
    assert [job.pk] == RUNS
    assert ask(cast.county) != job, "once it is done, asking again is new work"
    assert Entry.objects.filter(event="jobs.requested", county=cast.places["320115"]).count() == 2


def test_the_database_lets_one_live_job_of_a_key_through(cast):
    job = ask(cast.county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="tests.count", title="再来", unique_key=job.unique_key, owner=cast.county)


def test_the_message_is_sent_on_commit_to_the_handlers_queue(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(cast.county)
    with current_app.connection_for_read() as connection, connection.SimpleQueue("default") as queue:
        message = queue.get(timeout=300)
        message.ack()
    assert message.headers["task"] == "foundation.jobs.tasks.run_job"
    assert message.payload[0] == [job.pk]


def test_a_live_lease_is_left_alone_and_a_stale_one_taken_over(cast):
    job = ask(cast.county)
    taken = running._take(job.pk, running.handler(job.kind))
    assert taken.attempts == 1
    assert running.run(job.pk) is False, "a second delivery of a live lease does nothing"
    expire(job)
    assert running.run(job.pk) is True
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.DONE, 2)


def test_a_worker_that_was_given_up_writes_nothing(cast):
    job = ask(cast.county, do="lose")
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == (Status.RUNNING, {})


def test_the_sweeper_sends_lost_work_again_and_gives_up_the_hopeless(cast, django_capture_on_commit_callbacks):
    waiting, killed, hopeless, young = (ask(cast.county, key=key) for key in "abcd")
    old = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk__in=[waiting.pk, killed.pk, hopeless.pk]).update(created_at=old)
    Job.objects.filter(pk=killed.pk).update(status=Status.RUNNING, attempts=1, lease_until=old)
    Job.objects.filter(pk=hopeless.pk).update(status=Status.RUNNING, attempts=2, lease_until=old)
    with django_capture_on_commit_callbacks() as sent:
        assert actions.send_lost_again() == {"sent": 2, "failed": 1}
    assert len(sent) == 2
    hopeless.refresh_from_db()
    assert hopeless.status == Status.FAILED
    assert str(hopeless.pk) in hopeless.error
    assert actions.send_lost_again() == {"sent": 1, "failed": 0}, "a queued one is not sent again within a minute"
    young.refresh_from_db()
    assert young.status == Status.QUEUED


@pytest.mark.parametrize(
    ("do", "status", "words"),
    [
        ("refuse", Status.FAILED, "本季度没有数据。请先填报。"),
        ("crash", Status.FAILED, "重试"),
        ("unkeepable", Status.FAILED, "重试"),
        ("locked", Status.QUEUED, ""),
        ("cancel", Status.CANCELLED, ""),
    ],
)
def test_every_ending_is_told_in_words(cast, do, status, words):
    job = ask(cast.county, do=do)
    running.run(job.pk)
    job.refresh_from_db()
    assert job.status == status
    assert words in job.error
    assert "Traceback" not in job.error
    assert job.result == {}


def test_a_passing_fault_is_tried_until_the_attempts_are_used_up(cast):
    job = ask(cast.county, do="locked")
    running.run(job.pk)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.FAILED, 2)


def test_progress_is_live_and_stops_on_cancel(cast):
    job = ask(cast.county)
    taken = running._take(job.pk, running.handler(job.kind))
    report = progress.Progress(taken, lease=60)
    report(30, "第一步")
    assert progress.live_state(taken).percent == 30
    report._reported = 0
    progress.ask_to_stop(taken)
    with pytest.raises(Cancelled):
        report(40, "第二步")


def test_progress_renews_the_lease_before_it_runs_out(cast):
    job = ask(cast.county)
    taken = running._take(job.pk, running.handler(job.kind))
    expire(taken)
    report = progress.Progress(taken, lease=60)
    report._renew_at = 0
    report(10)
    taken.refresh_from_db()
    assert taken.lease_until > timezone.now()


def test_cancelling_frees_the_key_and_is_logged(cast):
    job = actions.cancel(ask(cast.county), acting_user=cast.county)
    assert job.status == Status.CANCELLED
    assert running.run(job.pk) is False
    assert Entry.objects.filter(event="jobs.cancelled").count() == 1
    again = actions.retry(job, acting_user=cast.county)
    assert (again.status, again.pk != job.pk) == (Status.QUEUED, True)
    with pytest.raises(AccessDenied):
        actions.cancel(again, acting_user=cast.neighbour_county)


def test_pages_show_own_jobs_and_hide_others(cast, sign_in):
    job = ask(cast.county)
    running.run(job.pk)
    owner = sign_in(cast.county)
    assert "统计" in owner.get("/jobs/").content.decode()
    assert "打开报告" in owner.get(f"/jobs/{job.pk}/").content.decode()
    assert sign_in(cast.county_colleague).get(f"/jobs/{job.pk}/").status_code == 404
    assert f"/jobs/{job.pk}/" not in sign_in(cast.auditor).get("/jobs/").content.decode()
    Grant.objects.filter(user=cast.other_county).delete()
    refused = sign_in(cast.other_county).get("/jobs/")
    assert refused.status_code == 403
    assert "查看后台任务" in refused.content.decode()
    seen_by_admin = sign_in(cast.admin).get(f"/jobs/{job.pk}/").content.decode()
    assert "已完成" in seen_by_admin
    assert "/reports/1/" not in seen_by_admin


def test_the_fragment_polls_until_the_job_is_over(cast, sign_in):
    job = ask(cast.county)
    owner = sign_in(cast.county)
    assert "every 2s" in owner.get(f"/jobs/{job.pk}/").content.decode()
    moving = owner.get(f"/jobs/{job.pk}/progress/")
    assert "排队中" in moving.content.decode()
    assert "<form" not in moving.content.decode(), "the cancel form outlasts an open confirmation"
    assert owner.get(f"/jobs/{job.pk}/cancel/").url == f"/jobs/{job.pk}/", "only a form cancels"
    assert owner.post(f"/jobs/{job.pk}/cancel/").status_code == 302
    ended = owner.get(f"/jobs/{job.pk}/progress/")
    assert (ended["HX-Retarget"], ended["HX-Reswap"]) == (f"#job-{job.pk}", "outerHTML")
    assert "every 2s" not in ended.content.decode()
    assert "重试" in ended.content.decode()
    assert "任务已经结束" in owner.post(f"/jobs/{job.pk}/cancel/", follow=True).content.decode()


def test_a_page_of_which_the_job_was_a_part_is_read_anew_when_it_fails(cast, sign_in):
    """An import's page says 检查中 above; its own page has the outcome put into its place."""
    job = ask(cast.county)
    Job.objects.filter(pk=job.pk).update(status=Status.FAILED, error="文件打不开。")
    owner = sign_in(cast.county)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/records/import/7/"}
    assert owner.get(f"/jobs/{job.pk}/progress/", headers=headers)["HX-Refresh"] == "true"
    own = {**headers, "HX-Current-URL": f"http://testserver/jobs/{job.pk}/"}
    assert "文件打不开。" in owner.get(f"/jobs/{job.pk}/progress/", headers=own).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_run_it_once():
    job = ask(None)
    start = threading.Barrier(2)

    def work(_number: int) -> bool:
        try:
            start.wait(timeout=300)
            return running.run(job.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]
    assert RUNS == [job.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(cast, sign_in, django_assert_max_num_queries, rows):
    for number in range(rows):
        ask(cast.county, key=str(number))
    browser = sign_in(cast.county)
    browser.get("/jobs/")
    with django_assert_max_num_queries(6):
        browser.get("/jobs/?status=queued&q=统计&sort=title")
