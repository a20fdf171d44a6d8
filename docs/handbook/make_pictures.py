"""Make the pictures of the handbook anew from the demonstration, so that they never age.

    .venv/bin/python docs/handbook/make_pictures.py [NAME …]

Starts a portal with the demo on a folder of its own, signs in as the people named in ``pictures.toml``, and writes one PNG
an entry to ``images/``. ``--portal ADDRESS --var FOLDER`` uses one that is running already. Needs the development
requirements and a Chromium.
"""

import argparse
import io
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.conftest import browser_path  # noqa: E402 -- the portal's folder is on the path only now
from tests.portal_process import running  # noqa: E402

MANIFEST = HERE / "pictures.toml"
IMAGES = HERE / "images"
#: A line around the marked part, in the amber of the portal.
MARK = "outline: 3px solid #d99a1c; outline-offset: 3px; border-radius: 6px;"
#: Rows of the workbook in the picture of an import: title, days ago, attendances; the last has a slip.
ROWS = (("安全生产专题讲座", 40, 52), ("劳模工匠事迹分享", 33, 38), ("班组长能力提升", 26, "三十人"))


def _search(page: Page, picture: dict[str, Any]) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("讲座", delay=20)
    page.wait_for_selector("#search-live a")


def _fill(page: Page, picture: dict[str, Any]) -> None:
    """A form as it looks half-way."""
    page.fill("[name=title]", "劳模工匠事迹分享")
    page.fill("[name=happened_on]", _days_ago(20))
    page.select_option("[name=form]", index=1)
    page.fill("[name=speaker]", "王老师")
    page.evaluate("window.scrollTo(0, 0)")


def _days_ago(days: int) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(time.time() - days * 86400))


def _import(page: Page, picture: dict[str, Any]) -> None:
    """Upload a filled template with one slip in it, and show what the check says."""
    kind = picture["kind"]
    sheet = load_workbook(io.BytesIO(page.request.get(f"/records/import/template/{kind}/").body()))
    table = sheet.worksheets[0]
    column = {str(cell.value).rstrip("*").split("（")[0]: cell.column for cell in table[1]}
    for row, (title, ago, attendances) in enumerate(ROWS, 3):
        texts = {
            "举办形式": "现场讲授",
            "标题": title,
            "活动日期": _days_ago(ago),
            "主讲人": "王老师",
            "参加人数": 30,
            "参加人次": attendances,
        }
        for heading, value in texts.items():
            if heading in column:
                table.cell(row, column[heading], value)
    filled = io.BytesIO()
    sheet.save(filled)
    page.select_option("select[name=kind]", kind)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[type=file]", {"name": "职工大讲堂.xlsx", "mimeType": mime, "buffer": filled.getvalue()})
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_selector("text=检查结果", timeout=60_000)


def _report(page: Page, picture: dict[str, Any]) -> None:
    """Have the report of the page's own region built, and show it."""
    page.get_by_role("button", name="生成季报").click()
    page.wait_for_selector("text=下载 PDF", timeout=120_000)


STEPS: dict[str, Callable[[Page, dict[str, Any]], None]] = {
    "fill": _fill,
    "search": _search,
    "import": _import,
    "report": _report,
}
#: Where the first thing of a name stands in somebody's list.
FIRST = {"returned": "/records/?status=returned", "waiting": "/review/"}


def _quarters() -> dict[str, str]:
    year, month = time.localtime()[:2]
    number = (month - 1) // 3
    return {"{running}": f"{year}Q{number + 1}", "{quarter}": f"{year}Q{number}" if number else f"{year - 1}Q4"}


def _address(page: Page, text: str) -> str:
    for name, code in _quarters().items():
        text = text.replace(name, code)
    for name, listed in FIRST.items():
        if f"{{{name}}}" in text:
            page.goto(listed)
            link = page.locator(".portal-table tbody a").first.get_attribute("href") or ""
            text = text.replace(f"{{{name}}}", next(part for part in link.split("/") if part.isdecimal()))
    return text


def _sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def take(browser: Browser, address: str, picture: dict[str, Any], passwords: dict[str, str]) -> bytes:
    """One picture as PNG."""
    size = {"width": picture.get("width", 1280), "height": picture.get("height", 900)}
    context = browser.new_context(base_url=address, viewport=size, locale="zh-CN", reduced_motion="reduce")
    try:
        page = context.new_page()
        if picture["who"]:
            _sign_in(page, picture["who"], passwords[picture["who"]])
        page.goto(_address(page, picture["page"]), wait_until="networkidle")
        if "do" in picture:
            STEPS[picture["do"]](page, picture)
        if "mark" in picture:
            page.locator(picture["mark"]).first.evaluate(f"element => element.style.cssText += '{MARK}'")
        page.wait_for_timeout(500)
        return page.screenshot()
    finally:
        context.close()


def save(name: str, png: bytes) -> int:
    """Write it with a palette: a third of the bytes, and no eye sees the difference on a page of text."""
    target = IMAGES / f"{name}.png"
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
    return target.stat().st_size


@contextmanager
def _portal(given: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    if given.portal:
        yield given.portal, given.var
        return
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "var") as portal:
        yield portal.address, portal.var


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--portal", default="", help="address of a portal that is running, with the demo")
    parser.add_argument("--var", type=Path, help="its folder")
    given = parser.parse_args()
    manifest = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    IMAGES.mkdir(exist_ok=True)
    with _portal(given) as (address, var), sync_playwright() as playwright:
        lines = (var / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
        passwords = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for name in given.names or manifest:
            size = save(name, take(browser, address.rstrip("/"), manifest[name], passwords))
            print(f"{name}.png {size // 1024} KB")
        browser.close()


if __name__ == "__main__":
    main()
