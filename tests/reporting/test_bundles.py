"""The ledger of an enterprise and year: asked for on its page, made by a job, fetched by whoever asked, gone in a week."""

import io
import re
import sys
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from backoffice.tasks import keep_calendar
from foundation.access.models import Grant
from foundation.access.rules import AccessDenied
from foundation.access.scope import forget_scope
from foundation.audit.models import Entry
from foundation.jobs import running
from foundation.jobs.actions import cancel
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from foundation.stored_files.actions import store_file
from records.core.actions import act
from records.models import Attachment, Record
from reporting.bundles import actions, contents, index
from reporting.bundles.models import Bundle
from reporting.bundles.naming import Names, safe_name
from tests.contracts.world import PARTY, filed, picture

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def with_evidence(by, enterprise, *moves, files, **changes) -> Record:
    """A record with files, then taken through its moves."""
    record = filed(by, enterprise, **changes)
    for name, color in files:
        store_file(Attachment, acting_user=by, owner=record, upload=SimpleUploadedFile(name, picture(color)))
    for who, action in moves:
        record = act(acting_user=who, record_id=record.pk, action=action, version=record.version, reason="核对无误。")
    return record


@pytest.fixture
def filled(cast):
    """An approved lecture with two pictures of one name, one that waits, one that is still a draft; a return."""
    clerk, county = cast.clerk, cast.county
    with_evidence(
        clerk,
        cast.enterprise,
        (clerk, "submit"),
        (county, "approve"),
        title="数控加工入门",
        speaker="李一",
        happened_on=TODAY,
        files=[("现场照片.png", "navy"), ("现场照片.png", "red")],
    )
    with_evidence(
        clerk,
        cast.enterprise,
        (clerk, "submit"),
        title="安全生产大家谈",
        speaker="钱二",
        happened_on=TODAY,
        files=[("签到表.png", "green")],
    )
    with_evidence(clerk, cast.enterprise, title="还没写完", speaker="郑三", files=[("草稿.png", "black")])
    filed(clerk, cast.enterprise, (clerk, "submit"), slug=PARTY)
    return cast


def year_of(cast) -> int:
    return contents.years_of(cast.clerk, cast.enterprise)[0]


def asked(cast, who="clerk") -> Bundle:
    return actions.request_bundle(acting_user=cast.people[who], enterprise=cast.enterprise, year=year_of(cast))


def made(bundle: Bundle) -> Bundle:
    running.run(bundle.job_id)
    bundle = Bundle.objects.select_related("job", "enterprise").get(pk=bundle.pk)
    assert bundle.job.status == JobStatus.DONE, bundle.job.error
    return bundle


def unpacked(bundle: Bundle) -> zipfile.ZipFile:
    with bundle.file.open("rb") as handle:
        return zipfile.ZipFile(io.BytesIO(handle.read()))


