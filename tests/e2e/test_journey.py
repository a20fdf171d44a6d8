"""The whole job in real browsers: from a lecture typed on a telephone to the figure printed in the province's report."""

import io
import json
import re
import uuid
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import APIRequestContext, Page, expect
from pypdf import PdfReader

from foundation.calendar.periods import Quarter
from tests.e2e.conftest import today

#: Not in the demonstration, and not from an earlier run on the same portal.
TITLE = f"工匠精神进车间 {uuid.uuid4().hex}"
SPEAKER = f"王师傅{TITLE[-6:]}"
SESSIONS, ATTENDANCES = "B01.sessions", "B01.attendances"


def picture() -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "steelblue").save(out, "JPEG")
    return {"name": "现场照片.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def shown_figure(page: Page, label: str):
    """The figure of this label on a dashboard."""
    return page.locator(".board-key .stat", has=page.get_by_text(label, exact=True)).locator(".figure").first


def confirm_if_asked(page: Page) -> None:
    """Beside what other journeys have filed for this enterprise, in whatever order, the numbers may be unusual."""
    asked = page.locator("#confirm-reason")
    expect(
        asked.or_(page.locator("main .deflist:not(.known)").first)
    ).to_be_visible()  # asked, or the page of the record
    if asked.count():
        asked.fill("与签到表一致。")
        page.get_by_role("button", name="提交审核").click()
    page.wait_for_url(re.compile(r"/records/\d+/(\?filed)?$"))


def file_lecture(page: Page) -> str:
    """Type half, reload, go on, try a wrong file, send twice. Returns the record's address."""
    page.goto("")
    page.locator(".pick-list").get_by_role("link", name=re.compile("职工大讲堂")).click()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=speaker]").fill(SPEAKER)
    page.reload()
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    expect(page.locator("[name=speaker]")).to_have_value(SPEAKER)
    page.locator("[name=happened_on]").fill(today())
    page.locator("[name=form]").select_option("on_site")
    page.locator("[name=number_of_people]").fill("40")
    page.locator("[name=attendances]").fill("60")
    files = page.locator("#upload-attachments")
    files.set_input_files({"name": "现场照片.jpg", "mimeType": "image/jpeg", "buffer": b"only words"})
    expect(page.locator(".upload-error")).to_contain_text("内容不是 jpg，或已经损坏")
    page.locator(".upload-item.is-refused").get_by_role("button").click()
    files.set_input_files(picture())
    expect(page.locator(".upload-item").get_by_role("link", name="现场照片.jpg")).to_be_visible()
    page.get_by_role("button", name="提交审核").dblclick()
    confirm_if_asked(page)
    expect(page.locator("main")).to_contain_text("待审核")
    address = page.url
    page.goto(f"records/?q={TITLE}")
    expect(page.locator("main table tbody tr")).to_have_count(1)
    return address


def open_review(page: Page) -> None:
    page.goto(f"review/?q={TITLE}")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_url(re.compile(r"/review/\d+/\?"))
    # Without the filter the next record is the next of the whole queue.
    page.goto(page.url.partition("?")[0])


def send_back(page: Page, reason: str) -> None:
    open_review(page)
    expect(page.get_by_role("link", name="现场照片.jpg")).to_be_visible()
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明“退回修改”的原因")
    page.get_by_label("审核意见").fill(reason)
    page.get_by_role("button", name="退回修改").click()
    expect(page.locator("main")).to_contain_text(f"“{TITLE}”已退回")


def mend(page: Page, reason: str) -> None:
    """From the workbench, where the reason stands."""
    page.goto("")
    line = page.locator(".todo-list li", has_text=TITLE)
    expect(line).to_contain_text(reason)
    line.get_by_role("link", name="去修改").click()
    expect(page.locator("main")).to_contain_text(reason)
    page.locator("[name=frontline_attendances]").fill("45")
    page.get_by_role("button", name="提交审核").click()
    confirm_if_asked(page)


