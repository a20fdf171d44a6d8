"""Reports as tests make them: requested, built by their job at once, issued; and what a PDF says."""

import io

from django.utils import timezone
from pypdf import PdfReader

from foundation.calendar.periods import Quarter
from foundation.jobs import running
from reporting import actions
from reporting.checklist import before_issuing
from reporting.models import Report

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


def pdf_text(report: Report) -> str:
    with report.pdf.open("rb") as handle:
        return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(handle.read())).pages)