def text_of(archive: zipfile.ZipFile) -> str:
    pages = PdfReader(io.BytesIO(archive.read("台账目录.pdf"))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_story_of_a_clerk_and_of_an_inspector(filled, sign_in):
    """Chosen on the enterprise's page, watched there, fetched there; each export stands in the audit log."""
    for who in ("clerk", "auditor"):
        browser = sign_in(filled.people[who])
        page = reverse("enterprises:detail", args=[filled.enterprise.pk])
        assert "生成台账" in browser.get(page).content.decode()
        year = year_of(filled)
        answer = browser.post(reverse("reporting:bundle_create", args=[filled.enterprise.pk]), {"year": year})
        assert answer.url == f"{page}#bundles"
        bundle = Bundle.objects.get(created_by=filled.people[who])
        progress = reverse("jobs:progress", args=[bundle.job_id])
        assert progress in browser.get(page).content.decode()
        assert browser.get(bundle.get_absolute_url()).status_code == 404, "not made yet"

        made(bundle)
        assert bundle.get_absolute_url() in browser.get(progress).content.decode()
        shown = browser.get(page).content.decode()
        assert bundle.get_absolute_url() in shown
        assert "3 条记录，3 个文件" in shown
        answer = browser.get(bundle.get_absolute_url())
        assert answer["Content-Disposition"].startswith("attachment")
        archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        assert archive.testzip() is None
        events = Entry.objects.filter(actor=filled.people[who], target_id=str(bundle.pk), event__contains="bundle")
        assert [entry.event for entry in events.order_by("pk")] == [
            "reporting.bundle_requested",
            "reporting.bundle_built",
            "reporting.bundle_fetched",
        ]
        last = events.order_by("pk").last()
        assert last.label.startswith("江宁示例机械有限公司") and "3 个文件" in last.note


def test_what_is_in_it(filled):
    archive = unpacked(made(asked(filled)))
    names = archive.namelist()
    lecture = Record.objects.get(title="数控加工入门")
    folder = next(name for name in names if name.endswith("/现场照片.png")).rsplit("/", 1)[0]
    assert folder.startswith("01_职工大讲堂/") and folder.endswith(lecture.reference)
    assert f"{folder}/现场照片 (2).png" in names
    assert any(name.endswith("/签到表.png") for name in names)
    assert not any("草稿" in name for name in names), "what was never handed in stays with the enterprise"
    assert len(names) == 3 + 2
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert not any(name.startswith("/") or ".." in name or "\\" in name for name in names)
    kept = lecture.attachments.first()
    with kept.file.open("rb") as handle:
        assert archive.read(f"{folder}/现场照片.png") == handle.read()


def test_the_printed_index_names_everything(filled):
    archive = unpacked(made(asked(filled)))
    text = text_of(archive)
    lecture = Record.objects.get(title="数控加工入门")
    for words in (
        f"{year_of(filled)}年度产改工作台账",
        "江宁示例机械有限公司",
        filled.enterprise.credit_code,
        "南京市江宁区",
        lecture.reference,
        "数控加工入门",
        "已通过",
        "待审核",
        "1-1现场照片.png",
        "1-2现场照片.png",
        "2-1签到表.png",
        "（二）发展党员情况",
        "记录3条（已通过1条、待审核2条），佐证材料3个。",
    ):
        assert words in text, words
    assert "还没写完" not in text
    assert re.search(r"—1—", text), "pages are numbered"


def test_the_workbook_has_every_row(filled):
    book = load_workbook(io.BytesIO(unpacked(made(asked(filled))).read("台账目录.xlsx")))
    records = list(book["活动记录"].values)
    assert [row[5] for row in records[1:3]] == ["数控加工入门", "安全生产大家谈"]
    assert [row[8] for row in records[1:]] == ["已通过", "待审核", "待审核"]
    files = list(book["佐证材料"].values)
    assert [(row[0], row[3], row[6]) for row in files[1:]] == [
        ("1-1", "现场照片.png", "已收入"),
        ("1-2", "现场照片.png", "已收入"),
        ("2-1", "签到表.png", "已收入"),
    ]


def test_a_file_that_is_gone_is_named_and_the_rest_is_made(filled):
    gone = Record.objects.get(title="安全生产大家谈").attachments.get()
    default_storage.delete(gone.file.name)
    bundle = made(asked(filled))
    assert (bundle.files, bundle.missing) == (2, 1)
    assert "缺失 1 个" in bundle.job.result["label"]
    archive = unpacked(bundle)
    assert not any("签到表" in name for name in archive.namelist())
    assert "2-1签到表.png（缺失）" in text_of(archive)
    assert list(load_workbook(io.BytesIO(archive.read("台账目录.xlsx")))["佐证材料"].values)[3][6] == "缺失"


def test_asking_twice_gives_one_and_a_later_one_takes_its_place(filled):
    first = asked(filled)
    assert asked(filled) == first
    assert asked(filled, who="lead") != first, "another person's is another bundle"
    made(first)
    name = Bundle.objects.get(pk=first.pk).file.name
    running.run(first.job_id)
    assert Bundle.objects.get(pk=first.pk).file.name == name, "run twice, made once"
    second = made(asked(filled))
    assert list(Bundle.objects.filter(created_by=filled.clerk)) == [second]
    assert "代替" in Job.objects.get(pk=first.job_id).result["label"]


def test_a_week_later_it_is_gone(filled, django_capture_on_commit_callbacks, sign_in):
    bundle = made(asked(filled))
    Bundle.objects.filter(pk=bundle.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert sign_in(filled.clerk).get(bundle.get_absolute_url()).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        keep_calendar()
    assert not Bundle.objects.exists()
    assert not default_storage.exists(bundle.file.name)
    assert "已过期" in Job.objects.get(pk=bundle.job_id).result["label"]


def test_only_whoever_asked_and_only_while_in_scope(filled, sign_in):
    bundle = made(asked(filled, who="county"))
    for who in ("clerk", "lead", "county_colleague", "city", "neighbour", "neighbour_county", "auditor", "admin"):
        assert sign_in(filled.people[who]).get(bundle.get_absolute_url()).status_code == 404, who
    answer = sign_in(filled.county).get(bundle.get_absolute_url())
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")
    Grant.objects.filter(user=filled.county).update(valid_until=TODAY - timedelta(days=1))
    forget_scope(filled.county)
    assert sign_in(filled.county).get(bundle.get_absolute_url()).status_code == 404


def test_who_may_ask(filled, sign_in):
    address = reverse("reporting:bundle_create", args=[filled.enterprise.pk])
    for who in ("neighbour", "second_clerk", "other_county", "neighbour_city"):
        assert sign_in(filled.people[who]).post(address, {"year": year_of(filled)}).status_code == 404, who
        with pytest.raises(AccessDenied):
            asked(filled, who=who)
    assert not Bundle.objects.exists()
    with pytest.raises(ValidationError, match="没有已提交或已通过的记录"):
        actions.request_bundle(acting_user=filled.clerk, enterprise=filled.enterprise, year=1999)
    answer = sign_in(filled.clerk).post(address, {"year": "1999"}, follow=True)
    assert "请从列表中选择年度" in answer.content.decode()


def test_a_person_who_lost_the_right_meanwhile_gets_nothing(filled):
    bundle = asked(filled, who="county")
    Grant.objects.filter(user=filled.county).delete()
    running.run(bundle.job_id)
    bundle = Bundle.objects.select_related("job").get(pk=bundle.pk)
    assert (bundle.status, bundle.job.status) == ("failed", JobStatus.FAILED)
    assert not bundle.file


def test_a_cancelled_one_leaves_no_file_and_can_be_asked_for_again(filled):
    bundle = asked(filled)
    cancel(bundle.job, acting_user=filled.clerk)
    running.run(bundle.job_id)
    assert not Bundle.objects.get(pk=bundle.pk).file
    again = made(asked(filled))
    assert again.pk != bundle.pk


def test_an_enterprise_without_records_is_told_so(cast, sign_in):
    page = sign_in(cast.lead).get(reverse("enterprises:detail", args=[cast.enterprise.pk])).content.decode()
    assert "还没有已提交的记录" in page
    assert reverse("reporting:bundle_create", args=[cast.enterprise.pk]) not in page


def test_more_than_fits_on_paper_says_so_and_is_whole_in_the_workbook(filled, monkeypatch):
    monkeypatch.setattr(index, "PRINTED_RECORDS", 2)
    archive = unpacked(made(asked(filled)))
    assert "本目录列出前2条（共3条）" in text_of(archive)
    assert len(list(load_workbook(io.BytesIO(archive.read("台账目录.xlsx")))["活动记录"].values)) == 1 + 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("现场照片.png", "现场照片.png"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\windows\\a.png", "C__windows_a.png"),
        ("签到\u202egnp.exe", "签到gnp.exe"),
        ("换\n行\x00.pdf", "换行.pdf"),
        ("nul.txt", "_nul.txt"),
        ("..", "未命名"),
        (" 末尾有点. ", "末尾有点"),
        ("𬭼溙.pdf", "𬭼溙.pdf"),
    ],
)
def test_names_are_harmless(given, kept):
    assert safe_name(given, fallback="未命名") == kept


def test_headings_count_in_chinese():
    given = [1, 9, 10, 11, 20, 35]
    assert [index.chinese_number(number) for number in given] == ["一", "九", "十", "十一", "二十", "三十五"]


def test_long_names_keep_their_ending_and_no_two_are_alike():
    long = safe_name("字" * 200 + ".jpeg", fallback="x")
    assert long.endswith(".jpeg") and len(long.encode()) <= 200
    names = Names()
    assert [names.path("a", name) for name in ("A.png", "a.PNG", "A.png")] == ["a/A.png", "a/a (2).PNG", "a/A (3).png"]


#: Stands in front of the installed package and fails exactly as it does when the library is not on the machine.
BROKEN = "raise OSError(\"cannot load library 'libpango-1.0-0': error 0x7e\")\n"


def test_without_pango_there_is_a_workbook_and_word_of_it(filled, tmp_path, monkeypatch, sign_in):
    (tmp_path / "weasyprint.py").write_text(BROKEN)
    monkeypatch.syspath_prepend(tmp_path)
    for module in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delitem(sys.modules, "reporting.rendering.pdf", raising=False)
    bundle = made(asked(filled))
    assert not bundle.has_pdf
    assert "台账目录.xlsx" in unpacked(bundle).namelist() and "台账目录.pdf" not in unpacked(bundle).namelist()
    assert "没有安装排版库 Pango" in bundle.job.result["label"]
    page = sign_in(filled.clerk).get(reverse("enterprises:detail", args=[filled.enterprise.pk])).content.decode()
    assert "只有 Excel 目录" in page
