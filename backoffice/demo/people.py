"""The people of the demonstration: a few who sign in, and those behind every enterprise and county who do not."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from enterprises.factories import person_name
from enterprises.models import Enterprise
from foundation.access.actions import create_account
from foundation.access.bulk import NewAccount, create_accounts
from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.accounts.passwords import random_password
from foundation.places.models import Place


class Listed(NamedTuple):
    """An account somebody may sign in with."""

    username: str
    password: str
    role: str
    place: str


#: (user name, full name, role, region): names of their own, so that a history tells who did what.
#: A clerk and a lead work for the first enterprise of the county.
OFFICES = (
    ("county1", "周明远", Role.COUNTY, "320115"),
    ("county2", "沈静怡", Role.COUNTY, "320571"),
    ("county3", "唐文博", Role.COUNTY, "320106"),
    ("city1", "陆建平", Role.CITY, "3201"),
    ("city2", "顾晓岚", Role.CITY, "3205"),
    ("province1", "许正言", Role.PROVINCE, "32"),
    ("auditor1", "方慎行", Role.AUDITOR, "32"),
    ("admin1", "孟管理", Role.ADMIN, "32"),
)
ENTERPRISE_PEOPLE = (
    ("clerk1", "陈小雨", Role.CLERK, "320115"),
    ("lead1", "李守成", Role.LEAD, "320115"),
    ("clerk2", "吴佳宁", Role.CLERK, "320571"),
    ("clerk3", "徐子涵", Role.CLERK, "320106"),
)
#: Counties whose first enterprise is shown to visitors.
SHOWN_COUNTIES = frozenset(code for _username, _name, _role, code in ENTERPRISE_PEOPLE)


def _sign_up(username: str, full_name: str, role: str, place: Place) -> Listed:
    password = random_password()
    create_account(acting_user=None, username=username, full_name=full_name, role=role, place=place, password=password)
    return Listed(username, password, role, place.code)


def make_officers(regions: Sequence[Place]) -> list[Listed]:
    """The listed accounts of the offices among these regions, and one officer for every other county and zone."""
    by_code = {region.code: region for region in regions}
    listed = [_sign_up(user, name, role, by_code[code]) for user, name, role, code in OFFICES if code in by_code]
    held = {entry.place for entry in listed if entry.role == Role.COUNTY}
    others = [region for region in regions if region.is_county_level and region.code not in held]
    create_accounts(
        acting_user=None,
        account_import=[NewAccount(f"county-{place.code}", person_name(), Role.COUNTY, place) for place in others],
    )
    return listed


def make_clerks(enterprises: Sequence[Enterprise]) -> list[Listed]:
    """The listed people of enterprises, and one clerk for every other enterprise."""
    first = {enterprise.county.code: enterprise for enterprise in reversed(enterprises)}
    listed = [
        _sign_up(user, name, role, first[code].place) for user, name, role, code in ENTERPRISE_PEOPLE if code in first
    ]
    held = {entry.place for entry in listed if entry.role == Role.CLERK}
    create_accounts(
        acting_user=None,
        account_import=[
            NewAccount(f"clerk-{enterprise.credit_code}", person_name(), Role.CLERK, enterprise.place)
            for enterprise in enterprises
            if enterprise.credit_code not in held
        ],
    )
    return listed


def holders(role: str) -> dict[int, User]:
    """Who holds the role at each place."""
    return {grant.place_id: grant.user for grant in Grant.objects.filter(role=role).select_related("user")}


def write_accounts(path: Path, listed: Sequence[Listed]) -> None:
    """One line each, tab-separated: user name, password, role, place. Readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.writelines("\t".join(entry) + "\n" for entry in listed)
