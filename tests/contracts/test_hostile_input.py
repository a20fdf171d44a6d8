"""Every address, asked with what no form of the portal would send: nothing of it may be a server error.

Who asks is somebody who may. Each value is one that broke a program before: the NUL character (PostgreSQL keeps none),
digits that ``int()`` does not read, numbers no column holds, days next to the end of the calendar, slashes where an
address has none.
"""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from reporting.beside.asking import BesideForm
from reporting.crosstable.asking import TableForm
from tests.contracts.cases import Case
from tests.contracts.every_operation import API
from tests.contracts.every_page import PAGES
from tests.contracts.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

HOSTILE = ("a\0b", "²", "-1", "9" * 25, "0001-01-01", "9999-12-31", "2099Q4", "a/b", "..", "长" * 300)
#: How many of these each parameter and each field is sent alone, all else being sound; together with others, every one.
ALONE = 2
#: What each list and picker reads from its address; every other address gets all of these names at once.
LIST = ("page", "sort", "q")
READ_BY = {
    "backoffice:accounts": (*LIST, "role", "place", "state"),
    "backoffice:audit": (*LIST, "event", "actor", "place", "since", "until"),
    "backoffice:places": LIST,
    "backoffice:place_options": ("q", "mine"),
    "records:list": (*LIST, "kind", "status", "quarter", "region", "enterprise", "fact", "form"),
    "records:progress": (*LIST, "quarter", "region", "fact"),
    "records:duties": (*LIST, "quarter", "region", "fact"),
    "records:create": ("enterprise", "q", "period"),
    "records:review": (*LIST, "kind", "status", "quarter", "region", "enterprise", "fact"),
    "records:review_presence": ("version",),
    "enterprises:list": (*LIST, "state", "pilot_tier", "ownership", "size", "industry", "region", "fact"),
    "search:page": ("q", "in"),
    "enterprises:pilots": (*LIST, "tier", "stage", "subject", "state", "region"),
    "enterprises:pilot_create": ("enterprise", "cluster"),
    "enterprises:clusters": (*LIST, "kind"),
    "enterprises:organisations": (*LIST, "kind", "state"),
    "enterprises:profiles": (*LIST, "year", "state"),
    "enterprises:industries": ("q",),
    "enterprises:search": ("q",),
    "records:names": ("q",),
    "records:undecided_items": (*LIST, "is_asked", "is_settled"),
    "reporting:dashboard": ("region", "quarter", "fact", "show", "sort"),
    "reporting:dashboard_export": ("region", "quarter", "fact", "show", "sort"),
    "reporting:dashboard_indicators": ("region", "quarter", "area"),
    "reporting:dashboard_units": ("region", "quarter", "fact", "show", "sort", "page"),
    "reporting:dashboard_chart": ("region", "quarter", "fact", "show", "sort", "chart"),
    "reporting:overview": ("quarter",),
    "reporting:overview_export": ("quarter",),
    "reporting:beside": BesideForm.PARAMETERS,
    "reporting:beside_export": BesideForm.PARAMETERS,
    "reporting:table": (*TableForm.PARAMETERS, "page"),
    "reporting:table_export": TableForm.PARAMETERS,
    "reporting:pilot_coverage": ("region",),
    "reporting:measures_export": ("region", "quarter"),
    "reporting:pilot_coverage_export": ("region",),
    "reporting:compliance": ("region", "quarter"),
    "reporting:compliance_rule": ("region", "quarter"),
    "reporting:compliance_results": (*LIST, "quarter", "rule", "finding", "region"),
    "reporting:compliance_enterprises": (*LIST, "quarter", "region"),
    "reporting:compliance_enterprise": ("quarter",),
    "reporting:dashboard_stamp": ("quarter", "stamp"),
    "reporting:reports": ("page", "sort", "region", "quarter", "state"),
    "reporting:verify_form": ("code",),
    "jobs:list": (*LIST, "status"),
    "notices:list": (*LIST, "state"),
    "notices:sent": (*LIST, "state"),
    "notices:create": ("office", "follows"),
    "notices:places": ("q",),
    "notices:day_said": ("receipt_due", "feedback_due"),
    "notices:units": (*LIST, "state", "region"),
    "notify:list": (*LIST, "state", "kind"),
    "notify:mail": ("page", "sort"),
    "api:records": ("q", "kind", "status", "quarter", "region", "enterprise", "fact", "cursor", "page_size"),
    "api:enterprises": ("q", "region", "pilot_tier", "fact", "industry", "cursor", "page_size"),
    "api:figures": ("region", "quarter"),
    "api:table": (*TableForm.PARAMETERS, "cursor", "page_size"),
    "api:compliance": ("q", "quarter", "rule", "finding", "region", "cursor", "page_size"),
    "api:quality": ("q", "quarter", "sort_of", "state", "region", "cursor", "page_size"),
    "api:reports": ("region", "quarter", "cursor", "page_size"),
    "api:jobs": ("cursor", "page_size"),
}
EVERYTHING = sorted({name for names in READ_BY.values() for name in names} | {"next", "format"})


