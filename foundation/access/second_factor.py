"""Who must have a second factor, what the log says of it, and who helps when it is lost."""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import AccessDenied, require
from foundation.access.scope import scope_of
from foundation.access.signin import home_of
from foundation.accounts.models import Actor, SecurityPolicy, User
from foundation.accounts.obligations import Obligation, register_obligation
from foundation.accounts.requests import PortalRequest
from foundation.accounts.second_factor import has_second_factor
from foundation.audit.log import log, register_event

register_event("accounts.second_factor_added", gettext_lazy("启用第二重验证"))
register_event("accounts.second_factor_removed", gettext_lazy("停用第二重验证"))
register_event("accounts.recovery_codes_renewed", gettext_lazy("重新生成恢复码"))
register_event("accounts.second_factor_failed", gettext_lazy("第二重验证失败"))
register_event("accounts.second_factor_cleared", gettext_lazy("重置第二重验证"))

#: The pages on which a second factor is set up.
_PAGES = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
_NAMES = {
    Authenticator.Type.TOTP: gettext_lazy("身份验证器"),
    Authenticator.Type.WEBAUTHN: gettext_lazy("安全密钥"),
    Authenticator.Type.RECOVERY_CODES: gettext_lazy("恢复码"),
}


def lacks_second_factor(user: User) -> bool:
    """Whether the person holds a role that must have a second factor and has none."""
    wanted = set(SecurityPolicy.current().second_factor_roles)
    return bool(wanted & {grant.role for grant in scope_of(user).held}) and not has_second_factor(user)


@register_obligation
def second_factor(request: PortalRequest) -> Obligation | None:
    """Whoever holds a role that must have one sets it up first."""
    if not lacks_second_factor(request.user):
        return None
    message = _("您的角色登录时必须使用第二重验证。请先设置身份验证器或安全密钥，再继续使用。")
    return Obligation("mfa_index", message, _PAGES)


@transaction.atomic
def clear_second_factor(user: User, *, acting_user: Actor) -> None:
    """For somebody who lost it: the next sign-in goes by password alone. Nobody does this to themselves, or a stolen
    session could."""
    if acting_user.pk == user.pk:
        raise AccessDenied(
            _("不能重置自己的第二重验证。请在“第二重验证”页停用或更换，或请上级产改办、另一位管理员操作。")
        )
    require(acting_user, "accounts.manage", user)
    held = Authenticator.objects.filter(user=user)
    names = [str(_NAMES[kind]) for kind in held.values_list("type", flat=True)]
    if not names:
        return
    held.delete()
    log("accounts.second_factor_cleared", by=acting_user, on=user, place=home_of(user), note="、".join(names))


def _note(event: str, user: User, authenticator: Authenticator) -> None:
    log(event, by=user, on=user, place=home_of(user), note=str(_NAMES[authenticator.type]))


@receiver(authenticator_added, dispatch_uid="audit-second-factor-added")
def on_added(sender: type, user: User, authenticator: Authenticator, **extra: object) -> None:
    _note("accounts.second_factor_added", user, authenticator)


@receiver(authenticator_removed, dispatch_uid="audit-second-factor-removed")
def on_removed(sender: type, user: User, authenticator: Authenticator, **extra: object) -> None:
    _note("accounts.second_factor_removed", user, authenticator)


@receiver(authenticator_reset, dispatch_uid="audit-recovery-codes-renewed")
def on_renewed(sender: type, user: User, authenticator: Authenticator, **extra: object) -> None:
    _note("accounts.recovery_codes_renewed", user, authenticator)


@receiver(authentication_failed, dispatch_uid="audit-second-factor-failed")
def on_failed(sender: type, user: User, authenticator: Authenticator, **extra: object) -> None:
    log("accounts.second_factor_failed", by=None, on=user, place=home_of(user), note=str(_NAMES[authenticator.type]))
