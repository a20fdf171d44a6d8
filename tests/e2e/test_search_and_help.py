"""Finding things from any page by keyboard, and the help beside a page."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Stage


def test_the_search_is_walked_by_keyboard(stage: Stage) -> None:
    page = stage.page("county1")
    page.goto("")
    page.keyboard.press("/")
    expect(page.locator("#topbar-search-text")).to_be_focused()
    page.keyboard.type("讲座")
    results = page.locator("#search-live")
    expect(results.locator("a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(results.locator("a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(results).to_be_hidden()
    expect(page.locator("#topbar-search-text")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    page.keyboard.press("Control+k")
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" 没有的词")
    expect(page.locator("#search-found")).to_contain_text("没有找到")


def test_a_narrow_window_goes_to_the_search_page(stage: Stage) -> None:
    page = stage.page("county1", phone=True)
    page.goto("")
    page.keyboard.press("Control+k")
    page.wait_for_url("**/search/")
    expect(page.locator("#search-text")).to_be_focused()


def _help(page: Page) -> None:
    page.goto("records/")
    page.get_by_label("本页帮助").first.click()
    expect(page.locator("#help-part")).to_contain_text("看自己的记录")


@pytest.mark.parametrize("phone", [False, True])
def test_help_opens_beside_the_page(stage: Stage, phone: bool) -> None:
    page = stage.page("clerk1", phone=phone)
    _help(page)
    page.keyboard.press("Escape")
    expect(page.locator("#help-panel")).to_be_hidden()


def test_first_steps_are_put_away_and_brought_back(stage: Stage) -> None:
    page = stage.page("admin1")
    page.goto("")
    panel = page.locator(".first-steps")
    expect(panel).to_contain_text("为自己设置第二重验证")
    panel.get_by_role("button", name="不再显示").click()
    expect(page.get_by_text("“第一次使用”已收起")).to_be_visible()
    expect(panel).to_have_count(0)
    page.get_by_label("账号菜单").click()
    page.get_by_role("button", name="第一次使用的步骤").click()
    expect(panel).to_be_visible()
