"""The working-day table: everybody in an office reads it, the province keeps it."""

import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from backoffice import actions
from backoffice.workday_months import Month, months_of
from foundation.access.rules import require, verdict
from foundation.accounts.requests import PortalRequest
from foundation.calendar.models import SpecialDay, WorkYear


class DayForm(forms.Form):
    day = forms.DateField(
        label=gettext_lazy("日期"), error_messages={"invalid": gettext_lazy("请填写日期，例如 2026-10-01。")}
    )
    is_working = forms.TypedChoiceField(
        label=gettext_lazy("这一天"),
        coerce=lambda value: value == "work",
        choices=[("rest", gettext_lazy("休息")), ("work", gettext_lazy("上班"))],
    )
    name = SpecialDay._meta.get_field("name").formfield()


class YearForm(forms.Form):
    is_settled = forms.BooleanField(label=gettext_lazy("已核定"), required=False)
    source = WorkYear._meta.get_field("source").formfield()


class NewYearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2099)


def _add_problems(form: forms.Form, problem: ValidationError) -> None:
    for name, errors in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _chosen(request: PortalRequest) -> WorkYear | None:
    """The year asked for, else the running one, else the newest."""
    wanted = request.GET.get("year", "")
    if wanted:
        found = WorkYear.objects.filter(year=int(wanted)).first() if wanted.isdecimal() and len(wanted) == 4 else None
        if found is None:
            raise Http404
        return found
    return WorkYear.objects.filter(year__lte=timezone.localdate().year).first() or WorkYear.objects.first()


def _day_form(request: PortalRequest, months: list[Month]) -> DayForm:
    """Filled in for the day that was clicked: what it is now, turned round."""
    try:
        day = datetime.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return DayForm()
    cells = (cell for month in months for week in month.weeks for cell in week if cell)
    cell = next((cell for cell in cells if cell.day == day), None)
    if cell is None:
        return DayForm()
    return DayForm(initial={"day": day, "is_working": "rest" if cell.is_working else "work", "name": cell.name})


def _page(request: PortalRequest, year: WorkYear | None, **forms_by_name: forms.Form) -> HttpResponse:
    years = list(WorkYear.objects.all())
    context: dict[str, object] = {
        "year": year,
        "years": years,
        "may_set": bool(verdict(request.user, "backoffice.set_workdays")),
        "new_form": NewYearForm(initial={"year": years[0].year + 1 if years else timezone.localdate().year}),
    }
    if year is not None:
        months = months_of(year)
        context["months"], context["day_form"] = months, _day_form(request, months)
        context["year_form"] = YearForm(initial={"is_settled": year.is_settled, "source": year.source})
    return render(request, "backoffice/workdays.html", {**context, **forms_by_name})


@require_GET
def workday_table(request: PortalRequest) -> HttpResponse:
    require(request.user, "backoffice.view_workdays")
    return _page(request, _chosen(request))


def _back(year: int, anchor: str = "") -> HttpResponse:
    return redirect(f"{reverse('backoffice:workdays')}?year={year}{anchor}")


@require_POST
def year_add(request: PortalRequest) -> HttpResponse:
    require(request.user, "backoffice.set_workdays")
    form = NewYearForm(request.POST)
    if form.is_valid():
        try:
            row = actions.add_work_year(acting_user=request.user, year=form.cleaned_data["year"])
        except ValidationError as problem:
            _add_problems(form, problem)
        else:
            messages.success(request, _("%d年已按周一至周五上班建立，请按公布的安排逐日调整。") % row.year)
            return _back(row.year)
    return _page(request, _chosen(request), new_form=form)


def _year_or_404(year: int) -> WorkYear:
    found = WorkYear.objects.filter(year=year).first()
    if found is None:
        raise Http404
    return found


@require_POST
def year_settle(request: PortalRequest, year: int) -> HttpResponse:
    require(request.user, "backoffice.set_workdays")
    row = _year_or_404(year)
    form = YearForm(request.POST)
    if form.is_valid():
        try:
            actions.settle_work_year(acting_user=request.user, year=year, **form.cleaned_data)
        except ValidationError as problem:
            _add_problems(form, problem)
        else:
            messages.success(request, _("%d年工作日表的状态已保存。") % year)
            return _back(year)
    return _page(request, row, year_form=form)


@require_POST
def day_set(request: PortalRequest, year: int) -> HttpResponse:
    require(request.user, "backoffice.set_workdays")
    row = _year_or_404(year)
    form = DayForm(request.POST)
    if form.is_valid():
        try:
            actions.set_work_day(acting_user=request.user, **form.cleaned_data)
        except ValidationError as problem:
            _add_problems(form, problem)
        else:
            state = _("上班") if form.cleaned_data["is_working"] else _("休息")
            messages.success(request, _("%(day)s 已改为%(what)s。") % {"day": form.cleaned_data["day"], "what": state})
            return _back(form.cleaned_data["day"].year)
    return _page(request, row, day_form=form)
