"""Sign-ins, sign-outs, failures, lock-outs and changed passwords go to the audit log."""

from collections.abc import Mapping, Sequence

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.signals import password_changed
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Grant
from foundation.accounts.lockout import Lock
from foundation.accounts.models import Actor, User
from foundation.accounts.signals import locked_out
from foundation.audit.log import log, register_event
from foundation.places.models import Place
from foundation.saying import filled

register_event("accounts.logged_in", gettext_lazy("登录"))
register_event("accounts.logged_out", gettext_lazy("退出"))
register_event("accounts.idle_logged_out", gettext_lazy("长时间无操作自动退出"))
register_event("accounts.login_failed", gettext_lazy("登录失败"))
register_event("accounts.locked_out", gettext_lazy("登录失败次数过多，账号锁定"))
register_event("accounts.password_changed", gettext_lazy("修改密码"))

register_event("accounts.sessions_ended", gettext_lazy("退出其他设备上的登录"))


def home_of(user: Actor | None) -> Place | None:
    """Where entries about a person belong: the place of their first grant."""
    if user is None or user.pk is None:
        return None
    found = Grant.objects.filter(user=user).select_related("place").order_by("pk").first()
    return found.place if found else None


def masked(username: str) -> str:
    """A name nobody has may be a password typed into the wrong box: keep two characters."""
    return f"{username[:2]}***"


def _known(username: str) -> User | None:
    return User.objects.filter(username__iexact=username).first() if username else None


@receiver(user_logged_in, dispatch_uid="audit-logged-in")
def on_login(sender: type, request: HttpRequest | None, user: Actor, **extra: object) -> None:
    log("accounts.logged_in", by=user, on=user, place=home_of(user))


@receiver(user_logged_out, dispatch_uid="audit-logged-out")
def on_logout(sender: type, request: HttpRequest | None, user: Actor | None, **extra: object) -> None:
    if user is None or user.pk is None:
        return
    event = "accounts.idle_logged_out" if getattr(request, "idle_logout", False) else "accounts.logged_out"
    log(event, by=user, on=user, place=home_of(user))


@receiver(user_login_failed, dispatch_uid="audit-login-failed")
def on_failure(
    sender: str, credentials: Mapping[str, object], request: HttpRequest | None = None, **extra: object
) -> None:
    username = str(credentials.get("username") or "")
    user = _known(username)
    note = "" if user else _("没有这个用户名：%s") % masked(username)
    log("accounts.login_failed", by=None, on=user, place=home_of(user), note=note)


@receiver(locked_out, dispatch_uid="audit-locked-out")
def on_lock_out(sender: type, request: HttpRequest, username: str, lock: Lock, **extra: object) -> None:
    user = _known(username)
    note = filled(
        _("连续失败 %(failures)d 次，%(until)s 前不能从这个地址登录"),
        {
            "failures": lock.failures,
            "until": timezone.localtime(lock.until).strftime("%H:%M:%S"),
        },
    )
    if user is None:
        note = f"{_('没有这个用户名：%s') % masked(username)}；{note}"
    log("accounts.locked_out", by=None, on=user, place=home_of(user), note=note)


@receiver(password_changed, dispatch_uid="audit-password-changed")
def on_password_changed(sender: type, request: HttpRequest, user: Actor, **extra: object) -> None:
    # Whoever changed it has just typed the old one: setting up a second factor need not ask for it once more.
    reauthenticate_by_password(request)
    log("accounts.password_changed", by=user, on=user, place=home_of(user))


class PortalSessionsAdapter(DefaultUserSessionsAdapter):
    """Ends the person's other sessions, and notes it."""

    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        super().end_sessions(sessions)
        if sessions:
            user = sessions[0].user
            log("accounts.sessions_ended", by=user, on=user, place=home_of(user), note=str(len(sessions)))
