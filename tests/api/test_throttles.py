"""Programs that ask too often are told when to come again; a busy or full portal says so."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from api import throttles
from foundation.access.tokens import issue_token
from tests.api.conftest import BASE, assert_problem

pytestmark = pytest.mark.django_db
RECORDS = f"{BASE}/records/"


def at(monkeypatch, seconds: float) -> None:
    """The throttles' clock, so many seconds after a full minute."""
    monkeypatch.setattr(throttles, "time", SimpleNamespace(time=lambda: 1_790_000_000 // 60 * 60 + seconds))


@pytest.fixture(autouse=True)
def _within_a_minute(monkeypatch):
    at(monkeypatch, 25.0)


def client_of(user, name: str = "a", **extra) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Token {issue_token(user, acting_user=None, name=name)}", **extra)


def test_each_token_is_counted_for_itself(cast, monkeypatch):
    monkeypatch.setattr(throttles.CallerThrottle, "per_minute", 2)
    first, second = client_of(cast.clerk), client_of(cast.clerk, "b")
    assert [first.get(RECORDS).status_code for _ in range(3)] == [200, 200, 429]
    assert_problem(refused := first.get(RECORDS), 429, "too-many-requests")
    assert refused["Retry-After"] == "35"
    assert second.get(RECORDS).status_code == 200
    at(monkeypatch, 61.0)
    assert first.get(RECORDS).status_code == 200, "the next minute"


def test_writes_have_a_limit_of_their_own(cast, monkeypatch, lecture):
    monkeypatch.setattr(throttles.WriteThrottle, "per_minute", 2)
    client = client_of(cast.clerk)
    answers = [client.post(RECORDS, lecture, format="json") for _attempt in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert client.get(RECORDS).status_code == 200


def test_an_address_is_counted_before_anybody_is_recognised(cast, monkeypatch):
    monkeypatch.setattr(throttles.AddressThrottle, "per_minute", 3)
    guessing = APIClient(REMOTE_ADDR="198.51.100.23", HTTP_AUTHORIZATION="Token 0123")
    assert [guessing.get(RECORDS).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert guessing.get(RECORDS)["Retry-After"] == "35"
    assert client_of(cast.clerk, REMOTE_ADDR="203.0.113.7").get(RECORDS).status_code == 200


def test_a_busy_portal_says_when_to_come_again(cast, monkeypatch, lecture):
    client = client_of(cast.clerk)

    def busy(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "lecture" in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(busy):
        answer = client.post(RECORDS, lecture, format="json")
    body = assert_problem(answer, 503, "unavailable")
    assert "没有执行" in body["detail"] and answer["Retry-After"] == "3"
