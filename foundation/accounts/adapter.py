"""How django-allauth behaves here: no self-registration, refusals that say what to do."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.lockout import LockedOut, begin_try, lock_begun, succeeded
from foundation.accounts.models import SecurityPolicy, User
from foundation.accounts.passwords import set_own_password
from foundation.accounts.signals import locked_out


def _must_wait(locked: LockedOut) -> ValidationError:
    """What somebody reads before whom the door is shut."""
    message = _(
        "登录失败次数过多。请 %(minutes)d 分钟后再试；忘记密码请联系上级产改办或系统管理员重置，重置后立即可以登录。"
    )
    return ValidationError(message % {"minutes": locked.minutes}, code="too_many_login_attempts")


class PortalAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("这个账号已停用。如需恢复，请联系上级产改办或系统管理员。"),
        "username_password_mismatch": gettext_lazy(
            "用户名或密码不正确。请核对后重新输入（注意大小写）；连续输错 5 次，要等 1 分钟才能再试，之后每错一次等待加倍。"
        ),
        # Of the code of the second factor; for passwords see ``pre_authenticate``.
        "too_many_login_attempts": gettext_lazy(
            "验证码输错次数过多。请 5 分钟后再试；手机或密钥丢失，请联系上级产改办或系统管理员重置。"
        ),
        "incorrect_password": gettext_lazy("密码不正确。请重新输入当前密码。"),
        "enter_current_password": gettext_lazy("当前密码不正确。请重新输入正在使用的密码。"),
        "rate_limited": gettext_lazy("操作过于频繁。请稍等一分钟再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by administrators only."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Refuse a locked account. In place of allauth's own count, which cannot say after which failure how long."""
        username = credentials.get("username", "")
        try:
            self._this_try = begin_try(username, get_ip(request))
        except LockedOut as locked:
            raise _must_wait(locked) from locked

    def authenticate(self, request: HttpRequest, **credentials: str) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            succeeded(self._this_try)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """When this failure shuts the door, tell the rooms above and the person, who need not try once more to learn it.
        The words are the same for a name that nobody has."""
        if lock := lock_begun(self._this_try):
            username = credentials.get("username", "")
            locked_out.send(sender=type(self), request=request, username=username, lock=lock)
            raise _must_wait(LockedOut(lock.until))

    def respond_user_inactive(self, request: HttpRequest, user: object) -> HttpResponse:
        """Say so on the login page. Reached only after the right password, so nothing is given away."""
        messages.error(request, _("这个账号已停用。如需恢复，请联系上级产改办或系统管理员。"))
        return HttpResponseRedirect(reverse("account_login"))

    def pre_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse | None:
        """Refuse a one-time password nobody used in time, too. Reached only after the right password."""
        refusal: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refusal is not None:
            return refusal
        until = SecurityPolicy.current().one_time_until(user)
        if until is None or timezone.now() <= until:
            return None
        clear_login(request)
        messages.error(request, _("这个一次性密码已过有效期，不能再用。请联系上级产改办或系统管理员重新设置。"))
        return HttpResponseRedirect(reverse("account_login"))

    def set_password(self, user: User, password: str) -> None:
        set_own_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To work: whoever had to change the password came for something else."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)
