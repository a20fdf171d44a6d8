"""Writing a notice, its questions, and the form a unit answers by."""

import datetime
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from enterprises.models import PilotTier
from foundation.places.models import Level, Place
from foundation.ui.forms import form_field, mark
from notices.actions import passed_problem
from notices.audience import level_choices, units_below
from notices.models import Answer, Notice, State

MOST_QUESTIONS = 10
_PICKER = {"data-tom-select": "", "placeholder": _("输入名称、拼音首字母或代码")}


def place_label(place: Place) -> str:
    """``江宁区（南京市）``; an enterprise with its county."""
    above = place.county if place.level == Level.ENTERPRISE else place.city
    return f"{place.name}（{above.name}）" if above is not None and above.pk != place.pk else place.name


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Units by code, looked up while typing; only the chosen ones are written into the page."""

    queryset: models.QuerySet[Place]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.SelectMultiple(attrs={**_PICKER, "data-url": reverse_lazy("notices:places")})
        super().__init__(queryset=Place.objects.none(), to_field_name="code", widget=widget, **kwargs)
        self.error_messages["invalid_choice"] = _("“%(value)s”不是您下级的单位，或已不在册。请重新查找并选择。")
        self.error_messages["invalid_list"] = _("请重新查找并选择单位。")

    def show_only(self, codes: list[str]) -> None:
        chosen = self.queryset.filter(code__in=codes).select_related("city", "county")
        self.choices = [(place.code, place_label(place)) for place in chosen]


class NoticeForm(forms.Form):
    """The draft as one form; its questions are a formset beside it."""

    title = forms.CharField(label=_("标题"), max_length=120, help_text=_("例如：关于报送第四季度产改工作情况的通知。"))
    number = forms.CharField(label=_("文号"), max_length=60, required=False, help_text=_("没有就不填。"))
    text = forms.CharField(
        label=_("正文"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("只写文字，空一行另起一段。表格和盖章文件请作为附件上传。"),
    )
    levels = forms.MultipleChoiceField(
        label=_("发给全部"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选的层级，辖区内的单位全部收到。"),
    )
    tiers = forms.MultipleChoiceField(
        label=_("企业只发给这些试点"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选“企业”后有效；一个都不勾就是全部企业。"),
        choices=[choice for choice in PilotTier.choices if choice[0] != PilotTier.NONE],
    )
    places = UnitsField(
        label=_("另选单位"), required=False, help_text=_("可以再加几个单位；不勾选上面的层级，就只发给这里选的。")
    )
    receipt_due = forms.DateField(
        label=_("签收截止"), required=False, widget=forms.DateInput, help_text=_("不填就不要求签收，只记录是否已读。")
    )
    feedback_due = forms.DateField(
        label=_("反馈截止"),
        required=False,
        widget=forms.DateInput,
        help_text=_("下面设了反馈内容时填写；过了这一天不能再填。"),
    )
    form_token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, office: Place, notice: Notice | None = None, token: uuid.UUID | None = None, **kwargs: Any
    ) -> None:
        """``token``: of a form opened before, whose files are there already."""
        if notice is not None:
            kwargs.setdefault("initial", _initial(notice))
        super().__init__(*args, **kwargs)
        form_field(self, "levels", forms.MultipleChoiceField).choices = level_choices(office)
        units = form_field(self, "places", UnitsField)
        units.queryset = units_below(office)
        asked = self.data.getlist("places") if isinstance(self.data, QueryDict) else self.data.get("places", [])
        units.show_only(asked if self.is_bound else self.initial.get("places", []))
        for name in ("receipt_due", "feedback_due"):
            mark(self.fields[name], live=reverse("notices:day_said"))
        if not self.is_bound:
            self.initial.setdefault("form_token", token or uuid.uuid4())

    def clean_receipt_due(self) -> Any:
        return _sensible(self.cleaned_data["receipt_due"])

    def clean_feedback_due(self) -> Any:
        return _sensible(self.cleaned_data["feedback_due"])

    def values(self) -> dict[str, Any]:
        """What the action takes, without the questions."""
        names = ("title", "number", "text", "levels", "tiers", "receipt_due", "feedback_due")
        return {name: self.cleaned_data[name] for name in names}

    def add_problems(self, problem: ValidationError) -> None:
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, messages in problem.message_dict.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def day_problem(day: datetime.date | None) -> str:
    """What is wrong with a deadline; "" where nothing is. Working days are counted up to it: a year that cannot be meant is
    refused here. The action asks the rest as well, but only of a form in which all else is right."""
    if day is not None and not 2000 <= day.year <= 2999:
        return _("日期 %(day)s 不合常理。请核对年份。") % {"day": day}
    return passed_problem(day, timezone.localdate())


def _sensible(day: datetime.date | None) -> datetime.date | None:
    if problem := day_problem(day):
        raise ValidationError(problem)
    return day


def _initial(notice: Notice) -> dict[str, Any]:
    names = ("title", "number", "text", "levels", "tiers", "receipt_due", "feedback_due", "version")
    codes = list(notice.places.values_list("code", flat=True))
    return {**{name: getattr(notice, name) for name in names}, "places": codes}


class QuestionForm(forms.Form):
    """One question of the feedback. A line left empty is no question."""

    label = forms.CharField(label=_("要下级填什么"), max_length=100, required=False)
    type = forms.ChoiceField(label=_("填法"), choices=Answer, required=False)
    choices = forms.CharField(
        label=_("选项"),
        max_length=500,
        required=False,
        help_text=_("单选时填，用顿号分开，例如：已完成、进行中、未开始。"),
    )
    required = forms.BooleanField(label=_("必填"), required=False)

    def clean_type(self) -> str:
        return self.cleaned_data["type"] or Answer.TEXT.value

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        if values.get("label") and values.get("type") == Answer.CHOICE and len(_parts(values.get("choices", ""))) < 2:
            self.add_error("choices", _("“单选”至少要两个选项，用顿号分开。请补上选项，或换一种填法。"))
        return values

    def question(self) -> dict[str, Any] | None:
        values = self.cleaned_data
        if not values.get("label"):
            return None
        choices = _parts(values["choices"]) if values["type"] == Answer.CHOICE else []
        return {"label": values["label"], "type": values["type"], "required": values["required"], "choices": choices}


def _parts(text: str) -> list[str]:
    parts = [part.strip() for part in text.replace("\n", "、").replace("，", "、").replace(",", "、").split("、")]
    return list(dict.fromkeys(part for part in parts if part))


def question_forms(
    data: Any, questions: list[dict[str, Any]], *, more: bool = False
) -> "forms.BaseFormSet[QuestionForm]":
    """The questions there are, and room for more: two at first, three more when asked."""
    # What was sent stands for itself: a line equal to the saved one would count as not filled in.
    initial = None if data is not None else [{**q, "choices": "、".join(q["choices"])} for q in questions]
    formset = forms.formset_factory(
        QuestionForm,
        extra=1 if questions else 2,
        max_num=MOST_QUESTIONS,
        absolute_max=MOST_QUESTIONS,
        validate_max=True,
    )
    if more and data is not None:
        data = data.copy()
        total = data.get("questions-TOTAL_FORMS", "0")
        count = int(total) if total.isdecimal() and len(total) < 3 else 0
        data["questions-TOTAL_FORMS"] = str(min(count + 3, MOST_QUESTIONS))
    return formset(data, initial=initial, prefix="questions")


def questions_of(formset: "forms.BaseFormSet[QuestionForm]") -> list[dict[str, Any]]:
    return [question for form in formset if (question := form.question()) is not None]


class AnswerForm(forms.Form):
    """A unit's feedback, made from the notice's questions."""

    def __init__(self, *args: Any, questions: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(questions, 1):
            self.fields[f"q{number}"] = _field(question)

    def answers(self) -> dict[str, Any]:
        return {name.removeprefix("q"): value for name, value in self.cleaned_data.items() if value not in (None, "")}


class _WholeNumber(forms.IntegerField):
    default_error_messages = {"invalid": _("请填整数，不带单位、小数和文字。")}


def _field(question: dict[str, Any]) -> forms.Field:
    common = {"label": question["label"], "required": question["required"]}
    if question["type"] == Answer.NUMBER:
        return _WholeNumber(**common, min_value=0, max_value=99_999_999)
    if question["type"] == Answer.CHOICE:
        empty = [] if question["required"] else [("", _now("不选"))]
        choices = [*empty, *((choice, choice) for choice in question["choices"])]
        return forms.ChoiceField(**common, choices=choices, widget=forms.RadioSelect)
    if question["type"] == Answer.YES_NO:
        return forms.TypedChoiceField(
            **common,
            choices=[("yes", _("是")), ("no", _("否"))],
            widget=forms.RadioSelect,
            empty_value=None,
            coerce=lambda value: value == "yes",
        )
    return forms.CharField(**common, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def as_initial(questions: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
    """What was answered before, as the form's first values."""
    initial = {}
    for number, question in enumerate(questions, 1):
        value = answers.get(str(number))
        if question["type"] == Answer.YES_NO and value is not None:
            value = "yes" if value else "no"
        initial[f"q{number}"] = value
    return initial


class SentFilter(forms.Form):
    """Narrowing what an office has issued."""

    q = forms.CharField(label=_("标题或文号"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_field(self, "state", forms.ChoiceField).choices = [("", _("全部")), *State.choices]

    def narrow(self, notices: models.QuerySet[Notice]) -> models.QuerySet[Notice]:
        wanted = self.cleaned_data if self.is_valid() else {}
        if text := wanted.get("q"):
            notices = notices.filter(models.Q(title__icontains=text) | models.Q(number__icontains=text))
        if wanted.get("state"):
            notices = notices.filter(state=wanted["state"])
        return notices
