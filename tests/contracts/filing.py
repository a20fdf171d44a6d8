"""Who reports a kind and who decides on it, of the cast."""

from dataclasses import dataclass

from enterprises.models import Enterprise
from foundation.access.models import Role
from foundation.accounts.models import User
from foundation.places.models import Place
from records.core.kinds import RecordKind
from records.models import UndecidedItem
from tests.cast import Cast, make_person


@dataclass(frozen=True)
class Filing:
    """Who reports the kind in these stories, and who decides on it, one after the other."""

    filer: Enterprise | Place
    by: User
    deciding: tuple[User, ...]

    @property
    def named(self) -> dict[str, str]:
        """As the form and the API name the filer."""
        if isinstance(self.filer, Enterprise):
            return {"enterprise": self.filer.credit_code}
        return {"office": self.filer.code}


def filing(kind: RecordKind, cast: Cast) -> Filing:
    """An enterprise's clerk and the offices; of what offices report, somebody of the lowest one that does, and a colleague.
    What waits for the province to decide is asked from here on."""
    UndecidedItem.objects.filter(kind=kind.slug, field="").update(is_asked=True)
    if kind.is_for_enterprises:
        deciding = tuple(getattr(cast, level) for level in kind.review_levels)
        clerks = ((cast.enterprise, cast.clerk), (cast.second_enterprise, cast.second_clerk))
        asked = [Filing(enterprise, clerk, deciding) for enterprise, clerk in clerks if kind.applies_to(enterprise)]
        if asked or not kind.is_for_offices:
            return asked[0]
    if Role.COUNTY in kind.office_levels:
        return Filing(cast.places["320115"], cast.county, (cast.county_colleague,))
    if Role.CITY in kind.office_levels:
        return Filing(cast.places["3201"], cast.city, (cast.province,))
    colleague = make_person("province_colleague", "孔省办", Role.PROVINCE, cast.places["32"])
    return Filing(cast.places["32"], cast.province, (colleague,))
