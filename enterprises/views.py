"""Pages of the register of enterprises."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from enterprises.actions import register_enterprise, update_enterprise
from enterprises.changing import offered, successor_of
from enterprises.exchange.exporting import RegisterExport
from enterprises.filters import RegisterFilter
from enterprises.forms import FIELDSETS, EnterpriseForm
from enterprises.history import county_on, day_of
from enterprises.models import KNOWN_HEADCOUNT, ChangeKind, Enterprise, Industry
from foundation.access.rules import require, verdict, visible_or_404, where
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import export_response
from foundation.crud.lists import hidden_columns, is_narrowed, list_tools, open_default
from foundation.crud.opened import opened_figure
from foundation.fields import field_of
from foundation.panels import panels_for
from foundation.places.models import Place
from foundation.refusals import NeedsConfirmation, Stale
from foundation.saved_views.pages import register_list
from foundation.ui.badges import badge_markup
from foundation.ui.problems import start_from_current
from foundation.ui.tables import NumberColumn, PortalTable, YesNoColumn, paginate

LIST = "enterprises.list"
register_list(LIST, "enterprises:list")


class EnterpriseTable(PortalTable):
    name = tables.LinkColumn("enterprises:detail", args=[tables.A("pk")], verbose_name=gettext_lazy("企业名称"))
    county = tables.Column(
        verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", order_by="county__code"
    )
    industry = tables.Column(verbose_name=gettext_lazy("行业"), accessor="industry__name", order_by="industry_id")
    ownership = tables.Column(verbose_name=gettext_lazy("所有制"))
    size = tables.Column(verbose_name=gettext_lazy("规模"))
    pilot_tier = tables.Column(verbose_name=gettext_lazy("试点层级"))
    headcount = NumberColumn(verbose_name=gettext_lazy("职工（人）"))
    frontline_count = NumberColumn(verbose_name=gettext_lazy("一线职工（人）"))
    credit_code = tables.Column(verbose_name=gettext_lazy("统一社会信用代码"))
    has_union = YesNoColumn(verbose_name=gettext_lazy("已建工会"))
    has_party_organisation = YesNoColumn(verbose_name=gettext_lazy("已建党组织"))

    #: Shown when the person asks for them.
    optional = ("frontline_count", "credit_code", "has_union", "has_party_organisation")

    #: The column that says the same as a figure: a list behind that figure does without it.
    same_as: ClassVar[dict[str, str]] = {"REG.headcount": "headcount", "REG.frontline": "frontline_count"}

    sorts = ("name", "headcount")
    phone = ("name", "county", "pilot_tier", "headcount")

    class Meta(PortalTable.Meta):
        model = Enterprise
        fields = ("name", "county", "industry", "ownership", "size", "pilot_tier", "headcount")
        sequence = fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counties_then: dict[int, Place] = {}

    def read_counties_then(self) -> None:
        """Of a list behind a figure (its rows have ``county_then``): the counties in which the page's moved enterprises
        were counted."""
        rows = [row.record for row in self.paginated_rows]
        moved = {record.county_then for record in rows if record.county_then != record.county_id}
        self._counties_then = Place.objects.select_related("city").in_bulk(moved) if moved else {}

    def render_county(self, value: str, record: Enterprise) -> str:
        then = self._counties_then.get(getattr(record, "county_then", record.county_id))
        if then is None or then.pk == record.county_id:
            return value
        return _("%(then)s（现属%(now)s）") % {"then": then.full_name(), "now": value}

    def order_headcount(self, queryset: QuerySet[Enterprise], is_descending: bool) -> tuple[QuerySet[Enterprise], bool]:
        column = KNOWN_HEADCOUNT
        return queryset.order_by(
            column.desc() if is_descending else column.asc(), "-pk" if is_descending else "pk"
        ), True

    def render_name(self, value: str, record: Enterprise) -> SafeString | str:
        return value if record.is_active else format_html("{} {}", value, badge_markup(_("已注销"), tone="quiet"))


def enterprise_list(request: PortalRequest) -> HttpResponse:
    if default := open_default(request, LIST):
        return default
    queryset = Enterprise.objects.visible_to(request.user).select_related("county__city", "industry")
    filterset = RegisterFilter(request.GET, queryset=queryset)
    quarter = filterset.figures_of()
    if quarter:
        filterset.queryset = queryset.annotate(county_then=county_on(day_of(quarter)))
    opened = opened_figure(request.GET.get("fact", ""), [quarter] if quarter else [], filterset.qs)
    more = opened.add_to(EnterpriseTable) if opened else {}
    hidden = hidden_columns(request, EnterpriseTable)
    if opened and opened.fact.code in EnterpriseTable.same_as:
        hidden = (*hidden, EnterpriseTable.same_as[opened.fact.code])
    table = paginate(request, EnterpriseTable(filterset.qs, exclude=hidden, **more))
    if opened:
        opened.read(table)
    if quarter:
        table.read_counties_then()
    context = {
        "table": table,
        "opened": opened,
        "filterset": filterset,
        "may_register": bool(verdict(request.user, "enterprises.register")),
        "is_filtered": is_narrowed(request),
        "unseen": verdict(request.user, "enterprises.view").reason,
        "tools": list_tools(request, LIST, EnterpriseTable),
    }
    return render(request, "enterprises/list.html", context)


@require_GET
def enterprise_export(request: PortalRequest) -> HttpResponse:
    """The list as filtered, as a workbook."""
    return export_response(request, RegisterExport())


def _display(enterprise: Enterprise, name: str) -> object:
    field = field_of(enterprise, name)
    value = getattr(enterprise, name)
    if field.choices:
        return getattr(enterprise, f"get_{name}_display")()
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "county":
        return value.full_name()
    return None if value == "" else value


def enterprise_detail(request: PortalRequest, pk: int) -> HttpResponse:
    enterprise = visible_or_404(Enterprise.objects.select_related("county__city", "industry"), request.user, pk=pk)
    groups = [
        (str(title), [(field_of(enterprise, name).verbose_name, _display(enterprise, name)) for name in names])
        for title, names in FIELDSETS
    ]
    former = [event.old_name for event in enterprise.events.filter(kind=ChangeKind.RENAME)]
    context = {
        "enterprise": enterprise,
        "former_names": list(dict.fromkeys(name for name in former if name != enterprise.name)),
        "successor": successor_of(request.user, enterprise),
        "changes": offered(request.user, enterprise),
        "groups": groups,
        "may_edit": bool(verdict(request.user, "enterprises.edit", enterprise)),
        "panels": panels_for("enterprises.detail", request, enterprise),
    }
    return render(request, "enterprises/detail.html", context)


def enterprise_edit(request: PortalRequest, pk: int) -> HttpResponse:
    enterprise = visible_or_404(Enterprise.objects.select_related("county__city"), request.user, pk=pk)
    require(request.user, "enterprises.edit", enterprise)
    if request.method != "POST":
        return _form_page(request, EnterpriseForm(instance=enterprise), enterprise)
    form = EnterpriseForm(request.POST, instance=enterprise)
    if not form.is_valid():
        return _form_page(request, form, enterprise)
    try:
        update_enterprise(
            acting_user=request.user,
            enterprise_id=pk,
            version=form.cleaned_data["version"] or 0,
            values=form.values(),
            confirmed=request.POST.getlist("confirmed"),
        )
    except NeedsConfirmation as asked:
        return _form_page(request, form, enterprise, questions=asked.questions)
    except Stale as stale:
        start_from_current(form, stale)
        return _form_page(request, form, stale.current, status=409, current=stale.current)
    except ValidationError as problem:
        form.add_problems(problem)
        return _form_page(request, form, enterprise)
    messages.success(request, _("企业信息已保存。"))
    request.session["autosave_clear"] = f"{request.user.pk}:enterprise-{pk}"
    return redirect("enterprises:detail", pk)


def enterprise_create(request: PortalRequest) -> HttpResponse:
    require(request.user, "enterprises.register")
    counties = Place.objects.filter(where(request.user, "enterprises.register")).order_by("code")
    form = EnterpriseForm(request.POST or None, counties=counties)
    if request.method == "POST" and form.is_valid():
        try:
            enterprise = register_enterprise(
                acting_user=request.user,
                county=form.cleaned_data["county"],
                values=form.values(),
                confirmed=request.POST.getlist("confirmed"),
            )
        except NeedsConfirmation as asked:
            return _form_page(request, form, None, questions=asked.questions)
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            messages.success(request, _("企业已登记。"))
            request.session["autosave_clear"] = f"{request.user.pk}:enterprise-new"
            return redirect("enterprises:detail", enterprise.pk)
    return _form_page(request, form, None)


def _form_page(
    request: PortalRequest, form: EnterpriseForm, enterprise: Enterprise | None, *, status: int = 200, **extra: object
) -> HttpResponse:
    key = f"enterprise-{enterprise.pk}" if enterprise else "enterprise-new"
    context = {"form": form, "enterprise": enterprise, "autosave_key": f"{request.user.pk}:{key}", **extra}
    return render(request, "enterprises/form.html", context, status=status)


@require_GET
def industry_search(request: PortalRequest) -> JsonResponse:
    """Industries by code or words, for the picker: groups and classes under what was typed."""
    words = request.GET.get("q", "").strip()
    found = Industry.objects.none()
    if words:
        field = "code__istartswith" if words.isascii() else "name__icontains"
        found = Industry.objects.filter(**{field: words})
    return JsonResponse({"results": [{"value": row.code, "text": str(row)} for row in found[:30]]})


@require_GET
def enterprise_search(request: PortalRequest) -> JsonResponse:
    """Enterprises in the person's scope, for pickers."""
    words = request.GET.get("q", "").strip()
    found = Enterprise.objects.visible_to(request.user).active().select_related("county__city")
    rows = found.search(words)[:20] if words else found[:20]
    return JsonResponse(
        {"results": [{"value": row.credit_code, "text": f"{row.name}（{row.county.full_name()}）"} for row in rows]}
    )
