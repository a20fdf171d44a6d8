"""The demonstration as ``./portal up`` loads it: every county, and cities as unlike as in life. Asked as a program asks."""

from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import APIRequestContext, expect

from foundation.calendar.periods import Quarter
from tests.e2e.conftest import Stage

#: 95 counties and 11 zones.
UNITS = 106
AHEAD, BEHIND = "3206", "3213"


def counties(caller: APIRequestContext) -> Counter[str]:
    """How many enterprises each county or zone has."""
    found, address = Counter(), "api/v1/enterprises/?page_size=100"
    while address:
        answer = caller.get(address).json()
        found.update(enterprise["county"] for enterprise in answer["results"])
        address = answer["next"]
    return found


def on_time(caller: APIRequestContext, region: str, quarter: str) -> float:
    """The share of what was owed that came in time."""
    answer = caller.get(f"api/v1/indicators/values/?region={region}&quarter={quarter}").json()
    values = {figure["code"]: figure["value"] for figure in answer["figures"]}
    return values["DUT.on_time"] / values["DUT.due"]


def test_every_county_has_enterprises(api):
    found = counties(api("province1"))
    assert len(found) == UNITS
    assert min(found.values()) >= 2
    assert found.total() >= 300


@pytest.mark.parametrize("quarter", ["2026Q2", "2026Q3"])
def test_a_city_is_ahead_and_one_behind(api, quarter):
    if Quarter.parse(quarter) > Quarter.current().previous():
        pytest.skip("not over yet")
    caller = api("province1")
    whole = on_time(caller, "32", quarter)
    assert on_time(caller, AHEAD, quarter) > whole + 0.1
    assert on_time(caller, BEHIND, quarter) < whole - 0.1


def test_the_accounts_are_printed_once_and_kept_for_the_owner(portal, accounts):
    kept = portal.var / "demo-accounts.txt"
    assert kept.stat().st_mode & 0o077 == 0
    for account in accounts.values():
        assert portal.output.count(account.password) == 1


def test_a_chart_is_saved_as_a_picture_with_its_title(stage: Stage, tmp_path: Path) -> None:
    page = stage.page("city1")
    page.goto("dashboard/")
    save = page.get_by_role("button", name="存为图片").first
    expect(save).to_be_visible()
    with page.expect_download() as caught:
        save.click()
    kept = tmp_path / "chart.png"
    caught.value.save_as(kept)
    assert caught.value.suggested_filename.endswith("）.png"), "named as the chart: subject and unit"
    picture = Image.open(kept)
    assert picture.format == "PNG" and picture.width > 600
    assert len(set(picture.convert("L").crop((0, 0, picture.width, 90)).tobytes())) > 20, "its title stands on it"
