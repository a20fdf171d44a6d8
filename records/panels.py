"""What records add to the pages of the rooms below: an enterprise's latest records, a clause's kinds."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.models import Role
from foundation.access.rules import verdict, where
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.panels import Panel, register_panel
from policies.links import ClauseLink, register_clause_links
from records.core.kinds import all_kinds
from records.core.models import Record, Status
from records.review.filters import due_q
from records.review.models import Appeal

LATEST = 8


def latest_records(request: HttpRequest, enterprise: Enterprise) -> dict | None:
    if not verdict(request.user, "records.view"):
        return None
    records = Record.objects.visible_to(request.user).filter(enterprise=enterprise).order_by("-pk")[:LATEST]
    return {"records": list(records), "enterprise": enterprise}


register_panel("enterprises.detail", Panel(_("最近的记录"), "records/_panel_latest.html", latest_records, order=10))


@register_clause_links
def kinds_answering_clauses() -> Iterator[ClauseLink]:
    for kind in all_kinds():
        for code in kind.clauses:
            yield ClauseLink(code, kind.label, f"{reverse('records:list')}?{urlencode({'kind': kind.slug})}")


def reviewing_below(request: HttpRequest, user: Actor) -> dict | None:
    """What city and province have to look at besides a queue of their own, and how much is overdue below."""
    scope = scope_of(user)
    roles = (Role.CITY, Role.PROVINCE)
    if not scope.has_role(*roles):
        return None
    late = Q(due_q("overdue"), status=Status.SUBMITTED) & ~Q(held_by__in=scope.roles())
    drawn = where(user, "records.sample")
    appealed = Q(appeal__in=Appeal.objects.allowing(user, "records.decide_appeal").order_by())
    counts = Record.objects.filter(scope.q(roles), late | drawn | appealed).aggregate(
        overdue=Count("pk", filter=late), samples=Count("pk", filter=drawn), appeals=Count("pk", filter=appealed)
    )
    return {**counts, "has_samples": scope.has_role(Role.CITY)}


register_panel(
    "backoffice.workbench", Panel(_("抽查、申诉和下级审核"), "records/_panel_reviewing.html", reviewing_below, order=20)
)
