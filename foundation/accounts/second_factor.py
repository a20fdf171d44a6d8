"""How django-allauth's second factor behaves here: secrets encrypted at rest, everything said in Chinese."""

import base64
import hashlib
import logging

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import User
from foundation.ui.context_processors import PORTAL_NAME

logger = logging.getLogger(__name__)

#: What alone makes a second factor; recovery codes only stand in for one that is lost.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _cipher() -> MultiFernet:
    """Keys of the portal's own secret; earlier ones still read (``SECRET_KEY_FALLBACKS``)."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"second-factor:{secret}".encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


#: In the authenticator's data: the time step of the newest code that was used.
_USED_STEP = "used_step"


def _step_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, among those that still count."""
    steps = yield_hotp_counters_from_time()
    return next((step for step in steps if compare_user_code(actual=code, expected=_code_of(secret, step))), None)


def _code_of(secret: str, step: int) -> str:
    return str(format_hotp_value(hotp_value(secret, step)))


@transaction.atomic
def use_code(totp: TOTP, code: str) -> bool:
    """Whether the code is right and newer than any that was used before; notes that it has been used.

    In place of allauth's own check, whose mark is gone from the cache before the code ends (``MFA_TOTP_TOLERANCE``)."""
    held = Authenticator.objects.select_for_update().get(pk=totp.instance.pk)
    step = _step_of(get_adapter().decrypt(held.data["secret"]), code)
    if step is None or step <= held.data.get(_USED_STEP, 0):
        return False
    held.data[_USED_STEP] = step
    held.save(update_fields=["data"])
    totp.instance.data = held.data
    return True


def replace_check_of_codes() -> None:
    """Called at the start of every process."""
    TOTP.validate_code = use_code


@receiver(authenticator_added, dispatch_uid="second-factor-first-code")
def on_added(sender: type, authenticator: Authenticator, **extra: object) -> None:
    """The code by which it was set up counts as used."""
    if authenticator.type == Authenticator.Type.TOTP:
        steps = list(yield_hotp_counters_from_time())
        authenticator.data[_USED_STEP] = steps[len(steps) // 2]
        authenticator.save(update_fields=["data"])


class PortalMFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("验证码不正确。请核对手机时间是否准确，输入当前显示的验证码。"),
        "cannot_generate_recovery_codes": gettext_lazy(
            "还没有启用第二重验证，不能生成恢复码。请先设置身份验证器或安全密钥。"
        ),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Written under a key that is gone. A secret nobody knows refuses every code, until the factor is reset.
            logger.error("a second factor cannot be read with this PORTAL_SECRET_KEY; it has to be reset")
            return str(generate_totp_secret())

    def get_totp_issuer(self) -> str:
        return str(PORTAL_NAME)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number: int = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("安全密钥 %d") % number


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())
