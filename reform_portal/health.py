"""Two questions a supervisor or proxy asks: is the process alive (``/healthz``), can it serve (``/readyz``)."""

import contextlib
import os
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.files.space import space_left
from foundation.jobs.waiting import served_queues
from foundation.jobs.workers import silent_queues
from reform_portal.celery import app

#: Remembered once migrations are known to be complete: new ones only come with new code and a restart.
_migrated: set[str] = set()


def _database() -> None:
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")


def _broker() -> None:
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out")
    if folder and not os.access(str(folder), os.W_OK):
        raise RuntimeError("the folder of the embedded broker cannot be written")


def _migrations() -> None:
    if "default" in _migrated:
        return
    executor = MigrationExecutor(connections["default"])
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError(f"{len(plan)} migrations are not applied")
    _migrated.add("default")


PARTS: dict[str, Callable[[], None]] = {"database": _database, "broker": _broker, "migrations": _migrations}


def _notices() -> dict[str, str]:
    """What does not keep the portal from answering and wants somebody's attention: room on the disk, silent workers."""
    found = {}
    space = space_left()
    if space.is_low:
        found["disk"] = "full" if space.is_full else "low"
    for queue, last_sign in silent_queues(served_queues()).items():
        since = f"silent since {last_sign.isoformat(timespec='seconds')}" if last_sign else "not heard yet"
        found[f"worker {queue}"] = since
    return found


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and migrations, each by name; 503 when one of them is not ready. ``notices`` is empty when all is well;
    what stands in it leaves the pages readable, so a proxy goes on sending people here.

    The address is public, so an error shows its class only: messages can hold host names and users.
    """
    parts = {name: _answer(check) for name, check in PARTS.items()}
    ready = all(answer == "ok" for answer in parts.values())
    body: dict[str, object] = {"status": "ok" if ready else "unavailable", "parts": parts}
    with contextlib.suppress(DatabaseError):  # told by its part already
        body["notices"] = _notices()
    return JsonResponse(body, status=200 if ready else 503)


def _answer(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001 -- whatever a part raises is its answer
        return f"error: {type(error).__name__}"
    return "ok"
