"""How far a running job is: many small reports to the cache, few writes to the row.

The cache takes the percentage, the words and the heartbeat (embedded, that is the second SQLite file, so nobody's save
waits for them). The row takes the lease, renewed when half of it is gone: whether a job is alive never hangs on a
cache that may be emptied.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job, Status

_KEEP_SECONDS = 3600
#: Seconds between two reports to the cache; a handler may call as often as it likes.
REPORT_INTERVAL = 0.25
#: Seconds between two signs of life of a running job.
PULSE_EVERY = 10


def _state_key(job_id: int) -> str:
    return f"job-state:{job_id}"


def _pulse_key(job_id: int) -> str:
    return f"job-pulse:{job_id}"


def _stop_key(job_id: int) -> str:
    return f"job-stop:{job_id}"


class Progress:
    """Handed to a handler. Each call reports, keeps the lease alive, and raises ``Cancelled`` when the job is over.

    ``attempt`` fences: a worker that was given up and wakes again finds the row on a later attempt and stops.
    """

    def __init__(self, job: Job, *, lease: int) -> None:
        self.job_id = job.pk
        self.attempt = job.attempts
        self.lease = lease
        self._reported = 0.0
        self._renew_at = time.monotonic() + lease / 2

    def __call__(self, percent: int, message: str = "") -> None:
        """Report ``percent`` (0 to 100) and what is being done."""
        now = time.monotonic()
        if now - self._reported < REPORT_INTERVAL:
            return
        self._reported = now
        if cache.get(_stop_key(self.job_id)):
            raise Cancelled
        if now >= self._renew_at:
            self._renew()
            self._renew_at = now + self.lease / 2
        state = {
            "attempt": self.attempt,
            "percent": max(0, min(100, int(percent))),
            "message": str(message)[:300],
            "beat": timezone.now().isoformat(),
        }
        cache.set(_state_key(self.job_id), state, _KEEP_SECONDS)

    def check(self) -> None:
        """Raise ``Cancelled`` unless the job is still ours. Call before a step that cannot be taken back."""
        self._renew()

    def _renew(self) -> None:
        ours = Job.objects.filter(pk=self.job_id, status=Status.RUNNING, attempts=self.attempt)
        if not ours.update(lease_until=timezone.now() + timedelta(seconds=self.lease)):
            raise Cancelled


class Pulse:
    """Says every few seconds that the process of a job is there, also while one long step reports nothing.

    ``with Pulse(job):`` around the work. A killed process falls silent; the pages then no longer call the job running."""

    def __init__(self, job: Job) -> None:
        self._key, self._attempt = _pulse_key(job.pk), job.attempts
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse of job {job.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        # A job that is over sooner has said nothing and opened no connection.
        while not self._over.wait(PULSE_EVERY):
            cache.set(self._key, {"attempt": self._attempt, "at": timezone.now().isoformat()}, _KEEP_SECONDS)
            connections.close_all()  # this thread's own


def pulse_of(job: Job) -> datetime | None:
    """When the process of a running job was last heard, by its pulse or its reports."""
    found = cache.get_many([_pulse_key(job.pk), _state_key(job.pk)])
    current = [state for state in found.values() if state["attempt"] == job.attempts]
    return max((datetime.fromisoformat(state.get("at") or state["beat"]) for state in current), default=None)


def ask_to_stop(job: Job) -> None:
    """Tell the worker soon; the row is already cancelled, so a lost message only costs time."""
    cache.set(_stop_key(job.pk), True, _KEEP_SECONDS)


def forget(job: Job) -> None:
    """Drop what the cache says of earlier attempts."""
    cache.delete_many([_state_key(job.pk), _stop_key(job.pk), _pulse_key(job.pk)])


@dataclass(frozen=True)
class LiveState:
    """What a page shows of a job now."""

    percent: int
    message: str
    beat: str


def live_state(job: Job) -> LiveState:
    """The row, with the newer words of the cache while the job runs."""
    if job.status == Status.RUNNING:
        state = cache.get(_state_key(job.pk))
        if state and state["attempt"] == job.attempts:
            return LiveState(state["percent"], state["message"], state["beat"])
    return LiveState(job.progress, job.message, "")
