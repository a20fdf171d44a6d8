"""The scoped reads of the models that lie below access and so cannot know their own rule."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from foundation.access.models import MANAGED_ROLES, ROLE_LEVELS, Grant
from foundation.access.rules import require, where
from foundation.access.scope import NOTHING, scope_of
from foundation.accounts.models import Actor, User
from foundation.audit.models import Entry
from foundation.places.models import Place, PlaceQuerySet


def visible_entries(user: Actor) -> QuerySet[Entry]:
    """The audit entries this person may read."""
    return Entry.objects.filter(where(user, "audit.view"))


def manageable_accounts(user: Actor) -> QuerySet[User]:
    """The accounts this administrator or office manages."""
    return User.objects.filter(where(user, "accounts.manage"))


def visible_places(user: Actor) -> PlaceQuerySet:
    """The places this person may look up."""
    return Place.objects.filter(where(user, "places.view"))


def grantable_places(user: Actor) -> PlaceQuerySet:
    """The places at which this person may grant roles: an administrator in their own and everything below, an office
    below its own."""
    condition = Q()
    for grant in scope_of(user).grants:
        levels = {level for role in MANAGED_ROLES.get(grant.role, ()) for level in ROLE_LEVELS[role]}
        if levels:
            condition |= Q(level__in=levels, **{f"{grant.place.scope_column()}_id": grant.place_id})
    return Place.objects.filter(condition or NOTHING)


def own_history(user: User) -> QuerySet[Entry]:
    """What happened to one's own account: everybody may read that."""
    return Entry.objects.filter(target_type=user._meta.label_lower, target_id=str(user.pk))


def account_history(user: Actor, account: User) -> QuerySet[Entry]:
    """What happened to one account: sign-ins, failures, passwords, grants. For who manages the account."""
    require(user, "accounts.manage", account)
    return own_history(account)


def people_at(place_ids: Collection[int], roles: Collection[str]) -> QuerySet[User]:
    """Who holds one of the roles at one of the places now, and may sign in."""
    held = Grant.objects.in_force().filter(place_id__in=place_ids, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))
