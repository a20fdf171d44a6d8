"""Forms of regions that change."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.places.models import COUNTY_LEVELS, Level, Place
from foundation.ui.forms import form_field, mark


class _DatedForm(forms.Form):
    """With the day it holds from."""

    on = forms.DateField(label=_("生效日期"), widget=forms.DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        for field in self.fields.values():
            mark(field, needed=field.required)


def _reason() -> forms.CharField:
    return forms.CharField(label=_("依据"), max_length=300, help_text=_("例如批复的名称和文号。"))


class RenameForm(_DatedForm):
    name = forms.CharField(label=_("新名称"), max_length=60)
    short_name = forms.CharField(
        label=_("简称"), max_length=60, required=False, help_text=_("图表中使用；留空与名称相同。")
    )
    reason = _reason()
    field_order = ("name", "short_name", "on", "reason")


class _CountyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Place) -> str:
        return f"{obj.name}（{obj.code}）"


class MergeForm(_DatedForm):
    into = _CountyChoice(
        label=_("并入"),
        queryset=Place.objects.none(),
        empty_label=_("请选择"),
        error_messages={"invalid_choice": _("请从列表中选择同一设区市的县（市、区）或功能区。")},
    )
    reason = _reason()
    field_order = ("into", "on", "reason")

    def __init__(self, *args: Any, county: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beside = Place.objects.open().filter(city=county.city_id, level__in=COUNTY_LEVELS).exclude(pk=county.pk)
        form_field(self, "into", _CountyChoice).queryset = beside.order_by("code")


class SmallPlaceForm(forms.Form):
    level = forms.ChoiceField(
        label=_("类别"), choices=[(level.value, level.label) for level in (Level.TOWNSHIP, Level.PARK)]
    )
    name = forms.CharField(label=_("名称"), max_length=60)
    code = forms.CharField(
        label=_("代码"), max_length=12, required=False, help_text=_("9 至 12 位区划代码；没有的留空，由平台编号。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            mark(field, needed=field.required)


class SmallRenameForm(_DatedForm):
    name = forms.CharField(label=_("新名称"), max_length=60)
    field_order = ("name", "on")
