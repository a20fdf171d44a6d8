"""Tokens with which programs act in a person's name. Shown once when issued; kept is their digest."""

import datetime
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor, ApiToken, User, token_digest
from foundation.audit.log import log, register_event
from foundation.ui.faults import noted_if_possible

register_event("api.token_issued", gettext_lazy("签发接口令牌"))
register_event("api.token_revoked", gettext_lazy("作废接口令牌"))

#: What a token is called for which nobody gave a name.
DEFAULT_NAME = "manage.py"
LONGEST_DAYS = 3650


@transaction.atomic
def issue_token(user: Actor, *, acting_user: Actor | None, name: str = DEFAULT_NAME, days: int | None = None) -> str:
    """Give the account a new token, for so many days or until it is revoked; an older one of the same name ends at once.
    The token is returned and not written anywhere."""
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(_("有效天数应在 1 到 %d 之间，收到的是 %d。") % (LONGEST_DAYS, days))
    ApiToken.objects.filter(user=user, name=name).delete()
    key = secrets.token_hex(20)
    until = None if days is None else timezone.now() + datetime.timedelta(days=days)
    token = ApiToken(user=user, name=name, digest=token_digest(key), expires_at=until)
    token.full_clean()
    token.save()
    note = f"{name}，{token.until_text()}"
    log("api.token_issued", by=acting_user, on=user, place=home_of(user), note=note)
    return key


@transaction.atomic
def revoke_token(token: ApiToken, *, acting_user: Actor) -> None:
    """By its owner or by whoever manages the owner."""
    if acting_user.pk != token.user_id:
        require(acting_user, "accounts.manage", token.user)
    end_tokens(ApiToken.objects.filter(pk=token.pk), user=token.user, by=acting_user)


def end_tokens(tokens: QuerySet[ApiToken], *, user: User, by: Actor | None) -> int:
    """End these tokens of the account; returns how many there were. Within the transaction of the caller."""
    names = list(tokens.values_list("name", flat=True))
    if names:
        tokens.delete()
        log("api.token_revoked", by=by, on=user, place=home_of(user), note="、".join(names))
    return len(names)


def token_in_force(key: str) -> ApiToken | None:
    """The token, while it and its account are in force. Notes the use, once a minute at most."""
    now = timezone.now()
    token = ApiToken.objects.select_related("user").filter(digest=token_digest(key)).first()
    if token is None or token.is_over or not token.user.is_active:
        return None
    minute_ago = now - datetime.timedelta(minutes=1)
    if token.last_used_at is None or token.last_used_at < minute_ago:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=minute_ago)
        with noted_if_possible("use of a token"):
            ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token
