"""What has happened to the register of the demonstration: one enterprise renamed, one closed, one moved."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from backoffice.demo.people import SHOWN_COUNTIES, holders
from enterprises.change_actions import close_enterprise, move_enterprise, rename_enterprise
from enterprises.consequences import ChangeUnconfirmed
from enterprises.models import Enterprise
from foundation.access.models import Role
from foundation.accounts.models import User

_LAST = "有限公司"


def _quiet_enterprises(enterprises: Sequence[Enterprise]) -> list[Enterprise]:
    """One of each county of a city, none of them a pilot or in a county shown to visitors; from the first city that has three
    such counties."""
    by_city: dict[int, dict[int, Enterprise]] = defaultdict(dict)
    for enterprise in enterprises:
        if not enterprise.is_pilot and enterprise.county.code not in SHOWN_COUNTIES:
            by_city[enterprise.city_id].setdefault(enterprise.county_id, enterprise)
    return next((list(found.values()) for found in by_city.values() if len(found) >= 3), [])


def _agreed(
    action: Callable[..., Enterprise], enterprise: Enterprise, *, by: User, days_ago: int, **values: Any
) -> None:
    """Have it done, everything that happens with it confirmed."""
    enterprise.refresh_from_db()
    on = timezone.localdate() - datetime.timedelta(days=days_ago)
    arguments = {"acting_user": by, "enterprise_id": enterprise.pk, "version": enterprise.version, "on": on, **values}
    try:
        action(**arguments)
    except ChangeUnconfirmed as asked:
        action(**arguments, confirmed=asked.keys)


def change_register(enterprises: Sequence[Enterprise], province_officer: User) -> None:
    """The counties rename and close, the province moves. In a demonstration of a few enterprises nothing happens."""
    quiet = _quiet_enterprises(enterprises)
    if not quiet:
        return
    renamed, closed, moved = quiet[:3]
    officers = holders(Role.COUNTY)
    name = f"{renamed.name.removesuffix(_LAST)}股份{_LAST}"
    _agreed(
        rename_enterprise,
        renamed,
        by=officers[renamed.county_id],
        days_ago=12,
        name=name,
        reason="整体变更为股份有限公司，营业执照已换发。",
    )
    _agreed(
        close_enterprise,
        closed,
        by=officers[closed.county_id],
        days_ago=9,
        reason="停产后办理了注销登记。",
    )
    _agreed(
        move_enterprise,
        moved,
        by=province_officer,
        days_ago=5,
        county=renamed.county,
        reason="生产基地搬迁，住所已变更。",
    )
