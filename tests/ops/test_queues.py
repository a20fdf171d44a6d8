"""Whatever is sent to a queue is taken from it, in production and embedded."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from foundation.jobs.handlers import handlers
from reform_portal.celery import app
from reform_portal.supervisor import commands

COMPOSE = Path(settings.BASE_DIR) / "docker-compose.yml"


def queues_sent_to() -> set[str]:
    """The default one, those of routes and tasks, and those that jobs name."""
    autodiscover_modules("tasks")
    routed = {route["queue"] for route in (app.conf.task_routes or {}).values()}
    named = {task.queue for task in app.tasks.values() if getattr(task, "queue", None)}
    return {settings.CELERY_TASK_DEFAULT_QUEUE, *routed, *named, *(handler.queue for handler in handlers())}


def consumed_by(words: list[str]) -> list[str]:
    return words[words.index("-Q") + 1].split(",") if "worker" in words and "-Q" in words else []


def embedded() -> list[list[str]]:
    return [consumed_by(command) for command in commands("127.0.0.1", 8000).values()]


def production() -> list[list[str]]:
    services = yaml.safe_load(COMPOSE.read_text())["services"].values()
    return [
        consumed_by(service.get("command", "").split())
        for service in services
        if isinstance(service.get("command", ""), str)
    ]


@pytest.mark.parametrize("workers", [embedded, production])
def test_every_queue_has_one_kind_of_worker(workers) -> None:
    consumed = [queue for queues in workers() for queue in queues]
    assert queues_sent_to() <= set(consumed)
    assert len(consumed) == len(set(consumed))


@pytest.mark.parametrize("workers", [embedded, production])
def test_figures_and_reports_wait_for_nothing_else(workers) -> None:
    assert ["figures"] in workers()
    assert ["reports"] in workers()
