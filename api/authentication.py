"""Who calls: by a token in the header, ``Authorization: Token …``."""

from django.utils.translation import gettext as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from foundation.access.second_factor import lacks_second_factor
from foundation.access.tokens import token_in_force
from foundation.accounts.models import ApiToken, User


class PortalTokenAuthentication(TokenAuthentication):
    def authenticate_credentials(self, key: str) -> tuple[User, ApiToken]:
        """The token and its owner. A token alone is no second factor: where one must be, it has been set up."""
        token = token_in_force(key)
        if token is None:
            raise AuthenticationFailed
        if lacks_second_factor(token.user):
            # The REST framework reads this class from its settings while its own views are still being imported.
            from api.problems import Problem  # noqa: PLC0415

            raise Problem(
                "forbidden",
                403,
                _("令牌的主人所任角色必须使用第二重验证，但还没有设置。请先登录平台设置身份验证器或安全密钥。"),
            )
        return token.user, token
