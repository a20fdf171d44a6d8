"""Forms of the reports pages. They read and clean input; the actions decide."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import where
from foundation.access.scope import scope_of
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.ui.forms import form_field, mark
from reporting.actions import COMMENTARY_LIMIT
from reporting.models import COMMENTARY_LABELS, Report, State
from reporting.quarters import reportable_quarters

QUARTERS_OFFERED = 12


class RegionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A region by its official code, the city named before the county."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Place.objects.none(), to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Place) -> str:
        return obj.full_name()


def quarters_offered() -> list[tuple[str, str]]:
    """(code, label) of the quarters there can be a report of. One query: a page with several forms reads them once."""
    return [(one.code, one.label) for one in reportable_quarters(QUARTERS_OFFERED)]


class RequestReportForm(forms.Form):
    """Region and quarter of a new report. Offers the person's own region and the regions below."""

    region = RegionField(
        label=_("地区"),
        empty_label=None,
        error_messages={
            "invalid_choice": _("这个地区不在您的管辖范围内，请从列表中选择。"),
            "required": _("请选择地区。"),
        },
    )
    quarter = forms.ChoiceField(
        label=_("季度"),
        error_messages={
            "invalid_choice": _("季度“%(value)s”不在可选范围内，请从列表中选择。"),
            "required": _("请选择季度。"),
        },
    )

    def __init__(self, *args: Any, user: User, quarters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Place.objects.regions().filter(where(user, "reporting.create"))
        form_field(self, "region", RegionField).queryset = regions.select_related("city").order_by("code")
        form_field(self, "quarter", forms.ChoiceField).choices = quarters
        own = scope_of(user).regions()
        self.initial.setdefault("region", own[0].code if own else None)
        self.initial.setdefault("quarter", Quarter.current().previous().code)

    def clean_quarter(self) -> Quarter:
        return Quarter.parse(self.cleaned_data["quarter"])


class ReportFilterForm(forms.Form):
    """The list's filters."""

    region = RegionField(label=_("地区"), required=False, empty_label=_("全部地区"))
    quarter = forms.ChoiceField(label=_("季度"), required=False)
    state = forms.ChoiceField(label=_("签发状态"), required=False, choices=[("", _("全部")), *State.choices])

    def __init__(self, *args: Any, user: User, quarters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Report.objects.visible_to(user)
        regions = Place.objects.filter(pk__in=seen.values("region_id"))
        form_field(self, "region", RegionField).queryset = regions.select_related("city").order_by("code")
        form_field(self, "quarter", forms.ChoiceField).choices = [("", _("全部季度")), *quarters]

    def conditions(self) -> dict[str, object]:
        """What the rows must meet; a filter that makes no sense filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CommentaryForm(forms.Form):
    """The office's own words, part by part; each line becomes a paragraph."""

    overview = forms.CharField(
        label=COMMENTARY_LABELS["overview"],
        required=False,
        max_length=COMMENTARY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("接在自动生成的文字之后；每行一段。"),
    )
    problems = forms.CharField(
        label=COMMENTARY_LABELS["problems"],
        required=False,
        max_length=COMMENTARY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    plans = forms.CharField(
        label=COMMENTARY_LABELS["plans"],
        required=False,
        max_length=COMMENTARY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一段。留空则正式件不印这一部分。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class IssueForm(forms.Form):
    """Number and date; after this the report is frozen. What is wrong with either is the action's to say, at once."""

    number = forms.CharField(
        label=_("编号"),
        max_length=60,
        required=False,
        help_text=_("例如：苏产改办〔2026〕12号。"),
    )
    issued_on = forms.DateField(
        label=_("签发日期"),
        initial=timezone.localdate,
        required=False,
        error_messages={"invalid": _("签发日期无法识别，请写成 2026-09-30 的形式。")},
    )
    red_head = forms.CharField(
        label=_("发文机关标志"),
        required=False,
        max_length=30,
        help_text=_(
            "填写后首页印红色版头，落款随之改变，末页印版记；要分两行的，在分行处加一个空格。一般季报留空，不印版头。"
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "issued_on"):
            mark(self.fields[name], needed=True)
