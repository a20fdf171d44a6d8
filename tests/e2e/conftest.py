"""A real portal with the demonstration, and real browsers on it. Nothing here touches the database.

Everything lives as long as this folder's tests: Playwright keeps an event loop in the thread, and the other tests of a
worker must not meet it.
"""

import datetime
import os
import re
import signal
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.portal_process import Portal, call, migrate, running

#: Milliseconds after which a page is taken for hung. No measure of speed: the machine may be busy.
PATIENCE = int(os.environ.get("PORTAL_E2E_PATIENCE", 300_000))
expect.set_options(timeout=PATIENCE)

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: What Chromium writes for every answer of 400 and above; the tests look at such answers themselves.
_ANSWERS = re.compile(r"^Failed to load resource: the server responded with a status of 4\d\d")


def today() -> str:
    """The day it is where the portal is."""
    return datetime.datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


class Account(NamedTuple):
    username: str
    password: str
    role: str
    place: str


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """``./portal up`` with the demonstration, ended as a service manager ends it."""
    var = tmp_path_factory.mktemp("e2e") / "var"
    migrate(var)
    with running(var) as started:
        yield started
        assert started.stop(signal.SIGTERM) == 0
    assert "Traceback" not in started.output


@pytest.fixture(scope="package")
def accounts(portal: Portal) -> dict[str, Account]:
    lines = (portal.var / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0]: Account(*line.split("\t")) for line in lines}


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    yield started
    started.close()


@dataclass
class Stage:
    """Opens pages for people. Who has signed in once need not again; whatever a page complains of is kept."""

    browser: Browser
    portal: Portal
    accounts: dict[str, Account]
    signed_in: dict[str, dict] = field(default_factory=dict)
    open: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def page(self, username: str = "", *, phone: bool = False) -> Page:
        """A page of a browser of its own; signed in when somebody is named."""
        context = self.browser.new_context(
            base_url=self.portal.address,
            viewport=PHONE if phone else DESK,
            locale="zh-CN",
            accept_downloads=True,
            storage_state=self.signed_in.get(username),
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        self.open.append(context)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._listen)
        page = context.new_page()
        if username and username not in self.signed_in:
            self.sign_in(page, username)
            self.signed_in[username] = context.storage_state()
        return page

    def _listen(self, message) -> None:
        if message.type == "error" and not _ANSWERS.match(message.text):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def sign_in(self, page: Page, username: str) -> None:
        if "/accounts/login/" not in page.url:
            page.goto("accounts/login/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(self.accounts[username].password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def close(self) -> None:
        for context in self.open:
            context.close()
        self.open.clear()


@pytest.fixture(scope="package")
def _sessions() -> dict[str, dict]:
    """The cookies of who has signed in, for all tests."""
    return {}


@pytest.fixture
def stage(
    browser: Browser, portal: Portal, accounts: dict[str, Account], _sessions: dict[str, dict]
) -> Iterator[Stage]:
    """Browsers for this test. A refused script, style or picture, or an error in a script, fails it."""
    made = Stage(browser, portal, accounts, _sessions)
    yield made
    made.close()
    assert made.complaints == [], "\n".join(made.complaints)


@pytest.fixture(scope="package")
def api(playwright: Playwright, portal: Portal) -> Iterator[Callable[[str], APIRequestContext]]:
    """``api("province1")`` calls in that person's name, with a token from the command line."""
    made: list[APIRequestContext] = []

    def caller(username: str) -> APIRequestContext:
        done = call("manage", "api_token", username, var=portal.var)
        assert done.returncode == 0, done.stderr
        headers = {"Authorization": f"Token {done.stdout.split()[-1]}"}
        made.append(playwright.request.new_context(base_url=portal.address, extra_http_headers=headers))
        return made[-1]

    yield caller
    for context in made:
        context.dispose()


@pytest.fixture(scope="package")
def hand_in(api: Callable[[str], APIRequestContext], accounts: dict[str, Account]) -> Callable[[str], str]:
    """``hand_in("clerk2")`` puts one more lecture into the county's queue; returns its title."""

    def handed_in(username: str) -> str:
        caller, title = api(username), uuid.uuid4().hex
        body = {
            "kind": "ideology.lecture",
            "enterprise": accounts[username].place,
            "title": title,
            "form": "on_site",
            "happened_on": today(),
            "speaker": title[:8],
            "number_of_people": 9,
            "attendances": 9,
        }
        made = caller.post("api/v1/records/", data=body)
        assert made.status == 201, made.text()
        done = caller.post(f"{made.json()['url'].lstrip('/')}submit/", data={"version": made.json()["version"]})
        assert done.status == 200, done.text()
        return title

    return handed_in


@pytest.fixture(scope="package")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go; pytest keeps the folders of the last three runs."""
    return tmp_path_factory.mktemp("screenshots")
