"""Records at any stage, made the way people make them."""

import datetime
from decimal import Decimal
from typing import Any

from enterprises.models import Enterprise
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.models import PlaceTotal
from indicators.queries import figures
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from records.models import Record
from tests.cast import Cast
from tests.confirming import confirm

NOW = Quarter.current()
LAST = NOW.previous()

#: Who files for an enterprise, and who approves.
WHO = {
    "enterprise": ("clerk", "county"),
    "second_enterprise": ("second_clerk", "county"),
    "neighbour_enterprise": ("neighbour", "neighbour_county"),
}


def filed(by: User, enterprise: Enterprise, slug: str, **values: Any) -> Record:
    """Handed in and waiting."""
    record = file_record(acting_user=by, kind=kind_by_slug(slug), filer=enterprise, values=values)
    # Confirmed: what the counting is tried with is often alike or many times as much as before.
    return confirm(act, acting_user=by, record_id=record.pk, action="submit", version=record.version, reason="已核对。")


def approved(by: User, officer: User, enterprise: Enterprise, slug: str, **values: Any) -> Record:
    record = filed(by, enterprise, slug, **values)
    return act(acting_user=officer, record_id=record.pk, action="approve", version=record.version)


def lecture(cast: Cast, *, who: str = "enterprise", day: datetime.date | None = None, **values: Any) -> Record:
    """An approved lecture of one of the cast's enterprises."""
    by, officer = (cast.people[name] for name in WHO[who])
    given = {
        "title": "班组安全一课",
        "happened_on": day or LAST.first_day,
        "form": "on_site",
        "speaker": "王师傅",
        "number_of_people": 30,
        "attendances": 30,
        **values,
    }
    return approved(by, officer, cast.enterprises[who], "ideology.lecture", **given)


def party(
    cast: Cast,
    *,
    who: str = "enterprise",
    quarter: Quarter = LAST,
    new: int = 2,
    front: int = 1,
    total: int = 40,
    **values: Any,
) -> Record:
    """An approved quarterly return on party members."""
    by, officer = (cast.people[name] for name in WHO[who])
    given = {"new_members": new, "new_frontline_members": front, "total_members": total, **values}
    if cast.enterprises[who].is_state_owned:
        given = {"teams_without_members": 0, **given}
    return approved(by, officer, cast.enterprises[who], "ideology.partydevelopment", period=quarter.code, **given)


def reopen(cast: Cast, record: Record) -> Record:
    record.refresh_from_db()
    return act(acting_user=cast.county, record_id=record.pk, action="reopen", version=record.version, reason="数有误")


def value(place: Place, code: str, quarter: Quarter = LAST) -> Decimal | None:
    return figures(place, quarter)[code].value


def totals() -> dict[tuple[str, str, str], tuple[Decimal, int]]:
    """Everything stored for the places, to compare two moments."""
    rows = PlaceTotal.objects.values_list("place__code", "quarter", "fact", "value", "reporting")
    return {(place, quarter, fact): (amount, count) for place, quarter, fact, amount, count in rows}
