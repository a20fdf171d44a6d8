"""Choosing an enterprise in a form: looked up while typing, only the chosen one is written into the page."""

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.accounts.models import Actor


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
        self.error_messages["invalid_choice"] = _("没有找到这家企业，或它不在您的管辖范围内。请重新查找并选择。")

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
