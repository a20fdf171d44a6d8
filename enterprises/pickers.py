"""Choosing an enterprise: in a form looked up while typing, so that only the chosen one is written into the page; in a cell of
a workbook by its credit code."""

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.exchange.widgets import CodeWidget
from foundation.labels import Label

#: A credit code has as many characters; a row's number has fewer.
_LENGTH_OF_CODE = 18
#: The number of no enterprise.
_NONE = 0
#: The same words for one that does not exist and one of somebody else's area.
_NOT_FOUND = _("没有找到这家企业，或它不在您的管辖范围内。")


class EnterpriseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """One enterprise of the person's own scope, by its credit code."""

    queryset: models.QuerySet[Enterprise]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Enterprise.objects.none())
        kwargs.setdefault("label", _("企业"))
        attrs = {
            "data-tom-select": "",
            "data-url": reverse_lazy("enterprises:search"),
            "placeholder": _("输入名称、拼音首字母或代码"),
        }
        super().__init__(to_field_name="credit_code", widget=forms.Select(attrs=attrs), **kwargs)
        self.error_messages["invalid_choice"] = format_lazy("{}{}", _NOT_FOUND, _("请重新查找并选择。"))

    def of(self, user: Actor, code: object) -> None:
        """What this person may choose, and what the page shows as chosen so far."""
        self.queryset = Enterprise.objects.visible_to(user).active().select_related("place", "county__city")
        chosen = self.queryset.filter(credit_code=code).first() if code else None
        self.choices = [
            ("", _("请选择")),
            *([(chosen.credit_code, self.label_from_instance(chosen))] if chosen else []),
        ]

    def label_from_instance(self, obj: Enterprise) -> str:
        return f"{obj.name}（{obj.county.full_name()}）"


class EnterpriseOfRowField(EnterpriseField):
    """By credit code, as the page sends it, or by number, as rows of a workbook have it."""

    def to_python(self, value: Any) -> Enterprise | None:
        text = str(value or "")
        if text.isdecimal() and len(text) < _LENGTH_OF_CODE:
            code = self.queryset.filter(pk=int(text)).values_list("credit_code", flat=True).first()
            value = code or text
        found: Enterprise | None = super().to_python(value)
        return found


def choose_enterprise(form: "forms.ModelForm[Any]", user: Actor, cure: Label = "") -> EnterpriseOfRowField:
    """Have the form's field ``enterprise`` looked up while typing instead of chosen from all. Returns the new field.
    ``cure``: what to do about one that is not to be found, on the page and in a workbook."""
    asked = form.fields["enterprise"]
    field = EnterpriseOfRowField(label=asked.label, help_text=asked.help_text, required=asked.required)
    cure = cure or _("请核对代码；还没有登记的企业，先在企业名录里登记。")
    field.error_messages["invalid_choice"] = format_lazy("{}{}", _NOT_FOUND, cure)
    chosen = form.instance.enterprise if form.instance.enterprise_id else None
    form.initial["enterprise"] = chosen.credit_code if chosen else None
    field.of(user, form.data.get("enterprise") if form.is_bound else form.initial["enterprise"])
    form.fields["enterprise"] = field
    return field


class EnterpriseCell(CodeWidget):
    """A credit code of the register. Each is looked up once. One that is not there is refused by the form, in the words for
    one that this person may not see (``choose_enterprise``)."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, int] = {}
        self.codes: dict[int, str] = {}

    def read(self, value: Any) -> Any:
        code = super().read(value)
        if code not in self.known:
            found = Enterprise.objects.filter(credit_code=code).values_list("pk", flat=True).first()
            self.known[code] = found or _NONE
        return self.known[code]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        if value not in self.codes:
            found = Enterprise.objects.filter(pk=value).values_list("credit_code", flat=True).first()
            self.codes[value] = found or ""
        return self.codes[value]
