"""Changes of state that only the API has: tokens."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import Token

from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event

register_event("api.token_issued", _("签发接口令牌"))


@transaction.atomic
def issue_token(user: Actor, *, acting_user: Actor | None) -> str:
    """Give the account a new token; an older one ends at once. The token is not written anywhere else."""
    Token.objects.filter(user=user).delete()
    token = Token.objects.create(user=user)
    log("api.token_issued", by=acting_user, on=user, place=home_of(user))
    key: str = token.key
    return key
