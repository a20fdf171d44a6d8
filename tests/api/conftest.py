"""People at the API: each with a token of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from foundation.access.tokens import issue_token
from tests.cast import Cast

BASE = "/api/v1"


class Caller:
    """A program calling in somebody's name."""

    def __init__(self, user: Any) -> None:
        name = f"{user.username} {user.api_tokens.count() + 1}"
        self.client = APIClient(HTTP_AUTHORIZATION=f"Token {issue_token(user, acting_user=None, name=name)}")
        # Its use is noted once a minute: no request of a test costs a query more than another.
        user.api_tokens.update(last_used_at=timezone.now())

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(path if path.startswith("/") else f"{BASE}/{path}", params)

    def post(self, path: str, body: Any = None, *, key: str = "", **how: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"{BASE}/{path}", body or {}, headers=headers, **{"format": "json", **how})

    def patch(self, path: str, body: Any = None, *, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.patch(f"{BASE}/{path}", body or {}, format="json", headers=headers)


@pytest.fixture
def call(cast: Cast) -> Callable[[str], Caller]:
    """``call("clerk")`` is a program in the clerk's name."""
    return lambda name: Caller(cast.people[name])


@pytest.fixture
def lecture(cast: Cast) -> dict[str, Any]:
    """The body that creates a complete 职工大讲堂 of the clerk's enterprise."""
    return {
        "kind": "ideology.lecture",
        "enterprise": cast.enterprise.credit_code,
        "title": "工匠精神进车间",
        "happened_on": timezone.localdate().isoformat(),
        "form": "on_site",
        "speaker": "王师傅",
        "number_of_people": 40,
        "attendances": 45,
    }


def assert_problem(response: Any, status: int, slug: str) -> dict[str, Any]:
    """The answer is a whole problem document; gives its body."""
    body = response.json()
    assert response.status_code == status, body
    assert response["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "errors"} <= set(body)
    assert body["type"] == f"urn:problem-type:portal:{slug}"
    assert body["status"] == status
    assert body["title"] and body["detail"]
    for error in body["errors"]:
        assert set(error) - {"key"} == {"field", "label", "reason", "cure"}
        assert ("key" in error) is (slug == "needs-confirmation")
        assert error["reason"] and error["cure"], error
    return body


def hand_in(caller: Caller, pk: int, reason: str = "已核对。") -> Any:
    """Submit a record that was never changed; whatever is asked is read and confirmed."""
    answer = caller.post(f"records/{pk}/submit/", {"version": 1})
    if answer.status_code != 409:
        return answer
    keys = [error["key"] for error in assert_problem(answer, 409, "needs-confirmation")["errors"]]
    return caller.post(f"records/{pk}/submit/", {"version": 1, "confirmed": keys, "reason": reason})
