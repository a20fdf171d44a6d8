"""What a supervisor or proxy is told."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from foundation.jobs import workers
from foundation.jobs.waiting import served_queues
from foundation.jobs.workers import sign_of_life


def test_healthz_needs_neither_session_nor_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["parts"]) == ("ok", {"database": "ok", "broker": "ok", "migrations": "ok"})


@pytest.mark.django_db
def test_readyz_says_what_wants_attention_and_goes_on_answering(client: Client, settings) -> None:
    assert client.get("/readyz").json()["notices"] == {f"worker {queue}": "not heard yet" for queue in served_queues()}
    sign_of_life(served_queues())
    assert client.get("/readyz").json()["notices"] == {}
    settings.LOW_DISK_BYTES = 2**62
    response = client.get("/readyz")
    assert (response.status_code, response.json()["notices"]) == (200, {"disk": "low"})


@pytest.mark.django_db
def test_a_silent_worker_is_named_with_its_last_sign(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    then = timezone.now() - timedelta(minutes=7)
    monkeypatch.setattr(workers.timezone, "now", lambda: then)
    sign_of_life(["reports"])
    monkeypatch.undo()
    sign_of_life(["default", "figures"])
    since = f"silent since {then.isoformat(timespec='seconds')}"
    assert client.get("/readyz").json()["notices"] == {"worker reports": since}


@pytest.mark.django_db
@pytest.mark.skipif(bool(settings.REDIS_URL), reason="the embedded broker only")
def test_readyz_is_503_when_the_broker_folder_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.CELERY_BROKER_TRANSPORT_OPTIONS, "data_folder_out", "/nowhere/queue")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"] == {"database": "ok", "broker": "error: RuntimeError", "migrations": "ok"}
