"""Pages of the jobs: what runs, how far it is, what came out of it."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh, reswap, retarget

from foundation.access.rules import require, verdict, visible_or_404
from foundation.accounts.middleware import background_request
from foundation.accounts.models import User
from foundation.accounts.requests import PortalRequest
from foundation.files.serving import file_response
from foundation.jobs import actions
from foundation.jobs.models import Job, Status
from foundation.jobs.results import content_type_of
from foundation.jobs.tables import JobTable
from foundation.ui.tables import paginate


class JobFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("任务名称"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("任务名称")}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *Status.choices]
    )

    def narrow(self, jobs: QuerySet[Job], viewer: User) -> QuerySet[Job]:
        """The jobs that meet the filled fields; a field that makes no sense filters nothing. Only titles that the person
        sees are searched: their own."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("q"):
            jobs = jobs.filter(title__icontains=wanted["q"], owner=viewer)
        if wanted.get("status"):
            jobs = jobs.filter(status=wanted["status"])
        return jobs


@require_GET
def job_list(request: PortalRequest) -> HttpResponse:
    require(request.user, "jobs.view")
    jobs = Job.objects.visible_to(request.user).select_related("owner").defer("parameters", "result", "error")
    filters = JobFilter(request.GET)
    table = paginate(request, JobTable(filters.narrow(jobs, request.user)))
    return render(request, "jobs/list.html", {"table": table, "filters": filters, "filtered": bool(request.GET)})


@require_GET
def job_detail(request: PortalRequest, pk: int) -> HttpResponse:
    job = visible_or_404(Job.objects.select_related("owner"), request.user, pk=pk)
    return render(request, "jobs/detail.html", {"job": job, "job_title": job.title_for(request.user)})


@background_request
@require_GET
def job_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """What a page asks every two seconds: the moving part while the job lives, then the whole outcome, and no more. The
    page that shows what the job made, or of which the job was a part that failed, is read anew: the rest of it speaks of
    before."""
    job = visible_or_404(Job.objects, request.user, pk=pk)
    if job.is_live:
        return render(request, "jobs/_poll.html", {"job": job})
    here = urlsplit(request.htmx.current_url or "").path
    own = reverse("jobs:detail", args=[pk])
    if here and (job.result.get("url") == here if job.status == Status.DONE else here != own):
        return HttpResponseClientRefresh()
    response = render(request, "jobs/_progress.html", {"job": job})
    return retarget(reswap(response, "outerHTML"), f"#job-{job.pk}")


@require_POST
def job_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    job = visible_or_404(Job.objects.select_related("owner"), request.user, pk=pk)
    answer = verdict(request.user, "jobs.cancel", job)
    if answer:
        actions.cancel(job, acting_user=request.user)
        messages.success(request, _("任务已取消。"))
    else:
        messages.warning(request, answer.reason)
    return redirect("jobs:detail", pk=pk)


@require_POST
def job_retry(request: PortalRequest, pk: int) -> HttpResponse:
    job = visible_or_404(Job.objects.select_related("owner"), request.user, pk=pk)
    answer = verdict(request.user, "jobs.retry", job)
    if not answer:
        messages.warning(request, answer.reason)
        return redirect("jobs:detail", pk=pk)
    return redirect("jobs:detail", pk=actions.retry(job, acting_user=request.user).pk)


@require_GET
def job_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """What the job wrote; its owner's alone, for a day."""
    job = visible_or_404(Job.objects, request.user, pk=pk)
    if not verdict(request.user, "jobs.result", job) or job.status != Status.DONE or not job.file:
        raise Http404(_("没有这个文件：它已过期删除，或不是您发起的。请重新导出。"))
    response = file_response(job.file, name=job.file_name, content_type=content_type_of(job.file_name))
    return response
