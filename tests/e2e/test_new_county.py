"""A county is set up from an empty portal by Excel: register, accounts and slips; clerks come in with a second factor and
file; the office reviews in bulk, the city reopens one; a notice is read and receipted. All of it in a real browser."""

import base64
import datetime
import hmac
import io
import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, Page, expect
from stdnum.cn import uscc

from tests.e2e.conftest import DESK, PATIENCE, PHONE, today
from tests.portal_process import migrate, running

ADMIN, ADMIN_PASSWORD = "chief", "First-Admin-2026"
OWN = "Ein-Eigenes-Wort-2026"
COUNTY = "320115"
#: The lecture that the city finds wrong.
WRONG = "安全用电大讲堂"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENTERPRISES = {
    base + uscc.calc_check_digit(base): name
    for base, name in (
        ("91320115000000101", "江宁新办示例机械有限公司"),
        ("91320115000000102", "江宁新办示例电子有限公司"),
    )
}


class Slip(NamedTuple):
    username: str
    password: str


class Office:
    """An empty portal and the browsers on it; each person has one of their own."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: list = []

    def page(self, *, phone: bool = False) -> Page:
        context = self.browser.new_context(
            base_url=self.address,
            viewport=PHONE if phone else DESK,
            locale="zh-CN",
            accept_downloads=True,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return context.new_page()

    def sign_in(self, who: Slip, *, phone: bool = False) -> Page:
        page = self.page(phone=phone)
        page.goto("accounts/login/")
        page.get_by_label("用户名").fill(who.username)
        page.get_by_label("密码").fill(who.password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    def first_time(self, who: Slip, *, phone: bool = False) -> Page:
        """With the slip: the one-time password is changed before anything else can be done."""
        page = self.sign_in(who, phone=phone)
        expect(page.get_by_role("heading", name="修改密码")).to_be_visible()
        page.locator("[name=oldpassword]").fill(who.password)
        page.locator("[name=password1]").fill(OWN)
        page.locator("[name=password2]").fill(OWN)
        page.get_by_role("button", name="修改密码").click()
        page.wait_for_url(lambda url: "password/change" not in url)
        return page


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    var = tmp_path_factory.mktemp("county") / "var"
    given = {"PORTAL_ADMIN_USERNAME": ADMIN, "PORTAL_ADMIN_PASSWORD": ADMIN_PASSWORD}
    migrate(var)
    with running(var, "--empty", **given) as portal:
        yield (started := Office(browser, portal.address))
        for context in started.contexts:
            context.close()
    assert "Traceback" not in portal.output


def download(page: Page, name: str) -> Workbook:
    with page.expect_download() as waited:
        page.get_by_role("link", name=name).click()
    return load_workbook(io.BytesIO(Path(waited.value.path()).read_bytes()))


def fill_rows(workbook: Workbook, sheet: str, rows: list[dict[str, object]], first: int) -> dict[str, object]:
    """The rows under their headings; what a file input of Playwright takes."""
    heads = [str(cell.value).rstrip("*") for cell in workbook[sheet][1]]
    for number, row in enumerate(rows, first):
        for heading, value in row.items():
            workbook[sheet].cell(number, heads.index(heading) + 1).value = value
    out = io.BytesIO()
    workbook.save(out)
    return {"name": f"{sheet}.xlsx", "mimeType": _TYPE, "buffer": out.getvalue()}


def slips_on(page: Page) -> list[Slip]:
    return [Slip(*(code.inner_text() for code in slip.locator("code").all())) for slip in page.locator(".slip").all()]


def agree(page: Page) -> None:
    """Say yes to what the page asks before something that cannot be taken back."""
    page.locator("dialog button[value=yes]").click()


def code_of(secret: str, ahead: int = 0) -> str:
    """The six digits an authenticator shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def new_account(page: Page, username: str, name: str, role: str, place: str) -> Slip:
    page.goto("accounts-admin/new/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=full_name]").fill(name)
    page.locator("select[name=role]").select_option(role)
    page.locator(".ts-control input").first.fill(place)
    page.locator(".ts-dropdown .option").first.click()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".slip")).to_have_count(1)
    [slip] = slips_on(page)
    return slip


