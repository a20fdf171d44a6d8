"""The scoped reads of the models that lie below access and so cannot know their own rule."""

from django.db import models
from django.db.models import QuerySet

from foundation.access.models import Role
from foundation.access.rules import require, where
from foundation.access.scope import scope_of
from foundation.accounts.models import User
from foundation.audit.models import Entry
from foundation.places.models import Place


def visible_entries(user: models.Model) -> QuerySet[Entry]:
    """The audit entries this person may read."""
    return Entry.objects.filter(where(user, "audit.view"))


def manageable_accounts(user: models.Model) -> QuerySet[User]:
    """The accounts this administrator manages."""
    return User.objects.filter(where(user, "accounts.manage"))


def visible_places(user: models.Model) -> QuerySet[Place]:
    """The places this person may look up."""
    return Place.objects.filter(where(user, "places.view"))


def grantable_places(user: models.Model) -> QuerySet[Place]:
    """The places at which this administrator may grant roles: their own and everything below."""
    return Place.objects.filter(scope_of(user).q((Role.ADMIN,), enterprise=""))


def account_history(user: models.Model, account: User) -> QuerySet[Entry]:
    """What happened to one account: sign-ins, failures, passwords, grants. For who manages the account."""
    require(user, "accounts.manage", account)
    return Entry.objects.filter(target_type=account._meta.label_lower, target_id=str(account.pk))
