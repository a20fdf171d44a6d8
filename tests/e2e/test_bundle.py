"""What an inspector asks for: an enterprise's year as one file, made while one watches, and opened."""

import hashlib
import io
import re
import uuid
import zipfile
from typing import NamedTuple

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import APIRequestContext, Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import today

YEAR = today()[:4]
PHOTO = "现场照片.jpg"
#: What a bundle lists: handed in and not refused.
LISTED = {"approved", "submitted"}


class Filed(NamedTuple):
    """A lecture as it was handed in."""

    title: str
    reference: str


@pytest.fixture
def lecture(api, accounts) -> Filed:
    """One with a picture; the demonstration's records have no evidence."""
    caller, title = api("clerk3"), f"带徒结对 {uuid.uuid4().hex}"
    body = {
        "kind": "ideology.lecture",
        "enterprise": accounts["clerk3"].place,
        "title": title,
        "form": "on_site",
        "happened_on": today(),
        "speaker": title[-8:],
        "number_of_people": 9,
        "attendances": 9,
    }
    made = caller.post("api/v1/records/", data=body)
    assert made.status == 201, made.text()
    address = made.json()["url"].lstrip("/")
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "steelblue").save(out, "JPEG")
    photo = {"name": PHOTO, "mimeType": "image/jpeg", "buffer": out.getvalue()}
    stored = caller.post(f"{address}attachments/", multipart={"file": photo})
    assert stored.status == 201, stored.text()
    done = caller.post(f"{address}submit/", data={"version": caller.get(address).json()["version"]})
    assert done.status == 200, done.text()
    return Filed(title, made.json()["reference"])


def listed(caller: APIRequestContext, credit_code: str) -> set[str]:
    """The numbers of the records that belong to the year, read from the list page by page."""
    found, address = set(), f"api/v1/records/?enterprise={credit_code}&page_size=100"
    while address:
        answer = caller.get(address).json()
        found |= {
            record["reference"]
            for record in answer["results"]
            if record["status"] in LISTED and record["quarter"].startswith(YEAR)
        }
        address = answer["next"]
    return found


def open_enterprise(page: Page, credit_code: str) -> str:
    """From the register's list to the enterprise's page; returns its name."""
    page.goto(f"enterprises/?q={credit_code}")
    link = page.locator("main tbody a").first
    name = link.inner_text()
    link.click()
    page.wait_for_url(re.compile(r"/enterprises/\d+/$"))
    expect(page.locator("main")).to_contain_text(credit_code)
    return name


def fetch_bundle(page: Page) -> tuple[str, zipfile.ZipFile]:
    """Choose the year, watch it being made, take the file; returns its name and what it is."""
    page.locator("#bundles [name=year]").select_option(YEAR)
    page.get_by_role("button", name="生成台账").click()
    expect(page.locator("#bundles progress")).to_be_visible()
    link = page.locator("#bundles").get_by_role("link", name=re.compile("下载台账"))
    expect(link).to_be_visible()
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.suggested_filename, zipfile.ZipFile(waiting.value.path())


def in_pdf(archive: zipfile.ZipFile) -> str:
    pages = PdfReader(io.BytesIO(archive.read("台账目录.pdf"))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def in_workbook(archive: zipfile.ZipFile, sheet: str) -> list[dict]:
    """The rows of a sheet by their headings."""
    book = load_workbook(io.BytesIO(archive.read("台账目录.xlsx")), read_only=True)
    heads, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_an_inspector_takes_an_enterprises_year_along(stage, api, accounts, lecture, shots):
    code = accounts["clerk3"].place
    page = stage.page("auditor1")
    name = open_enterprise(page, code)
    filename, archive = fetch_bundle(page)
    page.screenshot(path=shots / "bundle.png", full_page=True)
    assert filename.endswith(".zip") and name in filename and YEAR in filename
    assert archive.testzip() is None

    records = in_workbook(archive, "活动记录")
    expected = listed(api("auditor1"), code)
    assert lecture.reference in expected
    assert {record["记录编号"] for record in records} == expected
    assert len(records) == len(expected)

    files = [row for row in in_workbook(archive, "佐证材料") if row["记录编号"] == lecture.reference]
    assert [(row["文件名"], row["情况"]) for row in files] == [(PHOTO, "已收入")]
    assert hashlib.sha256(archive.read(files[0]["压缩包内位置"])).hexdigest() == files[0]["校验值（SHA-256）"]

    text = in_pdf(archive)
    evidence = files[0]["佐证编号"] + PHOTO
    for words in (name, code, f"{YEAR}年度产改工作台账", f"记录{len(expected)}条", *lecture, evidence):
        assert "".join(words.split()) in text, words
