"""Every page is fit for everybody: axe-core finds nothing against WCAG 2.2 AA, on a desk and on a telephone, and no page of an
office is endless on a telephone.

The pages are those of the access table and those of signing in, each as every role that sees something on it that the
roles before did not. The test client answers and a real browser shows the answer with the portal's own styles and scripts.
The browser has a thread of its own: Playwright keeps an event loop in its thread, which Django's database refuses.
"""

import itertools
import mimetypes
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from playwright.sync_api import Browser, Page, Route, sync_playwright

from foundation.ui.management.commands.vendor_assets import TEST_VENDOR_DIR
from tests.contracts.cases import OFFICES, ROLES, Case
from tests.contracts.every_page import PAGES
from tests.contracts.review import asked_to_correct
from tests.contracts.wording import wrong_words
from tests.contracts.world import World, make_world

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]

ADDRESS = "http://testserver"
#: Width, height, and which folded parts are opened: on a desk an open menu would cover what stands below it.
WINDOWS = ((1440, 900, "details:not(.dropdown-details)"), (390, 844, "details"))
#: The same with every part as it comes: what is folded lies close together.
FOLDED = ((1440, 900, "details.none"), (390, 844, "details.none"))
DESK = 768
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Pages of signing in and of the own account, and of what went wrong, which the access table leaves out.
OTHERS = (
    ("anonymous", "/accounts/login/"),
    ("anonymous", "/no/such/page/"),
    ("clerk", "/no/such/page/"),
    ("clerk", "/accounts/password/change/"),
    ("clerk", "/accounts/2fa/"),
    ("clerk", "/accounts/sessions/"),
    ("clerk", "/accounts/logout/"),
)
#: Folded parts in a column; a line of the bench with its enterprise beside it.
FOLDED_PAGES = (("clerk", "/records/import/"), ("county", "/"))
#: The documentation of the API is drawn by Swagger UI, a program of its own.
DRAWN_BY_OTHERS = {"api:docs"}

#: Milliseconds after which a page is taken for hung.
PATIENCE = 300_000

_LOADED_LATER = re.compile(r'hx-get="([^"]+)"[^>]*hx-trigger="load')

#: A page longer than five screens that names none of its parts at its top.
ENDLESS = """() => document.documentElement.scrollHeight > 5 * window.innerHeight
  && ![...document.querySelectorAll("main .page-parts, main nav a[href^='#']")]
    .some((parts) => parts.getBoundingClientRect().top + window.scrollY < 2 * window.innerHeight)"""

RUN = """async (options) => {
  document.querySelectorAll(options.open).forEach((details) => { details.open = true; });
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: options.tags },
    rules: { "target-size": { enabled: true } },
    resultTypes: ["violations"],
  });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 160)} (${[...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ").slice(0, 200)})`));
}"""


class Shown(NamedTuple):
    """A page as the server answered it; ``parts`` is what it will ask for by itself, by path."""

    person: str
    address: str
    html: str
    parts: dict[str, str]


