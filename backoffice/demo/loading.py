"""Loading the demonstration: all of it in one transaction, or nothing."""

import datetime
import random
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import factory.random
from django.db import transaction
from django.utils import timezone

from backoffice.demo.changes import change_register
from backoffice.demo.circumstances import answer_circumstances
from backoffice.demo.goals import set_goals
from backoffice.demo.notices import send_notices
from backoffice.demo.offices import report_of_offices
from backoffice.demo.people import SHOWN_COUNTIES, Listed, make_clerks, make_officers, write_accounts
from backoffice.demo.plan import FUNDS, LEADERSHIP, OWED_LATELY, PARTY, Planner
from backoffice.demo.register import know_the_register
from backoffice.demo.setting import (
    ENTERPRISES_BY_CITY,
    ENTERPRISES_ELSEWHERE,
    OPEN,
    ORIGIN,
    QUARTERS,
    SEED,
    demo_quarters,
)
from backoffice.demo.story import Story
from backoffice.events import DEMO_LOADED
from enterprises.bulk import register_enterprises
from enterprises.factories import EnterpriseFactory
from enterprises.models import Enterprise, Industry, PilotTier, Size
from foundation.access.models import Role
from foundation.accounts.models import User
from foundation.audit.log import log
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.refusals import Refused
from indicators.closing import close_quarter
from indicators.fill import fill_at_once
from indicators.medians import stale_medians, store_medians
from records.core.kinds import all_kinds, kind_by_slug
from records.duties.actions import ensure_quarter, generate_duties
from records.duties.calendar import set_due_days
from records.models import DutyRule, QuarterStatement, Record, ReportingQuarter
from reporting.quality.actions import look_through

#: Kinds that enterprises have owed all along, and file as the story goes.
STORY = (PARTY, LEADERSHIP)
#: How long the last quarter that is over is still reviewed after the demonstration was loaded.
_DAYS_OF_REVIEW = 30
#: Of one pilot in so many counties the three people of the reform are not entered.
_NAMELESS = 8
#: In one county of so many there is an enterprise without a union.
_WITHOUT_UNION = 5


class Loaded(NamedTuple):
    enterprises: int
    records: int
    statements: int
    accounts: list[Listed]


def is_loaded() -> bool:
    """Whether this portal already holds the demonstration. The mark is written in the same transaction as the data."""
    return Entry.objects.filter(event=DEMO_LOADED).exists()


def _regions(cities: Collection[str] | None) -> list[Place]:
    """The province and everything below it; with ``cities`` only those and their counties."""
    regions = list(Place.objects.regions().select_related("city").order_by("code"))
    if not regions or not Industry.objects.exists():
        raise Refused("the reference data is missing: run manage.py load_reference_data first")
    if cities is None:
        return regions
    return [region for region in regions if region.city is None or region.city.code in cities]


def _enterprises(counties: Sequence[Place], per_county: int | None) -> list[Enterprise]:
    """The first of every county is a pilot of some size, so that each county has somebody to show; of some of them nobody
    knows who looks after the reform. A few others have no union, or do not know their headcount."""
    EnterpriseFactory.reset_sequence(0)  # type: ignore[no-untyped-call]  # factory-boy has types in parts only
    drafts = []
    for number, county in enumerate(counties):
        for position in range(per_county or ENTERPRISES_BY_CITY.get(county.code[:4], ENTERPRISES_ELSEWHERE)):
            values = {"county": county, "position": position}
            if position == 0:
                values |= {"size": Size.MEDIUM, "pilot_tier": PilotTier.CITY, "has_party_organisation": True}
                if number % _NAMELESS == _NAMELESS - 1 and county.code not in SHOWN_COUNTIES:
                    values |= dict.fromkeys(("instructor", "liaison", "observer"), "")
            elif position == 1 and number % _WITHOUT_UNION == 1:
                values |= {"size": Size.SMALL, "has_union": False}
            elif factory.random.randgen.random() < 0.04:
                values |= {"headcount": None}
            drafts.append(EnterpriseFactory.build(**values))
    return drafts