class _Undo(Exception):
    """Takes back what a request did."""


def _person(case: Case) -> str:
    """One person who may, office before enterprise: offices reach more of a page."""
    able = [name for name in case.may.split() if name not in {"anonymous", "admin", "auditor"}]
    return able[-1] if able else case.may.split()[-1]


def _status(browser: Client, method: str, address: str, data: Any) -> int:
    """The status, with every change taken back. JSON for the API, a form for the pages."""
    try:
        with transaction.atomic():
            if method == "GET":
                response = browser.get(address)
            elif address.startswith("/api/") and "file" not in data:
                response = browser.generic(method, address, _json(data), content_type="application/json")
            else:
                response = browser.post(address, data)
            if response.streaming:
                b"".join(response.streaming_content)
            raise _Undo
    except _Undo:
        return response.status_code


def _json(data: dict) -> str:
    return json.dumps(data, default=str)


def _browser(world: World, person: str) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _cases(*, reading: bool) -> Iterator[tuple[Case, str]]:
    """Each address once, or each form once, with a person who may."""
    cases = {case.route: case for case in reversed((*PAGES, *API)) if (case.method == "GET") is reading}
    for route, case in cases.items():
        if case.may and route not in {"api:unknown", "api:schema", "healthz", "readyz"}:
            yield case, _person(case)


def _every_value(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Each name with each value, all names at once: as many as there are values. None where there is no name."""
    for turn in range(len(HOSTILE) if names else 0):
        yield {name: HOSTILE[(turn + place) % len(HOSTILE)] for place, name in enumerate(names)}


def _alone(route: str, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Each name with some values while all else is sound, which is read further than what is wrong in several ways. By
    route others, so that a name that many read meets every value."""
    for name in names if len(names) > 1 else ():
        # Which ones is chance, and the same in every run.
        for value in random.Random(f"{route} {name}").sample(HOSTILE, ALONE):  # noqa: S311 -- no secret
            yield {name: value}


def test_every_value_is_sent_alone_of_what_many_read():
    """And of every parameter some."""
    alone: dict[str, set[str]] = {}
    for route, names in READ_BY.items():
        for sent in _alone(route, names):
            for name, value in sent.items():
                alone.setdefault(name, set()).add(value)
    assert set(alone) == {name for names in READ_BY.values() if len(names) > 1 for name in names}
    assert min(map(len, alone.values())) == ALONE
    assert all(alone[name] == set(HOSTILE) for name in ("page", "sort", "q", "quarter", "region", "fact"))


def test_addresses_survive_any_parameter():
    world, problems = make_world(), []
    for case, person in _cases(reading=True):
        browser = _browser(world, person)
        path, kept = reverse(case.route, args=case.args(world)), case.query(world)
        asked = [urlencode(dict.fromkeys(EVERYTHING, HOSTILE[0]))]
        names = READ_BY.get(case.route, ())
        asked += [urlencode(sent) for sent in (*_every_value(names), *_alone(case.route, names))]
        for query in asked:
            address = f"{path}?{kept}&{query}" if kept else f"{path}?{query}"
            if _status(browser, "GET", address, {}) >= 500:
                problems.append(f"{case}: {person}: {query}")
    assert not problems, "\n".join(problems)


def test_forms_survive_any_value():
    world, problems = make_world(), []
    for case, person in _cases(reading=False):
        browser = _browser(world, person)
        path, sent = reverse(case.route, args=case.args(world)), case.data(world)
        names = list(sent)
        for wrong in (*_every_value(names), *_alone(case.route, names)):
            if _status(browser, case.method, path, {**sent, **wrong}) >= 500:
                problems.append(f"{case}: {person}: {wrong}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("wrong", ["x" * 300, "a\0b", "²", "9" * 25])
def test_addresses_survive_any_part(wrong):
    """The parts of an address themselves."""
    world, problems = make_world(), []
    for case, person in _cases(reading=True):
        browser, args = _browser(world, person), case.args(world)
        path = reverse(case.route, args=args)
        for part in map(str, args):
            address = path.replace(f"/{part}/", f"/{quote(wrong)}/", 1)
            if _status(browser, "GET", address, {}) >= 500:
                problems.append(f"{case}: {person}: {address[:80]}")
    assert not problems, "\n".join(problems)
