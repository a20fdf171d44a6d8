"""The menu of everybody: few entries, each page lights up its own, and every page is found by its name."""

import re

import pytest
from django.urls import get_resolver, reverse

from foundation.ui.navigation import doors_for, items_for
from tests.contracts.cases import ROLES
from tests.contracts.every_page import PAGES
from tests.contracts.test_every_page import addresses
from tests.contracts.world import make_world

pytestmark = pytest.mark.django_db

MOST = 9
TAB = re.compile(r'<a class="tab active"[^>]*href="([^"]*)"')

#: Pages without an argument that are no place to go to: what another page starts, asks for or prints.
NO_PLACE = {
    "search:page": "the search itself",
    "handbook:whole": "the handbook on one page, for the printer",
    "backoffice:first_steps": "a part of the workbench",
    "reporting:dashboard_indicators": "a part of the dashboard",
    "reporting:dashboard_units": "a part of the dashboard",
    "reporting:dashboard_chart": "a chart of the dashboard as a workbook",
    "notices:day_said": "a part of the form of a notice",
    "indicators:indicator_check": "a part of the form of an indicator",
    "reporting:verify_form": "for whoever holds a printed report; without signing in",
    "healthz": "for machines",
    "readyz": "for machines",
}
#: Lists that are open to everybody and empty for who administers the portal.
EMPTY_FOR = {"admin": {"records:list", "enterprises:list"}}
FILES_AND_PARTS = re.compile(r"(_export|:export|_template|:places|_options|:industries|:search|_search|_stamp)$")


def menu_of(browser, path: str = "/"):
    response = browser.get(path)
    assert response.status_code == 200, path
    return response, doors_for(response.wsgi_request)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_has_more_than_nine_entries(cast, sign_in, role):
    response, doors = menu_of(sign_in(cast.people[role]))
    assert 1 < len(doors) <= MOST
    shown = re.findall(r'class="nav-entry[^"]*" href="([^"]+)"', response.content.decode())
    assert shown == [door.url for door in doors]
    assert len(re.findall(r'<a class="phone-bar-entry', response.content.decode())) == min(4, len(doors))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_menu_lights_up_its_own_entry_and_tab(cast, sign_in, role):
    browser = sign_in(cast.people[role])
    _response, doors = menu_of(browser)
    for door in doors:
        for entry in door.entries:
            response, now = menu_of(browser, entry.url)
            assert [lit.section for lit in now if lit.active] == [door.section], entry.url
            lit = TAB.findall(response.content.decode())
            assert lit == ([entry.url] if len(door.entries) > 1 else []), entry.url


def test_pages_below_a_page_light_up_the_same_tab(db, sign_in):
    world = make_world()
    clerk = sign_in(world.people["clerk"])
    for path, tab in (
        (f"/records/{world.draft.pk}/", "/records/"),
        ("/records/duties/", "/records/duties/"),
        (
            f"/records/statement/{world.draft.quarter}/?enterprise={world.cast.enterprise.credit_code}",
            "/records/duties/",
        ),
    ):
        assert TAB.findall(clerk.get(path).content.decode()) == [tab], path
    county = sign_in(world.people["county"])
    for path, tab in (
        (f"/review/{world.submitted.pk}/", "/review/"),
        ("/review/batches/", "/review/"),
        (f"/enterprises/pilots/{world.pilot.pk}/", "/enterprises/pilots/"),
        (f"/enterprises/{world.cast.enterprise.pk}/", "/enterprises/"),
        ("/records/duties/", "/records/duties/"),
        ("/accounts-admin/new/", "/accounts-admin/"),
    ):
        assert TAB.findall(county.get(path).content.decode()) == [tab], path


def test_the_last_tab_of_a_section_is_remembered(cast, sign_in):
    city = sign_in(cast.city)
    city.get("/records/progress/")
    _response, doors = menu_of(city)
    assert {door.section.key: door.url for door in doors}["figures"] == "/records/progress/"
    assert "tab_figures" not in city.get("/records/progress/").cookies, "set only when it changes"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("填报进度", "/records/progress/"),
        ("设置 工作日", "/workdays/"),
        ("tbjd", "/records/progress/"),
        ("使用手册", "/help/"),
        ("后台任务", "/jobs/"),
        ("dlaq", None),
    ],
)
def test_a_page_is_found_by_name_section_and_initials(cast, sign_in, text, url):
    groups = sign_in(cast.city).get("/search/", {"q": text}).context["groups"]
    pages = [hit.url for group in groups if group.searcher.name == "pages" for hit in group.hits]
    assert pages == ([url] if url else []), "an office does not find the administrator's pages"


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_may_be_opened_is_found(cast, sign_in, role):
    found = {item.url_name for item in items_for(cast.people[role])}
    plain = {name for name, pattern in addresses(get_resolver().url_patterns) if not pattern.pattern.converters}
    may = {
        case.route
        for case in PAGES
        if case.method == "GET" and case.own and case.status == 200 and role in case.may.split() and case.route in plain
    }
    missing = {
        name for name in may - found - set(NO_PLACE) - EMPTY_FOR.get(role, set()) if not FILES_AND_PARTS.search(name)
    }
    assert sorted((name, reverse(name)) for name in missing) == []