def set_up_second_factor(page: Page) -> str:
    """What the province demands of the role comes before any work. Returns one recovery code."""
    expect(page.get_by_role("heading", name="第二重验证")).to_be_visible()
    page.get_by_role("link", name="设置身份验证器").click()
    page.get_by_text("扫不了？手工输入密钥").click()
    page.locator("[name=code]").fill(code_of(page.locator("code.secret").inner_text()))
    page.get_by_role("button", name="启用").click()
    expect(page.locator("main")).to_contain_text("恢复码")
    return page.locator(".recovery-codes code").first.inner_text()


def file_lecture(page: Page, title: str) -> None:
    page.goto("records/new/ideology.lecture/?quick")
    values = {
        "title": title,
        "happened_on": today(),
        "speaker": title[-4:],
        "number_of_people": "9",
        "attendances": "9",
    }
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=form]").select_option("on_site")
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url(re.compile(r"/records/\d+/(\?filed)?$"))


def make_offices(office: Office) -> tuple[Slip, Slip]:
    """The provincial administrator demands a second factor of clerks and makes the first people of county and city."""
    chief = office.sign_in(Slip(ADMIN, ADMIN_PASSWORD))
    chief.goto("accounts-admin/security/")
    chief.locator("input[name=second_factor_roles][value=clerk]").check()
    chief.get_by_role("button", name="保存").click()
    expect(chief.locator("main")).to_contain_text("已保存")
    county_slip = new_account(chief, "jiangning", "江宁产改办", "county", COUNTY)
    city_slip = new_account(chief, "nanjing", "南京产改办", "city", "南京市")
    return county_slip, city_slip


def register_enterprises(county: Page) -> None:
    """The county's enterprises, from one workbook."""
    county.goto("enterprises/import/")
    enterprises = [
        {
            "企业名称": name,
            "统一社会信用代码": code,
            "设区市": "南京市",
            "县（市、区）": "江宁区",
            "行业": "C3421",
            "所有制": "私营及其他内资",
            "规模": "中型",
            "职工人数（人）": 320,
            "一线职工人数（人）": 210,
        }
        for code, name in ENTERPRISES.items()
    ]
    county.locator("input[name=file]").set_input_files(fill_rows(download(county, "下载模板"), "填报", enterprises, 3))
    county.get_by_role("button", name="上传并检查").click()
    expect(county.get_by_role("heading", name="检查结果")).to_be_visible()
    county.locator("main form button.btn-primary").first.click()
    expect(county.locator("main")).to_contain_text("新登记 2 家")


def make_clerks(county: Page, shots: Path) -> list[Slip]:
    """The clerks, from another; what cannot be is told by its row, and the slips are shown once."""
    county.goto("accounts-admin/bulk/")
    people = [
        {"姓名": "沈经办", "角色": "企业经办员", "单位代码或名称": next(iter(ENTERPRISES))},
        {"姓名": "韩经办", "角色": "企业经办员", "单位代码或名称": list(ENTERPRISES.values())[1]},
        {"姓名": "外县人", "角色": "企业经办员", "单位代码或名称": "鼓楼某某公司"},
    ]
    county.locator("input[name=file]").set_input_files(fill_rows(download(county, "下载模板"), "人员", people, 2))
    county.get_by_role("button", name="上传并检查").click()
    expect(county.locator(".card", has_text="不能导入的行").locator("tbody tr")).to_contain_text("鼓楼某某公司")
    expect(county.locator(".card", has_text="密码条只在确认后显示一次").locator("tbody tr")).to_have_count(2)
    county.get_by_role("button", name="建立 2 个账号并显示密码条").click()
    agree(county)
    expect(county.locator(".slip")).to_have_count(2)
    slips = slips_on(county)
    county.screenshot(path=shots / "county-slips.png", full_page=True)
    return slips


