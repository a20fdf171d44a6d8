"""What records add to the pages of the rooms below: an enterprise's latest records, a clause's kinds."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.crud.panels import Panel, register_panel
from policies.links import ClauseLink, register_clause_links
from records.kinds import all_kinds
from records.models import Record

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
