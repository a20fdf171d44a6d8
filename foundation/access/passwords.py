"""The form in which people change their own password."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as BaseForm
from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.access.tokens import end_tokens


class ChangePasswordForm(BaseForm):
    """Whoever changes it because somebody else may know it can end the tokens of the account in the same step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if count := self.user.api_tokens.count():
            self.fields["end_tokens"] = forms.BooleanField(
                label=_("同时作废接口令牌"),
                required=False,
                help_text=ngettext(
                    "这个账号有 %d 个接口令牌，不随密码失效。怀疑密码被别人知道的，请一并作废。",
                    "这个账号有 %d 个接口令牌，不随密码失效。怀疑密码被别人知道的，请一并作废。",
                    count,
                )
                % count,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.has_error("password2") and cleaned.get("password1") and self.data.get(self.add_prefix("password2")):
            self.errors["password2"] = self.error_class([_("与上面的新密码不一样。请把两次都重新输入一遍。")])
        return cleaned

    @transaction.atomic
    def save(self) -> None:
        super().save()
        if self.cleaned_data.get("end_tokens"):
            end_tokens(self.user.api_tokens.all(), user=self.user, by=self.user)
