"""Workbooks as people make them, and the way of one through the portal."""

import datetime
import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from foundation.jobs import running
from records.core.kinds import kind_by_slug
from records.models import ImportBatch

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


def checked(browser: Client, content: bytes, **more: Any) -> ImportBatch:
    """Uploaded and checked, as the worker does it."""
    response = upload(browser, content, **more)
    assert response.status_code == 302, response.context["form"].errors
    batch = ImportBatch.objects.latest("pk")
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def confirmed(browser: Client, batch: ImportBatch, rows: str = "good", **more: str) -> ImportBatch:
    """Confirmed and written; what looks unusual with a word of reason, unless said otherwise."""
    said = {"rows": rows, "unusual": "submit", "reason": "各是一场，已核对。", **more}
    browser.post(reverse("records:import_confirm", args=[batch.pk]), said)
    batch.refresh_from_db()
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def reasons(batch: ImportBatch) -> list[tuple[int, str, str]]:
    """(row, column, reason) of everything that does not fit."""
    return [(p["row"], e["column"], e["reason"]) for p in batch.problems for e in p["errors"]]