class _Elements(HTMLParser):
    """What elements a page has: each with its parent, its classes and the names of its attributes. Void elements count as
    parents of what follows them, which tells no two pages apart that are the same."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        one = f"{tag}.{named.get('class') or ''}.{named.get('type') or ''}"
        self.found.add((self._open[-1] if self._open else "", one, *sorted(named)))
        self._open.append(one)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().split(".")[0] != tag:
            pass


def elements_of(html: str) -> set[tuple[str, ...]]:
    parser = _Elements()
    parser.feed(html)
    return parser.found


def signed_in(world: World, person: str) -> Client:
    browser = Client(raise_request_exception=False)
    if person != "anonymous":
        browser.force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
    return browser


def asked(browser: Client, person: str, address: str) -> Shown | None:
    """The page, if it is one: no file, no part of a page."""
    response = browser.get(address)
    if response.streaming:
        b"".join(response.streaming_content)  # to the end, so that its file is closed
        return None
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return None
    html = response.content.decode()
    if "<html" not in html:
        return None
    later = {unescape(path) for path in _LOADED_LATER.findall(html)}
    parts = {
        path.partition("?")[0]: browser.get(path, headers={"HX-Request": "true"}).content.decode() for path in later
    }
    return Shown(person, address, html, parts)


class _Undo(Exception):
    """Takes back what was made for a page."""


def answered(world: World, browser: Client, person: str, case: Case) -> Shown | None:
    """The page of a case as it stands in a world of its own."""
    try:
        with transaction.atomic():
            address = iri_to_uri(f"{reverse(case.route, args=case.args(world))}?{case.query(world)}".rstrip("?"))
            shown = asked(browser, person, address)
            raise _Undo
    except _Undo:
        return shown


def pages(world: World) -> Iterator[Shown]:
    """Each page once for each role that sees elements on it that nobody before saw there. The frame around the page is the
    same on all: what it holds is looked at once wherever it stands."""
    seen: set[tuple[str, ...]] = set()
    browsers = {person: signed_in(world, person) for person in ("anonymous", *ROLES)}
    cases = [
        case for case in PAGES if case.method == "GET" and case.status == 200 and case.route not in DRAWN_BY_OTHERS
    ]
    found = (
        (case.route, answered(world, browsers[person], person, case))
        for case in cases
        for person in browsers
        if person in case.may.split()
    )
    others = [(address, asked(browsers[person], person, address)) for person, address in OTHERS]
    assert [wrong_words(shown.html) for _address, shown in others if shown is not None] == [[] for _shown in others]
    for route, shown in itertools.chain(found, others):
        if shown is None:
            continue
        frame, _start, main = shown.html.partition("<main")
        elements = {("", *element) for element in elements_of(frame)}
        elements |= {(route, *element) for element in elements_of(main + "".join(shown.parts.values()))}
        if not elements <= seen:
            seen |= elements
            yield shown


class Examiner:
    """The browser, in the thread that started it."""

    def __init__(self, executable: str) -> None:
        self.playwright = sync_playwright().start()
        self.browser: Browser = self.playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        context = self.browser.new_context(locale="zh-CN", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        context.add_init_script(path=TEST_VENDOR_DIR / "axe-core" / "axe.min.js")
        self.page: Page = context.new_page()
        self.shown: Shown | None = None
        # One handler for all pages: were it replaced for each, a request of the page before could meet both.
        self.page.route("**/*", self._answer)

    def examine(self, shown: Shown, windows: Sequence[tuple[int, int, str]] = WINDOWS) -> list[str]:
        """What axe-core finds at each width."""
        self.shown = shown
        problems: list[str] = []
        for width, height, opened in windows:
            self.page.set_viewport_size({"width": width, "height": height})
            if (width, height, opened) == windows[0]:
                self.page.goto(ADDRESS + shown.address, wait_until="load")
            if width < DESK and shown.person in OFFICES.split() and self.page.evaluate(ENDLESS):
                # As a telephone opens it: then the page itself adds the way.
                self.page.reload(wait_until="load")
                if self.page.evaluate(ENDLESS):
                    problems.append(f"{shown.person} {shown.address}: over five screens, and no way to its parts")
            found: list[Any] = self.page.evaluate(RUN, {"tags": TAGS, "open": opened})
            problems += [f"{shown.person} {shown.address} at {width} px: {problem}" for problem in found]
        return problems

    def _answer(self, route: Route) -> None:
        if self.shown is None:
            route.fulfill(status=404)
        else:
            _fulfil(route, self.shown)

    def close(self) -> None:
        self.browser.close()
        self.playwright.stop()


def _fulfil(route: Route, shown: Shown) -> None:
    """The page itself, a part it asks for, a static file; anything else is not there."""
    path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
    if route.request.resource_type == "document" and route.request.url == ADDRESS + shown.address:
        route.fulfill(body=shown.html, content_type="text/html; charset=utf-8")
    elif path in shown.parts:
        route.fulfill(body=shown.parts[path], content_type="text/html; charset=utf-8")
    elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
        route.fulfill(path=str(file), content_type=mimetypes.guess_type(path)[0] or "application/octet-stream")
    else:
        route.fulfill(status=404)


def test_nothing_against_wcag_2_2_aa(chromium: str) -> None:
    world = make_world()
    with ThreadPoolExecutor(max_workers=1) as thread:
        examiner = thread.submit(Examiner, chromium).result()
        try:
            examined = [thread.submit(examiner.examine, shown) for shown in pages(world)]
            problems = [problem for done in examined for problem in done.result()]
        finally:
            thread.submit(examiner.close).result()
    assert len(examined) > len({case.route for case in PAGES if case.method == "GET"}) / 2, "the table was not walked"
    assert not problems, "\n".join(problems)


def test_folded_parts_and_a_link_beside_words(chromium: str) -> None:
    """Summaries in a column are large enough to hit; a link with words beside it is told from them by more than its colour."""
    world = make_world()
    asked_to_correct(world)
    shown = [asked(signed_in(world, person), person, address) for person, address in FOLDED_PAGES]
    assert all(page is not None for page in shown)
    assert shown[1] is not None and "#correction" in shown[1].html
    with ThreadPoolExecutor(max_workers=1) as thread:
        examiner = thread.submit(Examiner, chromium).result()
        try:
            problems = [
                problem for page in shown if page for problem in thread.submit(examiner.examine, page, FOLDED).result()
            ]
        finally:
            thread.submit(examiner.close).result()
    assert not problems, "\n".join(problems)
