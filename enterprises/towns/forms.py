"""Choosing the township and park of an enterprise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from enterprises.towns.actions import small_places
from foundation.places.models import Place
from foundation.ui.forms import form_field


class TownForm(forms.Form):
    township = forms.ModelChoiceField(
        label=_("所属乡镇（街道）"), queryset=Place.objects.none(), required=False, empty_label=_("未设置")
    )
    park = forms.ModelChoiceField(
        label=_("所属园区"), queryset=Place.objects.none(), required=False, empty_label=_("未设置")
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"township": enterprise.township_id, "park": enterprise.park_id})
        super().__init__(*args, **{**kwargs, "auto_id": "town-%s"})
        for name in ("township", "park"):
            field = form_field(self, name, forms.ModelChoiceField)
            field.queryset = small_places(enterprise.county).filter(level=name)
            field.error_messages["invalid_choice"] = _("请从列表中选择本县（市、区）的乡镇（街道）或园区。")
