"""The people of the seed. None of them has a password: whoever measures signs them in (``bench.people``)."""

from foundation.access.bulk import NewAccount, create_accounts
from foundation.access.models import Role
from foundation.accounts.models import User
from foundation.places.models import Level, Place

PREFIX = "scale-"
_ROLES: dict[str, Role] = {Level.CITY: Role.CITY, Level.COUNTY: Role.COUNTY, Level.ZONE: Role.COUNTY}


def officer_name(place: Place) -> str:
    """``scale-3201``: who decides for a county, samples for a city, reads for the province."""
    return f"{PREFIX}{place.code}"


def make_officers() -> None:
    """One for each region that has none, and an auditor and an administrator for the province."""
    regions = list(Place.objects.regions().open().order_by("code"))
    wanted = [
        NewAccount(officer_name(place), f"{place.short_name}经办", _ROLES.get(place.level, Role.PROVINCE), place)
        for place in regions
    ]
    province = next(place for place in regions if place.level == Level.PROVINCE)
    wanted += [
        NewAccount(f"{PREFIX}auditor", "测量审计", Role.AUDITOR, province),
        NewAccount(f"{PREFIX}admin", "测量管理", Role.ADMIN, province),
    ]
    taken = set(User.objects.filter(username__startswith=PREFIX).values_list("username", flat=True))
    create_accounts(acting_user=None, account_import=[one for one in wanted if one.username not in taken])
