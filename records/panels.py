"""What records add to the pages of the rooms below: an enterprise's latest records, a clause's kinds."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES, Role
from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel
from foundation.ui.formats import MOST_SHOWN
from foundation.ui.paging import count_each_up_to
from policies.links import Answer, ClauseLink, Offer, register_answers, register_clause_links, register_offers
from records.core.kinds import RecordKind, all_kinds, kind_by_slug
from records.core.models import Record, Status
from records.review.filters import due_q
from records.review.models import Appeal, Correction, CorrectionOutcome
from records.review.queries import queue_for
from records.review.sampling import sampled

LATEST = 8


def latest_records(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    if not verdict(request.user, "records.view"):
        return None
    records = Record.objects.visible_to(request.user).filter(enterprise=enterprise).order_by("-pk")[:LATEST]
    return {"records": list(records), "enterprise": enterprise}


register_panel("enterprises.detail", Panel(_("最近的记录"), "records/_panel_latest.html", latest_records, order=10))


@register_clause_links
def kinds_answering_clauses() -> Iterator[ClauseLink]:
    for kind in all_kinds():
        for code in kind.clauses:
            yield ClauseLink(code, kind.label, _list_of(kind))


def _list_of(kind: RecordKind) -> str:
    return f"{reverse('records:list')}?{urlencode({'kind': kind.slug})}"


@register_offers
def kinds_offered() -> Iterator[Offer]:
    for kind in all_kinds():
        if kind.retired_on is None:
            yield Offer(kind.slug, str(kind.label), gettext("记录类型"))


@register_answers
def kinds_by_name(name: str) -> Answer | None:
    """``ideology.lecture``, with ``#`` a fact of the kind, with ``@`` a field of it."""
    slug, _hash, fact = name.partition("#")
    slug, _at, field = slug.partition("@")
    try:
        kind = kind_by_slug(slug)
    except LookupError:
        return None
    if (fact and fact not in {one.code for one in kind.facts}) or (field and field not in kind.fields):
        return None
    return Answer(kind.label, _list_of(kind))


def reviewing_below(request: PortalRequest, user: Actor) -> Context | None:
    """What city and province have to look at besides a queue of their own, and how much is overdue below."""
    scope = scope_of(user)
    roles = (Role.CITY, Role.PROVINCE)
    if not scope.has_role(*roles):
        return None
    below = [level for level in (Role.COUNTY, Role.CITY) if not scope.has_role(level)]
    late = Record.objects.filter(scope.q(roles), due_q("overdue"), status=Status.SUBMITTED, held_by__in=below)
    has_samples = scope.has_role(Role.CITY)
    # Each counted by itself: as one condition they read every record of the place.
    drawn = sampled(user) if has_samples else Record.objects.none()
    appealed = Appeal.objects.allowing(user, "records.decide_appeal")
    # County and city see their queue at the head of the page.
    own = queue_for(user).order_by() if scope.has_role(Role.PROVINCE) else Record.objects.none()
    overdue, samples, appeals, waiting = count_each_up_to([late, drawn, appealed, own], MOST_SHOWN)
    if not (overdue or samples or appeals or waiting):
        return None
    return {"waiting": waiting, "overdue": overdue, "samples": samples, "appeals": appeals, "has_samples": has_samples}


register_panel(
    "backoffice.workbench", Panel(_("抽查、申诉和下级审核"), "records/_panel_reviewing.html", reviewing_below, order=20)
)


#: Requests of correction on a workbench; the list has the others.
CORRECTIONS = 5


def corrections_open(request: PortalRequest, user: Actor) -> Context | None:
    """Requests of correction: to an office those it has to answer, to an enterprise its own that wait for an answer."""
    scope = scope_of(user)
    if scope.has_role(Role.COUNTY, Role.CITY):
        found, decides = Correction.objects.allowing(user, "records.decide_correction"), True
    elif scope.has_role(*ENTERPRISE_ROLES):
        found, decides = Correction.objects.filter(scope.q(ENTERPRISE_ROLES), outcome=CorrectionOutcome.OPEN), False
    else:
        return None
    rows = list(found.select_related("record", "enterprise").order_by("decide_by", "pk")[: CORRECTIONS + 1])
    return {"rows": rows[:CORRECTIONS], "has_more": len(rows) > CORRECTIONS, "decides": decides} if rows else None


register_panel(
    "backoffice.workbench", Panel(_("更正申请"), "records/_panel_corrections.html", corrections_open, order=15)
)
