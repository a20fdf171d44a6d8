"""Loading the past: marked, counted in its own quarter while that is open, reviewed as one batch."""

import pytest
from django.urls import reverse

from foundation.calendar.periods import Quarter
from foundation.jobs import running
from records.models import Record, ReportingQuarter, ReviewBatch, Status
from tests.records.exchange.books import HEADINGS, book, checked, confirmed, lecture, reasons

pytestmark = pytest.mark.django_db

PAST = Quarter(2025, 2)


def past(number: int) -> list:
    return lecture(number, **{HEADINGS[1]: PAST.first_day})


def decided(browser, address: str) -> str:
    """The whole import approved, as the worker does it; the page with what became of each record."""
    response = browser.post(address)
    batch = ReviewBatch.objects.latest("pk")
    assert response.url == reverse("records:batch", args=[batch.pk])
    running.run(batch.job_id)
    return browser.get(response.url).content.decode()


@pytest.fixture
def reopened(cast):
    dates = ReportingQuarter.default_dates(PAST)
    return ReportingQuarter.objects.create(code=PAST.code, is_open=True, **dates)


def test_it_counts_in_its_own_quarter_while_that_is_open(cast, sign_in, reopened) -> None:
    clerk = sign_in(cast.clerk)
    batch = confirmed(clerk, checked(clerk, book([past(1), past(2)]), is_backfill="on"))
    records = Record.objects.all()
    assert set(records.values_list("quarter", "is_backfill", "is_late_entry", "import_batch")) == {
        (PAST.code, True, False, batch.pk)
    }
    page = clerk.get(reverse("records:detail", args=[records.first().pk])).content.decode()
    assert "历史补录" in page


def test_a_closed_quarter_takes_none(cast, sign_in) -> None:
    batch = checked(sign_in(cast.clerk), book([past(1)]), is_backfill="on")
    assert batch.counts["invalid"] == 1
    assert "2025年第二季度没有开放填报" in reasons(batch)[0][2]


def test_without_the_mark_it_is_a_late_entry_of_today(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    confirmed(clerk, checked(clerk, book([past(1)])))
    record = Record.objects.get()
    assert (record.is_late_entry, record.is_backfill) == (True, False)


def test_the_quarter_closes_before_the_decision(cast, sign_in, reopened) -> None:
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    batch = confirmed(clerk, checked(clerk, book([past(1), past(2)]), is_backfill="on"))
    ReportingQuarter.objects.filter(pk=PAST.code).update(is_open=False)
    page = decided(county, reverse("records:review_batch", args=[batch.pk]))
    assert page.count("历史补录只能计入活动当季") == 2
    assert not Record.objects.approved().exists()


def test_the_office_decides_the_batch_with_one_confirmation(cast, sign_in, reopened) -> None:
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    batch = confirmed(clerk, checked(clerk, book([past(n) for n in range(5)]), is_backfill="on"))
    queue = county.get(reverse("records:review")).content.decode()
    address = reverse("records:review_batch", args=[batch.pk])
    assert address in queue and "5 条，1 家企业" in queue
    assert "全部通过（5 条）" in county.get(address).content.decode()
    assert sign_in(cast.neighbour_county).get(address).status_code == 404
    assert sign_in(cast.neighbour_county).post(address).status_code == 404
    assert decided(county, address).count("已通过") == 10, "what became of each, and how each stands now"
    assert set(Record.objects.values_list("status", flat=True)) == {Status.APPROVED}
    assert county.get(address).status_code == 404


def test_an_office_does_not_decide_its_own_batch(cast, sign_in, reopened) -> None:
    office = sign_in(cast.county)
    rows = [[cast.enterprise.credit_code, *past(n)] for n in range(2)]
    batch = confirmed(office, checked(office, book(rows, headings=["统一社会信用代码", *HEADINGS]), is_backfill="on"))
    address = reverse("records:review_batch", args=[batch.pk])
    assert office.post(address).status_code == 404
    decided(sign_in(cast.county_colleague), address)
    assert Record.objects.approved().count() == 2


def test_a_draft_may_lose_its_day_only_while_the_running_quarter_is_open(cast, sign_in, reopened) -> None:
    clerk = sign_in(cast.clerk)
    confirmed(clerk, checked(clerk, book([past(1)]), is_backfill="on", after="draft"))
    ReportingQuarter.objects.filter(pk=Quarter.current().code).update(is_open=False)
    record = Record.objects.get()
    address = reverse("records:edit", args=[record.pk])
    response = clerk.post(address, {"title": record.title, "happened_on": "", "version": record.version, "do": "save"})
    assert response.status_code == 200
    assert "历史补录只能计入活动当季" in response.content.decode()
    assert Record.objects.get().happened_on == PAST.first_day
