"""The story of a report: requested, built by its job; who may do what. What stands on one that is built:
``test_a_built_report.py``."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.access.rules import AccessDenied
from foundation.calendar.periods import Quarter
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from records.models import ReportingQuarter
from reporting import actions
from reporting.canonical import canonical_bytes
from reporting.models import Report
from reporting.snapshot import build_snapshot
from tests.reporting.made import QUARTER, built, pdf_text, requested


def test_asking_twice_gives_one_build_and_asking_later_a_new_draft(cast):
    first = requested(cast)
    assert requested(cast) == first
    assert requested(cast, who="province") == first
    built(first)
    second = requested(cast)
    assert (second.pk != first.pk, second.draft_number) == (True, 2)


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


def test_a_lost_build_can_be_tried_again(cast):
    report = requested(cast)
    Job.objects.filter(pk=report.job_id).update(status=JobStatus.FAILED)
    report.refresh_from_db()
    assert (report.has_failed, report.is_building) == (True, False)
    actions.rebuild_report(report, acting_user=cast.city)
    built(report)
    with pytest.raises(AccessDenied, match="没有生成失败"):
        actions.rebuild_report(report, acting_user=cast.city)


def test_a_region_outside_is_refused_in_words(cast, sign_in):
    page = sign_in(cast.city).post(reverse("reporting:reports"), {"region": "3205", "quarter": QUARTER.code})
    assert "这个地区不在您的管辖范围内" in page.content.decode()
    assert not Report.objects.exists()


def test_an_unknown_code_is_answered_clearly(client, db):
    page = client.get(reverse("reporting:verify", args=["ZZZZZZZZZZ"]))
    assert page.status_code == 404
    assert "没有查到这个查验码" in page.content.decode()
    assert client.get(reverse("reporting:verify_form"), {"code": "ab 12"})["Location"] == "/verify/ab%2012/"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(cast, sign_in, django_assert_max_num_queries, rows):
    for code in ("320115", "320106", "3201")[:rows]:
        requested(cast, code=code)
    browser = sign_in(cast.city)
    browser.get(reverse("reporting:reports"))
    with django_assert_max_num_queries(11):
        page = browser.get(reverse("reporting:reports"))
    assert len(page.context["table"].page.object_list) == rows
