"""Loading everything the portal needs before anyone can work: codes, policy, indicators, rules of duty, quarters.

It stands here because it knows all rooms. Each loader is idempotent; a second load changes nothing and says so.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from backoffice.events import REFERENCE_LOADED
from enterprises.bases.sorts import load_base_sorts
from enterprises.loading import load_industries
from enterprises.models import Ownership, PilotTier, Size
from foundation.audit.log import log
from foundation.calendar.loading import load_workdays
from foundation.calendar.periods import Quarter
from foundation.loading import Loaded
from foundation.places.loading import load_regions
from ideology.loading import load_representative_categories
from indicators.catalogue import shipped
from indicators.loading import load_indicators
from policies.loading import load_policies
from records.core.kinds import kind_by_slug
from records.core.undecided import load_undecided
from records.duties.actions import ensure_quarter
from records.duties.models import Circumstance
from records.models import DutyRule, ReportingQuarter
from rights.loading import load_incentive_items
from services.loading import load_aid_projects, load_honours
from skills.loading import load_purposes

#: The first quarter the portal keeps figures of.
FIRST_QUARTER = Quarter(2025, 4)
DATA = Path(settings.BASE_DIR) / "data"

_PILOTS = [tier for tier in PilotTier.values if tier != PilotTier.NONE]
_LARGER = [Size.LARGE.value, Size.MEDIUM.value]
#: Mining, manufacturing, energy, construction, transport (sections of GB/T 4754).
_HAZARDOUS = ["B", "C", "D", "E", "G"]
#: What enterprises owe to begin with, each by a name of its own. A new portal starts with them; one that has rules gets what
#: came since as proposals, which the province accepts or leaves.
DEFAULT_DUTY_RULES: dict[str, dict[str, Any]] = {
    # Only where there is a party organisation: others would report zeros every quarter.
    "party": {"kind": "ideology.partydevelopment", "has_party_organisation": True},
    "leadership": {"kind": "services.leadership", "tiers": _PILOTS},
    # 职代会每年至少召开一次.
    "congress": {"kind": "rights.congresssession", "tiers": _PILOTS},
    "relations": {"kind": "rights.relations", "tiers": _PILOTS},
    "hazard": {"kind": "rights.hazard", "tiers": _PILOTS},
    "insurance": {"kind": "rights.insurance", "tiers": _PILOTS},
    "contract": {"kind": "rights.contract", "tiers": _PILOTS},
    "safety": {"kind": "rights.safety", "tiers": _PILOTS, "industries": _HAZARDOUS},
    "trainingfund": {"kind": "skills.trainingfund", "tiers": _PILOTS},
    "ladder": {"kind": "skills.ladder", "tiers": _PILOTS},
    **{
        f"{name}-{whom}": {"kind": kind, **of}
        for name, kind in (
            ("reserve", "competitions.reserve"),
            ("innovation", "competitions.innovation"),
            ("crossing", "skills.crossing"),
            ("labourcontract", "rights.labourcontract"),
            ("incentive", "rights.incentive"),
        )
        for whom, of in (("pilots", {"tiers": _PILOTS}), ("larger", {"sizes": _LARGER}))
    },
    "patent": {"kind": "competitions.patent", "only_if": Circumstance.PATENTS.value},
    "apprentice": {"kind": "skills.apprentice", "only_if": Circumstance.APPRENTICES.value},
    "fusion": {"kind": "skills.fusion", "only_if": Circumstance.SCHOOLS.value},
    "riskassessment": {"kind": "rights.riskassessment", "only_if": Circumstance.RISK.value},
    "role": {"kind": "services.responsibility", "ownerships": [Ownership.STATE.value]},
    "leading-role": {"kind": "services.responsibility", "in_chain": True, "leads_chain": True},
}


def load_catalogue() -> Loaded:
    """The indicators that are missing; those the province has revised stay as they are."""
    added = load_indicators()
    return Loaded(created=added, unchanged=len(shipped()) - added)


def load_duty_rules() -> Loaded:
    """The rules that come with the portal and are not there yet: in force where there is no rule at all, else proposed. One
    that the province has made alike already stands for it."""
    present = list(DutyRule.objects.all())
    known = {rule.code for rule in present}
    created = updated = 0
    for code, values in DEFAULT_DUTY_RULES.items():
        if code in known:
            continue
        rule = DutyRule(code=code, is_active=not present, is_proposed=bool(present), **values)
        kind_by_slug(rule.kind)
        rule.clean_lists()
        if alike := next((other for other in present if not other.code and other.asks_as(rule)), None):
            alike.code = code
            alike.save(update_fields=["code"])
            updated += 1
            continue
        rule.save()
        created += 1
    return Loaded(created=created, changed=updated, unchanged=len(known & DEFAULT_DUTY_RULES.keys()))


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
        "incentive items": load_incentive_items,
        "purposes of training funds": load_purposes,
        "aid projects": load_aid_projects,
        "sorts of bases": load_base_sorts,
        "undecided items": load_undecided,
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
