"""Several files at once, dropped onto the form: each with its progress, one refused in words, the others kept."""

import base64
import io
import re
import uuid

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import today

LECTURE = "records/new/ideology.lecture/"
_DROP = """([zone, files]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  for (const event of ['dragenter', 'dragover', 'drop']) {
    zone.dispatchEvent(new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""


def photo(color: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(out, "JPEG")
    return out.getvalue()


def drop(page: Page, *files: tuple[str, str, bytes]) -> None:
    listed = [[name, kind, base64.b64encode(content).decode()] for name, kind, content in files]
    zone = page.locator("[data-upload-zone]").element_handle()
    page.evaluate(_DROP, [zone, listed])


@pytest.fixture
def title() -> str:
    return f"拖放 {uuid.uuid4().hex[:8]}"


def test_dropped_files_go_up_together_with_progress(stage, title):
    page = stage.page("clerk1")
    held: list[Route] = []
    page.route(re.compile(r"/attachments/"), lambda route: held.append(route) if len(held) < 3 else route.continue_())
    page.goto(LECTURE)
    page.locator("[name=title]").fill(title)
    page.locator("[name=happened_on]").fill(today())
    drop(
        page,
        ("开场.jpg", "image/jpeg", photo("navy")),
        ("合影.jpg", "image/jpeg", photo("teal")),
        ("台账.exe", "application/octet-stream", b"MZ" + b"\0" * 400),
        ("签到表.jpg", "image/jpeg", photo("olive")),
    )
    items = page.locator(".upload-item")
    expect(items).to_have_count(4)
    expect(items.locator("progress")).to_have_count(3)
    page.wait_for_function("() => document.querySelectorAll('.upload-item progress').length === 3")
    for route in held:
        route.continue_()
    expect(page.locator(".upload-item a.upload-name")).to_have_count(3)
    expect(page.locator(".upload-item .upload-thumbnail")).to_have_count(3)
    expect(page.locator(".upload-error")).to_contain_text("台账.exe")
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url(re.compile(r"/records/\d+/(\?filed)?$"))
    for name in ("开场.jpg", "合影.jpg", "签到表.jpg"):
        expect(page.locator("main")).to_contain_text(name)
    expect(page.locator("main")).not_to_contain_text("台账.exe")
