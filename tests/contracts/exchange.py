"""What the access table needs of imports and exports, made without a line in the audit log."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from enterprises.exchange.templates import template_for as register_template
from foundation.crud.exporting import EXPORT
from foundation.exchange.models import Import, ImportState, StagedRow
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from records.core.kinds import kind_by_slug
from records.exchange.templates import template_for
from records.models import Record
from tests.contracts.world import LECTURE, World


def workbook(world: World) -> SimpleUploadedFile:
    """A real template, as a person would upload it."""
    return SimpleUploadedFile("职工大讲堂.xlsx", template_for(kind_by_slug(LECTURE), world.cast.clerk))


def checked_import(world: World) -> list:
    """An import of the clerk's that waits for its confirmation, with a row that fits and one that does not."""
    error = {"name": "happened_on", "column": "活动日期", "reason": "请填写日期。", "cure": "例如 2026-09-30。"}
    batch = _import(world, counts={"new": 1, "invalid": 1}, columns=[{"name": "title", "heading": "标题"}])
    StagedRow.objects.create(
        batch=batch, number=4, outcome="invalid", content={"cells": {"title": "一课"}, "problems": [error]}
    )
    return [batch.pk]


def _import(world: World, **values: Any) -> Import:
    values = {"state": ImportState.CHECKED, "options": {"kind": LECTURE, "after": "submit"}, **values}
    return Import.objects.create(
        resource="records.records", filename="职工大讲堂.xlsx", created_by=world.cast.clerk, **values
    )


def _waits_for_choice(world: World, state: str) -> list:
    match = [0, "标题", "title", "exact"], [1, "活动日期", "happened_on", "exact"], [2, "主讲", "speaker", "like"]
    sheet = {"name": "台账", "is_hidden": False, "head": 1, "matches": match, "rows": 2}
    layout = {
        "unchecked": "",
        "sheets": [{**sheet, "hidden_rows": 1, "merged": 0, "formulas": 0, "hidden_columns": []}],
    }
    return [_import(world, state=state, layout=layout, preview={"台账": [["一课", "2026-09-01", "王"]]}).pk]


def import_with_sheets(world: World) -> list:
    """An import that waits for somebody to say which sheet is meant."""
    return _waits_for_choice(world, ImportState.SHEETS)


def import_with_columns(world: World) -> list:
    """An import that waits for somebody to look at what its headings are taken for."""
    return _waits_for_choice(world, ImportState.COLUMNS)


def done_import(world: World) -> list:
    """An import that wrote a row and may be undone."""
    batch = _import(world, state=ImportState.DONE, counts={"new": 1}, written={"rows": 1, "new": 1})
    StagedRow.objects.create(
        batch=batch, number=2, outcome="new", state="written", target="1", content={"before": {"version": 1}}
    )
    return [batch.pk]


def register_book(world: World) -> SimpleUploadedFile:
    """The template of the register, as an office would upload it."""
    return SimpleUploadedFile("企业名录.xlsx", register_template(world.cast.county))


def checked_register(world: World) -> list:
    """An import of the register by the county that waits for its confirmation."""
    error = {"name": "name", "column": "企业名称", "reason": "没有填。", "cure": "请填全称。"}
    batch = Import.objects.create(
        resource="enterprises.register",
        filename="企业名录.xlsx",
        state=ImportState.CHECKED,
        created_by=world.cast.county,
        counts={"new": 1, "invalid": 1},
        columns=[{"name": "name", "heading": "企业名称"}],
    )
    StagedRow.objects.create(
        batch=batch, number=4, outcome="invalid", content={"cells": {"name": ""}, "problems": [error]}
    )
    return [batch.pk]


def checked_people(world: World, who: str = "county") -> list:
    """A list of people that waits for its confirmation, with nobody in it who could be made."""
    error = {"name": "role", "column": "角色", "reason": "没有这个角色。", "cure": "请改角色。"}
    batch = Import.objects.create(
        resource="backoffice.accounts",
        filename="人员.xlsx",
        state=ImportState.CHECKED,
        created_by=world.people[who],
        counts={"invalid": 1},
        columns=[{"name": "full_name", "heading": "姓名"}],
    )
    StagedRow.objects.create(
        batch=batch, number=2, outcome="invalid", sealed={"cells": {"full_name": "某人"}, "problems": [error]}
    )
    return [batch.pk]


def imported(world: World) -> list:
    """An import whose one record waits for the county."""
    batch = _import(world, state=ImportState.DONE, counts={"new": 1})
    Record.objects.filter(pk=world.submitted.pk).update(import_batch=batch)
    return [batch.pk]


def export_job(world: World) -> list:
    """A long list the clerk had written."""
    name = default_storage.save("exports/sample", ContentFile(b"PK"))
    job = Job.objects.create(
        kind=EXPORT,
        title="导出",
        owner=world.cast.clerk,
        unique_key="export",
        status=JobStatus.DONE,
        file=name,
        file_name="工作簿.xlsx",
    )
    return [job.pk]
