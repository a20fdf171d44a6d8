"""The province's calendar: due days, closing and reopening of quarters, and who owes what."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enterprises.models import Industry, Ownership, PilotTier, Size
from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter, Year
from foundation.labels import Label
from foundation.refusals import NeedsConfirmation, Refused
from foundation.ui.forms import form_field
from foundation.ui.problems import problems_told
from indicators.closing import reopen_quarter, request_closing, unfinished_closings
from records.core.kinds import all_kinds, choices_of
from records.duties.calendar import describe_rule, leave_proposal, save_duty_rule, set_due_days, set_year
from records.duties.models import Circumstance
from records.models import DutyRule, ReportingQuarter, ReportingYear


class DueDaysForm(forms.Form):
    enterprise_due = forms.DateField(label=gettext_lazy("企业填报截止"))
    review_due = forms.DateField(label=gettext_lazy("审核截止"))


class YearForm(forms.Form):
    enterprise_due = forms.DateField(label=gettext_lazy("年度报送截止"))
    is_open = forms.BooleanField(label=gettext_lazy("开放填报"), required=False)


#: What the form says of enterprises that lead a chain, who are among its members.
_LEADS = "leads"


def _either(label: Label, yes: Label, no: Label) -> forms.TypedChoiceField:
    """Yes, no, or whatever it is."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", gettext_lazy("不限")), ("yes", yes), ("no", no)],
        required=False,
        coerce=lambda word: word == "yes",
        empty_value=None,
    )


