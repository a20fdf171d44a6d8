"""Naming a substitute, with a message to the people it concerns."""

import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access import succession
from foundation.access.models import Grant
from foundation.accounts.models import Actor, User
from foundation.notify.actions import notify
from foundation.notify.models import Channel
from foundation.notify.registry import register_kind
from foundation.ui.forms import form_field

register_kind("access.substitute", gettext_lazy("代理安排"), Channel.AT_ONCE)


class _ColleagueChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.full_name}（{obj.username}）"


class SubstituteForm(forms.Form):
    """Who does somebody's work, which of it, and from when to when."""

    held = forms.ModelChoiceField(label=gettext_lazy("代理哪项工作"), queryset=Grant.objects.none(), empty_label=None)
    substitute = _ColleagueChoice(
        label=gettext_lazy("代理人"), queryset=User.objects.none(), help_text=gettext_lazy("同一单位的同事。")
    )
    first_day = forms.DateField(label=gettext_lazy("开始日"), widget=forms.DateInput())
    last_day = forms.DateField(
        label=gettext_lazy("结束日"), widget=forms.DateInput(), help_text=gettext_lazy("到这一天为止，之后自动失效。")
    )

    def __init__(self, *args: Any, holder: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Grant.objects.in_force().own().filter(user=holder, role__in=succession.LENT_ROLES)
        form_field(self, "held", forms.ModelChoiceField).queryset = held.select_related(
            "place", "user", "standing_in_for"
        )
        form_field(self, "substitute", _ColleagueChoice).queryset = succession.colleagues(list(held))
        self.fields["first_day"].initial = timezone.localdate()

    @property
    def has_something_to_lend(self) -> bool:
        queryset = form_field(self, "held", forms.ModelChoiceField).queryset
        return queryset is not None and queryset.exists()


@transaction.atomic
def arrange(
    *, acting_user: Actor, held: Grant, substitute: User, first_day: datetime.date, last_day: datetime.date
) -> Grant:
    """Name the substitute and tell them; the one who is away too, when somebody else arranged it."""
    given = succession.name_substitute(
        held, acting_user=acting_user, substitute=substitute, first_day=first_day, last_day=last_day
    )
    named = {"who": held.user, "other": substitute, "held": f"{held.get_role_display()} · {held.place}"}
    notify(
        event="access.substitute",
        to=[substitute],
        url="/me/",
        place=held.place,
        title=_("请您代理%(who)s的工作：%(held)s") % named,
        text=_("时间：%s") % given.days_text(),
    )
    if acting_user.pk != held.user_id:
        notify(
            event="access.substitute",
            to=[held.user],
            url="/me/",
            place=held.place,
            title=_("已安排%(other)s代理您的工作：%(held)s") % named,
            text=_("时间：%s") % given.days_text(),
        )
    return given
