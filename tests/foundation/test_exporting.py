"""Lists as workbooks: short ones at once, long ones by a job that reads in parts and whose file is its owner's for a day."""

import datetime
import io

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from enterprises.models import Enterprise
from foundation.audit.models import Entry
from foundation.crud import exporting
from foundation.crud.exporting import Found
from foundation.jobs import actions, results, running
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job, Status
from foundation.jobs.tasks import forget_files
from foundation.stored_files.sweeping import files_under

pytestmark = pytest.mark.django_db
REGISTER = "/enterprises/export/"


def rows_of(response) -> list[tuple]:
    content = b"".join(response) if response.streaming else response.content
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def waiting(cast, sign_in, settings):
    """The county asked for its register, and two rows are too many to be written at once."""
    settings.EXPORT_AT_ONCE = 1
    client = sign_in(cast.county)
    response = client.get(reverse("enterprises:export"), {"q": "示例"})
    job = Job.objects.get()
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])
    return client, job


def stored() -> list[str]:
    return [name for _folder, names in files_under(default_storage, "exports") for name in names]


def test_a_short_list_is_the_answer_and_a_long_one_a_job_with_the_same_rows(cast, sign_in, settings) -> None:
    county = sign_in(cast.county)
    at_once = rows_of(county.get(reverse("enterprises:export")))
    assert not Job.objects.exists() and len(at_once) == 3
    settings.EXPORT_AT_ONCE = 1
    county.get(reverse("enterprises:export"))
    job = Job.objects.get()
    assert job.title == "导出企业名录"
    assert running.run(job.pk)
    job.refresh_from_db()
    assert job.result["label"] == "下载工作簿（2 行）"
    assert "下载工作簿（2 行）" in county.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    answer = county.get(job.result["url"])
    assert rows_of(answer) == at_once
    assert "%E4%BC%81%E4%B8%9A%E5%90%8D%E5%BD%95" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert list(Entry.objects.filter(event="enterprises.exported").values_list("note", flat=True)) == ["2 家企业"] * 2


def test_every_list_may_be_written_by_a_job(cast, sign_in, settings) -> None:
    """A worker knows each list by its name, and gets the same rows as the page."""
    settings.EXPORT_AT_ONCE = 0
    client = sign_in(cast.county)
    for address in (
        "/records/export/",
        "/records/progress/?_export=xlsx",
        "/accounts-admin/?_export=xlsx",
        "/audit/?_export=xlsx",
    ):
        asked = client.get(address)
        if asked.status_code != 302:
            continue
        job = Job.objects.latest("pk")
        running.run(job.pk)
        job.refresh_from_db()
        assert job.status == Status.DONE, (address, job.error)
        assert len(rows_of(client.get(job.result["url"]))) > 1
    assert Job.objects.count() == 3, "no records yet; three other lists have rows"


def test_asking_twice_gives_one_job(cast, sign_in, waiting) -> None:
    client, job = waiting
    client.get(reverse("enterprises:export"), {"q": "示例"})
    assert list(Job.objects.all()) == [job]
    client.get(reverse("enterprises:export"))
    assert Job.objects.count() == 2


def test_the_row_of_a_job_does_not_say_what_was_searched_for(waiting) -> None:
    _client, job = waiting
    assert "示例" not in str(job.parameters) and "%E7%A4%BA" not in str(job.parameters) + job.unique_key


def test_only_its_owner_fetches_it_and_only_for_a_day(
    cast, sign_in, waiting, django_capture_on_commit_callbacks
) -> None:
    client, job = waiting
    running.run(job.pk)
    job.refresh_from_db()
    address = job.result["url"]
    for person in (cast.clerk, cast.city, cast.admin):
        assert sign_in(person).get(address).status_code == 404
    [name] = stored()
    Job.objects.update(finished_at=timezone.now() - results.KEEP - datetime.timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        forget_files()
    gone = client.get(address)
    assert gone.status_code == 404 and not default_storage.exists(name)
    assert "已过期删除" in client.get(reverse("jobs:detail", args=[job.pk])).content.decode()


def test_too_much_at_once_says_what_to_do(settings, waiting) -> None:
    settings.EXPORT_MOST = 1
    _client, job = waiting
    running.run(job.pk)
    job.refresh_from_db()
    assert job.status == Status.FAILED and "分几次导出" in job.error and not stored()


def test_cancelled_while_it_is_written_nothing_is_kept(cast, waiting, monkeypatch) -> None:
    _client, job = waiting
    rows = Found.rows

    def cancel_half_way(self, queryset=None):
        for row in rows(self, queryset):
            yield row
            actions.cancel(Job.objects.get(pk=job.pk), acting_user=cast.county)
            raise Cancelled

    monkeypatch.setattr(Found, "rows", cancel_half_way)
    left = list(ALL_TEMP_FILES)
    running.run(job.pk)
    assert left == ALL_TEMP_FILES, "what was written so far does not stay in the folder for temporary files"
    job.refresh_from_db()
    assert job.status == Status.CANCELLED and not job.file and not stored()


def test_a_job_done_again_after_its_worker_died_leaves_one_file(waiting) -> None:
    _client, job = waiting
    running.run(job.pk)
    # The worker was killed after the file was stored and before the outcome was written.
    Job.objects.update(status=Status.RUNNING, lease_until=timezone.now() - datetime.timedelta(minutes=1), attempts=1)
    assert running.run(job.pk)
    job.refresh_from_db()
    assert job.status == Status.DONE and stored() == [job.file.name]


def test_rows_are_read_part_by_part_in_their_order(cast, monkeypatch) -> None:
    monkeypatch.setattr(exporting, "PART", 1)
    register = Enterprise.objects.order_by("-name", "pk")
    names = list(register.values_list("name", flat=True))
    heard: list[int] = []
    found = Found(register, cast.province, QueryDict(), heard.append)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = found.rows()
        first = next(rows)
        Enterprise.objects.filter(name=names[1]).update(is_active=False)
        rest = [row.name for row in rows]
    assert [first.name, *rest] == names
    assert heard == list(range(1, len(names) + 1)) and found.written == len(names)
    assert len(queries) == len(names) + 2


def test_what_a_person_may_not_see_is_not_written(cast, sign_in, settings) -> None:
    settings.EXPORT_AT_ONCE = 1
    county = sign_in(cast.county)
    county.get(reverse("enterprises:export"))
    job = Job.objects.get()
    cast.county.grants.update(valid_until=timezone.localdate() - datetime.timedelta(days=1))
    running.run(job.pk)
    job.refresh_from_db()
    assert job.status == Status.FAILED and not stored()
