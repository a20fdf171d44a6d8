"""Small numbers, on either database: through the bulk actions, as an import writes them."""

import datetime
import random
from collections.abc import Callable, Iterator, Sequence

import factory.random
from django.db import transaction
from django.utils import timezone

from backoffice.scale.people import PREFIX, officer_name
from enterprises.bulk import register_enterprises
from enterprises.factories import TRADES, EnterpriseFactory, person_name
from enterprises.models import Enterprise
from foundation.access.bulk import NewAccount, create_accounts
from foundation.access.models import ENTERPRISE_ROLES, Grant, Role
from foundation.access.scope import forget_scope
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Level, Place
from foundation.refusals import Refused
from records.core.bulk import create_records, move_records
from records.core.factories import build_record
from records.core.kinds import RecordKind, Rhythm, all_kinds
from records.duties.actions import generate_duties
from records.models import Record

CHUNK = 5000
#: At most this share of the records are quarterly returns; the rest are events.
RETURNS = 0.25
#: What becomes of a hundred records handed in.
DECISIONS = (
    ("approve", "", 92),
    ("return", "参加人数与人次不一致，请核对后重新填写。", 2),
    ("reject", "与已提交的记录重复。", 1),
)
#: How many of a hundred stay drafts.
DRAFTS = 2

Report = Callable[[str], None]


def _people(counties: Sequence[Place]) -> tuple[User, User]:
    """One who files for everybody, and one who decides in every county. Neither can sign in."""
    name = f"{PREFIX}officer"
    if not User.objects.filter(username=name).exists():
        one = NewAccount(name, "测量审核", Role.COUNTY, counties[0])
        officer = create_accounts(acting_user=None, account_import=[one])[0]
        Grant.objects.bulk_create([Grant(user=officer, role=Role.COUNTY, place=county) for county in counties[1:]])
    filer = User.objects.get(username=officer_name(Place.objects.get(level=Level.PROVINCE)))
    officer = User.objects.get(username=name)
    forget_scope(officer)
    return filer, officer


def _add_enterprises(count: int, counties: Sequence[Place], filer: User, origin: str, say: Report) -> None:
    """Numbered after all that exist, spread evenly; positions start beyond the demo's, so that names differ."""
    present = Enterprise.objects.count()
    EnterpriseFactory.reset_sequence(present + 1_000_000)  # type: ignore[no-untyped-call]  # factory-boy has types in parts only
    for start in range(present, present + count, CHUNK):
        turns = range(start, min(start + CHUNK, present + count))
        drafts = [
            EnterpriseFactory.build(county=counties[n % len(counties)], position=len(TRADES) + n // len(counties))
            for n in turns
        ]
        register_enterprises(acting_user=filer, drafts=drafts, origin=origin)
        say(f"enterprises: {turns.stop - present}")


def _add_clerks() -> None:
    """An account for every enterprise nobody works for, named after its credit code."""
    staffed = Grant.objects.filter(role__in=ENTERPRISE_ROLES).values("place")
    alone = Enterprise.objects.active().exclude(place__in=staffed).select_related("place")
    create_accounts(
        acting_user=None,
        account_import=[
            NewAccount(f"{PREFIX}{enterprise.credit_code}", person_name(), Role.CLERK, enterprise.place)
            for enterprise in alone
        ],
    )


def _drafts(
    count: int, enterprises: Sequence[Enterprise], quarters: Sequence[Quarter], chance: random.Random
) -> Iterator[tuple[RecordKind, Record]]:
    """Quarterly returns first, each enterprise and quarter once, then events."""
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
                if made >= count * RETURNS or enterprise.pk in have or not kind.is_reported_by(enterprise):
                    continue
                made += 1
                yield kind, build_record(kind, enterprise=enterprise, day=quarter.first_day)
    while made < count:
        made += 1
        quarter = chance.choice(quarters)
        days = (min(quarter.last_day, today) - quarter.first_day).days
        day = quarter.first_day + datetime.timedelta(days=chance.randint(0, days))
        enterprise = chance.choice(enterprises)
        kind = chance.choice([event for event in events if event.is_reported_by(enterprise)])
        yield kind, build_record(kind, enterprise=enterprise, day=day)


def _move(user: User, ids: Sequence[int], action: str, reason: str = "") -> None:
    outcomes = move_records(
        acting_user=user, record_ids=ids, action=action, at=timezone.now(), reason=reason, asks=False
    )
    if refused := [outcome for outcome in outcomes if not outcome.ok]:
        raise Refused(f"{action} refused: {refused[0].message}")


@transaction.atomic
def _write(
    kind: RecordKind, drafts: Sequence[Record], filer: User, officer: User, origin: str, chance: random.Random
) -> None:
    """Filed on behalf by one person and decided by another; a few are left waiting or drafts."""
    made = [record.pk for record in create_records(acting_user=filer, kind=kind, drafts=drafts, origin=origin)]
    lots = {pk: chance.random() * 100 for pk in made}
    handed_in = [pk for pk in made if lots[pk] >= DRAFTS]
    _move(filer, handed_in, "submit")
    low: float = DRAFTS
    for action, reason, share in DECISIONS:
        decided = [pk for pk in handed_in if low <= lots[pk] < low + share]
        low += share
        # A kind decided at two levels is left to the one above.
        if decided and (kind.review_levels == ("county",) or action == "approve"):
            _move(officer, decided, action, reason)


def seed_by_actions(
    *, enterprises: int, records: int, quarters: Sequence[Quarter], origin: str, seed: int, say: Report
) -> None:
    """Write that many enterprises and records over these open quarters, with their duties."""
    chance = random.Random(seed)
    factory.random.reseed_random(seed)
    counties = list(Place.objects.counties().open().select_related("city").order_by("code"))
    filer, officer = _people(counties)
    _add_enterprises(enterprises, counties, filer, origin, say)
    _add_clerks()
    registered = list(Enterprise.objects.active().select_related("place")) if records else []
    waiting: dict[str, list[Record]] = {}
    done = 0
    for kind, draft in _drafts(records, registered, quarters, chance) if records else ():
        batch = waiting.setdefault(kind.slug, [])
        batch.append(draft)
        if len(batch) == CHUNK:
            _write(kind, batch, filer, officer, origin, chance)
            done += len(batch)
            batch.clear()
            say(f"records: {done}")
    for kind in all_kinds():
        if kind.slug in waiting:
            batch = waiting[kind.slug]
            _write(kind, batch, filer, officer, origin, chance)
            done += len(batch)
    say(f"records: {done}")
    for quarter in quarters:
        generate_duties(quarter)
