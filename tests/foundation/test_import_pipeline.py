"""The import pipeline by itself: rows kept encrypted where a column is personal, swept when they are old, streamed."""

import datetime
import io
import json

import pytest
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from foundation.exchange import actions, checking
from foundation.exchange.columns import Column
from foundation.exchange.matching import How, match_headings
from foundation.exchange.models import Import, ImportState, Outcome, RowState, StagedRow
from foundation.exchange.resources import ImportResource, Written, all_resources, register_import, resource_class
from foundation.exchange.widgets import CellWidget, NumberWidget
from foundation.exchange.writing import left_rows
from foundation.files.keeping import StorageUnavailable
from foundation.jobs import running
from foundation.jobs.actions import retry
from foundation.jobs.models import Status

pytestmark = pytest.mark.django_db
HEADS = ["姓名", "证件号", "年龄"]


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


class _Checker:
    def check(self, rows) -> None:
        for row in rows:
            row.title = row.read.get("name", "")
            if row.read.get("age") == "":
                row.refuse(row_column(row, "age"), f"{row.title}没有填年龄。")
            row.values = dict(row.read)
            row.settle(Outcome.INVALID if row.problems else Outcome.NEW)


def row_column(row, name):
    return PeopleImport({}).by_name[name]


class PeopleImport(ImportResource):
    """People of nowhere: names and numbers are personal."""

    name, room, permission = "tests.people", "records", "records.create"
    title, slug, label = "导入人员", "tests.people", "人员"
    keys, heads = ("name",), ("name",)
    written: list[dict] = []

    def __init__(self, options) -> None:
        super().__init__(
            [
                Column("name", "姓名", "", True, CellWidget(), "name", is_personal=True),
                Column("number", "证件号", "", False, CellWidget(), "number", is_personal=True),
                Column("age", "年龄", "", False, NumberWidget(), "age"),
            ]
        )

    @classmethod
    def address(cls, step="", *args):
        return f"/nowhere/{step}"

    def checker(self, batch):
        return _Checker()

    def write(self, batch, rows, at):
        self.written.extend(row.values for row in rows)
        return [Written(str(row.number), {"name": row.values["name"]}) for row in rows]


@pytest.fixture
def people(monkeypatch):
    from foundation.exchange import resources

    monkeypatch.setattr(resources, "_resources", dict(resources._resources))
    PeopleImport.written = []
    return register_import(PeopleImport)


def uploaded(user, *rows, headings=HEADS) -> Import:
    return run(started(user, *rows, headings=headings))


def started(user, *rows, headings=HEADS) -> Import:
    workbook = Workbook()
    for row in (headings, *rows):
        workbook.active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    file = SimpleUploadedFile("名单.xlsx", out.getvalue())
    return actions.start_import(acting_user=user, resource="tests.people", upload=file)


def run(batch: Import) -> Import:
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def stored_text(batch: Import) -> str:
    """Everything the database holds of an import, as it stands there."""
    found = []
    with connection.cursor() as cursor:
        for table, column in (("exchange_import", "id"), ("exchange_stagedrow", "batch_id")):
            cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s", [batch.pk])  # noqa: S608
            found += cursor.fetchall()
    return json.dumps(found, default=str, ensure_ascii=False)


def test_personal_rows_are_encrypted_in_staging_problems_and_undo(cast, people) -> None:
    batch = uploaded(cast.clerk, ["王小明", "320102199001011234", 30], ["李小红", "320102199202024321", None])
    assert batch.state == ImportState.CHECKED and (batch.fit, batch.unfit) == (1, 1)
    [left] = left_rows(batch)
    assert left.said["problems"][0]["reason"] == "李小红没有填年龄。" and left.said["cells"]["number"].endswith("4321")
    secrets = ("王小明", "李小红", "320102199001011234", "320102199202024321")
    assert not any(secret in stored_text(batch) for secret in secrets)
    batch = run(actions.confirm_import(acting_user=cast.clerk, batch_id=batch.pk, all_or_none=False))
    assert batch.state == ImportState.DONE and PeopleImport.written[0]["name"] == "王小明"
    assert batch.rows.get(state=RowState.WRITTEN).said["before"] == {"name": "王小明"}
    assert not any(secret in stored_text(batch) for secret in secrets)


def test_the_first_rows_of_a_file_that_waits_are_encrypted(cast, people) -> None:
    batch = uploaded(cast.clerk, ["王小明", "320102199001011234", 30], headings=["姓名全称", "证件号", "年龄"])
    assert batch.state == ImportState.COLUMNS and batch.preview["Sheet"][0][0] == "王小明"
    assert "王小明" not in stored_text(batch) and "320102199001011234" not in stored_text(batch)


def test_a_personal_file_that_waits_is_encrypted(cast, people) -> None:
    text = "姓名全称,证件号,年龄\n王小明,320102199001011234,30\n"
    file = SimpleUploadedFile("名单.csv", text.encode())
    batch = actions.start_import(acting_user=cast.clerk, resource="tests.people", upload=file)
    with default_storage.open(batch.upload.name) as stored:
        lying = stored.read()
    assert "王小明".encode() not in lying and b"320102199001011234" not in lying
    batch = run(batch)
    assert batch.state == ImportState.COLUMNS and "王小明" in str(batch.preview)
    said = {"姓名全称": "name", "证件号": "number", "年龄": "age"}
    batch = run(actions.match_columns(acting_user=cast.clerk, batch_id=batch.pk, chosen=said))
    assert (batch.state, batch.counts["new"]) == (ImportState.CHECKED, 1)


def test_a_personal_file_that_lies_in_clear_is_not_read(cast, people) -> None:
    batch = started(cast.clerk, ["甲", "1", 1])
    with default_storage.open(batch.upload.name, "wb") as lying:
        lying.write("姓名,证件号,年龄\n甲,1,1".encode())
    assert run(batch).state == ImportState.FAILED and "解不开" in batch.job.error