def file_as_clerks(office: Office, first: Slip, second: Slip) -> tuple[Page, str]:
    """Each comes in with the slip, an own password and a second factor, and files from the telephone."""
    clerk = office.first_time(first, phone=True)
    recovery = set_up_second_factor(clerk)
    for title in (WRONG, "焊接工艺交流会"):
        file_lecture(clerk, title)
    other = office.first_time(second, phone=True)
    set_up_second_factor(other)
    file_lecture(other, "电子装联入门")
    return clerk, recovery


def come_back(office: Office, who: Slip, recovery: str) -> None:
    """The second factor is asked for; a recovery code does when the telephone is away."""
    again = office.sign_in(Slip(who.username, OWN))
    expect(again.get_by_role("heading", name="第二重验证")).to_be_visible()
    again.locator("[name=code]").fill(recovery)
    again.get_by_role("button", name="登录").first.click()
    again.wait_for_url(office.address)


def decide_all(county: Page, shots: Path) -> None:
    """All that waits, at once."""
    county.goto("review/")
    expect(county.locator("tbody tr")).to_have_count(3)
    county.get_by_label("选中本页").check()
    county.get_by_role("button", name="批量通过…").click()
    expect(county.locator("main")).to_contain_text("将通过 3 条记录")
    county.get_by_role("button", name="通过 3 条").click()
    expect(county.locator("main a[href='?outcome=done']")).to_contain_text("3")
    county.screenshot(path=shots / "county-bulk-result.png", full_page=True)


def reopen_one(office: Office, city_slip: Slip, clerk: Page) -> None:
    """The city finds one wrong and reopens it, with the reason; the clerk sees it."""
    city = office.first_time(city_slip)
    city.goto(f"records/?q={WRONG}")
    city.locator("tbody a").first.click()
    city.locator("form[action$='/reopen/'] [name=reason]").fill("人次与签到表不符。")
    city.locator("form[action$='/reopen/'] button[type=submit]").click()
    agree(city)
    expect(city.locator("main")).to_contain_text("人次与签到表不符。")
    clerk.goto("")
    expect(clerk.locator("main")).to_contain_text(WRONG)


def send_notice(county: Page, clerk: Page, shots: Path) -> None:
    """A notice goes out, is read and receipted; the county sees that."""
    county.goto("notices/new/")
    county.locator("[name=title]").fill("关于报送本季度产改工作情况的通知")
    county.locator("[name=text]").fill("请各企业于截止日前完成本季度填报。")
    county.locator("input[name=levels][value=enterprise]").check()
    due = datetime.datetime.now(ZoneInfo("Asia/Shanghai")).date() + datetime.timedelta(days=20)
    county.locator("[name=receipt_due]").fill(due.isoformat())
    county.get_by_role("button", name="保存并预览").click()
    expect(county.locator("main")).to_contain_text("2 个单位")
    county.get_by_role("button", name="发出").click()
    agree(county)
    county.wait_for_url(re.compile(r"/notices/\d+/$"))
    for _second in range(PATIENCE // 1000):
        if "发送中" not in county.locator("main").inner_text():
            break
        county.wait_for_timeout(1000)
        county.reload()
    expect(county.locator("main .record-line")).to_contain_text("已发出")
    clerk.goto("notices/")
    clerk.get_by_role("link", name="关于报送本季度产改工作情况的通知").click()
    clerk.get_by_role("button", name="签收").click()
    expect(clerk.locator("main")).to_contain_text("已签收")
    county.reload()
    expect(county.locator("a[href$='?state=receipted']")).to_contain_text("1")
    county.screenshot(path=shots / "county-notice.png", full_page=True)


def test_a_county_from_nothing(office: Office, shots: Path) -> None:
    county_slip, city_slip = make_offices(office)
    county = office.first_time(county_slip)
    register_enterprises(county)
    first, second = make_clerks(county, shots)
    clerk, recovery = file_as_clerks(office, first, second)
    come_back(office, first, recovery)
    decide_all(county, shots)
    reopen_one(office, city_slip, clerk)
    send_notice(county, clerk, shots)
