"""What ``jobs/_progress.html`` needs to know of a job, so that any page can include it with only ``job``."""

from django import template
from django.template import Context

from foundation.access.rules import verdict
from foundation.jobs.models import Job
from foundation.jobs.progress import live_state
from foundation.jobs.waiting import outlook

register = template.Library()


@register.simple_tag(takes_context=True)
def job_view(context: Context, job: Job) -> dict[str, object]:
    """The job's live state, its result if this person may open it, and what they may do."""
    user = context["request"].user
    prospect = outlook(job) if job.is_live else None
    return {
        "title": job.title_for(user),
        "percent": live_state(job).percent,
        "text": prospect.text if prospect else "",
        "is_silent": prospect is not None and prospect.is_silent,
        "result": job.result if job.result and verdict(user, "jobs.result", job) else {},
        "may_cancel": bool(verdict(user, "jobs.cancel", job)),
        "may_retry": bool(verdict(user, "jobs.retry", job)),
    }