def test_a_store_that_does_not_answer_costs_no_file(cast, people, monkeypatch) -> None:
    """It says to try again later: then there must be something left to try with."""
    batch = started(cast.clerk, ["甲", "1", 1])

    def silent(*args):
        raise StorageUnavailable("文件存储没有响应，请稍后再试。")

    with monkeypatch.context() as patched:
        patched.setattr(Storage, "open", silent)
        run(batch)
    assert (batch.state, batch.job.status) == (ImportState.CHECKING, Status.FAILED) and batch.upload
    again = retry(batch.job, acting_user=cast.clerk)
    assert running.run(again.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"]) == (ImportState.CHECKED, 1)


def test_rows_are_judged_and_written_in_parts_with_as_many_statements_a_part(cast, people, monkeypatch) -> None:
    monkeypatch.setattr(checking, "CHUNK", 10)
    costs = []
    for count in (20, 40):
        with CaptureQueriesContext(connection) as captured:
            batch = uploaded(cast.clerk, *([f"甲{n}", str(n), n] for n in range(count)))
        assert batch.counts["new"] == count
        costs.append(sum('INSERT INTO "exchange_stagedrow"' in query["sql"] for query in captured))
    assert costs == [2, 4]


def test_a_check_begun_again_starts_from_the_first_row(cast, people) -> None:
    batch = started(cast.clerk, ["甲", "1", 1], ["乙", "2", 2])
    StagedRow.objects.create(batch=batch, number=2, outcome="new", content={})  # of a worker that was killed
    assert run(batch).rows.count() == 2


def test_what_is_discarded_while_its_sheets_are_looked_at_stays_discarded(cast, people, monkeypatch) -> None:
    batch = started(cast.clerk, ["甲", "1", 1], headings=["姓名全称", "证件号", "年龄"])
    looked_at = checking.survey

    def survey(*args):
        found = looked_at(*args)
        actions.discard_import(acting_user=cast.clerk, batch_id=batch.pk)
        return found

    monkeypatch.setattr(checking, "survey", survey)
    run(batch)
    assert (batch.state, batch.preview, batch.layout) == (ImportState.DISCARDED, None, {})


@pytest.mark.parametrize("step", ["_staged", "_keep_outcome"])
def test_what_is_discarded_while_its_rows_are_judged_keeps_none(cast, people, monkeypatch, step) -> None:
    batch = started(cast.clerk, ["甲", "1", 1], ["乙", "2", 2])
    done = getattr(checking, step)

    def discarded_before(*args, **options):
        actions.discard_import(acting_user=cast.clerk, batch_id=batch.pk)
        return done(*args, **options)

    monkeypatch.setattr(checking, step, discarded_before)
    run(batch)
    assert (batch.state, batch.rows.count(), batch.counts) == (ImportState.DISCARDED, 0, {})


def test_old_imports_and_rows_are_forgotten(cast, people) -> None:
    waiting, done, fresh = (uploaded(cast.clerk, ["甲", "1", 1]) for _ in range(3))
    done = run(actions.confirm_import(acting_user=cast.clerk, batch_id=done.pk, all_or_none=True))
    long_ago = timezone.now() - datetime.timedelta(days=60)
    Import.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    Import.objects.filter(pk=done.pk).update(finished_at=long_ago)
    assert actions.forget_imports() == 1
    waiting.refresh_from_db()
    assert waiting.state == ImportState.DISCARDED
    assert set(StagedRow.objects.values_list("batch", flat=True)) == {fresh.pk}
    assert Import.objects.get(pk=done.pk).state == ImportState.DONE, "the row of the import itself stays"


def test_headings_by_their_words_by_likeness_and_by_hand(people) -> None:
    resource = PeopleImport({})
    found = match_headings([(0, "姓名*"), (1, "身份证件号"), (2, "备注"), (3, "原因")], resource)
    assert [(match.column, match.how) for match in found] == [
        ("name", How.EXACT),
        ("number", How.LIKE),
        ("", How.NONE),
        ("", How.NONE),
    ]
    by_hand = match_headings([(0, "备注"), (1, "姓名")], resource, {"备注": "age", "姓名": ""})
    assert [(match.column, match.how) for match in by_hand] == [("age", How.HAND), ("", How.NONE)]


def test_headings_that_differ_in_brackets_are_chosen_apart(cast, people) -> None:
    headings = ["姓名全称", "证件号", "年龄岁（男）", "年龄岁（女）"]
    batch = uploaded(cast.clerk, ["甲", "1", 3, 4], headings=headings)
    assert batch.state == ImportState.COLUMNS
    said = dict(zip(headings, ["name", "number", "", "age"], strict=True))
    batch = run(actions.match_columns(acting_user=cast.clerk, batch_id=batch.pk, chosen=said))
    assert batch.state == ImportState.CHECKED and batch.rows.get().values["age"] == "4"


def test_a_worker_that_has_no_page_loaded_finds_the_resources(monkeypatch) -> None:
    from foundation.exchange import resources

    known = dict(resources._resources)
    monkeypatch.setattr(resources, "_resources", {})
    monkeypatch.setattr(resources, "import_module", lambda name: resources._resources.update(known))
    assert resource_class("records.records") is known["records.records"]


def test_resources_are_known_by_name_once(people) -> None:
    assert resource_class("tests.people") is PeopleImport and "records.records" in all_resources()
    with pytest.raises(LookupError):
        resource_class("nobody")
    with pytest.raises(ValueError, match="twice"):
        register_import(type("Other", (PeopleImport,), {"__module__": "elsewhere"}))
