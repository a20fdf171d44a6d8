"""Workbooks as people make them, and the way of one through the portal."""

import datetime
import io
import re
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from foundation.exchange.models import Import
from foundation.exchange.writing import left_rows
from foundation.jobs import running
from records.core.kinds import kind_by_slug

LECTURE, PARTY = kind_by_slug("ideology.lecture"), kind_by_slug("ideology.partydevelopment")
HEADINGS = ["标题", "活动日期", "举办形式", "主讲人", "参加人数（人）", "参加人次（人次）"]


def day(ago: int = 3) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=ago)


def lecture(number: int = 1, **changes: Any) -> list[Any]:
    """A row that fits."""
    values = dict(zip(HEADINGS, [f"第{number}课", day(), "现场讲授", "王劳模", 20, 22], strict=True)) | changes
    return list(values.values())


def book(
    rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS, above: Sequence[Sequence[Any]] = ()
) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    for row in (*above, headings, *rows):
        sheet.append(list(row))
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def upload(browser: Client, content: bytes, *, kind: str = LECTURE.slug, name: str = "台账.xlsx", **more: Any) -> Any:
    data = {"kind": kind, "after": "submit", "file": SimpleUploadedFile(name, content), **more}
    return browser.post(reverse("records:imports"), data)


def checked(browser: Client, content: bytes, **more: Any) -> Import:
    """Uploaded and checked, as the worker does it."""
    response = upload(browser, content, **more)
    assert response.status_code == 302, response.context["form"].errors
    batch = Import.objects.latest("pk")
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def confirmed(browser: Client, batch: Import, rows: str = "good", **more: str) -> Import:
    """Confirmed and written; what looks unusual with a word of reason, unless said otherwise."""
    said = {"rows": rows, "unusual": "submit", "reason": "各是一场，已核对。", **more}
    browser.post(reverse("records:import_confirm", args=[batch.pk]), said)
    batch.refresh_from_db()
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def as_shown(page: str) -> dict[str, list[str]]:
    """What the form of columns sends when nothing is changed in it."""
    said: dict[str, list[str]] = {"heading": [], "column": []}
    for line in page.split("<tr>"):
        said["heading"] += re.findall(r'name="heading" value="([^"]*)"', line)
        if "<select" in line:
            said["column"] += re.findall(r'value="([^"]*)" selected', line) or [""]
    return said


def reasons(batch: Import) -> list[tuple[int, str, str]]:
    """(row, column, reason) of everything that does not fit."""
    return [(row.number, said["column"], said["reason"]) for row in left_rows(batch) for said in row.said["problems"]]


def questions(batch: Import) -> dict[int, list[str]]:
    """What is asked, by row."""
    return {
        row.number: [asked["message"] for asked in row.said["questions"]]
        for row in batch.rows.filter(is_unusual=True).order_by("pk")
    }


def changes(batch: Import) -> list[list[dict[str, str]]]:
    """What rows would change, or have changed, in words."""
    return [row.said["changes"] for row in batch.rows.filter(outcome="changed").order_by("pk")]
