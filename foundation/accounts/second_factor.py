"""How django-allauth's second factor behaves here: secrets encrypted at rest, everything said in Chinese."""

import base64
import hashlib
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
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
