"""What the portal asks of passwords and sign-ins, set by the provincial administrator."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from foundation.access.actions import set_security
from foundation.access.models import Role
from foundation.access.rules import require
from foundation.accounts.models import SecurityPolicy
from foundation.accounts.requests import PortalRequest


class SecurityForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    second_factor_roles = forms.MultipleChoiceField(
        label=gettext_lazy("必须使用第二重验证的角色"),
        required=False,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("勾选后，这些角色的人下一次打开页面时须先设置身份验证器或安全密钥。"),
    )

    class Meta:
        model = SecurityPolicy
        fields = ("one_time_days", "password_days", "passwords_remembered", "second_factor_roles")


@require_http_methods(["GET", "POST"])
def security(request: PortalRequest) -> HttpResponse:
    policy = SecurityPolicy.current()
    require(request.user, "accounts.set_security", policy)
    form = SecurityForm(request.POST or None, instance=policy)
    if request.method == "POST" and form.is_valid():
        set_security(acting_user=request.user, values=form.cleaned_data)
        messages.success(request, _("登录安全设置已保存。"))
        return redirect("backoffice:security")
    return render(request, "backoffice/security.html", {"form": form})
