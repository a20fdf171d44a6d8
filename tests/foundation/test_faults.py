"""A busy database, a full disk, a shared machine: what people are told, and what goes on all the same."""

import contextlib
import errno
import sqlite3
import stat

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.test import Client

from foundation.accounts.middleware import SESSION_KEY
from foundation.ui.faults import fault_of
from reform_portal.errors import server_error

embedded = pytest.mark.skipif(bool(settings.DATABASE_URL), reason="SQLite only")


def signed_in(person) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@contextlib.contextmanager
def somebody_writes():
    """Another process holds the database for writing, longer than one waits."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 20000")


@embedded
@pytest.mark.django_db(transaction=True)
def test_a_busy_database_is_told_and_reading_goes_on(cast):
    browser = signed_in(cast.county)
    with somebody_writes():
        page = browser.get("/records/")
        assert page.status_code == 200, "its session cannot be stamped, and it is shown all the same"
        answer = browser.post(f"/accounts-admin/{cast.clerk.pk}/suspend/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "3")
        assert "没有保存" in answer.content.decode()
        assert "data-retry-after" not in answer.content.decode(), "what was sent is never sent again by itself"
        anonymous = Client(raise_request_exception=False)
        answer = anonymous.post("/accounts/login/", {"login": "clerk", "password": "x"})
        assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    cast.clerk.refresh_from_db()
    assert cast.clerk.is_active
    assert browser.get("/records/").status_code == 200 and SESSION_KEY in browser.session


@embedded
@pytest.mark.django_db(transaction=True)
def test_a_page_that_meets_a_busy_database_asks_once_more(cast):
    browser = signed_in(cast.county)

    def busy(execute, sql, params, many, context):
        if "audit_entry" in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(busy):
        page = browser.get("/audit/")
        script = browser.get("/audit/", headers={"Accept": "application/json"})
    assert (page.status_code, page["Retry-After"]) == (503, "3")
    assert 'data-retry-after="3"' in page.content.decode()
    assert (script.status_code, script.json()["error"][:4]) == (503, "平台正忙")


@embedded
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pragma", ["query_only = ON", "max_page_count = 1"])
def test_reading_goes_on_when_nothing_can_be_written(cast, pragma):
    """SQLite's own refusals: a file that cannot be written, and one that cannot grow."""
    browser = signed_in(cast.county)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    try:
        assert browser.get("/records/").status_code == 200
        values = {"role": "lead", "place": cast.enterprise.credit_code}
        answers = [browser.post(f"/accounts-admin/{cast.clerk.pk}/grants/", values) for _ in range(2)]
    finally:
        # The limit belongs to the connection.
        connections["default"].close()
    if pragma.startswith("query_only"):
        assert {answer.status_code for answer in answers} == {503}
        assert "磁盘已满或不可写" in answers[0].content.decode()
        assert answers[0]["Retry-After"] == "300"


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "shown"), [("database is locked", "平台正忙"), ("no such table: x", "系统出错")])
def test_what_fails_before_anybody_is_recognised_is_answered_too(rf, words, shown):
    """Outside the views there may be no person, no session and no working place yet."""
    try:
        raise OperationalError(words)
    except OperationalError:
        answer = server_error(rf.get("/records/"))
    assert answer.status_code == (503 if "locked" in words else 500)
    assert shown in answer.content.decode()


def test_what_is_a_fault_of_the_machine():
    assert fault_of(OSError(errno.ENOSPC, "No space left on device")).is_busy is False
    assert fault_of(OSError(errno.ENOENT, "gone")) is None
    assert fault_of(OperationalError("no such table: x")) is None
    assert fault_of(None) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/me/", "/records/", "/help/", "/no-such-page/", "/api/v1/records/", "/records/export/"]
)
def test_nothing_a_person_sees_is_kept(cast, sign_in, address):
    assert sign_in(cast.county).get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_program_keeps_nothing_either(cast):
    from foundation.access.tokens import issue_token  # noqa: PLC0415

    headers = {"Authorization": f"Token {issue_token(cast.county, acting_user=None)}"}
    assert Client().get("/api/v1/records/", headers=headers)["Cache-Control"] == "private, no-store"


def test_what_the_portal_writes_is_its_own_users_alone(tmp_path):
    """The settings are read by every process, this one included."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
