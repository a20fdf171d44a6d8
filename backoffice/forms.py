"""Forms of the back office: filters of its lists, a new account, a new grant."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import MANAGED_ROLES, ROLE_LEVELS, Grant, Role
from foundation.access.queries import grantable_places, manageable_accounts
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor, User
from foundation.accounts.names import validate_username
from foundation.audit.log import registered_events
from foundation.labels import Label
from foundation.places.models import REGION_LEVELS, Level, Place
from foundation.ui.forms import form_field

_EVERYTHING = ("", gettext_lazy("全部"))
_PICKER = {"data-tom-select": "", "placeholder": gettext_lazy("输入名称、拼音首字母或代码")}


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """One place by its code, looked up while typing; only the chosen one is written into the page."""

    queryset: models.QuerySet[Place]

    def __init__(self, *, mine: bool = False, **kwargs: Any) -> None:
        url = reverse_lazy("backoffice:place_options", query={"mine": "1"} if mine else {})
        kwargs.setdefault("queryset", Place.objects.none())
        kwargs.setdefault("label", gettext_lazy("单位"))
        widget = forms.Select(attrs={**_PICKER, "data-url": url})
        super().__init__(to_field_name="code", widget=widget, **kwargs)
        self.error_messages["invalid_choice"] = gettext_lazy(
            "没有找到这个单位，或它不在您的管理范围内。请重新查找并选择。"
        )

    def show_only(self, code: object) -> None:
        """The options of the page: none, or the one chosen before."""
        chosen = self.queryset.filter(code=code).first() if code else None
        self.choices = [("", gettext_lazy("请选择")), *([(chosen.code, place_label(chosen))] if chosen else [])]

    def label_from_instance(self, obj: Place) -> str:
        return place_label(obj)


def place_label(place: Place) -> str:
    """``江宁区（南京市 320115）``"""
    above = f"{place.city.name} " if place.city and place.city != place else ""
    closed = _("，已撤销") if place.is_closed else ""
    return f"{place.name}（{above}{place.code}{closed}）"


class _FilterForm(forms.Form):
    """A GET form whose senseless fields filter nothing."""

    def wanted(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


class AuditFilter(_FilterForm):
    q = forms.CharField(
        label=gettext_lazy("对象"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("对象名称、编号或请求编号")}),
    )
    event = forms.ChoiceField(label=gettext_lazy("事件"), required=False)
    actor = forms.CharField(label=gettext_lazy("操作人"), required=False, max_length=60)
    place = PlaceField(required=False)
    since = forms.DateField(label=gettext_lazy("起始日期"), required=False, widget=forms.DateInput())
    until = forms.DateField(label=gettext_lazy("截止日期"), required=False, widget=forms.DateInput())

    def __init__(self, data: Mapping[str, Any] | None, *, places: models.QuerySet[Place]) -> None:
        super().__init__(data)
        form_field(self, "event", forms.ChoiceField).choices = [_EVERYTHING, *registered_events().items()]
        place = form_field(self, "place", PlaceField)
        place.queryset = places.select_related("city")
        place.show_only(self.data.get("place"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        for name in ("since", "until"):
            # Years at the ends of the calendar cannot be turned into moments.
            if (day := values.get(name)) and not 1900 <= day.year <= 2999:
                self.add_error(name, _("日期 %s 不在日志可能的年份内。请核对年份。") % day)
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("截止日期早于起始日期。请对调或改正其中一个。"))
        return values


#: From the province down; everything below a county is one step.
_DEPTH = {
    level: number for number, level in enumerate([*REGION_LEVELS, *sorted(set(Level.values) - set(REGION_LEVELS))])
}


def roles_for(user: Actor) -> list[tuple[str, Label]]:
    """The roles this person can grant somewhere in their own places."""

    def gives(grant: Grant, role: Role) -> bool:
        fits = any(_DEPTH[level] >= _DEPTH[grant.place.level] for level in ROLE_LEVELS[role])
        return fits and role in MANAGED_ROLES.get(grant.role, ())

    held = scope_of(user).grants
    return [(role.value, role.label) for role in Role if any(gives(grant, role) for grant in held)]


class GrantForm(forms.Form):
    """A role at a place, until a day or for good."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    place = PlaceField(mine=True, help_text=gettext_lazy("企业经办员和工会负责人选企业；产改办等角色选对应的区划。"))
    valid_until = forms.DateField(
        label=gettext_lazy("有效期至"),
        required=False,
        widget=forms.DateInput(),
        help_text=gettext_lazy("留空表示长期有效。"),
    )

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_field(self, "role", forms.ChoiceField).choices = [("", _("请选择")), *roles_for(user)]
        place = form_field(self, "place", PlaceField)
        place.queryset = grantable_places(user).select_related("city")
        place.show_only(self.data.get("place"))

    def clean_valid_until(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["valid_until"]
        if day and day < timezone.localdate():
            raise ValidationError(_("有效期已经过去。请填今天或以后的日期，或留空表示长期有效。"))
        return day

    def add_refusal(self, refusal: ValidationError) -> None:
        """Put what the action refused beside the fields it names."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class AccountForm(GrantForm):
    """A new account with its first grant."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=150,
        validators=[validate_username],
        help_text=gettext_lazy("登录时使用，建议用姓名拼音；设定后不能更改。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    full_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    # Django drops an inherited field by this assignment.
    valid_until = None  # type: ignore[assignment]
    field_order = ["username", "full_name", "role", "place"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"].strip()
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("用户名“%s”已被使用。请换一个，例如在后面加上单位简称。") % name)
        return name


class HandOverForm(forms.Form):
    """To whom, and whether the account is shut."""

    successor = forms.CharField(
        label=gettext_lazy("接手人用户名"),
        max_length=150,
        help_text=gettext_lazy("还没有账号的，请先新建。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    suspend = forms.BooleanField(label=gettext_lazy("同时停用原账号"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_successor(self) -> User:
        name = self.cleaned_data["successor"].strip()
        found = manageable_accounts(self.user).filter(username__iexact=name).first()
        if found is None:
            raise ValidationError(_("您管理的账号中没有“%s”。请核对用户名，或先为接手人新建账号。") % name)
        return found
