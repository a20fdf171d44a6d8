"""The cross table's page, its workbook, and the tables kept under a name."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require, visible_or_404
from foundation.access.scope import any_place_in, scope_of
from foundation.accounts.requests import PortalRequest
from foundation.facts.questions import Question, all_questions
from foundation.places.models import Place
from foundation.saved_views.actions import clean_query
from foundation.saying import in_marks
from foundation.ui.regions import regions_offered
from foundation.ui.workbooks import as_download
from indicators.queries import freshness, newest_with_data
from records.core.periods import working_quarter
from records.models import ReportingQuarter
from reporting.crosstable import actions
from reporting.crosstable.asking import TableForm
from reporting.crosstable.content import Column, Table, build_table
from reporting.crosstable.exporting import export_table, said_of
from reporting.crosstable.links import table_url, with_links
from reporting.crosstable.models import SavedTable
from reporting.dashboards.content import dashboard_url
from reporting.regions import asked_region

ROWS_PER_PAGE = 100


@require_GET
def table(request: PortalRequest) -> HttpResponse:
    """The table its address asks for; without a choice, the key figures of the units below."""
    require(request.user, "reporting.dashboard")
    region = asked_region(request)
    form = TableForm(request.GET, region=region)
    context: dict[str, Any] = {
        "form": form,
        "region": region,
        "region_groups": regions_offered(request),
        "questions": _questions(region),
        "saved": _saved(request),
    }
    if not form.is_valid():
        return render(request, "reporting/crosstable/table.html", context, status=400)
    spec = form.spec()
    built = build_table(spec)
    page = Paginator(built.lines, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    with_links(built, page.object_list)
    is_open = not ReportingQuarter.objects.filter(code=spec.until.code, is_open=False).exists()
    return render(
        request,
        "reporting/crosstable/table.html",
        {
            **context,
            "spec": spec,
            "table": built,
            "page": page,
            "columns": [(column, _sort_url(built, column)) for column in built.columns],
            "name_sort_url": _next_sort(built, "name", is_down_first=False),
            "said": said_of(built, form),
            "filled": freshness(spec.until, is_open=is_open).known,
            "query": spec.query(),
            "export_url": f"{reverse('reporting:table_export')}?{spec.query()}",
            "dashboard_url": dashboard_url(region, spec.until),
            "is_asked": bool(request.GET),
        },
    )


@require_GET
def table_export(request: PortalRequest) -> HttpResponse:
    """The same table as a workbook; what cannot be shown, the page says."""
    require(request.user, "reporting.dashboard")
    form = TableForm(request.GET, region=asked_region(request))
    if not form.is_valid():
        return redirect(table_url(request.GET.urlencode()))
    content = export_table(build_table(form.spec()), form, acting_user=request.user)
    return as_download(content, f"{_('交叉表')}_{timezone.localtime():%Y%m%d_%H%M}.xlsx")


def _questions(region: Place) -> list[tuple[str, str]]:
    """(question, address of the table that answers it). One that the quarter a table shows by itself has nothing to say to is
    asked of the newest that has, which its title names. One query."""
    told = newest_with_data(region, {fact for one in all_questions() for fact in _facts_of(one)})
    shown = working_quarter()
    found = []
    for one in all_questions():
        title, asks = str(one.title), {"region": region.code, **one.asks}
        newest = max((told[fact] for fact in _facts_of(one) if fact in told), default=shown)
        if newest < shown:
            asks["quarter"] = newest.code
            title = _("%(question)s（%(quarter)s）") % {"question": title, "quarter": newest.label}
        found.append((title, table_url(urlencode(asks, doseq=True))))
    return found


def _facts_of(question: Question) -> list[str]:
    value = question.asks.get("value", ())
    return [value] if isinstance(value, str) else list(value)


def _sort_url(built: Table, column: Column) -> str:
    return _next_sort(built, column.sort, is_down_first=True)


def _next_sort(built: Table, name: str, *, is_down_first: bool) -> str:
    """Numbers from the highest first, names from the beginning; then the other way round."""
    down, up = f"-{name}", name
    first, second = (down, up) if is_down_first else (up, down)
    return table_url(built.spec.query(sort=second if built.sorted_by == first else first))


# --- tables under a name --------------------------------------------------------------------------


def _saved(request: PortalRequest) -> list[dict[str, Any]]:
    query = clean_query(request.GET.urlencode())
    rows = SavedTable.objects.visible_to(request.user).select_related("owner").order_by("-is_shared", "name", "pk")
    return [
        {
            "table": row,
            "url": table_url(row.query),
            "is_current": row.query == query,
            "is_own": row.owner_id == request.user.pk,
        }
        for row in rows
    ]


def _office(request: PortalRequest) -> Place:
    """The office the person works at with this table: the one whose area it lies in."""
    own = scope_of(request.user).regions()
    asked = asked_region(request)
    return next((place for place in own if any_place_in([place], asked)), own[0])


def _refuse(request: PortalRequest, problem: ValidationError) -> None:
    for message in problem.messages:
        messages.error(request, message)


@require_POST
def save(request: PortalRequest) -> HttpResponse:
    """Keep the table as it now stands, under a name."""
    require(request.user, "reporting.keep_tables")
    query = clean_query(request.POST.get("query", ""))
    try:
        kept = actions.save_table(
            acting_user=request.user,
            place=_office(request),
            name=request.POST.get("name", ""),
            query=query,
            is_shared=bool(request.POST.get("shared")),
        )
    except ValidationError as problem:
        _refuse(request, problem)
    else:
        messages.success(request, _("%s已保存，点页面上方的名字即可打开。") % in_marks(kept.name))
    return redirect(table_url(query))


@require_POST
def change(request: PortalRequest, pk: int) -> HttpResponse:
    kept = visible_or_404(SavedTable.objects.all(), request.user, pk=pk)
    try:
        actions.change_table(
            acting_user=request.user,
            table=kept,
            name=request.POST.get("name", ""),
            is_shared=bool(request.POST.get("shared")),
        )
    except ValidationError as problem:
        _refuse(request, problem)
    else:
        messages.success(request, _("已保存对%s的修改。") % in_marks(kept.name))
    return redirect(table_url(kept.query))


@require_POST
def delete(request: PortalRequest, pk: int) -> HttpResponse:
    kept = visible_or_404(SavedTable.objects.all(), request.user, pk=pk)
    name = kept.name
    actions.delete_table(acting_user=request.user, table=kept)
    messages.success(request, _("%s已删除，表里的数不受影响。") % in_marks(name))
    return redirect(table_url())
