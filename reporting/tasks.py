"""The reports worker's jobs."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.refusals import Refused
from reporting import actions
from reporting.bundles import actions as bundles
from reporting.bundles.models import Bundle
from reporting.models import Report


@job_handler(actions.BUILD, label=gettext_lazy("生成报告"), queue="reports")
def build(job: Job, progress: Progress) -> dict[str, Any]:
    """Build or print anew the report the job names."""
    report = Report.objects.select_related("region", "region__city").get(pk=job.parameters["report"])
    Report.objects.filter(pk=report.pk).update(job=job)
    try:
        actions.build_report(report, progress)
    except Exception:
        # Whatever ended it, a cancelled job included: the page must not wait for files that will not come.
        actions.fail_report(report)
        raise
    return {"report": report.pk, "title": report.title, "snapshot_hash": report.snapshot_hash}


@job_handler(bundles.BUNDLE, label=gettext_lazy("生成台账"), queue="reports", lease=900)
def bundle(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the ledger the job names."""
    wanted = Bundle.objects.select_related("enterprise__county__city", "enterprise__industry", "created_by", "job")
    found = wanted.filter(pk=job.parameters["bundle"]).first()
    if found is None:
        raise Refused(_("这份台账已经删除。请到企业页面重新生成一份。"))
    Bundle.objects.filter(pk=found.pk).update(job=job)
    try:
        bundles.build_bundle(found, progress)
    except Exception:
        bundles.fail_bundle(found)
        raise
    return bundles.result_of(found)
