"""A pilot's clerk files a whole year: in spring, the returns of the year before in one sitting, typing nothing the portal knows."""

import datetime
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from stdnum.cn import uscc

from tests.cast import PASSWORD
from tests.e2e.conftest import DESK, PATIENCE
from tests.portal_process import Portal, call, running

NAME, BASE = "江宁年报示例机械有限公司", "91320115000000901"
#: The quarter in which the returns of the year before fall due.
QUARTER = f"{datetime.datetime.now(ZoneInfo('Asia/Shanghai')).year}Q1"
#: A pilot with 200 staff, its clerk, and what the rules that come with a new portal ask of it.
SET_UP = f"""
from foundation.access.models import Role
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from records.duties.actions import ensure_quarter, generate_duties
from tests.cast import make_enterprise, make_person
enterprise = make_enterprise(
    county=Place.objects.get(code="320115"), name="{NAME}", code="{BASE}{uscc.calc_check_digit(BASE)}"
)
make_person("clerk", "陈经办", Role.CLERK, enterprise.place)
quarter = Quarter.parse("{QUARTER}")
ensure_quarter(quarter)
print("duties:", generate_duties(quarter))
"""


@pytest.fixture(scope="module")
def year_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    var = tmp_path_factory.mktemp("year") / "var"
    given = {"PORTAL_ADMIN_USERNAME": "chief", "PORTAL_ADMIN_PASSWORD": "First-Admin-2026"}
    with running(var, "--empty", **given) as portal:
        made = call("manage", "shell", "-c", SET_UP, var=var)
        assert made.returncode == 0 and "duties: " in made.stdout, made.stdout + made.stderr
        yield portal
    assert "Traceback" not in portal.output


@pytest.fixture
def clerk(browser: Browser, year_portal: Portal) -> Iterator[Page]:
    context = browser.new_context(base_url=year_portal.address, viewport=DESK, locale="zh-CN", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("accounts/login/")
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    yield page
    context.close()


def fill_chapter(page: Page, *, all_of_it: bool = False) -> int:
    """What a hand-in asks for: yes to each question, the first of each list, one of each number; ``all_of_it``: also what
    those answers ask for. How many were typed."""
    form, typed = page.locator("form[data-autosave]"), 0
    for choice in form.locator("select[required]:not(.lines *)").all():
        if choice.is_visible():
            choice.select_option(index=1)
    for answer in form.locator("input[type=radio][value=true]").all():
        if answer.is_visible():
            answer.check()
    needed = "" if all_of_it else "[required]"
    for number in form.locator(f"input[type=number]{needed}:not(.lines *)").all():
        if number.is_visible():
            number.fill("1")
            typed += 1
    for day in form.locator("input[type=date]:not(.lines *)").all() if all_of_it else ():
        if day.is_visible():
            day.fill(f"{int(QUARTER[:4]) - 1}-06-15")
            typed += 1
    for words in form.locator("input[type=text]:not(.lines *)").all() if all_of_it else ():
        if words.is_visible():
            words.fill("总经理")
            typed += 1
    page.get_by_role("button", name="保存，下一章").click()
    page.wait_for_load_state()
    return typed


def test_a_year_s_returns_in_one_sitting(clerk: Page) -> None:
    clerk.goto(f"records/sitting/{QUARTER}/")
    expect(clerk.get_by_role("heading", name="报表填报")).to_be_visible()
    minutes = re.search(r"剩下的约 ([\d.]+) 分钟", clerk.locator(".sitting-progress").inner_text())
    for answer in clerk.locator("input[type=radio][value=no]").all():
        answer.check()
    clerk.get_by_role("button", name="保存，下一章").click()
    titles, typed, beside = [], 0, 0
    while clerk.locator(".sitting-page input[name=chapter]").input_value() != "end":
        titles.append(clerk.locator(".sitting-title").inner_text())
        # What the portal knows stands beside the form and is no field.
        beside += clerk.locator("dl.known dt", has_text="职工人数").count()
        expect(clerk.locator("form[data-autosave] label", has_text="职工人数")).to_have_count(0)
        nothing = clerk.get_by_role("button", name="无事项，都是 0")
        if nothing.count():
            nothing.click()
            clerk.wait_for_load_state()
        else:
            typed += fill_chapter(clerk)
        assert len(set(titles)) == len(titles), clerk.locator("main").inner_text()
    assert len([title for title in titles if "年度" in title]) > 8, titles
    # What no click can know is named, with the way there.
    lacking = clerk.locator(".todo-list li", has_text="还缺：")
    assert lacking.count(), "whether the principal has signed"
    for _chapter in range(lacking.count()):
        lacking.first.get_by_role("link", name="修改").click()
        typed += fill_chapter(clerk, all_of_it=True)
        clerk.locator(".sitting-chapters").get_by_role("link", name="核对并提交").click()
        clerk.wait_for_load_state()
    assert not lacking.count(), lacking.all_inner_texts()
    if clerk.locator("#confirm-reason").count():
        clerk.locator("#confirm-reason").fill("已与台账核对。")
    clerk.get_by_role("button", name=re.compile("^一并提交")).click()
    expect(clerk.get_by_text(f"已一并提交 {len(titles)} 份报表")).to_be_visible()
    assert beside >= 3, "the staff stands beside the returns that are measured by it"
    assert minutes is not None and typed < 80, (typed, titles)