def _owe_only(kinds: Collection[str]) -> None:
    """Of the rules that come with the portal only those of these kinds, and of what must take place once a year, are in
    force; the others are proposals still: what nobody files would make the whole province overdue."""
    owed = [*kinds, *(kind.slug for kind in all_kinds() if kind.at_least_yearly)]
    DutyRule.objects.filter(kind__in=owed).update(is_proposed=False, is_active=True)
    DutyRule.objects.exclude(kind__in=owed).update(is_active=False, is_proposed=True)


def _leave_time_for_review(quarter: Quarter, province_officer: User) -> None:
    """Offices still work on the last quarter that is over, whenever the demonstration is loaded: their pages show it."""
    row = ReportingQuarter.objects.get(code=quarter.code)
    set_due_days(
        acting_user=province_officer,
        quarter=quarter,
        enterprise_due=row.enterprise_due,
        review_due=max(row.review_due, timezone.localdate() + datetime.timedelta(days=_DAYS_OF_REVIEW)),
    )


def _play(planner: Planner, quarters: Sequence[Quarter], province_officer: User) -> None:
    """The closed quarters first, then the open ones, as it would have gone."""
    _owe_only(STORY)
    story = Story()
    # Before there are quarters, of which each answer would ask anew what is owed.
    answer_circumstances(planner, story.clerks, sorted({quarter.year for quarter in quarters}))
    for quarter in quarters:
        ensure_quarter(quarter)
        generate_duties(quarter)
    past, running = quarters[:-OPEN], quarters[-OPEN:]
    story.play(planner.wave(past))
    for quarter in past:
        close_quarter(acting_user=province_officer, quarter=quarter)
    _leave_time_for_review(running[0], province_officer)
    _owe_only((*STORY, *OWED_LATELY))
    for quarter in running:
        generate_duties(quarter)
    story.play(planner.wave(running, earlier=past[-1]))
    report_of_offices(running)
    change_register(planner.enterprises, province_officer)
    fill_at_once()
    for quarter in stale_medians():
        store_medians(quarter)
    set_goals(province_officer, quarters[-OPEN])


@transaction.atomic
def load_demo(
    *,
    accounts_file: Path,
    cities: Collection[str] | None = None,
    enterprises_per_county: int | None = None,
    quarters: int = QUARTERS,
) -> Loaded:
    """Make the demonstration. ``cities`` (codes), ``enterprises_per_county`` and the last ``quarters`` make a smaller one, for
    tests.

    Raises ``Refused`` where there is no reference data or where enterprises are registered already."""
    if Enterprise.objects.exists():
        raise Refused("this portal already holds enterprises; the demo loads into an empty portal only")
    factory.random.reseed_random(SEED)
    regions = _regions(cities)
    listed = make_officers(regions)
    province_officer = User.objects.get(grants__role=Role.PROVINCE)
    enterprises = register_enterprises(
        acting_user=province_officer,
        drafts=_enterprises([region for region in regions if region.is_county_level], enterprises_per_county),
        origin=ORIGIN,
    )
    listed += make_clerks(enterprises)
    planner = Planner(enterprises, random.Random(SEED))
    know_the_register(
        enterprises, province_officer, random.Random(SEED), telling=planner.who_files(kind_by_slug(FUNDS))
    )
    _play(planner, demo_quarters(timezone.localdate())[-quarters:], province_officer)
    send_notices(random.Random(SEED))
    look_through([region for region in regions if region.is_county_level])
    log(DEMO_LOADED, by=None, place=regions[0], note=str(len(enterprises)))
    # Last in the transaction: a load that fails leaves no data, and a file of another load is overwritten.
    write_accounts(accounts_file, listed)
    return Loaded(len(enterprises), Record.objects.count(), QuarterStatement.objects.count(), listed)