def approve(page: Page) -> None:
    """What changed is shown; afterwards the next waiting record opens by itself."""
    open_review(page)
    here = page.url
    expect(page.locator("main")).to_contain_text("与上次提交相比")
    difference = page.locator(".deflist .is-changed")
    expect(difference.locator("del")).to_have_text("未填报")
    expect(difference.locator("ins")).to_have_text("45")
    page.get_by_role("button", name="通过", exact=True).click()
    page.wait_for_url(lambda url: re.search(r"/review/\d+/$", url) is not None and url != here)
    expect(page.locator("main")).to_contain_text(f"“{TITLE}”已通过")


def ask_for_report(page: Page, quarter: str) -> None:
    page.goto("reports/")
    form = page.locator("form", has=page.get_by_role("button", name="生成季报"))
    form.locator("[name=region]").select_option("32")
    form.locator("[name=quarter]").select_option(quarter)
    form.get_by_role("button", name="生成季报").click()
    expect(page.locator("#report-progress progress")).to_be_visible()
    expect(page.get_by_role("link", name="下载 PDF")).to_be_visible()


def download(page: Page, link: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target.read_bytes()


def in_pdf(body: bytes) -> dict[str, int]:
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(body)).pages)
    found = re.search(r"本季度举办职工大讲堂(\d+)场，参训(\d+)人次", text)
    assert found, text[:2000]
    return {SESSIONS: int(found[1]), ATTENDANCES: int(found[2])}


def in_workbook(body: bytes) -> dict[str, int]:
    rows = load_workbook(io.BytesIO(body), read_only=True)["总体"].iter_rows(values_only=True)
    return {row[0]: row[3] for row in rows if row and row[0] in (SESSIONS, ATTENDANCES)}


def listed(figures: list[dict]) -> dict[str, int]:
    return {figure["code"]: figure["value"] for figure in figures if figure["code"] in (SESSIONS, ATTENDANCES)}


def in_records(api: APIRequestContext, quarter: str) -> dict[str, int]:
    """The records each figure opens, page by page, counted and added up by hand."""
    opened: dict[str, list[dict]] = {}
    for code in (SESSIONS, ATTENDANCES):
        opened[code], address = [], f"api/v1/records/?fact={code}&region=32&quarter={quarter}&page_size=100"
        while address:
            answer = api.get(address).json()
            opened[code] += answer["results"]
            address = answer["next"]
    assert TITLE in {record["title"] for record in opened[SESSIONS]}
    return {
        SESSIONS: len(opened[SESSIONS]),
        ATTENDANCES: sum(record["attendances"] for record in opened[ATTENDANCES]),
    }


def test_from_a_lecture_to_the_printed_figure(stage, api, hand_in, tmp_path):
    quarter = Quarter.current().code
    city = stage.page("city1")
    city.goto(f"dashboard/?quarter={quarter}")
    sessions = shown_figure(city, "职工大讲堂场次")
    before = int(sessions.inner_text().replace(",", ""))

    hand_in("lead1")  # so that another waits after the one below
    clerk, county = stage.page("clerk1", phone=True), stage.page("county1")
    file_lecture(clerk)
    send_back(county, "请补上一线职工人次。")
    mend(clerk, "请补上一线职工人次。")
    approve(county)
    # The page was opened before all this and has not been touched since.
    expect(sessions).to_have_text(f"{before + 1:,}")
    expect(city.locator(".chart canvas").first).to_be_visible()
    sessions.click()
    expect(city.get_by_role("link", name=TITLE)).to_be_visible()

    province = stage.page("province1")
    ask_for_report(province, quarter)
    pdf = in_pdf(download(province, "下载 PDF", tmp_path))
    workbook = in_workbook(download(province, "工作簿", tmp_path))
    snapshot = listed(json.loads(download(province, "数据快照", tmp_path))["figures"])
    caller = api("province1")
    answered = listed(caller.get(f"api/v1/indicators/values/?region=32&quarter={quarter}").json()["figures"])
    assert pdf == workbook == snapshot == answered == in_records(caller, quarter)
