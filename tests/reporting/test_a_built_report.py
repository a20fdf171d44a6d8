"""A report that is built: worded, issued, verified, fetched. It is built once for all of these."""

import contextlib
import copy
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from indicators.models import FillState
from records.models import ReportingQuarter
from reporting import actions
from reporting.canonical import canonical_bytes, snapshot_hash
from reporting.checklist import before_issuing
from reporting.models import Report, State, Status
from tests.cast import Cast, make_cast
from tests.reporting.made import QUARTER, built, issued, pdf_text, requested

#: In one worker: the report is built there and nowhere else.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("built-report")]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Cast, int]]:
    """The cast and their report. The tests' own transactions lie within this one, which is taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("foundation.jobs.running.Pulse", lambda job: contextlib.nullcontext())
        people = make_cast()
        yield people, built(requested(people)).pk
        transaction.set_rollback(True)


@pytest.fixture
def cast(world: tuple[Cast, int], db: None) -> Cast:
    """Fresh objects: what a test remembers on one is its own."""
    return copy.deepcopy(world[0])


@pytest.fixture
def ready(world: tuple[Cast, int], cast: Cast) -> Report:
    return Report.objects.get(pk=world[1])


def test_a_report_is_built_from_a_frozen_snapshot(cast, ready):
    assert ready.snapshot_hash == snapshot_hash(ready.snapshot)
    assert ready.snapshot["region"] == {"code": "3201", "name": "南京市", "level": "city"}
    assert [unit["code"] for unit in ready.snapshot["units"]] == ["320106", "320115"]
    assert "本季度未收到填报数据" in pdf_text(ready)
    with ready.pdf.open("rb") as handle:
        inside = PdfReader(io.BytesIO(handle.read())).attachments
    with ready.xlsx.open("rb") as handle:
        assert inside["report.xlsx"] == [handle.read()]
    assert inside["snapshot.json"] == [canonical_bytes(ready.snapshot)]
    assert Entry.objects.filter(event="reporting.requested", target_id=str(ready.pk)).exists()
    assert Entry.objects.filter(event="reporting.built", target_id=str(ready.pk)).exists()


def test_building_twice_changes_nothing(cast, ready):
    before = (ready.pdf.name, ready.pdf_hash, ready.built_at)
    actions.build_report(ready)
    ready.refresh_from_db()
    assert (ready.pdf.name, ready.pdf_hash, ready.built_at) == before


def test_the_office_s_words_are_printed(cast, ready):
    old = ready.pdf.name
    actions.edit_commentary(
        ready, acting_user=cast.city, version=ready.version, plans="一是扩大覆盖面。\n二是抓好培训。"
    )
    assert not ready.is_ready
    built(ready)
    assert "二是抓好培训。" in pdf_text(ready)
    assert "（由编制单位填写）" not in pdf_text(ready)
    assert ready.pdf.name != old
    with pytest.raises(ValidationError, match="刚刚被别人改过"):
        actions.edit_commentary(ready, acting_user=cast.city, version=1, plans="旧页面")


def test_only_its_own_office_words_and_issues(cast, ready):
    for who in ("province", "county", "auditor", "neighbour_city"):
        with pytest.raises(AccessDenied):
            actions.edit_commentary(ready, acting_user=cast.people[who], version=ready.version, plans="x")


def test_issuing_freezes_and_gives_number_date_and_code(cast, ready):
    frozen = ready.snapshot_hash
    issued(cast, ready)
    assert (ready.state, ready.status, ready.snapshot_hash) == (State.ISSUED, Status.READY, frozen)
    text = pdf_text(ready)
    assert "宁产改办〔2026〕3号" in text
    assert f"https://portal.example/verify/{ready.verify_code}/" in text
    assert "送审稿" not in text
    with pytest.raises(AccessDenied, match="已经签发"):
        actions.edit_commentary(ready, acting_user=cast.city, version=ready.version, plans="改")
    assert Entry.objects.filter(event="reporting.issued", target_id=str(ready.pk)).count() == 1


@pytest.mark.parametrize(
    ("number", "issued_on", "message"),
    [
        (" ", None, "请填编号"),
        ("A1", timezone.localdate() + timedelta(days=1), "还没有到"),
        ("A1", date(2020, 1, 1), "早于"),
    ],
)
def test_what_is_needed_to_issue(cast, ready, number, issued_on, message):
    with pytest.raises(ValidationError, match=message):
        actions.issue_report(
            ready,
            acting_user=cast.city,
            number=number,
            issued_on=issued_on or timezone.localdate(),
            site_url="https://portal.example/",
            version=ready.version,
        )


def test_a_report_is_not_of_a_day_before_its_figures(cast, ready):
    ready.data_as_of = timezone.now()
    with pytest.raises(ValidationError, match="早于数据截至"):
        actions.issue_report(
            ready,
            acting_user=cast.city,
            number="A1",
            issued_on=timezone.localdate() - timedelta(days=1),
            site_url="https://portal.example/",
            version=ready.version,
        )


def test_issuing_is_asked_about_what_is_not_settled(cast, ready, sign_in):
    """An open quarter, what waits, and who has not reported: each has to be ticked, and the log keeps what it was."""
    counted = {"enterprises": 10, "reported": 4, "waiting": 7, "overdue_reviews": 2}
    snapshot = {**ready.snapshot, "coverage": {**ready.snapshot["coverage"], **counted}}
    Report.objects.filter(pk=ready.pk).update(snapshot=snapshot)
    ready.refresh_from_db()
    questions = {question.code: question for question in before_issuing(ready)}
    assert list(questions) == ["quarter_open", "waiting", "overdue", "coverage", "plans"]
    assert "7 条记录待审核" in questions["waiting"].message
    browser, url = sign_in(cast.city), reverse("reporting:issue", args=[ready.pk])
    given = {
        "issue-version": ready.version,
        "issue-number": "宁产改办〔2026〕8号",
        "issue-issued_on": timezone.localdate().isoformat(),
    }
    some = [questions[code].key for code in ("quarter_open", "waiting", "overdue")]
    page = browser.post(url, {**given, "confirmed": some})
    shown = page.content.decode()
    assert page.status_code == 200 and "宁产改办〔2026〕8号" in shown and "逐项打勾" in shown
    assert shown.count("checked") == 3, "what was ticked stays ticked"
    assert (
        browser.post(
            url, {**given, "confirmed": [*some, *(questions[code].key for code in ("coverage", "plans"))]}
        ).status_code
        == 302
    )
    ready.refresh_from_db()
    assert not ready.is_draft
    entry = Entry.objects.filter(event="reporting.issued").latest("pk")
    assert "7 条记录待审核" in entry.note


def test_what_is_settled_is_not_asked_about(cast, ready, settings):
    settings.REPORT_LEAST_COVERAGE = 0
    ReportingQuarter.objects.filter(code=QUARTER.code).update(is_open=False)
    snapshot = {**ready.snapshot, "coverage": {**ready.snapshot["coverage"], "enterprises": 10, "reported": 4}}
    Report.objects.filter(pk=ready.pk).update(snapshot=snapshot, commentary={"plans": "下季度抓好试点。"})
    ready.refresh_from_db()
    assert list(before_issuing(ready)) == []
    FillState.objects.update_or_create(name=QUARTER.code, defaults={"done_at": timezone.now() + timedelta(hours=1)})
    Report.objects.filter(pk=ready.pk).update(data_as_of=timezone.now())
    ready.refresh_from_db()
    assert [question.code for question in before_issuing(ready)] == ["older"]


def test_a_report_about_nothing_is_asked_about(cast, ready, settings):
    """That nobody reported is asked about whatever share is enough; and a quarter the portal never had is not one that
    is still open."""
    settings.REPORT_LEAST_COVERAGE = 0
    assert {one.code: one.message for one in before_issuing(ready)}["coverage"].startswith("没有收到任何企业的填报")
    ReportingQuarter.objects.filter(code=QUARTER.code).delete()
    questions = {question.code: question.message for question in before_issuing(ready)}
    assert "quarter_open" not in questions and "没有开过" in questions["quarter_unknown"]
    assert "还能补报" not in "".join(questions.values())


def test_a_number_is_given_once(cast, ready):
    issued(cast, ready)
    second = built(requested(cast))
    with pytest.raises(ValidationError, match="已经用在另一份报告上"):
        issued(cast, second)


def test_request_and_read_through_the_pages(cast, sign_in, ready):
    browser = sign_in(cast.city)
    page = browser.get(reverse("reporting:reports"))
    assert ready.title in page.content.decode()
    answer = browser.post(reverse("reporting:reports"), {"region": "320115", "quarter": QUARTER.code})
    report = Report.objects.get(region__code="320115")
    assert answer["Location"] == reverse("reporting:report", args=[report.pk])
    page = browser.get(answer["Location"])
    assert reverse("reporting:progress", args=[report.pk]) in page.content.decode()
    assert (
        browser.get(reverse("reporting:progress", args=[report.pk]), headers={"HX-Request": "true"}).status_code == 200
    )
    built(report)
    over = browser.get(reverse("reporting:progress", args=[report.pk]), headers={"HX-Request": "true"})
    assert over["HX-Redirect"] == reverse("reporting:report", args=[report.pk])


@pytest.mark.parametrize(("face", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("docx", b"PK"), ("json", b"{")])
def test_files_have_names_people_can_read(cast, sign_in, ready, face, start):
    answer = sign_in(cast.city).get(reverse("reporting:download", args=[ready.pk, face]))
    assert b"".join(answer.streaming_content).startswith(start)
    assert ready.file_name(face) == f"{QUARTER.label}_南京市_产改季报.{face}"
    assert "filename*=utf-8''" in answer["Content-Disposition"]


def test_neighbours_find_nothing_and_clerks_are_refused(cast, sign_in, ready):
    addresses = [reverse("reporting:report", args=[ready.pk]), reverse("reporting:download", args=[ready.pk, "pdf"])]
    for who in ("neighbour_city", "county", "clerk", "admin"):
        for address in addresses:
            assert sign_in(cast.people[who]).get(address).status_code == 404, (who, address)
    for who in ("province", "auditor"):
        assert sign_in(cast.people[who]).get(addresses[0]).status_code == 200
    assert sign_in(cast.clerk).get(reverse("reporting:reports")).status_code == 403
    refused = sign_in(cast.auditor).post(reverse("reporting:reports"), {"region": "3201", "quarter": QUARTER.code})
    assert refused.status_code == 403


def test_words_and_issue_through_the_pages(cast, sign_in, ready):
    browser = sign_in(cast.city)
    page = browser.post(
        reverse("reporting:commentary", args=[ready.pk]), {"commentary-version": 1, "commentary-plans": "抓好落实。"}
    )
    assert page.status_code == 302
    stale = browser.post(
        reverse("reporting:commentary", args=[ready.pk]),
        {"commentary-version": 1, "commentary-plans": "旧页面上写的字"},
    )
    assert "刚刚被别人改过" in stale.content.decode()
    assert "旧页面上写的字" in stale.content.decode()
    ready.refresh_from_db()
    built(ready)
    missing = browser.post(
        reverse("reporting:issue", args=[ready.pk]), {"issue-version": ready.version, "issue-number": ""}
    )
    said = missing.content.decode()
    assert all(words in said for words in ("请填编号", "请填签发日期", "逐项打勾")), "all of it at once"
    done = browser.post(
        reverse("reporting:issue", args=[ready.pk]),
        {
            "issue-version": ready.version,
            "issue-number": "宁产改办〔2026〕4号",
            "issue-issued_on": timezone.localdate().isoformat(),
            "confirmed": [question.key for question in before_issuing(ready)],
        },
    )
    assert done.status_code == 302
    ready.refresh_from_db()
    assert ready.verify_url == f"http://testserver/verify/{ready.verify_code}/"


def test_anybody_can_verify_a_code(cast, client, ready):
    issued(cast, ready)
    page = client.get(reverse("reporting:verify", args=[ready.verify_code.lower()]))
    assert page.status_code == 200
    for words in (ready.title, "宁产改办〔2026〕3号", ready.snapshot_hash, ready.pdf_hash):
        assert words in page.content.decode()
    newer = issued(cast, built(requested(cast)), number="宁产改办〔2026〕9号")
    assert newer.number in client.get(reverse("reporting:verify", args=[ready.verify_code])).content.decode()


def test_a_draft_cannot_be_verified(cast, client, ready):
    assert ready.verify_code is None