class DutyRuleForm(forms.Form):
    """Nothing ticked in a group means all of it."""

    kind = forms.ChoiceField(label=gettext_lazy("报送类型"))
    tiers = forms.MultipleChoiceField(
        label=gettext_lazy("试点层级"), choices=PilotTier, required=False, widget=forms.CheckboxSelectMultiple
    )
    ownerships = forms.MultipleChoiceField(
        label=gettext_lazy("所有制"), choices=Ownership, required=False, widget=forms.CheckboxSelectMultiple
    )
    sizes = forms.MultipleChoiceField(
        label=gettext_lazy("企业规模"), choices=Size, required=False, widget=forms.CheckboxSelectMultiple
    )
    industries = forms.MultipleChoiceField(
        label=gettext_lazy("行业门类"), required=False, widget=forms.CheckboxSelectMultiple
    )
    headcount_from = forms.IntegerField(
        label=gettext_lazy("职工人数不少于（人）"), required=False, min_value=0, max_value=2_000_000
    )
    headcount_to = forms.IntegerField(
        label=gettext_lazy("职工人数不多于（人）"), required=False, min_value=0, max_value=2_000_000
    )
    in_chain = forms.TypedChoiceField(
        label=gettext_lazy("产业链"),
        choices=[
            ("", gettext_lazy("不限")),
            ("yes", gettext_lazy("产业链成员")),
            (_LEADS, gettext_lazy("产业链的链主、龙头企业")),
            ("no", gettext_lazy("不在产业链中")),
        ],
        required=False,
        coerce=lambda word: word != "no",
        empty_value=None,
    )
    has_party_organisation = _either(gettext_lazy("党组织"), gettext_lazy("已建立党组织"), gettext_lazy("未建立党组织"))
    only_if = forms.ChoiceField(
        label=gettext_lazy("适用情况"),
        required=False,
        help_text=gettext_lazy("选了的，只有企业在年初答“有”才应报。"),
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_field(self, "kind", forms.ChoiceField).choices = choices_of(
            kind for kind in all_kinds() if kind.may_be_owed and not kind.is_retired
        )
        form_field(self, "only_if", forms.ChoiceField).choices = [("", _("不限")), *Circumstance.choices]
        form_field(self, "industries", forms.MultipleChoiceField).choices = list(
            Industry.objects.filter(level="section").order_by("code").values_list("code", "name")
        )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        return {**values, "leads_chain": self.data.get(self.add_prefix("in_chain")) == _LEADS}


def _page(
    request: PortalRequest,
    *,
    rule_form: DutyRuleForm | None = None,
    asked: NeedsConfirmation | None = None,
    asked_of: DutyRule | None = None,
    status: int = 200,
) -> HttpResponse:
    """``asked``: what a rule would add, to be confirmed; of the rule ``asked_of`` that is switched on, else of the new one in
    ``rule_form``."""
    unfinished = unfinished_closings()
    rules = list(DutyRule.objects.order_by("kind", "pk"))
    quarters = [
        {
            "row": row,
            "is_frozen": row.code not in unfinished,
            "freezing": unfinished.get(row.code),
            "form": DueDaysForm(
                initial={"enterprise_due": row.enterprise_due, "review_due": row.review_due}, prefix=row.code
            ),
        }
        for row in ReportingQuarter.objects.order_by("-code")
    ]
    years = [
        (row, YearForm(initial={"enterprise_due": row.enterprise_due, "is_open": row.is_open}, prefix=f"y{row.code}"))
        for row in ReportingYear.objects.order_by("-code")
    ]
    context = {
        "quarters": quarters,
        "years": years,
        "rules": [(rule, describe_rule(rule)) for rule in rules if not (rule.is_proposed or rule.is_left)],
        "proposals": [(rule, describe_rule(rule)) for rule in rules if rule.is_proposed],
        "rule_form": rule_form or DutyRuleForm(),
        "asked": asked,
        "asked_of": asked_of,
        "confirm_reason": request.POST.get("confirm_reason", ""),
    }
    return render(request, "backoffice/quarters.html", context, status=status)


def quarter_list(request: PortalRequest) -> HttpResponse:
    require(request.user, "records.set_calendar")
    return _page(request)


def _quarter_or_404(code: str) -> Quarter:
    if not ReportingQuarter.objects.filter(code=code).exists():
        raise Http404
    return Quarter.parse(code)


@require_POST
def quarter_act(request: PortalRequest, code: str) -> HttpResponse:
    """``do``: days, close or reopen."""
    require(request.user, "records.set_calendar")
    quarter = _quarter_or_404(code)
    with problems_told(request):
        match request.POST.get("do"):
            case "close":
                request_closing(acting_user=request.user, quarter=quarter)
                messages.success(request, _("%s已停止填报，后台正在统计并冻结数字，进度见下。") % quarter.label)
            case "reopen":
                reopen_quarter(acting_user=request.user, quarter=quarter, reason=request.POST.get("reason", ""))
                messages.success(request, _("%s已重新开放。") % quarter.label)
            case "days":
                form = DueDaysForm(request.POST, prefix=code)
                if not form.is_valid():
                    raise Refused(_("请填写两个日期，例如 2026-10-10。"))
                set_due_days(acting_user=request.user, quarter=quarter, **form.cleaned_data)
                messages.success(request, _("%s的截止日期已保存。") % quarter.label)
            case _:
                raise Http404
    return redirect("backoffice:quarters")


@require_POST
def year_act(request: PortalRequest, code: str) -> HttpResponse:
    """The day by which annual returns of the year are due, and whether they are still taken."""
    require(request.user, "records.set_calendar")
    if not ReportingYear.objects.filter(code=code).exists():
        raise Http404
    year = Year.parse(code)
    with problems_told(request):
        form = YearForm(request.POST, prefix=f"y{code}")
        if not form.is_valid():
            raise Refused(_("请填写年度报送截止日期，例如 %s。") % ReportingYear.default_due(year))
        set_year(acting_user=request.user, year=year, **form.cleaned_data)
        messages.success(request, _("%s的年度报送设置已保存。") % year.label)
    return redirect("backoffice:quarters")


@require_POST
def rule_save(request: PortalRequest, pk: int | None = None) -> HttpResponse:
    """A new rule, or ``pk`` switched on or off; a proposed one accepted, or with ``do`` left."""
    require(request.user, "records.set_calendar")
    answers: dict[str, Any] = {
        "confirmed": request.POST.getlist("confirmed"),
        "reason": request.POST.get("confirm_reason", ""),
    }
    if pk is not None:
        rule = DutyRule.objects.filter(pk=pk).first()
        if rule is None:
            raise Http404
        asked_of = [*(name for name in DutyRuleForm.base_fields if name != "is_active"), "leads_chain"]
        values = {name: getattr(rule, name) for name in asked_of}
        if rule.is_proposed and request.POST.get("do") == "leave":
            leave_proposal(acting_user=request.user, rule=rule)
            messages.success(request, _("这条建议已不采纳，不再提示。"))
            return redirect("backoffice:quarters")
        try:
            save_duty_rule(acting_user=request.user, rule=rule, is_active=not rule.is_active, **values, **answers)
        except NeedsConfirmation as asked:
            return _page(request, asked=asked, asked_of=DutyRule.objects.get(pk=pk), status=409)
        messages.success(
            request, _("应报规则已启用。") if rule.is_active else _("应报规则已停用；已生成的应报事项保留。")
        )
        return redirect("backoffice:quarters")
    form = DutyRuleForm(request.POST)
    if not form.is_valid():
        return _page(request, rule_form=form)
    try:
        save_duty_rule(acting_user=request.user, **form.cleaned_data, **answers)
    except NeedsConfirmation as asked:
        return _page(request, rule_form=form, asked=asked, status=409)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, rule_form=form, status=400)
    messages.success(request, _("应报规则已保存，开放的季度已按它生成应报事项。"))
    return redirect("backoffice:quarters")
