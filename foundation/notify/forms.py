"""Narrowing one's messages, and choosing how to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Actor
from foundation.notify.models import Channel, MessageQuerySet, Preference
from foundation.notify.registry import all_kinds
from foundation.ui.forms import form_field

_PREFIX = "channel-"


class MessageFilter(forms.Form):
    q = forms.CharField(label=_("标题"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), ("unread", _("未读"))])
    kind = forms.ChoiceField(label=_("类型"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_field(self, "kind", forms.ChoiceField).choices = [
            ("", _("全部")),
            *((kind.name, kind.label) for kind in all_kinds()),
        ]

    def narrow(self, messages: MessageQuerySet) -> MessageQuerySet:
        """The messages that meet the filled fields; a field that makes no sense filters nothing."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("q"):
            messages = messages.filter(title__icontains=wanted["q"])
        if wanted.get("state"):
            messages = messages.unread()
        if wanted.get("kind"):
            messages = messages.filter(event=wanted["kind"])
        return messages


class PreferenceForm(forms.Form):
    """One's e-mail address and, for each kind of message, what is sent there."""

    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=254,
        help_text=_("邮件里只有消息标题和打开平台的链接，没有具体内容。"),
    )

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"email": user.email}})
        chosen = dict(Preference.objects.filter(user=user).values_list("event", "channel"))
        for kind in all_kinds():
            default = kind.default if user.email else Channel.IN_APP
            self.fields[_PREFIX + kind.name] = forms.ChoiceField(
                label=kind.label, choices=Channel, initial=chosen.get(kind.name, default)
            )
        if not settings.MAIL_IS_SET:
            for field in self.fields.values():
                field.disabled = True

    def channels(self) -> dict[str, str]:
        return {
            name.removeprefix(_PREFIX): value for name, value in self.cleaned_data.items() if name.startswith(_PREFIX)
        }
