"""What one person may reach: their grants in force, read once and turned into column conditions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q

from foundation.access.models import ENTERPRISE_ROLES, MANAGED_ROLES, OFFICE_ROLES, Grant, Role
from foundation.accounts.models import Actor, User, Visitor
from foundation.places.models import Place

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Scope:
    """A person's grants. Rows are reached through the columns province, city, county and enterprise (ids of places).

    ``held`` is all that is in force, ``grants`` what counts now: all of it, or the one the person chose to work as."""

    user: Actor | None
    grants: tuple[Grant, ...] = field(default=())
    held: tuple[Grant, ...] = field(default=())

    @property
    def user_id(self) -> int:
        """Key of the person's account; 0, which no row has, when nobody is signed in."""
        return 0 if self.user is None else self.user.pk

    @property
    def is_narrowed(self) -> bool:
        return len(self.grants) < len(self.held)

    def roles(self) -> set[str]:
        return {grant.role for grant in self.grants}

    def has_role(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def places(self, *roles: str) -> list[Place]:
        """The places at which the person holds one of the roles (any role when none is named)."""
        return [grant.place for grant in self.grants if not roles or grant.role in roles]

    def q(self, roles: Collection[str] = (), *, prefix: str = "", enterprise: str = "enterprise") -> Q:
        """The condition "lies in a place where I hold one of these roles".

        ``prefix`` reaches the scope columns through a relation (``record__``); ``enterprise`` names the column that
        holds the enterprise's place id. No grant: a condition no row meets.
        """
        ids: dict[str, set[int]] = {}
        for place in self.places(*roles):
            ids.setdefault(place.scope_column(), set()).add(place.pk)
        condition = Q()
        for column, values in sorted(ids.items()):
            name = enterprise if column == "enterprise" else column
            if name:
                condition |= Q(**{f"{prefix}{name}_id__in": sorted(values)})
        return condition or Q(**{f"{prefix}pk__in": []})

    def covers(self, obj: models.Model, roles: Collection[str] = (), *, enterprise: str = "enterprise") -> bool:
        """The same question as ``q`` for one object in memory; costs no query."""
        columns = {f"{name}_id": getattr(obj, f"{name}_id", None) for name in ("province", "city", "county")}
        columns["enterprise_id"] = getattr(obj, f"{enterprise}_id", None) if enterprise else None
        return any(place.covers(**columns) for place in self.places(*roles))

    def managed(self) -> Q:
        """The grants this person may give and take: of the roles managed by theirs, within the same place."""
        condition = Q()
        for grant in self.grants:
            column = grant.place.scope_column()
            if roles := MANAGED_ROLES.get(grant.role):
                condition |= Q(role__in=roles, **{f"place__{column}_id": grant.place_id})
        return condition or NOTHING

    def manages(self, role: str, place: Place) -> bool:
        """The same question as ``managed`` for one role at one place in memory."""
        return any(
            role in MANAGED_ROLES.get(grant.role, ()) and any_place_in([grant.place], place) for grant in self.grants
        )

    @property
    def is_office(self) -> bool:
        return self.has_role(*OFFICE_ROLES)

    @property
    def is_enterprise(self) -> bool:
        return self.has_role(*ENTERPRISE_ROLES)

    @property
    def only_administers(self) -> bool:
        """Runs the portal and sees no business data."""
        return self.roles() == {Role.ADMIN}

    @property
    def is_auditor(self) -> bool:
        return self.has_role(Role.AUDITOR)

    @property
    def is_admin(self) -> bool:
        return self.has_role(Role.ADMIN)

    def enterprise_ids(self) -> list[int]:
        """Place ids (= enterprise ids) of the enterprises the person works for."""
        return [place.pk for place in self.places(*ENTERPRISE_ROLES)]

    def regions(self) -> list[Place]:
        """Region places of office and auditor grants, highest level first."""
        # A county that was merged into another is still theirs to look back at, but not where they work.
        order = {"province": 0, "city": 1, "county": 2, "zone": 2}
        found = {place.pk: place for place in self.places(*OFFICE_ROLES, Role.AUDITOR) if place.is_region}
        return sorted(found.values(), key=lambda place: (place.is_closed, order[place.level], place.code))


def scope_of(user: Visitor) -> Scope:
    """The person's scope, read once per user object (so once per request)."""
    if not isinstance(user, User) or not user.is_active:
        return Scope(user=None)
    cached = user.scope_read
    if not isinstance(cached, Scope):
        found = Grant.objects.in_force().filter(user=user)
        held = tuple(found.select_related("place", "place__city", "standing_in_for"))
        chosen = tuple(grant for grant in held if grant.pk == user.working_grant)
        cached = Scope(user=user, grants=chosen or held, held=held)
        user.scope_read = cached
    return cached


def work_as(user: Actor, grant_id: int | None) -> None:
    """Narrow the person's scope to one grant they hold, for as long as this user object lives; None widens it again. A
    grant that is no longer in force narrows nothing."""
    user.working_grant = grant_id
    forget_scope(user)


def standing_in(user: Actor | None, columns: Mapping[str, int | None]) -> list[Grant]:
    """The substitute's grants on which what the person does there rests; none when an own grant covers it too."""
    scope = scope_of(user)
    here = [grant for grant in scope.grants if grant.place.covers(**columns)] or list(scope.grants)
    return here if all(grant.standing_in_for_id for grant in here) else []


def forget_scope(user: Actor) -> None:
    """Drop the cached scope after grants changed."""
    user.scope_read = None


def any_place_in(places: Iterable[Place], candidate: Place) -> bool:
    """Whether ``candidate`` is one of the places or lies below one."""
    return any(
        place.pk in {candidate.pk, candidate.parent_id, candidate.province_id, candidate.city_id, candidate.county_id}
        for place in places
    )
