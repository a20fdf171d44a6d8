"""The table, the filters and the form of a resource, made from its declaration."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.crud.resource import Resource
from foundation.fields import field_of
from foundation.places.models import Place
from foundation.search.searchers import split_terms
from foundation.ui.forms import mark
from foundation.ui.tables import DateColumn, LinkColumn, MomentColumn, NumberColumn, PortalTable, YesNoColumn

# --- table ------------------------------------------------------------------------------------------


def _column(resource: Resource, name: str, *, is_first: bool) -> tables.Column:
    field = field_of(resource.model, name)
    heading: dict[str, Any] = {"verbose_name": field.verbose_name}
    if is_first:
        return LinkColumn(**heading, linkify=lambda record: resource.url("detail", record))
    if field.is_relation and field.related_model is Place:
        if name == "county":
            heading["verbose_name"] = _("县（市、区）")
        return tables.Column(**heading, accessor=f"{name}__full_name", order_by=f"{name}__code")
    if isinstance(field, models.BooleanField):
        return YesNoColumn(**heading)
    if isinstance(field, models.DateTimeField):
        return MomentColumn(**heading, default="—")
    if isinstance(field, models.DateField):
        return DateColumn(**heading, default="—")
    if isinstance(field, models.DecimalField):
        return NumberColumn(**heading, places=field.decimal_places)
    if isinstance(field, models.IntegerField) and not field.choices:
        return NumberColumn(**heading)
    return tables.Column(**heading, default="—")


def table_of(resource: Resource) -> type[PortalTable]:
    """The table of the list."""
    if resource.table is not None:
        return resource.table
    made: dict[str, Any] = {}
    for number, column in enumerate(resource.columns):
        name, given = (column, None) if isinstance(column, str) else column
        made[name] = given or _column(resource, name, is_first=number == 0)
    names = tuple(made)
    meta = type("Meta", (PortalTable.Meta,), {"model": resource.model, "fields": names, "sequence": names})
    shown = [name for name in names if name not in resource.optional]
    own = {
        "optional": resource.optional,
        "sorts": None if resource.few_rows else resource.sort,
        "phone": tuple(shown[:4]),
        "Meta": meta,
    }
    return type(f"{resource.model.__name__}Table", (PortalTable,), {**made, **own})


# --- filters ----------------------------------------------------------------------------------------


class ResourceFilter(django_filters.FilterSet):
    """Base of the filters made from a declaration: what is no longer in use is shown only when asked for."""

    resource: Resource

    def find(self, queryset: models.QuerySet[models.Model], name: str, value: str) -> models.QuerySet[models.Model]:
        """Rows that hold every word in one of the searched fields."""
        for word in split_terms(value):
            condition = Q(pk__in=[])
            for field in self.resource.search:
                lookup = "istartswith" if field.startswith("^") else "icontains"
                condition |= Q(**{f"{field.lstrip('^')}__{lookup}": word})
            queryset = queryset.filter(condition)
        return queryset

    def by_region(
        self, queryset: models.QuerySet[models.Model], name: str, value: str
    ) -> models.QuerySet[models.Model]:
        place = Place.objects.regions().filter(code=value).first()
        return queryset.none() if place is None else queryset.filter(**{f"{place.scope_column()}_id": place.pk})

    def by_state(self, queryset: models.QuerySet[models.Model], name: str, value: str) -> models.QuerySet[models.Model]:
        return queryset.filter(is_active=False) if value == "closed" else queryset

    def by_yes_or_no(
        self, queryset: models.QuerySet[models.Model], name: str, value: str
    ) -> models.QuerySet[models.Model]:
        return queryset.filter(**{name: value == "yes"})

    def filter_queryset(self, queryset: models.QuerySet[models.Model]) -> models.QuerySet[models.Model]:
        found: models.QuerySet[models.Model] = super().filter_queryset(queryset)
        if "state" in self.filters and not self.form.cleaned_data.get("state"):
            found = found.filter(is_active=True)
        return found


def _filter(resource: Resource, name: str) -> django_filters.Filter:
    if name == "state":
        return django_filters.ChoiceFilter(
            label=_("状态"),
            empty_label=_("可以选用"),
            method="by_state",
            choices=[("closed", _("已停用")), ("all", _("全部"))],
        )
    field = field_of(resource.model, name)
    everything = format_lazy(_("全部{label}"), label=field.verbose_name)
    if isinstance(field, models.BooleanField):
        return django_filters.ChoiceFilter(
            label=field.verbose_name,
            choices=[("yes", _("是")), ("no", _("否"))],
            empty_label=everything,
            method="by_yes_or_no",
        )
    return django_filters.ChoiceFilter(label=field.verbose_name, choices=field.choices, empty_label=everything)


def filterset_of(resource: Resource) -> type[django_filters.FilterSet]:
    """The filters of the list, the workbook and the API: the search first, then what is declared; ``region`` (a code,
    hidden: pages that lead here give it) where the rows know their city."""
    if resource.filterset is not None:
        return resource.filterset
    made: dict[str, Any] = {}
    if resource.search:
        label = resource.search_label or _("名称")
        made["q"] = django_filters.CharFilter(label=label, method="find")
    for declared in resource.filters:
        name, given = (declared, None) if isinstance(declared, str) else declared
        made[name] = given or _filter(resource, name)
    if any(field.name == "city" for field in resource.model._meta.concrete_fields):
        region = django_filters.CharFilter(label=_("地区"), method="by_region", widget=forms.HiddenInput)
        made.setdefault("region", region)
    meta = type("Meta", (), {"model": resource.model, "fields": []})
    return type(f"{resource.model.__name__}Filter", (ResourceFilter,), {**made, "resource": resource, "Meta": meta})


# --- form -------------------------------------------------------------------------------------------


class PlaceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """One of few places, with its city's name."""

    def label_from_instance(self, obj: Place) -> str:
        return obj.full_name()


class ResourceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Base of the forms made from a declaration. The row is made and checked by the action."""

    resource: Resource
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None or self.instance._state.adding
        if self.resource.is_versioned and not is_new:
            self.initial["version"] = self.instance.version
        else:
            del self.fields["version"]
        for name in self.resource.fixed if not is_new else ():
            del self.fields[name]
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and getattr(field.queryset, "model", None) is Place:
                self.fields[name] = self._place_choice(field, user)
            elif isinstance(field, forms.TypedChoiceField) and is_new:
                known = field_of(self.resource.model, name).flatchoices
                field.choices = [("", _("请选择")), *known]
            self.fields[name].needed = field.required and name != "version"  # type: ignore[attr-defined]  # see ui/field.html
        for group in self.resource.fieldsets:
            if group.only_when is not None:
                other, values = group.only_when
                for name in self.fields.keys() & set(group.fields):
                    mark(self.fields[name], show_when=f"{other}={','.join(values)}")

    def _place_choice(self, field: "forms.ModelChoiceField[models.Model]", user: Any) -> PlaceChoice:
        return PlaceChoice(
            queryset=self.resource.places(user).select_related("city").order_by("code"),
            label=field.label,
            help_text=field.help_text,
            required=field.required,
            widget=forms.Select(attrs={"data-tom-select": ""}),
            error_messages={"invalid_choice": _("请从列表中选择您管辖的地区。")},
        )

    def _post_clean(self) -> None:
        """Nothing: the form must not change the row that is on the page."""

    def fieldsets(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What is asked, under its headings."""
        groups = [
            (str(fieldset.title), [self[name] for name in fieldset.fields if name in self.fields])
            for fieldset in self.resource.fieldsets
        ]
        return [(title, fields) for title, fields in groups if fields]


def form_of(resource: Resource) -> type[Any]:
    """The form of a new row and of one that is changed."""
    base = resource.form or ResourceForm
    if not issubclass(base, ResourceForm):
        return base
    meta = type("Meta", (), {"model": resource.model, "fields": resource.fields})
    return type(f"{resource.model.__name__}Form", (base,), {"resource": resource, "Meta": meta})
