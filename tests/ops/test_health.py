"""What a supervisor or proxy is told."""

import pytest
from django.conf import settings
from django.test import Client


def test_healthz_needs_neither_session_nor_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "parts": {"database": "ok", "broker": "ok", "migrations": "ok"}}


@pytest.mark.django_db
@pytest.mark.skipif(bool(settings.REDIS_URL), reason="the embedded broker only")
def test_readyz_is_503_when_the_broker_folder_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.CELERY_BROKER_TRANSPORT_OPTIONS, "data_folder_out", "/nowhere/queue")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"] == {"database": "ok", "broker": "error: RuntimeError", "migrations": "ok"}
