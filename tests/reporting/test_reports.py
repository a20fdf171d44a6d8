"""The story of a report: requested, built by its job, worded, issued, verified; and who may do what."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.jobs import running
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from indicators.models import FillState
from records.models import ReportingQuarter
from reporting import actions
from reporting.canonical import canonical_bytes, snapshot_hash
from reporting.checklist import before_issuing
from reporting.models import Report, State, Status
from reporting.snapshot import build_snapshot

QUARTER = Quarter.current().previous()


def requested(cast, who="city", code="3201", quarter=QUARTER) -> Report:
    return actions.request_report(acting_user=cast.people[who], region=cast.places[code], quarter=quarter)


def built(report: Report) -> Report:
    running.run(report.job_id)
    report.refresh_from_db()
    assert report.is_ready, report.job.error
    return report


def issued(cast, report: Report, number: str = "宁产改办〔2026〕3号") -> Report:
    actions.issue_report(
        report,
        acting_user=cast.city,
        number=number,
        issued_on=timezone.localdate(),
        site_url="https://portal.example/",
        version=report.version,
        confirmed=[question.key for question in before_issuing(report)],
    )
    return built(report)


@pytest.fixture
def ready(cast) -> Report:
    return built(requested(cast))


def pdf_text(report: Report) -> str:
    with report.pdf.open("rb") as handle:
        return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(handle.read())).pages)


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


def test_asking_twice_gives_one_build_and_asking_later_a_new_draft(cast):
    first = requested(cast)
    assert requested(cast) == first
    assert requested(cast, who="province") == first
    built(first)
    second = requested(cast)
    assert (second.pk != first.pk, second.draft_number) == (True, 2)


def test_building_twice_changes_nothing(cast, ready):
    before = (ready.pdf.name, ready.pdf_hash, ready.built_at)
    actions.build_report(ready)
    ready.refresh_from_db()
    assert (ready.pdf.name, ready.pdf_hash, ready.built_at) == before


@pytest.mark.parametrize("code", ["32", "3201", "320115", "320571"])
def test_every_kind_of_region_has_a_report(cast, code):
    report = built(requested(cast, who="province", code=code))
    assert cast.places[code].full_name() in pdf_text(report)


def test_a_quarter_before_all_data_gives_a_proper_report(cast):
    snapshot = build_snapshot(cast.places["3201"], Quarter(2020, 1))
    assert snapshot["data_as_of"] is None
    assert "未收到填报数据" in str(snapshot["sections"])
    assert canonical_bytes(snapshot) == canonical_bytes(build_snapshot(cast.places["3201"], Quarter(2020, 1)))


def test_who_may_ask(cast):
    for who, code in (("county", "320115"), ("city", "320115"), ("city", "3201"), ("province", "32")):
        assert requested(cast, who=who, code=code)
    for who, code in (
        ("county", "3201"),
        ("city", "32"),
        ("city", "3205"),
        ("clerk", "320115"),
        ("auditor", "32"),
        ("admin", "32"),
    ):
        with pytest.raises(AccessDenied):
            requested(cast, who=who, code=code)


def test_a_quarter_not_yet_begun_is_refused(cast):
    with pytest.raises(ValidationError, match="还没有开始"):
        requested(cast, quarter=Quarter.current().next())


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


def test_issuing_is_asked_about_what_is_not_settled(cast, ready, sign_in):
    """An open quarter, what waits, and who has not reported: each has to be ticked, and the log keeps what it was."""
    counted = {"enterprises": 10, "reported": 4, "waiting": 7, "overdue_reviews": 2}
    snapshot = {**ready.snapshot, "coverage": {**ready.snapshot["coverage"], **counted}}
    Report.objects.filter(pk=ready.pk).update(snapshot=snapshot)
    ready.refresh_from_db()
    questions = {question.code: question for question in before_issuing(ready)}
    assert list(questions) == ["quarter_open", "waiting", "overdue", "coverage"]
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
    assert browser.post(url, {**given, "confirmed": [*some, questions["coverage"].key]}).status_code == 302
    ready.refresh_from_db()
    assert not ready.is_draft
    entry = Entry.objects.filter(event="reporting.issued").latest("pk")
    assert "7 条记录待审核" in entry.note


def test_what_is_settled_is_not_asked_about(cast, ready, settings):
    settings.REPORT_LEAST_COVERAGE = 0
    ReportingQuarter.objects.filter(code=QUARTER.code).update(is_open=False)
    snapshot = {**ready.snapshot, "coverage": {**ready.snapshot["coverage"], "enterprises": 10, "reported": 4}}
    Report.objects.filter(pk=ready.pk).update(snapshot=snapshot)
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


def test_no_report_of_a_quarter_before_the_first(cast, sign_in):
    """Everybody would stand in it as silent, who could not have reported."""
    before = QUARTER.previous()
    page = sign_in(cast.city).get(reverse("reporting:reports")).content.decode()
    assert f'value="{QUARTER.code}"' in page and f'value="{before.code}"' not in page
    with pytest.raises(ValidationError, match="在平台启用之前"):
        requested(cast, quarter=before)
    ReportingQuarter.objects.all().delete()
    with pytest.raises(ValidationError, match="还没有填报季度"):
        requested(cast)


def test_a_number_is_given_once(cast, ready):
    issued(cast, ready)
    second = built(requested(cast))
    with pytest.raises(ValidationError, match="已经用在另一份报告上"):
        issued(cast, second)


def test_a_lost_build_can_be_tried_again(cast):
    report = requested(cast)
    Job.objects.filter(pk=report.job_id).update(status=JobStatus.FAILED)
    report.refresh_from_db()
    assert (report.has_failed, report.is_building) == (True, False)
    actions.rebuild_report(report, acting_user=cast.city)
    built(report)
    with pytest.raises(AccessDenied, match="没有生成失败"):
        actions.rebuild_report(report, acting_user=cast.city)


# --- pages ------------------------------------------------------------------------------------------


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


def test_a_region_outside_is_refused_in_words(cast, sign_in):
    page = sign_in(cast.city).post(reverse("reporting:reports"), {"region": "3205", "quarter": QUARTER.code})
    assert "这个地区不在您的管辖范围内" in page.content.decode()
    assert not Report.objects.exists()


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
    assert "请填编号" in missing.content.decode()
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


def test_an_unknown_code_is_answered_clearly(client, db):
    page = client.get(reverse("reporting:verify", args=["ZZZZZZZZZZ"]))
    assert page.status_code == 404
    assert "没有查到这个查验码" in page.content.decode()
    assert client.get(reverse("reporting:verify_form"), {"code": "ab 12"})["Location"] == "/verify/ab%2012/"


def test_a_draft_cannot_be_verified(cast, client, ready):
    assert ready.verify_code is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(cast, sign_in, django_assert_max_num_queries, rows):
    for code in ("320115", "320106", "3201")[:rows]:
        requested(cast, code=code)
    browser = sign_in(cast.city)
    browser.get(reverse("reporting:reports"))
    with django_assert_max_num_queries(11):
        page = browser.get(reverse("reporting:reports"))
    assert len(page.context["table"].page.object_list) == rows
