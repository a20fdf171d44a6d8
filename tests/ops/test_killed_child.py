"""A worker's child is killed in the middle of a job: real processes on a folder of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from deploy.lifeline import tied
from tests.portal_process import HUNG, ROOT, wait_for

#: Both processes know this kind of job: the first attempt hangs, the second is done.
KNOWN = """
import os, sys, time
from pathlib import Path
import django
django.setup()
from foundation.jobs.handlers import job_handler
marker = Path(os.environ["PORTAL_VAR"]) / "child"

@job_handler("test.hang")
def hang(job, report):
    marker.write_text(f"{job.attempts} {os.getpid()}")
    while job.attempts == 1:
        time.sleep(0.1)
"""
ASK = """
from foundation.jobs.actions import enqueue
print(enqueue(kind="test.hang", title="t", parameters={}, owner=None, unique_key="t").pk)
"""
WORK = """
from reform_portal.celery import app
app.worker_main(["worker", "-Q", "default", "--concurrency", "1", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"])
"""


@pytest.fixture
def var(tmp_path: Path, db) -> Path:
    """A data folder with empty tables."""
    for alias, name in (("default", "portal.sqlite3"), ("ephemeral", "ephemeral.sqlite3")):
        with closing(sqlite3.connect(tmp_path / name)) as copy:
            connections[alias].ensure_connection()
            connections[alias].connection.backup(copy)
    for name in ("queue", "control"):
        (tmp_path / "broker" / name).mkdir(parents=True)
    return tmp_path


@pytest.mark.skipif(bool(settings.REDIS_URL or settings.DATABASE_URL), reason="the embedded set only")
@pytest.mark.django_db(transaction=True)
@pytest.mark.programs
def test_a_killed_child_gives_its_job_back_at_once(var: Path) -> None:
    """No clock runs here: without the word of the process above, the job would wait for its lease and the sweeper."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    env |= {"PORTAL_VAR": str(var), "DJANGO_SETTINGS_MODULE": "reform_portal.settings"}
    with (var / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, "-c", KNOWN + WORK], env=env, cwd=ROOT, stdout=log, stderr=log, preexec_fn=tied()
        )
    try:
        asked = [sys.executable, "-c", KNOWN + ASK]
        number = subprocess.run(asked, env=env, cwd=ROOT, capture_output=True, text=True, timeout=HUNG).stdout.strip()
        marker = var / "child"
        wait_for(lambda: marker.exists() and marker.read_text().startswith("1 "), "the first attempt runs")
        os.kill(int(marker.read_text().split()[1]), signal.SIGKILL)
        wait_for(lambda: marker.read_text().startswith("2 "), "the second attempt runs")
        with closing(sqlite3.connect(var / "portal.sqlite3")) as database:
            state = "SELECT status, attempts FROM jobs_job WHERE id = ?"
            wait_for(lambda: database.execute(state, [number]).fetchone() == ("done", 2), "it is done")
        signs = "SELECT COUNT(*) FROM portal_cache WHERE cache_key LIKE '%worker-sign:default%'"
        with closing(sqlite3.connect(var / "ephemeral.sqlite3")) as cache:
            wait_for(lambda: cache.execute(signs).fetchone() == (1,), "the worker says that it is there")
    finally:
        worker.terminate()
        worker.wait(timeout=HUNG)
    assert f"the worker of job {number} was killed" in (var / "worker.log").read_text()
