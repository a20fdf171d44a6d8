"""The few account pages that are not django-allauth's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


@login_not_required
def not_offered(request: HttpRequest) -> HttpResponse:
    """Passwords are reset by administrators: say so, on the page where people look for it."""
    messages.info(request, _("本系统不通过邮件找回密码。忘记密码请联系上级产改办或系统管理员重置。"))
    return redirect("account_login")
