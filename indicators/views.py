"""Pages of indicators and targets. Lists, workbooks and single targets follow from ``indicators.resources``."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from foundation.access.rules import require, verdict
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.places.models import Level, Place
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.ui.problems import add_problems
from indicators.actions import create_indicator, retire_indicator, revise_indicator
from indicators.forms import FIELD_OF_SIDE, IndicatorForm, RetireForm
from indicators.formulas import formula_text
from indicators.models import FIRST_YEAR, YEARS_AHEAD, Indicator
from indicators.queries import IndicatorValue, history
from indicators.resources import CENT, EXPONENT, has_exponent
from indicators.target_table import TargetTable, table_of_targets
from indicators.targets import Wanted, set_targets
from records.core.periods import first_quarter, since

#: So many quarters a formula is tried on before it is saved.
TRIED = 8


def _newest_or_404(request: PortalRequest, code: str) -> Indicator:
    found = Indicator.objects.visible_to(request.user).filter(code=code).order_by("-version").first()
    if found is None:
        raise Http404
    return found


def _formula(indicator: Indicator) -> str:
    return formula_text(indicator.numerator, indicator.denominator, indicator.scale)


@require_safe
def indicator_detail(request: PortalRequest, key: str) -> HttpResponse:
    """An indicator with all its versions side by side, the newest first."""
    newest = _newest_or_404(request, key)
    versions = list(Indicator.objects.visible_to(request.user).filter(code=key).order_by("-version"))
    context = {
        "indicator": newest,
        "versions": [(version, _formula(version)) for version in versions],
        "may_revise": bool(verdict(request.user, "indicators.revise")),
        "sees_targets": bool(verdict(request.user, "indicators.view_targets")),
        "retire_form": RetireForm(indicator=newest),
    }
    return render(request, "indicators/detail.html", context)


def _add_problems(form: IndicatorForm, problem: ValidationError) -> None:
    """What is wrong with a side of the formula stands at its facts."""
    if hasattr(problem, "error_dict"):
        named = {FIELD_OF_SIDE.get(name, name): texts for name, texts in problem.message_dict.items()}
        problem = ValidationError(named)
    add_problems(form, problem)


def _form_page(request: PortalRequest, form: IndicatorForm, indicator: Indicator | None) -> HttpResponse:
    context = {
        "form": form,
        "indicator": indicator,
        "back": reverse("indicators:indicators") if indicator is None else indicator.get_absolute_url(),
    }
    return render(request, "indicators/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_create(request: PortalRequest) -> HttpResponse:
    """A new indicator."""
    require(request.user, "indicators.revise")
    form = IndicatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_indicator(
                acting_user=request.user, code=form.cleaned_data["code"], valid_from=form.start, values=form.values()
            )
        except ValidationError as problem:
            _add_problems(form, problem)
        else:
            messages.success(request, _("“%s”已设立。") % made)
            return redirect(made)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_revise(request: PortalRequest, key: str) -> HttpResponse:
    """A new version of an indicator, from a quarter on."""
    newest = _newest_or_404(request, key)
    require(request.user, "indicators.revise")
    form = IndicatorForm(request.POST or None, indicator=newest)
    if request.method == "POST" and form.is_valid():
        try:
            made = revise_indicator(acting_user=request.user, code=key, valid_from=form.start, values=form.values())
        except ValidationError as problem:
            _add_problems(form, problem)
        else:
            text = filled(_("“%(name)s”的第 %(version)d 版已保存。"), {"name": made, "version": made.version})
            messages.success(request, text)
            return redirect(made)
    return _form_page(request, form, newest)


@require_POST
def indicator_retire(request: PortalRequest, key: str) -> HttpResponse:
    """The indicator ends with a quarter."""
    newest = _newest_or_404(request, key)
    require(request.user, "indicators.revise")
    form = RetireForm(request.POST, indicator=newest)
    if form.is_valid():
        last = Quarter.parse(form.cleaned_data["valid_to"])
        try:
            retire_indicator(acting_user=request.user, code=key, last=last, reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            add_problems(form, problem)
        except LookupError:
            form.add_error(None, _("这个指标已经停用。"))
        else:
            messages.success(request, _("“%(name)s”用到%(quarter)s为止。") % {"name": newest, "quarter": last.label})
            return redirect(newest)
    for name, texts in form.errors.items():
        label = form[name].label if name in form.fields else ""
        messages.error(request, "：".join(filter(None, [str(label), " ".join(str(text) for text in texts)])))
    return redirect(newest)


def why_no_value(found: IndicatorValue, is_running: bool) -> str:
    """Why an indicator says nothing of a quarter; "" where it does."""
    if found.value is not None:
        return ""
    if found.numerator is None:
        return _("分子没有人填报") + (_("，季度还没有结束") if is_running else "")
    if found.denominator is None:
        return _("分母没有人填报")
    return _("分母是 0，不能相除")


@require_GET
def indicator_check(request: PortalRequest) -> HttpResponse:
    """What the formula in the form gives of the whole province in the last quarters, before anything is saved."""
    require(request.user, "indicators.revise")
    newest = Indicator.objects.filter(code=request.GET.get("of", "")).order_by("-version").first()
    form = IndicatorForm(request.GET, indicator=newest)
    context: dict[str, Any] = {}
    form.is_valid()
    wanted = {"added", "taken", "under_added", "under_taken", "scale"}
    if not wanted & form.errors.keys() and form.cleaned_data.get("scale") is not None:
        tried = Indicator(**form.sides(), scale=form.cleaned_data["scale"], unit=form.cleaned_data.get("unit") or "")
        try:
            tried.clean()
        except ValidationError as problem:
            context["problems"] = problem.messages
        else:
            context |= _tried(tried)
    elif request.GET.getlist("added"):
        context["problems"] = [str(text) for name in wanted & form.errors.keys() for text in form.errors[name]]
    return render(request, "indicators/_check.html", context)


def _tried(indicator: Indicator) -> dict[str, Any]:
    province = Place.objects.filter(level=Level.PROVINCE).order_by("code").first()
    now = Quarter.current()
    quarters = since(first_quarter(), now.trailing(TRIED))
    found = [] if province is None else history(indicator, province, quarters)
    rows = [
        (quarter, one, why_no_value(one, is_running=quarter == now))
        for quarter, one in zip(quarters, found, strict=False)
    ]
    return {"formula": _formula(indicator), "rows": rows, "place": province, "unit": indicator.unit}


# --- targets of many regions at once ----------------------------------------------------------------


def _year(request: PortalRequest) -> int:
    asked = request.GET.get("year", "")
    now = timezone.localdate().year
    if not asked:
        return now
    if not (asked.isascii() and asked.isdecimal() and FIRST_YEAR <= int(asked[:5]) <= now + YEARS_AHEAD):
        raise Http404
    return int(asked)


def _read(request: PortalRequest, table: TargetTable) -> tuple[dict[tuple[int, str], Wanted], dict[str, str]]:
    """What was sent for the cells of the table, and what is no number, by name of the cell."""
    wanted: dict[tuple[int, str], Wanted] = {}
    wrong: dict[str, str] = {}
    for line in table.lines:
        for cell in line.cells:
            if not cell.may_set or cell.name not in request.POST:
                continue
            text = request.POST[cell.name].strip().replace(",", "").replace("，", "").removesuffix("%")
            try:
                value = _number(text)
                was = _number(request.POST.get(f"was-{cell.name}", ""))
            except ValueError:
                wrong[cell.name] = text
                continue
            wanted[line.place.pk, cell.code] = Wanted(was, value)
    return wanted, wrong


def _number(text: str) -> Decimal | None:
    """Empty for none. Raises ``ValueError``."""
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if has_exponent(text) or not found.is_finite() or abs(found) >= Decimal(10) ** 16:
        raise ValueError(text)
    if found != found.quantize(CENT):
        raise ValueError(text)
    return found


def _no_number(text: str) -> str:
    if has_exponent(text):
        return EXPONENT % text
    return _("“%s”不是数字。请填数字，最多两位小数，不带文字。") % text


@require_http_methods(["GET", "HEAD", "POST"])
def target_table(request: PortalRequest) -> HttpResponse:
    """Regions by indicators: the targets of a year, to be read and, by who may, set."""
    require(request.user, "indicators.view_targets")
    year = _year(request)
    table = table_of_targets(request.user, year, request.GET.getlist("indicator"))
    status = 200
    if request.method == "POST":
        require(request.user, "indicators.set_targets")
        wanted, wrong = _read(request, table)
        problems = [_no_number(text) for text in wrong.values()]
        if not problems:
            try:
                changed = set_targets(acting_user=request.user, year=year, wanted=wanted)
            except (Refused, ValidationError) as problem:
                problems = problem.messages if isinstance(problem, ValidationError) else [str(problem)]
            else:
                text = filled(_("已保存 %d 个目标的改动。"), changed) if changed else _("没有改动。")
                messages.success(request, text)
                return redirect(request.get_full_path())
        status = 400
        table = table.with_typed(request.POST, wrong)
        for text in problems:
            messages.error(request, text)
    now = timezone.localdate().year
    context = {
        "table": table,
        "year": year,
        "years": range(now + 2, max(FIRST_YEAR, now - 5) - 1, -1),
        "indicators": table.offered,
        "chosen": [one.code for one in table.columns],
    }
    return render(request, "indicators/targets.html", context, status=status)
