"""What is asked before an enterprise is moved, renamed, merged, split, closed or reopened."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.forms import FIELDSETS, CountyChoice, EnterpriseForm, ProblemsMixin
from enterprises.models import Enterprise
from foundation.access.rules import where
from foundation.accounts.models import Actor
from foundation.places.models import Place
from foundation.ui.forms import form_field


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("原因和依据"),
        widget=forms.Textarea,
        max_length=500,
        help_text=_("例如营业执照变更、主管部门的批复。写入企业变更历史。"),
        error_messages={"required": _("请写明原因和依据，例如营业执照变更、主管部门的批复。")},
    )


def _day() -> forms.DateField:
    return forms.DateField(
        label=_("变更日期"),
        initial=timezone.localdate,
        help_text=_("实际变更的那一天，不晚于今天。"),
        error_messages={"required": _("请填变更日期。"), "invalid": _("请填年月日，例如 2026-09-30。")},
    )


def _counties(user: Actor) -> models.QuerySet[Place]:
    return Place.objects.filter(where(user, "enterprises.register")).select_related("city").order_by("code")


class ChangeForm(ProblemsMixin, forms.Form):
    """Reason and day of a change; base of all. ``version`` is the entry's as the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = _day()
    reason = _reason()

    def __init__(self, data: Any = None, *, enterprise: Enterprise, user: Actor) -> None:
        super().__init__(data, initial={"version": enterprise.version})
        self.enterprise, self.user = enterprise, user


class MoveForm(ChangeForm):
    county = CountyChoice(
        queryset=Place.objects.none(),
        label=_("迁入的县（市、区）或功能区"),
        empty_label=_("请选择"),
        help_text=_("只列出您管辖的地方。市内跨县（区）的迁移由市产改办办理，跨市的由省产改办办理。"),
        error_messages={
            "required": _("请选择迁入地。"),
            "invalid_choice": _("请从列表中选择。迁到您管辖范围以外的，请由上级产改办办理。"),
        },
    )
    field_order = ("version", "county", "on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_field(self, "county", CountyChoice).queryset = _counties(self.user).exclude(pk=self.enterprise.county_id)
        self.fields["county"].widget.attrs["data-tom-select"] = ""


class RenameForm(ChangeForm):
    name = forms.CharField(
        label=_("新名称"), max_length=200, help_text=_("营业执照上的全称。原名称保留为曾用名，仍可查到。")
    )
    field_order = ("version", "name", "on", "reason")


class MergeForm(ChangeForm):
    successor = forms.CharField(
        label=_("并入哪家企业"),
        help_text=_("合并后存续的那一家，须在同一设区市。输入名称、拼音首字母或代码查找。"),
        error_messages={"required": _("请选择合并后存续的企业。")},
    )
    field_order = ("version", "successor", "on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Enterprise.objects.visible_to(self.user).filter(credit_code=self.data.get("successor", ""))
        self.fields["successor"].widget = forms.Select(
            attrs={"data-tom-select": "", "data-url": reverse_lazy("enterprises:search")},
            choices=[("", ""), *((enterprise.credit_code, enterprise.name) for enterprise in chosen)],
        )

    def clean_successor(self) -> Enterprise:
        code = self.cleaned_data["successor"]
        found = Enterprise.objects.allowing(self.user, "enterprises.change").active().filter(credit_code=code).first()
        if found is None:
            raise ValidationError(
                _("没有找到这家企业，或它已注销、不在您的管辖范围内。请重新查找；跨县的合并请由市产改办办理。")
            )
        return found


class SplitForm(EnterpriseForm):
    """The entry of the new enterprise, begun as the old one's; and reason and day."""

    on = _day()
    reason = _reason()

    def __init__(self, data: Any = None, *, enterprise: Enterprise, user: Actor) -> None:
        initial = {
            "industry": enterprise.industry_id,
            "ownership": enterprise.ownership,
            "county": enterprise.county_id,
            "version": enterprise.version,
        }
        super().__init__(data, initial=initial, counties=_counties(user))

    def fieldsets(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        entry = [(title, [name for name in names if name in self.fields]) for title, names in FIELDSETS]
        parts = [(_("分立"), ["on", "reason"]), *((_("新企业：%s") % title, names) for title, names in entry)]
        return [(str(title), "", [self[name] for name in names]) for title, names in parts if names]
