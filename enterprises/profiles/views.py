"""Pages of the yearly profile."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.models import Enterprise
from enterprises.profiles.actions import file_profile
from enterprises.profiles.exporting import export_profiles
from enterprises.profiles.forms import ProfileFilterForm, ProfileForm
from enterprises.profiles.queries import FIELDS, before, filing_of, open_years, this_year, with_profile
from enterprises.profiles.tables import ProfileTable
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.crud.lists import hidden_columns, is_narrowed, list_tools, open_default
from foundation.panels import panels_for
from foundation.refusals import NeedsConfirmation
from foundation.saved_views.pages import register_list
from foundation.ui.problems import add_problems
from foundation.ui.tables import paginate
from foundation.ui.workbooks import as_download

LIST = "enterprises.profiles"
register_list(LIST, "enterprises:profiles")


def listed_enterprises(request: PortalRequest, filters: ProfileFilterForm, year: int) -> models.QuerySet[Enterprise]:
    """The person's enterprises as the list's filters narrow them, with what each said of the year."""
    enterprises = Enterprise.objects.visible_to(request.user).active().select_related("county__city")
    if words := filters.wanted("q"):
        enterprises = enterprises.search(words)
    enterprises = with_profile(enterprises, year)
    if state := filters.wanted("state"):
        enterprises = enterprises.filter(said__isnull=state == "missing")
    return enterprises


def profile_list(request: PortalRequest) -> HttpResponse:
    """Who has filed the year, and who has not."""
    require(request.user, "enterprises.view_profiles")
    if default := open_default(request, LIST):
        return default
    filters = ProfileFilterForm(request.GET)
    year = filters.wanted("year") or this_year()
    table = ProfileTable(
        listed_enterprises(request, filters, year), request=request, exclude=hidden_columns(request, ProfileTable)
    )
    filed, everybody = filing_of(Enterprise.objects.visible_to(request.user).active(), year)
    context = {
        "table": paginate(request, table),
        "filters": filters,
        "year": year,
        "filed": filed,
        "everybody": everybody,
        "missing": everybody - filed,
        "is_filtered": is_narrowed(request),
        "tools": list_tools(request, LIST, ProfileTable),
        "panels": panels_for(LIST, request, request.user),
    }
    return render(request, "enterprises/profiles/list.html", context)


@require_GET
def profile_export(request: PortalRequest) -> HttpResponse:
    """The list as filtered, as a workbook."""
    require(request.user, "enterprises.view_profiles")
    filters = ProfileFilterForm(request.GET)
    year = filters.wanted("year") or this_year()
    content = export_profiles(listed_enterprises(request, filters, year), year, acting_user=request.user)
    return as_download(content, _("%d年度基本情况.xlsx") % year)


def profile_edit(request: PortalRequest, pk: int, year: int | None = None) -> HttpResponse:
    """File or change a year (the running one) of an enterprise; ``?same`` fills in the year before."""
    enterprise = visible_or_404(Enterprise.objects.select_related("county__city"), request.user, pk=pk)
    require(request.user, "enterprises.file_profile", enterprise)
    year = year or this_year()
    if year not in open_years():
        return redirect("enterprises:profile", pk)
    profile, last = enterprise.profiles.filter(year=year).first(), before(enterprise, year)
    form = ProfileForm(
        request.POST or None, enterprise=enterprise, profile=profile, last=last, same="same" in request.GET
    )
    if request.method == "POST" and form.is_valid() and _filed(request, enterprise, year, form):
        messages.success(request, _("%d 年度基本情况已保存，全站使用这些数字。") % year)
        return redirect("enterprises:detail", pk)
    context = {
        "form": form,
        "asked": [form[name] for name in FIELDS],
        "enterprise": enterprise,
        "year": year,
        "years": open_years(),
        "profile": profile,
        "last": last,
    }
    return render(request, "enterprises/profiles/form.html", context)


def _filed(request: PortalRequest, enterprise: Enterprise, year: int, form: ProfileForm) -> bool:
    """Whether it was saved; otherwise the form says why not, or asks."""
    values = form.cleaned_data
    try:
        file_profile(
            acting_user=request.user,
            enterprise_id=enterprise.pk,
            year=year,
            version=values["version"] or 0,
            values=values,
            confirmed=form.confirmed,
            reason=values["word"],
        )
    except NeedsConfirmation as asked:
        form.ask(asked.questions)
        return False
    except ValidationError as problem:
        add_problems(form, problem)
        return False
    return True
