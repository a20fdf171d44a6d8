"""The Celery application. Long work is a row in ``foundation.jobs``; a message only carries its id."""

import gc
import os
import time

from billiard.exceptions import WorkerLostError
from celery import Celery
from celery.signals import heartbeat_sent, task_failure, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")

app = Celery("reform_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect(dispatch_uid="freeze")
def freeze_what_is_loaded(**_signal: object) -> None:
    """What is loaded before the first task stays for as long as the worker: the collector of garbage does not go through it
    again and again while figures are counted (a fifth of the time that judging the rules takes)."""
    gc.collect()
    gc.freeze()


_sign_due = 0.0


@heartbeat_sent.connect(dispatch_uid="sign-of-life")
def say_alive(**_signal: object) -> None:
    """The worker's own clock, every other second: it stands still when the worker hangs. The pages read it."""
    global _sign_due
    if time.monotonic() < _sign_due:
        return
    from django.db import connections  # noqa: PLC0415 -- the settings are ready only now

    from foundation.jobs.workers import SIGN_EVERY, sign_of_life  # noqa: PLC0415

    _sign_due = time.monotonic() + SIGN_EVERY
    sign_of_life(app.amqp.queues.consume_from)
    connections.close_all()  # this thread's own


@task_failure.connect(dispatch_uid="worker-lost")
def note_lost_worker(
    sender: object = None, exception: BaseException | None = None, args: tuple[int, ...] = (), **_signal: object
) -> None:
    """Told by the process above one that was killed (out of memory, or by hand)."""
    if not isinstance(exception, WorkerLostError) or getattr(sender, "name", "") != "foundation.jobs.tasks.run_job":
        return
    from foundation.jobs.actions import worker_lost  # noqa: PLC0415 -- the apps are ready only now

    worker_lost(args[0])
