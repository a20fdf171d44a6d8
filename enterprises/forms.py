"""The enterprise's entry as a form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.actions import EDITABLE_FIELDS
from enterprises.models import Enterprise, Industry
from enterprises.profiles.queries import FOLLOWED, follows_profile
from foundation.folding import standard
from foundation.places.models import Place
from foundation.ui.forms import ask_to_choose, mark

FIELDSETS = (
    (_("登记信息"), ("name", "credit_code", "county", "industry", "ownership", "size")),
    (_("职工与组织"), ("headcount", "frontline_count", "has_union", "has_party_organisation")),
    (_("产改工作"), ("pilot_tier", "instructor", "liaison", "observer")),
)


class CountyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Place) -> str:
        return obj.full_name()


class ProblemsMixin(forms.BaseForm):
    """Takes what an action refused into the form, to the fields it is about."""

    def add_problems(self, problem: ValidationError) -> None:
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, messages in problem.message_dict.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


class EnterpriseForm(ProblemsMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Model checks give the words; the actions save."""

    instance: Enterprise

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Enterprise
        fields = EDITABLE_FIELDS

    def __init__(self, *args: Any, counties: models.QuerySet[Place] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        industry = self.fields["industry"]
        chosen = self.data.get("industry") or self.initial.get("industry")
        # 1,972 rows never go into one page: the list is asked for while typing, only the chosen one is drawn.
        industry.widget = forms.Select(
            attrs={"data-tom-select": "", "data-url": reverse_lazy("enterprises:industries")},
            choices=[(row.pk, str(row)) for row in Industry.objects.filter(pk=chosen)] if chosen else [("", "")],
        )
        for name in ("headcount", "frontline_count"):
            self.fields[name].error_messages["invalid"] = _("请填整数，不带单位、小数和文字。")
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        if counties is not None:
            self.fields["county"] = CountyChoice(
                queryset=counties.select_related("city"),
                label=_("所在县（市、区）或功能区"),
                error_messages={"invalid_choice": _("请从列表中选择您管辖的县（市、区）或功能区。")},
            )
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            if follows_profile(self.instance):
                for name in FOLLOWED:
                    self.fields[name].disabled = True
                    self.fields[name].help_text = _("取自最近一年的年度基本情况，请在那里修改。")
        for name, field in self.fields.items():
            if isinstance(field, forms.TypedChoiceField) and not self.instance.pk:
                ask_to_choose(field)
            mark(field, needed=field.required and name != "version")

    def clean_name(self) -> str:
        name: str = standard(self.cleaned_data["name"])
        return name

    def clean_credit_code(self) -> str:
        code: str = self.cleaned_data["credit_code"]
        return code.strip().replace(" ", "").upper()

    def fieldsets(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        return [(str(title), "", [self[name] for name in names if name in self.fields]) for title, names in FIELDSETS]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE_FIELDS}
