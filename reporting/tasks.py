"""The reports worker's jobs."""

from typing import Any

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.places.models import Place
from foundation.refusals import Refused
from foundation.saying import filled
from reporting import actions
from reporting.bundles import actions as bundles
from reporting.bundles.models import Bundle
from reporting.models import Report
from reporting.quality import actions as quality


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


@job_handler(quality.FIND, label=gettext_lazy("查找数据疑点"))
def find_again(job: Job, progress: Progress) -> dict[str, Any]:
    """Look for findings in the region the job names, now and not in the night."""
    place = Place.objects.get(pk=job.parameters["place"])
    counties = list(Place.objects.counties().within(place).order_by("code"))
    opened, gone = quality.look_through(counties, acting_user=job.owner, report=progress)
    message = _("新发现 %(new)d 个，因数据已改关闭 %(gone)d 个。查看数据疑点")
    return {"url": reverse("reporting:findings"), "label": filled(message, {"new": opened, "gone": gone})}


@shared_task(ignore_result=True)
def find_findings() -> None:
    """Every night, after the figures were compared with the records."""
    quality.look_through(list(Place.objects.counties().order_by("code")))
