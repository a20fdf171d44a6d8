"""A pilot's clerk files a whole quarter: the sitting with its returns, and three activities, typing nothing the portal knows."""

import datetime
import re
import uuid
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.e2e.conftest import today


def running_quarter() -> str:
    now = datetime.datetime.now(ZoneInfo("Asia/Shanghai"))
    return f"{now.year}Q{(now.month + 2) // 3}"


def fill_in(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def hand_in(page: Page) -> None:
    """With a word for what is unusual, where something is."""
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_load_state()
    if page.locator("#confirm-reason").count():
        page.locator("#confirm-reason").fill("已与台账核对。")
        page.get_by_role("button", name="提交审核").click()
    page.wait_for_url(re.compile(r"/records/\d+/\?filed$"))


def test_a_quarter_s_returns_in_one_sitting(stage):
    page = stage.page("clerk1", phone=True)
    page.goto("")
    page.locator(f"a[href*='/records/sitting/{running_quarter()}/']").first.click()
    expect(page.get_by_text("每章保存为草稿")).to_be_visible()
    titles = []
    while page.locator("input[name=chapter]").input_value() != "end":
        titles.append(page.locator(".sitting-title").inner_text())
        nothing = page.get_by_role("button", name="无事项，都是 0")
        same = page.get_by_role("button", name=re.compile("^无变化"))
        if nothing.count():
            nothing.click()
            page.wait_for_load_state()
            if page.get_by_text("还缺：主要负责人已签字").count():
                # What no click can know is asked for where it is missing.
                page.locator("[name=signed][value=true]").check()
                page.get_by_role("button", name="保存，下一章").click()
        elif same.count():
            same.click()
        else:
            fill_in(page, dict.fromkeys(("new_members", "new_frontline_members", "total_members"), "0"))
            page.get_by_role("button", name="保存，下一章").click()
        page.wait_for_load_state()
    assert len(titles) == 3, titles
    if page.locator("#confirm-reason").count():
        page.locator("#confirm-reason").fill("已与台账核对。")
    page.get_by_role("button", name="一并提交 3 份").click()
    expect(page.get_by_text("已一并提交 3 份报表")).to_be_visible()


def test_three_activities_of_the_quarter(stage):
    page = stage.page("clerk1")
    for kind, values in (
        ("ideology.lecture", {"speaker": f"师傅{uuid.uuid4().hex[:8]}"}),
        ("ideology.cultureevent", {}),
        ("skills.trainingclass", {}),
    ):
        page.goto(f"records/new/{kind}/?quick")
        fill_in(page, {"title": uuid.uuid4().hex, "happened_on": today(), "number_of_people": "18", **values})
        for select in page.locator("form[data-autosave] select[required], form[data-autosave] select").all():
            if select.is_visible() and not select.input_value():
                select.select_option(index=1)
        for number in page.locator("form[data-autosave] input[type=number]").all():
            if number.is_visible() and not number.input_value():
                number.fill("18")
        hand_in(page)


def test_what_a_paste_could_not_read_is_named(stage):
    """Lines copied from Excel with a word no list has, and a column too many: said in sight, not dropped in silence."""
    page = stage.page("clerk1")
    page.goto("records/new/rights.congresssession/")
    first = page.locator("[name=agenda-0-topic]")
    first.focus()
    first.evaluate(
        """(cell, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        "集体合同草案\t审议通过\t41\t通过\n工资调整\t讨论一下\t3,9\t通过\t备注",
    )
    expect(page.locator("[name=agenda-0-sort] option:checked")).to_have_text("审议通过")
    expect(page.locator("[name=agenda-1-votes_for]")).to_have_value("39")
    told = page.locator("[data-lines-said]")
    expect(told).to_contain_text("粘贴了 2 行")
    expect(told).to_contain_text("有 2 格没有认出来，请手工填写：第 2 行性质“讨论一下”、第 2 行“备注”。")
    expect(told).not_to_have_class(re.compile("visually-hidden"))


def test_back_to_a_refused_form_shows_the_page_again(stage):
    """Pages are not kept by the browser: going back to the answer of a form would fail."""
    page = stage.page("clerk1")
    page.goto("records/new/ideology.lecture/")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.goto("")
    page.go_back()
    expect(page.get_by_role("button", name="提交审核")).to_be_visible()
