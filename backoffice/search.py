"""What the search everywhere finds of people and places."""

from collections.abc import Callable

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.queries import found_places
from foundation.access.models import Grant
from foundation.access.queries import manageable_accounts, visible_places
from foundation.access.rules import verdict
from foundation.accounts.models import ACCOUNT_NAMES, Actor, User
from foundation.places.models import PLACE_NAMES, Level, Place
from foundation.search.searchers import Hit, Searcher, Terms, register_searcher
from foundation.textsearch.indexes import keys_of_each


def _may(permission: str) -> Callable[[Actor], bool]:
    return lambda user: bool(verdict(user, permission))


def find_people(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Accounts one may manage: by name, user name, or the place they have a role in. A word that names thousands of places
    is looked for among names only: their people would be no answer."""
    found = manageable_accounts(user)
    for word, there in zip(terms, keys_of_each([_held_at(word) for word in terms], "user_id"), strict=True):
        found = found.filter(ACCOUNT_NAMES.holding(word, *([] if there is None else [Q(pk__in=there)])))
    grants = Grant.objects.select_related("place__city", "standing_in_for")
    return [_person_hit(account) for account in found.prefetch_related(Prefetch("grants", grants))[:limit]]


def _held_at(word: str) -> QuerySet[Grant]:
    """The grants at places that a word names."""
    beginning = Q(place__initials__startswith=word.lower()), Q(place__code=word.upper())
    return Grant.objects.filter(PLACE_NAMES.holding(word, *beginning, prefix="place__"))


def _person_hit(account: User) -> Hit:
    roles = [str(grant) for grant in account.grants.all()] or [str(_("未授权"))]
    state = [] if account.is_active else [str(_("已停用"))]
    return Hit(
        title=account.full_name or account.username,
        url=reverse("backoffice:account", args=[account.pk]),
        subtitle="；".join([*roles, *state]),
        matched=account.username,
    )


#: Named rather than excluded: so an index leads to the few among all enterprises.
_SEARCHED = [level for level in Level if level not in (Level.ENTERPRISE, Level.DEPARTMENT)]


def find_places(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """Regions and zones by name, pinyin initials or code. Enterprises are found in the register, within one's scope."""
    found = visible_places(user).filter(level__in=_SEARCHED)
    for word in terms:
        found = found_places(found, word)
    return [_place_hit(place) for place in found.select_related("city").order_by("code")[:limit]]


def _place_hit(place: Place) -> Hit:
    state = [str(_("已撤销"))] if place.is_closed else []
    subtitle = " · ".join([str(place.get_level_display()), *state])
    url = reverse("backoffice:region", args=[place.code])
    return Hit(title=place.full_name(), url=url, subtitle=subtitle, matched=place.code)


register_searcher(
    Searcher(
        name="people",
        label=_("账号"),
        hint=_("姓名、用户名、所在单位"),
        icon="users",
        find=find_people,
        order=40,
        offered_to=_may("accounts.manage"),
    )
)
register_searcher(
    Searcher(
        name="places",
        label=_("区划与单位"),
        hint=_("名称、拼音首字母、区划代码"),
        icon="map-pin",
        find=find_places,
        order=50,
        offered_to=_may("places.view"),
    )
)
