"""A clerk with a faulty workbook: the template filled, what is wrong shown at once, mended and imported again."""

import io
import re
import uuid
from pathlib import Path

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import today

KIND = "ideology.lecture"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def column(workbook: Workbook, heading: str) -> int:
    """The number of the column with this heading, with or without the mark of the required ones."""
    heads = [str(cell.value).rstrip("*") for cell in workbook["填报"][1]]
    return heads.index(heading) + 1


def put(workbook: Workbook, row: int, **cells: object) -> None:
    for heading, value in cells.items():
        workbook["填报"].cell(row, column(workbook, heading)).value = value


def lecture(title: str, **changes: object) -> dict[str, object]:
    values = {
        "标题": title,
        "活动日期": today(),
        "举办形式": "现场讲授",
        "主讲人": title[:6],
        "参加人数（人）": 9,
        "参加人次（人次）": 9,
    }
    return values | changes


def download(page: Page, name: str) -> Workbook:
    with page.expect_download() as waited:
        page.get_by_role("link", name=name).click()
    return load_workbook(io.BytesIO(Path(waited.value.path()).read_bytes()))


def upload(page: Page, workbook: Workbook, name: str) -> None:
    """Send it and wait for what the check found."""
    out = io.BytesIO()
    workbook.save(out)
    page.goto(f"records/import/?kind={KIND}")
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": _TYPE, "buffer": out.getvalue()})
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url(re.compile(r"/records/import/\d+/$"))
    expect(page.get_by_role("heading", name="检查结果")).to_be_visible()


def confirm(page: Page, button: str) -> None:
    """The titles of one day are alike: that is asked, and answered with a word."""
    expect(page.get_by_role("heading", name="请核对的行")).to_be_visible()
    page.locator("#unusual-reason").fill("同一天的几场课，内容不同。")
    page.get_by_role("button", name=button).click()
    expect(page.locator("main")).to_contain_text("导入完成")


def test_a_faulty_workbook_is_mended_and_imported_again(stage, shots):
    page, mark = stage.page("clerk2"), uuid.uuid4().hex
    page.goto("records/import/")
    template = download(page, "职工大讲堂")
    put(template, 3, **lecture(f"{mark} 一"))
    put(template, 4, **lecture(f"{mark} 二", 活动日期="上周五"))
    put(template, 5, **lecture(f"{mark} 三", **{"参加人次（人次）": "=4+5"}))
    put(template, 6, **lecture(f"{mark} 四", **{"活动日期": today().replace("-", "."), "参加人数（人）": "９"}))
    upload(page, template, "大讲堂台账.xlsx")

    problems = page.locator(".card", has=page.get_by_role("heading", name="不能导入的行")).locator("tbody tr")
    expect(problems).to_have_count(2)
    expect(problems.nth(0)).to_contain_text("“上周五”看不出是哪一天。")
    expect(problems.nth(1)).to_contain_text("=4+5")
    page.screenshot(path=shots / "import-preview.png", full_page=True)
    confirm(page, "只导入可以导入的 2 行")

    faulty = download(page, "下载这些行，改好后再导入")
    put(faulty, 2, 活动日期=today())
    put(faulty, 3, **{"参加人次（人次）": 9})
    upload(page, faulty, "改好的台账.xlsx")
    expect(page.get_by_role("heading", name="不能导入的行")).to_have_count(0)
    confirm(page, "导入 2 行")

    page.goto(f"records/?q={mark}")
    rows = page.locator("main table tbody tr")
    expect(rows).to_have_count(4)
    for number in range(4):
        expect(rows.nth(number)).to_contain_text("待审核")

    again = download(page, "导出")
    upload(page, again, "导出的台账.xlsx")
    expect(page.locator("main")).to_contain_text("完全相同，不用导入")
    page.screenshot(path=shots / "import-unchanged.png", full_page=True)
