"""Forms and filters of schools and institutions."""

from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Organisation, OrganisationKind
from foundation.access.rules import where
from foundation.accounts.models import Actor
from foundation.places.models import Place
from foundation.ui.forms import mark


class _CountyChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Place) -> str:
        return obj.full_name()


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ("kind", "name", "code", "county", "contact", "is_active")

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A place has the columns an organisation has: the rule on those speaks of both.
        counties = Place.objects.counties().open().filter(where(user, "enterprises.keep_organisations"))
        self.fields["county"] = _CountyChoice(
            queryset=counties.select_related("city").order_by("code"),
            label=self.fields["county"].label,
            widget=forms.Select(attrs={"data-tom-select": ""}),
            error_messages={"invalid_choice": _("请从列表中选择您管辖的县（市、区）或功能区。")},
        )
        self.fields["kind"].choices = [("", _("请选择")), *OrganisationKind.choices]
        for field in self.fields.values():
            mark(field, needed=field.required)

    def _post_clean(self) -> None:
        """The row is made and checked by the action: the form must not change the one on the page."""


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("名称、拼音首字母或代码"), method="search")
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=OrganisationKind, empty_label=_("全部类别"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        empty_label=_("可以选用"),
        method="by_state",
        choices=[("closed", _("已停用")), ("all", _("全部"))],
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def search(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        words = value.strip()
        condition = Q(name__icontains=words)
        if words.isascii():
            condition |= Q(initials__icontains=words.lower()) | Q(code__startswith=words.upper())
        return queryset.filter(condition)

    def by_state(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset.filter(is_active=False) if value == "closed" else queryset

    def filter_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.active()
