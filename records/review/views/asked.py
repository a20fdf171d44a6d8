"""The list of what enterprises asked of an office, for appeals and requests of correction alike."""

from typing import Any

import django_tables2 as tables
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from foundation.access.rules import ScopedQuerySet, require
from foundation.accounts.requests import PortalRequest
from foundation.ui.tables import DateColumn, PortalTable, paginate
from records.core.kinds import kind_by_slug


class AskedTable(PortalTable):
    """``record`` and ``outcome`` are the subclass's own: where a row leads, and how it may end."""

    kind = tables.Column(verbose_name=gettext_lazy("类型"), accessor="record__kind", orderable=False)
    enterprise = tables.Column(verbose_name=gettext_lazy("企业"), accessor="enterprise__name", orderable=False)
    county = tables.Column(verbose_name=gettext_lazy("县（市、区）"), accessor="county__name", orderable=False)
    made_at = DateColumn(verbose_name=gettext_lazy("提出日期"))
    decide_by = DateColumn(verbose_name=gettext_lazy("处理期限"))

    class Meta(PortalTable.Meta):
        fields = ("record", "kind", "enterprise", "county", "made_at", "decide_by", "outcome")
        sequence = fields

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label


def asked_list(
    request: PortalRequest,
    rows: ScopedQuerySet[Any],
    table: type[AskedTable],
    outcomes: type[models.TextChoices],
    template: str,
    permission: str,
) -> HttpResponse:
    """Those this person may see; ``state=open``: those still to be decided."""
    require(request.user, permission)
    found = rows.visible_to(request.user).select_related("record", "enterprise", "county")
    state = request.GET.get("state", "")
    if state in outcomes.values:
        found = found.filter(outcome=state)
    context = {"table": paginate(request, table(found)), "state": state, "states": outcomes.choices}
    return render(request, template, context)
