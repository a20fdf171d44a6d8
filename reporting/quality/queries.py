"""What stands beside a finding: the value over two years, what others of the county say, and the records behind it."""

import statistics
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce

from enterprises.facts import REGISTERED
from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.scope import Scope
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import source_of_fact
from indicators.models import FactValue
from indicators.queries import trend
from records.core.facts import KindFacts
from records.core.kinds import kind_by_slug
from records.core.periods import first_quarter
from records.core.values import Difference, differences
from records.models import Record, RecordStep
from reporting.quality.looking import FEWEST_PEERS, HISTORY
from reporting.quality.models import WITH_OFFICE, Finding, FindingState
from reporting.quality.sentences import fact_of

#: Records shown beside a finding; the list behind the value has the others.
RECORDS = 10


@dataclass(frozen=True)
class PastValue:
    """A quarter's own value, and the median of the peers with how many they are; None where they are too few. ``was_there``:
    the enterprise was in the register then; of one that was not nobody expected a number."""

    quarter: Quarter
    value: Decimal | None
    median: Decimal | None
    peers: int
    was_there: bool = True
    #: The quarter, or of a yearly figure the year that it was reported for.
    label: str = ""


def past_values(finding: Finding) -> list[PastValue]:
    """The value over eight quarters, the last first and none before the portal's first of which nothing is known, beside
    the median of the other enterprises of the county and section of industry. A yearly figure stands in all quarters of a
    year: of each year the last is shown. Four queries; none for findings of records."""
    if (fact := fact_of(finding)) is None:
        return []
    first, quarters = first_quarter(), Quarter.parse(finding.quarter).trailing(HISTORY)
    basis = fact.year_basis
    if basis is not None:
        quarters = list({quarter.year: quarter for quarter in quarters}.values())
    told = trend(finding.enterprise.place, [finding.fact, REGISTERED], quarters)
    own, there = told[finding.fact], told[REGISTERED]
    said = _peers(finding, quarters)
    return [
        PastValue(
            quarter,
            value,
            Decimal(statistics.median(others)) if len(others := said[quarter.code]) >= FEWEST_PEERS else None,
            len(others),
            was_there=bool(registered) or value is not None,
            label=basis.label_of_years(quarter) if basis else quarter.label,
        )
        for quarter, value, registered in reversed(list(zip(quarters, own, there, strict=True)))
        if value is not None or first is None or quarter >= first
    ]


def _peers(finding: Finding, quarters: list[Quarter]) -> dict[str, list[Decimal]]:
    """What the others said, by quarter."""
    peers = Enterprise.objects.filter(county=finding.county_id, industry__code__startswith=_section(finding))
    rows = (
        FactValue.objects.filter(
            region=finding.county_id,
            fact=finding.fact,
            quarter__in=[quarter.code for quarter in quarters],
            value__isnull=False,
            place__in=peers.exclude(pk=finding.enterprise_id).order_by().values("pk"),
        )
        .order_by()
        .values_list("quarter", "value")
    )
    found: dict[str, list[Decimal]] = defaultdict(list)
    for quarter, value in rows:
        if value is not None:
            found[quarter].append(value)
    return found


def _section(finding: Finding) -> str:
    """The letter of the section of industry (门类), with which every code begins."""
    return finding.enterprise.industry_id[:1]


def records_behind(finding: Finding, user: Actor) -> "QuerySet[Record]":
    """The records that a finding's value is made of, or that it is about, as far as this person sees them."""
    seen = Record.objects.visible_to(user)
    if finding.record_id is not None:
        return seen.filter(pk__in=[finding.record_id, *filter(None, [finding.details.get("twin")])]).order_by("-pk")
    fact = fact_of(finding)
    source = source_of_fact(finding.fact) if fact else None
    if fact is None or not isinstance(source, KindFacts):
        return seen.none()
    counted = source.evidence(fact, Quarter.parse(finding.quarter)).filter(enterprise=finding.enterprise_id)
    return seen.filter(pk__in=counted.values("pk")).order_by("-pk")


def list_behind(finding: Finding) -> str:
    """The address of the list of all records behind a value; empty for findings of records."""
    if fact_of(finding) is None:
        return ""
    url = source_of_fact(finding.fact).url(finding.fact, region=finding.county.code, quarter=finding.quarter)
    return f"{url}&enterprise={finding.enterprise.credit_code}"


def answered_at_hand_in(records: list[Record]) -> list[tuple[Record, list[dict[str, Any]], str]]:
    """What was asked when each of these was last handed in, and the reason it was handed in with all the same. One
    query."""
    last: dict[int, RecordStep] = {}
    for step in RecordStep.objects.filter(record__in=records, action="submit").order_by("pk"):
        last[step.record_id] = step
    return [
        (record, last[record.pk].questions, last[record.pk].reason)
        for record in records
        if record.pk in last and last[record.pk].questions
    ]


def what_was_changed(finding: Finding) -> list[Difference]:
    """Of a late edit: what differs between the approval before and the one after. One query."""
    if finding.record is None or "after" not in finding.details:
        return []
    keys = [finding.details["before"], finding.details["after"]]
    steps = RecordStep.objects.filter(record=finding.record_id).in_bulk(keys)
    if len(steps) < len(keys):
        return []
    before, after = (steps[key].values for key in keys)
    return differences(kind_by_slug(finding.record.kind), before, after)


def waiting_for_office(user: Actor) -> "QuerySet[Finding]":
    """What waits for this person's office."""
    allowed = Finding.objects.allowing(user, "reporting.handle_finding")
    return allowed.filter(state__in=WITH_OFFICE)


def number_asked(scope: Scope) -> Coalesce:
    """How many questions wait for the answer of a person's enterprises: an expression, for a page that reads something
    anyway."""
    asked = Finding.objects.filter(scope.q(ENTERPRISE_ROLES), state=FindingState.ASKED).order_by()
    return Coalesce(Subquery(asked.values("state").annotate(number=Count("pk")).values("number")), 0)
