"""A pilot's clerk files a whole year: in spring, the returns of the year before in one sitting, typing nothing the portal knows."""

import datetime
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from stdnum.cn import uscc

from records.duties.burden import OPENING, SECONDS
from tests.cast import PASSWORD
from tests.e2e.conftest import DESK, PATIENCE
from tests.portal_process import Portal, call, migrate, running

NAME, BASE = "江宁年报示例机械有限公司", "91320115000000901"
#: The quarter in which the returns of the year before fall due.
QUARTER = f"{datetime.datetime.now(ZoneInfo('Asia/Shanghai')).year}Q1"
#: A pilot with 200 staff, its clerk, and what the rules that come with a new portal ask of it.
SET_UP = f"""
from foundation.access.models import Role
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from dataclasses import replace
from records.duties.actions import ensure_quarter, generate_duties
from records.duties.burden import PILOT, active_rules, burden_of, minutes
from tests.cast import make_enterprise, make_person
enterprise = make_enterprise(
    county=Place.objects.get(code="320115"), name="{NAME}", code="{BASE}{uscc.calc_check_digit(BASE)}"
)
make_person("clerk", "陈经办", Role.CLERK, enterprise.place)
quarter = Quarter.parse("{QUARTER}")
ensure_quarter(quarter)
print("duties:", generate_duties(quarter))
like = replace(
    PILOT, tier=enterprise.pilot_tier, size=enterprise.size, headcount=enterprise.headcount
)
burden = burden_of(like, active_rules())
print("burden:", minutes(line.weight.seconds for line in burden.lines), burden.quarter_minutes)
"""


#: What there is in the enterprise; of the rest it says that there is none.
HAS = ("schools", "patents", "evaluation")
#: The most that a pilot's quarter may take, in minutes.
MOST = 30


class Typed:
    """What somebody did in the forms, counted as the burden page counts it."""

    def __init__(self) -> None:
        self.seconds = 0
        self.numbers = 0

    def add(self, sort: str) -> None:
        self.seconds += SECONDS[sort]
        self.numbers += sort in ("number", "money")


@pytest.fixture(scope="module")
def year_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    var = tmp_path_factory.mktemp("year") / "var"
    given = {"PORTAL_ADMIN_USERNAME": "chief", "PORTAL_ADMIN_PASSWORD": "First-Admin-2026"}
    migrate(var)
    with running(var, "--empty", **given) as portal:
        made = call("manage", "shell", "-c", SET_UP, var=var)
        assert made.returncode == 0 and "duties: " in made.stdout, made.stdout + made.stderr
        told = re.search(r"burden: ([\d.]+) ([\d.]+)", made.stdout)
        assert told is not None, made.stdout
        BURDEN.update(sitting=float(told[1]), quarter=float(told[2]))
        yield portal
    assert "Traceback" not in portal.output


#: By the burden page's own function: minutes of everything that is asked in this sitting, and of a quarter alone.
BURDEN: dict[str, float] = {}


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


def fill_chapter(page: Page, typed: Typed, *, all_of_it: bool = False) -> None:
    """What a hand-in asks for: yes to each question, the first of each list, one of each number; ``all_of_it``: also what
    those answers ask for."""
    form = page.locator("form[data-autosave]")
    for choice in form.locator("select[required]:not(.lines *)").all():
        if choice.is_visible():
            choice.select_option(index=1)
            typed.add("choice")
    for answer in form.locator("input[type=radio][value=true]").all():
        if answer.is_visible():
            answer.check()
            typed.add("yes_no")
    needed = "" if all_of_it else "[required]"
    for number in form.locator(f"input[type=number]{needed}:not(.lines *)").all():
        if number.is_visible():
            number.fill("1")
            typed.add("number")
    for day in form.locator("input[type=date]:not(.lines *)").all() if all_of_it else ():
        if day.is_visible():
            day.fill(f"{int(QUARTER[:4]) - 1}-06-15")
            typed.add("date")
    for words in form.locator("input[type=text]:not(.lines *)").all() if all_of_it else ():
        if words.is_visible():
            words.fill("总经理")
            typed.add("line")
    page.get_by_role("button", name="保存，下一章").click()
    page.wait_for_load_state()


def test_a_year_s_returns_in_one_sitting(clerk: Page) -> None:
    clerk.goto(f"records/sitting/{QUARTER}/")
    expect(clerk.get_by_role("heading", name="报表填报")).to_be_visible()
    typed = Typed()
    for answer in clerk.locator("input[type=radio][value=no]").all():
        if answer.get_attribute("name") not in HAS:
            answer.check()
            typed.add("yes_no")
    for question in HAS:
        clerk.locator(f"input[type=radio][name={question}][value=yes]").check()
        typed.add("yes_no")
    clerk.get_by_role("button", name="保存，下一章").click()
    minutes = re.search(r"剩下的约 ([\d.]+) 分钟", clerk.locator(".sitting-progress").inner_text())
    titles, beside, stayed = [], 0, 0
    while clerk.locator(".sitting-page input[name=chapter]").input_value() != "end":
        titles.append(clerk.locator(".sitting-title").inner_text())
        # What the portal knows stands beside the form and is no field.
        beside += clerk.locator("dl.known dt", has_text="职工人数").count()
        expect(clerk.locator("form[data-autosave] label", has_text="职工人数")).to_have_count(0)
        nothing = clerk.get_by_role("button", name="无事项，都是 0")
        if nothing.count():
            nothing.click()
            clerk.wait_for_load_state()
            if clerk.get_by_text("已存为草稿，还缺：").count():
                # What no click can know is named, and the chapter stays.
                stayed += 1
                fill_chapter(clerk, typed)
        else:
            fill_chapter(clerk, typed)
        typed.seconds += OPENING
        assert len(set(titles)) == len(titles), clerk.locator("main").inner_text()
    assert len([title for title in titles if "年度" in title]) > 8, titles
    assert stayed, "whether the principal has signed"
    # What the answers ask for is named, with the way there.
    lacking = clerk.locator(".todo-list li", has_text=re.compile("还缺：|还要改："))
    for _chapter in range(lacking.count()):
        lacking.first.get_by_role("link", name="修改").click()
        fill_chapter(clerk, typed, all_of_it=True)
        clerk.locator(".sitting-chapters").get_by_role("link", name="核对并提交").click()
        clerk.wait_for_load_state()
    assert not lacking.count(), lacking.all_inner_texts()
    if clerk.locator("#confirm-reason").count():
        clerk.locator("#confirm-reason").fill("已与台账核对。")
    clerk.get_by_role("button", name=re.compile("^一并提交")).click()
    expect(clerk.get_by_text(f"已一并提交 {len(titles)} 份报表")).to_be_visible()
    assert beside >= 3, "the staff stands beside the returns that are measured by it"
    for owed, title in (("职工专利与知识产权", True), ("产教融合型企业与校企合作", True), ("学徒制", False)):
        assert any(owed in one for one in titles) is title, (owed, titles)
    assert BURDEN["quarter"] <= MOST, BURDEN
    # What was promised in front is what the burden page says, without the chapters a no has closed; less had to be typed.
    assert minutes is not None and typed.seconds / 60 <= float(minutes[1]) <= BURDEN["sitting"], (vars(typed), BURDEN)
