"""What goes wrong on an ordinary day: logins end, tabs grow old, people go back and press again. Nothing typed is lost."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import today

LECTURE = "records/new/ideology.lecture/"


def fill(page: Page, title: str) -> None:
    """A complete lecture, today, by somebody of its own: else it would be asked about as a likely double."""
    values = {
        "title": title,
        "happened_on": today(),
        "speaker": f"师傅{title[-8:]}",
        "number_of_people": "9",
        "attendances": "9",
    }
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=form]").select_option("on_site")


def save(page: Page, button: str = "保存草稿") -> str:
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(r"/records/\d+/(\?filed)?$"))
    return page.url


@pytest.fixture
def title() -> str:
    return uuid.uuid4().hex


def end_login(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def test_an_expired_login_keeps_what_was_typed(stage, title):
    page = stage.page("clerk2")
    page.goto(LECTURE)
    fill(page, title)
    page.locator("[name=summary]").fill("讲了传帮带。")
    end_login(page)
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    stage.sign_in(page, "clerk2")
    page.wait_for_url(f"**/{LECTURE}")
    expect(page.locator("[name=title]")).to_have_value(title)
    expect(page.locator("[name=summary]")).to_have_value("讲了传帮带。")
    save(page, "提交审核")
    page.goto(LECTURE)
    expect(page.locator("[name=title]")).to_have_value("")
    stage.signed_in.pop("clerk2")


def paste(page: Page, name: str, text: str) -> str:
    """What the field holds after the text was pasted over what it held."""
    field = page.locator(f"[name={name}]")
    field.focus()
    field.evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            field.select();
            const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
        }""",
        text,
    )
    return field.input_value()


def test_a_pasted_number_is_one_number_or_none(stage):
    """Left alone the browser keeps the digits and drops the words: 3场/120人次 became 3120."""
    page = stage.page("clerk2")
    page.goto(LECTURE)
    people = {"1,200": "1200", "50人": "50", " 1 200\n": "1200", "３": "3", "45": "45", "50 名": "50"}
    assert {text: paste(page, "number_of_people", text) for text in people} == people
    page.locator("[name=number_of_people]").fill("7")
    refused = ["约50", "3场/120人次", "50余人", "50\t60", "20-30", "50万", "#N/A"]
    assert {paste(page, "number_of_people", text) for text in refused} == {"7"}
    told = page.locator("[data-not-pasted]")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("“#N/A”不是一个确切的数")
    paste(page, "attendances", "90人次")
    page.locator("[name=number_of_people]").fill("8")
    expect(told).to_have_count(0)
    expect(page.locator("[name=attendances]")).to_have_value("90")  # what was pasted stays what it is


def test_an_expired_login_of_a_review_comes_back_to_the_review(stage):
    page = stage.page("county3")
    page.goto("review/")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/review/\d+/$"))
    here = page.url
    end_login(page)
    page.get_by_label("审核意见").fill("请核对人次。")
    page.get_by_role("button", name="退回修改").click()
    stage.sign_in(page, "county3")
    expect(page).to_have_url(here)
    stage.signed_in.pop("county3")


def test_a_stale_tab_shows_both_and_writes_over_nothing(stage, title):
    first = stage.page("clerk1")
    first.goto(LECTURE)
    fill(first, title)
    address = save(first)
    second = stage.page("lead1")
    for page in (first, second):
        page.goto(f"{address}edit/")
    second.locator("[name=speaker]").fill("张师傅")
    save(second)
    first.locator("[name=speaker]").fill("赵师傅")
    first.get_by_role("button", name="保存草稿").click()
    conflict = first.locator(".diff-table tbody")
    expect(conflict).to_contain_text("张师傅")
    expect(conflict).to_contain_text("赵师傅")
    expect(first.locator("[name=speaker]")).to_have_value("赵师傅")
    second.goto(address)
    expect(second.locator("main")).to_contain_text("张师傅")
    save(first)
    second.goto(address)
    expect(second.locator("main")).to_contain_text("赵师傅")


def test_back_after_submit_makes_nothing_twice(stage, title):
    page = stage.page("clerk3")
    page.goto(LECTURE)
    fill(page, title)
    save(page, "提交审核")
    page.go_back()
    page.wait_for_url(f"**/{LECTURE}")
    expect(page.locator("[name=title]")).to_have_value("")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("这一项还没有填")
    page.goto(f"records/?q={title}")
    expect(page.locator("main table tbody tr")).to_have_count(1)


def test_refused_values_stay_and_say_what_to_do(stage, title):
    page = stage.page("clerk1", phone=True)
    page.goto(LECTURE)
    fill(page, title)
    page.locator("[name=attendances]").fill("999999999")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_be_in_viewport()
    expect(page.locator("main")).to_contain_text("请核对是否多打了数字")
    expect(page.locator("[name=title]")).to_have_value(title)
    page.locator("[name=attendances]").fill("3")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("参加人次（3 人次）少于参加人数（9 人）")
    expect(page.locator("#confirm-reason")).to_be_in_viewport()
    expect(page.locator("[name=title]")).to_have_value(title)
    page.locator("[name=confirm_reason]").fill("三人中途离开，没有签到。")
    save(page, "提交审核")


def test_too_large_a_file_is_refused_before_it_is_sent(stage, tmp_path):
    big = tmp_path / "大文件.pdf"
    with big.open("wb") as handle:
        handle.write(b"%PDF-1.7\n")
        handle.truncate(21 * 1024 * 1024)
    page = stage.page("clerk1", phone=True)
    page.goto(LECTURE)
    page.locator("#upload-attachments").set_input_files(big)
    expect(page.locator(".upload-error")).to_contain_text("大文件.pdf")
