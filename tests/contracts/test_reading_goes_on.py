"""Every page that shows something shows it also while nothing can be written."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from tests.contracts.cases import Case
from tests.contracts.every_page import PAGES
from tests.contracts.world import World, make_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.embedded,
    pytest.mark.skipif(
        bool(settings.DATABASE_URL or settings.REDIS_URL), reason="SQLite refuses a write when asked to"
    ),
]

#: Whoever takes these away is on record first: they say what is wrong instead. Evidence one has uploaded oneself is not.
ON_RECORD = ("_export", ":export", "_download", "_chart", "records:attachment")


def must_be_on_record(case: Case, person: str) -> bool:
    return case.route.endswith(ON_RECORD) and (case.route, person) != ("records:attachment", "clerk")


@contextmanager
def nothing_can_be_written() -> Iterator[None]:
    try:
        for alias in connections:
            connections[alias].connection.execute("PRAGMA query_only = ON")
        yield
    finally:
        for alias in connections:
            connections[alias].connection.execute("PRAGMA query_only = OFF")


class _Undo(Exception):
    """Takes back what was made for a request."""


def answered(browser: Client, case: Case, world: World) -> int:
    path, query = reverse(case.route, args=case.args(world)), case.query(world)
    with nothing_can_be_written():
        response = browser.get(f"{path}?{query}" if query else path)
        if response.streaming:
            b"".join(response.streaming_content)
    return response.status_code


@pytest.mark.parametrize("person", ["clerk", "county", "province", "admin"])
def test_every_page_is_shown(person: str) -> None:
    world, problems = make_world(), []
    browser = Client(raise_request_exception=False)
    browser.force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
    for case in PAGES:
        if case.method != "GET" or not case.is_allowed(person):
            continue
        expected = 503 if must_be_on_record(case, person) else case.status
        try:
            with transaction.atomic():
                status = answered(browser, case, world)
                if status != expected:
                    problems.append(f"{case}: {status}, expected {expected}")
                raise _Undo
        except _Undo:
            pass
    assert not problems, "\n".join(problems)
