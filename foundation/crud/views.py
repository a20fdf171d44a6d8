"""The generic pages of a register. Each takes its ``Resource`` from the address (``foundation.crud.urls``)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from foundation.access.rules import require, verdict
from foundation.accounts.requests import PortalRequest
from foundation.crud.building import filterset_of, form_of, table_of
from foundation.crud.exporting import export_response, is_export
from foundation.crud.history import HistoryTable
from foundation.crud.lists import hidden_columns, is_narrowed, list_tools, open_default
from foundation.crud.opened import figure_of_list
from foundation.crud.resource import Resource
from foundation.crud.sheets import export_of
from foundation.crud.values import shown
from foundation.fields import label_of_field
from foundation.panels import panels_for
from foundation.refusals import Refused, Stale
from foundation.ui.problems import add_problems, start_from_current
from foundation.ui.tables import paginate


@require_safe
def resource_list(request: PortalRequest, resource: Resource) -> HttpResponse:
    """The rows the person may see: searched, filtered, sorted, a page of them."""
    require(request.user, resource.permissions.view)
    if is_export(request) and resource.has_page("export"):
        return export_response(request, export_of(resource))
    if default := open_default(request, resource.list_page):
        return default
    filterset = filterset_of(resource)(request.GET, queryset=resource.rows(request.user), request=request)
    table_class = table_of(resource)
    opened = figure_of_list(request.GET, resource.url("list"), filterset.qs)
    more = opened.add_to(table_class) if opened else {}
    table = paginate(request, table_class(filterset.qs, exclude=hidden_columns(request, table_class), **more))
    if opened:
        opened.read(table)
    context = {
        "resource": resource,
        "table": table,
        "opened": opened,
        "filterset": filterset,
        "may_create": resource.may_create(request.user),
        "links": resource.list_links(request),
        "is_filtered": is_narrowed(request),
        "tools": list_tools(request, resource.list_page, table_class),
        **resource.list_context(request, filterset),
    }
    return render(request, resource.list_template, context)


@require_GET
def resource_export(request: PortalRequest, resource: Resource) -> HttpResponse:
    """The list as filtered, as a workbook: a long one is written by a job."""
    require(request.user, resource.permissions.view)
    return export_response(request, export_of(resource))


def row_or_404(request: PortalRequest, resource: Resource, key: Any) -> Any:
    """The row; outside what the person may see nothing exists."""
    return get_object_or_404(resource.rows(request.user), **{resource.lookup: key})


@require_safe
def resource_detail(request: PortalRequest, resource: Resource, key: Any) -> HttpResponse:
    """What is known of a row, with what other rooms add to it."""
    row = row_or_404(request, resource, key)
    keeping = verdict(request.user, resource.permissions.change, row) if resource.permissions.change else None
    groups = [
        (str(group.title), [(label_of_field(row, name), shown(row, name)) for name in group.fields])
        for group in resource.fieldsets
        if group.concerns(row)
    ]
    context = {
        "resource": resource,
        "row": row,
        "groups": groups,
        "keeping": keeping,
        "edit_url": resource.url("edit", row) if resource.has_page("edit") else "",
        "history_url": resource.url("history", row) if resource.has_page("history") else "",
        "panels": panels_for(resource.panel_page, request, row),
        **resource.detail_context(request, row),
    }
    return render(request, resource.detail_template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def resource_edit(request: PortalRequest, resource: Resource, key: Any = None) -> HttpResponse:
    """Enter a row (no key in the address), or change one. What somebody else saved meanwhile is shown first (409)."""
    row = None if key is None else row_or_404(request, resource, key)
    require(request.user, resource.permissions.change, row)
    form = form_of(resource)(request.POST or None, instance=row, user=request.user)
    status, current = 200, None
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version", None) or 0 if row is not None else None
        try:
            saved = resource.save(acting_user=request.user, values=values, row=row, version=version)
        except Stale as stale:
            status, current = 409, stale.current
            start_from_current(form, stale)
        except (ValidationError, Refused) as problem:
            add_problems(form, problem)
        else:
            messages.success(request, _("“%s”已保存。") % saved)
            request.session["autosave_clear"] = _autosave_key(request, resource, row)
            return redirect(resource.home_of(saved))
    context = {
        "resource": resource,
        "row": row,
        "form": form,
        "current": current,
        "back": resource.url("list") if row is None else resource.home_of(row),
        "autosave_key": _autosave_key(request, resource, row),
    }
    return render(request, resource.form_template, context, status=status)


def _autosave_key(request: PortalRequest, resource: Resource, row: Any) -> str:
    return f"{request.user.pk}:{resource.key}-{'new' if row is None else row.pk}"


@require_safe
def resource_history(request: PortalRequest, resource: Resource, key: Any) -> HttpResponse:
    """Every change of a row, newest first."""
    row = row_or_404(request, resource, key)
    table = paginate(request, HistoryTable(resource.history(row)))
    context = {"resource": resource, "row": row, "home": resource.home_of(row), "table": table}
    return render(request, "crud/history.html", context)
