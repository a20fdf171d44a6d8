"""Loading everything the portal needs before anyone can work: codes, policy, indicators, rules of duty, quarters.

It stands here because it knows all rooms. Each loader is idempotent; a second load changes nothing and says so.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from backoffice.events import REFERENCE_LOADED
from enterprises.loading import load_industries
from enterprises.models import PilotTier
from foundation.audit.log import log
from foundation.calendar.loading import load_workdays
from foundation.calendar.periods import Quarter
from foundation.loading import Loaded
from foundation.places.loading import load_regions
from ideology.loading import load_representative_categories
from indicators.loading import CATALOGUE, load_indicators
from policies.loading import load_policies
from records.core.kinds import kind_by_slug
from records.duties.actions import ensure_quarter
from records.models import DutyRule, ReportingQuarter
from services.loading import load_honours

#: The first quarter the portal keeps figures of.
FIRST_QUARTER = Quarter(2025, 4)
DATA = Path(settings.BASE_DIR) / "data"

_PILOTS = [tier for tier in PilotTier.values if tier != PilotTier.NONE]
#: Proposals to begin with. The province edits the rules; once there is any rule, these are not added again.
DEFAULT_DUTY_RULES = (
    # Without a party organisation there is nothing to develop: three zeros a quarter say nothing.
    {"kind": "ideology.partydevelopment", "tiers": [], "has_party_organisation": True},
    {"kind": "services.leadership", "tiers": _PILOTS},
    # 职代会每年至少召开一次.
    {"kind": "rights.congresssession", "tiers": _PILOTS},
)


def load_catalogue() -> Loaded:
    """The indicators that are missing; those the province has revised stay as they are."""
    added = load_indicators()
    return Loaded(created=added, unchanged=len(CATALOGUE) - added)


def load_duty_rules() -> Loaded:
    """The proposed rules of what enterprises owe, when there are none at all."""
    if present := DutyRule.objects.count():
        return Loaded(unchanged=present)
    for values in DEFAULT_DUTY_RULES:
        rule = DutyRule(**values)
        kind_by_slug(rule.kind)
        rule.clean_lists()
        rule.save()
    return Loaded(created=len(DEFAULT_DUTY_RULES))


def load_quarters() -> Loaded:
    """The quarters from the first one to the running one; those that exist keep their days and their state."""
    wanted = [FIRST_QUARTER]
    while wanted[-1] < Quarter.current():
        wanted.append(wanted[-1].next())
    present = set(ReportingQuarter.objects.values_list("code", flat=True))
    missing = [quarter for quarter in wanted if quarter.code not in present]
    for quarter in missing:
        ensure_quarter(quarter)
    return Loaded(created=len(missing), unchanged=len(wanted) - len(missing))


def loaders() -> dict[str, Callable[[], Loaded]]:
    """What is loaded, in order; each name is shown by the command."""
    return {
        "regions": lambda: load_regions(DATA / "regions_jiangsu.csv"),
        "industries": lambda: load_industries(DATA / "industries_gbt4754_2017.csv"),
        "policies": lambda: load_policies(DATA / "policy"),
        "indicators": load_catalogue,
        "representative categories": load_representative_categories,
        "honours": load_honours,
        "duty rules": load_duty_rules,
        "quarters": load_quarters,
        "working days": lambda: load_workdays(FIRST_QUARTER.year),
    }


@transaction.atomic
def load_reference_data() -> dict[str, Loaded]:
    """Run every loader in one transaction; a load that changed something leaves one audit entry."""
    results = {name: loader() for name, loader in loaders().items()}
    changed = {name: str(result) for name, result in results.items() if result.touched}
    if changed:
        log(REFERENCE_LOADED, by=None, changes=changed)
    return results
