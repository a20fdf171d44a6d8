"""Every address of the portal, as everybody: ``every_page.py`` and ``every_operation.py`` say who may, and whoever
they do not name may not.

A person the table does not name is sent to the login (nobody signed in), or refused with 403 or 404. A neighbour is
the same role one place further: where their colleague here is allowed, they get 404, for outside the scope nothing
exists. Whoever is refused leaves nothing behind: not one new line in the audit log, and every change writes one.

An address that is not in the table fails the test, and so does a method of the API.
"""

import json
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from foundation.audit.models import Entry
from reporting.models import Report
from tests.contracts.cases import NEIGHBOURS, ROLES, Case
from tests.contracts.every_operation import API
from tests.contracts.every_page import PAGES
from tests.contracts.registers import routes
from tests.contracts.wording import wrong_words
from tests.contracts.world import World, make_world

pytestmark = pytest.mark.django_db

PEOPLE = ("anonymous", *ROLES, *NEIGHBOURS)

_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)

#: Addresses of django-allauth and of the portal that stand before any access rule, and why they are not walked.
OUTSIDE_THE_RULES = {
    "account_login": "the login itself (tests/foundation/test_signin.py)",
    "account_logout": "ends the own session only",
    "account_signup": "closed by the account adapter (tests/foundation/test_signin.py)",
    "account_reauthenticate": "asks for the own password only",
    "account_change_password": "changes the own password only",
    "mfa_authenticate": "part of the login (tests/foundation/test_second_factor.py)",
    **dict.fromkeys(
        (
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
            "mfa_reauthenticate_webauthn",
        ),
        "the own second factor only",
    ),
    "usersessions_list": "the own sessions only",
    "account_inactive": "a fixed page: this account is suspended",
    "account_email": "taken by foundation.accounts: sends everybody to the login",
    "account_set_password": "taken by foundation.accounts: sends everybody to the login",
    "account_reset_password": "taken by foundation.accounts: sends everybody to the login",
    "account_reset_password_done": "a fixed page without data",
    "account_reset_password_from_key": "no key is ever given out: there is no mail",
    "account_reset_password_from_key_done": "a fixed page without data",
    "account_email_verification_sent": "a fixed page without data",
    "account_confirm_login_code": "login by code is off",
    "account_confirm_email": "no key is ever given out: there is no mail",
    "accounts/password/reset/": "sends everybody to the login",
    "accounts/password/set/": "sends everybody to the login",
    "accounts/email/": "sends everybody to the login",
}

TABLE = (*PAGES, *API)


def addresses(patterns: list, names: tuple[str, ...] = (), path: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(qualified name, or the path of an address without one; its pattern) of every address of the portal."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from addresses(entry.url_patterns, inner, path + str(entry.pattern))
        else:
            yield ":".join((*names, entry.name)) if entry.name else path + str(entry.pattern), entry


def test_every_address_is_in_the_table():
    known = {case.route for case in TABLE}
    found = dict(addresses(get_resolver().url_patterns))
    assert sorted(set(found) - known - set(OUTSIDE_THE_RULES) - routes()) == [], "addresses nobody says who may open"
    assert sorted(known - set(found)) == [], "the table names addresses that do not exist"


def test_every_method_of_the_api_is_in_the_table():
    known = {(case.route, case.method) for case in TABLE}
    missing = []
    for name, pattern in addresses(get_resolver().url_patterns):
        view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
        if name.startswith("api:") and view is not None:
            methods = [verb.upper() for verb in ("get", "post", "put", "patch", "delete") if hasattr(view, verb)]
            walked = {*known, *((route, "GET") for route in routes())}
            missing += [(name, verb) for verb in methods if (name, verb) not in walked]
    assert missing == []


class _Undo(Exception):
    """Takes back what a request did."""


def _ask(browser: Client, case: Case, world: World) -> tuple[int, str]:
    """The status, and what is wrong with the page itself: no heading (a template says nothing of a name it does not
    find), or words that no page may say."""
    response = _answer(browser, case, world)
    if response.streaming:
        b"".join(response.streaming_content)  # to the end, so that its file is closed
        return response.status_code, ""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return response.status_code, ""
    html = response.content.decode()
    if any(not text.strip() for text in _HEADING.findall(html)):
        return response.status_code, "a page without a heading"
    return response.status_code, "; ".join(wrong_words(html))


def _answer(browser: Client, case: Case, world: World) -> HttpResponse:
    path = "/api/v1/no/such/address/" if case.route == "api:unknown" else reverse(case.route, args=case.args(world))
    query = case.query(world)
    address = f"{path}?{query}" if query else path
    if case.method == "GET":
        return browser.get(address)
    data = case.data(world)
    if case.route.startswith("api:") and "file" not in data:
        body = json.dumps(data, default=str)
        return browser.generic(case.method, address, body, content_type="application/json")
    return browser.post(address, data)


def _walk(browser: Client, case: Case, world: World, person: str) -> str:
    """Ask, look, and take it back. Returns what is wrong, or nothing."""
    problem = ""
    before = Entry.objects.count()
    try:
        with transaction.atomic():
            status, fault = _ask(browser, case, world)
            added = Entry.objects.count() - before
            if status not in case.expected(person):
                problem = f"{case}: {person} got {status}, expected {sorted(case.expected(person))}"
            elif case.is_allowed(person) and case.writes and not added:
                problem = f"{case}: {person} was let through, but nothing is in the audit log"
            elif not case.is_allowed(person) and added:
                problem = f"{case}: {person} was refused, but something was written"
            elif fault:
                problem = f"{case}: {person} got {fault}"
            raise _Undo
    except _Undo:
        return problem


@pytest.mark.sweep
@pytest.mark.parametrize("person", PEOPLE)
def test_walk(person):
    world = make_world()
    problems = []
    for case in TABLE:
        browser = Client(raise_request_exception=False)
        if person != "anonymous":
            browser.force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
        if problem := _walk(browser, case, world, person):
            problems.append(problem)
    assert not problems, "\n".join(problems)
    assert Report.objects.count() == 4, "every case was taken back"
