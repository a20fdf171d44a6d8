"""Pages of schools, training institutions and associations."""

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from openpyxl import Workbook

from enterprises.models import Organisation
from enterprises.organisations.actions import save_organisation
from enterprises.organisations.forms import OrganisationFilter, OrganisationForm
from foundation.access.rules import require, verdict, visible_or_404
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import log, register_event
from foundation.crud.lists import hidden_columns, is_narrowed, list_tools, open_default
from foundation.saved_views.pages import register_list
from foundation.ui.problems import add_problems
from foundation.ui.tables import LinkColumn, PortalTable, paginate
from foundation.ui.workbooks import as_bytes, as_download, plain_sheet

LIST = "enterprises.organisations"
register_list(LIST, "enterprises:organisations")
register_event("enterprises.organisations_exported", gettext_lazy("导出院校和机构"))


class OrganisationTable(PortalTable):
    name = LinkColumn(verbose_name=gettext_lazy("名称"))
    kind = tables.Column(verbose_name=gettext_lazy("类别"))
    county = tables.Column(verbose_name=gettext_lazy("所在地区"), accessor="county__full_name", order_by="county__code")
    code = tables.Column(verbose_name=gettext_lazy("代码"), default="—")
    contact = tables.Column(verbose_name=gettext_lazy("联系部门或联系人"), default="—")

    class Meta(PortalTable.Meta):
        model = Organisation
        fields = ("name", "kind", "county", "code", "contact")
        sequence = fields


def _rows(user: Actor) -> models.QuerySet[Organisation]:
    return Organisation.objects.visible_to(user).select_related("county__city").order_by("name", "pk")


def organisation_list(request: PortalRequest) -> HttpResponse:
    require(request.user, "enterprises.view_organisations")
    if default := open_default(request, LIST):
        return default
    filterset = OrganisationFilter(request.GET, queryset=_rows(request.user))
    table = OrganisationTable(filterset.qs, exclude=hidden_columns(request, OrganisationTable))
    context = {
        "table": paginate(request, table),
        "filterset": filterset,
        "may_keep": bool(verdict(request.user, "enterprises.keep_organisations")),
        "is_filtered": is_narrowed(request),
        "tools": list_tools(request, LIST, OrganisationTable),
    }
    return render(request, "enterprises/organisations/list.html", context)


@require_GET
def organisation_export(request: PortalRequest) -> HttpResponse:
    """The list as filtered, as a workbook."""
    require(request.user, "enterprises.view_organisations")
    found = OrganisationFilter(request.GET, queryset=_rows(request.user)).qs
    rows = [
        [one.name, one.get_kind_display(), one.county.city.name, one.county.name, one.code, one.contact]
        for one in found
    ]
    headings = [
        (_("名称"), 36),
        (_("类别"), 12),
        (_("设区市"), 12),
        (_("县（市、区）"), 16),
        (_("代码"), 22),
        (_("联系部门或联系人"), 20),
    ]
    workbook = Workbook(write_only=True)
    plain_sheet(workbook, _("院校和机构"), headings, rows)
    places = scope_of(request.user).places()
    note = _("%d 个院校和机构") % len(rows)
    log("enterprises.organisations_exported", by=request.user, note=note, place=places[0] if places else None)
    return as_download(as_bytes(workbook), _("院校和机构.xlsx"))


def organisation_edit(request: PortalRequest, pk: int | None = None) -> HttpResponse:
    """Enter one (no number in the address); look at one, and change it where it is the office's."""
    organisation = None if pk is None else visible_or_404(_rows(request.user), request.user, pk=pk)
    keeping = verdict(request.user, "enterprises.keep_organisations", organisation)
    if organisation is None or request.method == "POST":
        require(request.user, "enterprises.keep_organisations", organisation)
    form = OrganisationForm(request.POST or None, instance=organisation, user=request.user) if keeping else None
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_organisation(acting_user=request.user, values=form.cleaned_data, organisation=organisation)
        except ValidationError as problem:
            add_problems(form, problem)
        else:
            messages.success(request, _("“%s”已保存。") % saved)
            return redirect("enterprises:organisations")
    context = {"form": form, "organisation": organisation, "keeping": keeping}
    return render(request, "enterprises/organisations/form.html", context)
