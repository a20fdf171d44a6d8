"""Rows to measure on: as many enterprises and records as asked for, through the bulk actions."""

import datetime
import random
from collections.abc import Callable, Iterator, Sequence

import factory.random
from django.db import transaction
from django.utils import timezone

from enterprises.bulk import register_enterprises
from enterprises.factories import TRADES, EnterpriseFactory
from enterprises.models import Enterprise, Industry
from foundation.access.bulk import NewAccount, create_accounts
from foundation.access.models import Grant, Role
from foundation.access.scope import forget_scope
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Level, Place
from foundation.refusals import Refused
from indicators.fill import fill
from records.core.bulk import create_records, move_records
from records.core.factories import build_record
from records.core.kinds import RecordKind, Rhythm, all_kinds
from records.duties.actions import ensure_quarter
from records.models import Record, ReportingQuarter

ORIGIN = "测量数据"
CHUNK = 5000
SEED = 7
#: At most this share of the records are quarterly returns; the rest are events.
RETURNS = 0.25

Report = Callable[[str], None]


def _people(counties: Sequence[Place]) -> tuple[User, User]:
    """One who files for everybody, and one who decides in every county. Neither can sign in."""
    province = Place.objects.get(level=Level.PROVINCE)
    names = ("scale-filer", "scale-officer")
    if not User.objects.filter(username__in=names).exists():
        filer = NewAccount(names[0], "测量填报", Role.PROVINCE, province)
        officer = NewAccount(names[1], "测量审核", Role.COUNTY, counties[0])
        users = create_accounts(acting_user=None, account_import=[filer, officer])
        Grant.objects.bulk_create([Grant(user=users[1], role=Role.COUNTY, place=county) for county in counties[1:]])
    filing, deciding = (User.objects.get(username=name) for name in names)
    forget_scope(deciding)
    return filing, deciding


def _add_enterprises(count: int, counties: Sequence[Place], filer: User, say: Report) -> None:
    """Numbered after all that exist, spread evenly; positions start beyond the demo's, so that names differ."""
    present = Enterprise.objects.count()
    EnterpriseFactory.reset_sequence(present + 1_000_000)
    for start in range(present, present + count, CHUNK):
        turns = range(start, min(start + CHUNK, present + count))
        drafts = [
            EnterpriseFactory.build(county=counties[n % len(counties)], position=len(TRADES) + n // len(counties))
            for n in turns
        ]
        register_enterprises(acting_user=filer, drafts=drafts, origin=ORIGIN)
        say(f"enterprises: {turns.stop - present}")


def _open_quarters(count: int) -> list[Quarter]:
    """Those of the last ``count`` quarters that are open; missing ones are made."""
    wanted = Quarter.current().trailing(count)
    for quarter in wanted:
        ensure_quarter(quarter)
    is_open = dict(ReportingQuarter.objects.values_list("code", "is_open"))
    return [quarter for quarter in wanted if is_open[quarter.code]]


def _drafts(
    count: int, enterprises: Sequence[Enterprise], quarters: Sequence[Quarter]
) -> Iterator[tuple[RecordKind, Record]]:
    """Quarterly returns first, each enterprise and quarter once, then events."""
    chance = random.Random(SEED)
    today = timezone.localdate()
    kinds = all_kinds()
    returns = [kind for kind in kinds if kind.rhythm is Rhythm.QUARTERLY]
    events = [kind for kind in kinds if kind.rhythm is Rhythm.EVENT]
    made = 0
    for kind in returns:
        for quarter in quarters:
            have = set(
                Record.objects.filter(kind=kind.slug, period=quarter.code).values_list("enterprise_id", flat=True)
            )
            for enterprise in enterprises:
                if made >= count * RETURNS or enterprise.pk in have or not kind.applies_to(enterprise):
                    continue
                made += 1
                yield kind, build_record(kind, enterprise=enterprise, day=quarter.first_day)
    while made < count:
        made += 1
        quarter = chance.choice(quarters)
        days = (min(quarter.last_day, today) - quarter.first_day).days
        day = quarter.first_day + datetime.timedelta(days=chance.randint(0, days))
        enterprise = chance.choice(enterprises)
        kind = chance.choice([event for event in events if event.applies_to(enterprise)])
        yield kind, build_record(kind, enterprise=enterprise, day=day)


@transaction.atomic
def _write(kind: RecordKind, drafts: Sequence[Record], filer: User, officer: User) -> None:
    """Filed on behalf by one person and approved by another."""
    made = create_records(acting_user=filer, kind=kind, drafts=drafts, origin=ORIGIN)
    ids, now = [record.pk for record in made], timezone.now()
    for user, action in ((filer, "submit"), (officer, "approve")):
        outcomes = move_records(acting_user=user, record_ids=ids, action=action, at=now, asks=False)
        if refused := [outcome for outcome in outcomes if not outcome.ok]:
            raise Refused(f"{action} refused: {refused[0].message}")


def seed_scale(*, enterprises: int, records: int, quarters: int, say: Report) -> None:
    """Add that many enterprises and approved records over the open ones of the last quarters, and fill the figures.

    May be run again to add more. Raises ``Refused``."""
    counties = list(Place.objects.counties().select_related("city").order_by("code"))
    if not counties or not Industry.objects.exists():
        raise Refused("the reference data is missing: run manage.py load_reference_data first")
    factory.random.reseed_random(SEED)
    filer, officer = _people(counties)
    _add_enterprises(enterprises, counties, filer, say)
    registered = list(Enterprise.objects.active().select_related("place"))
    into = _open_quarters(quarters)
    if records and not (registered and into):
        raise Refused("records need enterprises and an open quarter: ask for --enterprises, or reopen a quarter")
    waiting: dict[str, list[Record]] = {}
    done = 0
    for kind, draft in _drafts(records, registered, into) if records else ():
        batch = waiting.setdefault(kind.slug, [])
        batch.append(draft)
        if len(batch) == CHUNK:
            _write(kind, batch, filer, officer)
            done += len(batch)
            batch.clear()
            say(f"records: {done}")
    for kind in all_kinds():
        if rest := waiting.get(kind.slug):
            _write(kind, rest, filer, officer)
            done += len(rest)
    say(f"records: {done}")
    for quarter in into:
        fill(quarter)
