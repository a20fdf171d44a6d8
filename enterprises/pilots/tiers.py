"""Keeping ``Enterprise.pilot_tier`` in step: the highest tier at which an enterprise is a pilot today."""

import datetime
from collections.abc import Collection, Iterable

from django.db import models, transaction
from django.db.models import Case, Exists, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from enterprises.facts import PILOTS, append_register_changes
from enterprises.models import Enterprise, PilotTier
from enterprises.models.pilot import STAGES, TIERS, Pilot, PilotStage, in_force_on
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.calendar.spans import holds_on

_BATCH = 500
#: By rank: the tiers, highest first, and last what is left without any.
_RANKED = (*TIERS, PilotTier.NONE)
_RANKS = Case(*(When(tier=tier, then=Value(rank)) for rank, tier in enumerate(TIERS)))


def tier_on(day: datetime.date) -> Case:
    """The highest tier at which an enterprise was a pilot on that day: an expression for ``Enterprise``. One without any
    pilot row has no history: the tier of its entry stands."""
    rows = Pilot.objects.filter(enterprise=OuterRef("pk")).order_by()
    highest = rows.filter(in_force_on(day)).annotate(rank=_RANKS).order_by("rank").values("tier")[:1]
    none = Value(PilotTier.NONE.value)
    return Case(When(Exists(rows), then=Coalesce(Subquery(highest), none)), default=F("pilot_tier"))


def stage_on(day: models.expressions.Combinable, *, enterprise: str = "pk") -> Subquery:
    """The stage an enterprise was in on that day, as a pilot of the highest tier whose stage is known: an expression for
    rows on which ``enterprise`` leads to its key; NULL for one without. ``day`` is an expression of these rows. A stage
    entered on an unknown day was entered before."""
    begun = Q(began_on__isnull=True) | Q(began_on__lte=day)
    in_force = holds_on(day, "pilot__started_on", "pilot__ended_on")
    tiers = Case(*(When(pilot__tier=tier, then=Value(rank)) for rank, tier in enumerate(TIERS)))
    order = Case(*(When(stage=stage, then=Value(rank)) for rank, stage in enumerate(STAGES)))
    rows = PilotStage.objects.filter(begun, in_force, pilot__enterprise=OuterRef(enterprise))
    rows = rows.annotate(tier_rank=tiers, stage_rank=order).order_by("tier_rank", "-stage_rank")
    return Subquery(rows.values("stage")[:1])


def _drifted(enterprise_ids: Collection[int] | None) -> Iterable[tuple[int, int]]:
    """(enterprise, rank of the highest tier in force) of those with pilot rows whose entry says something else."""
    rows = Pilot.objects.filter(enterprise=OuterRef("pk")).order_by()
    highest = rows.filter(in_force_on()).values("enterprise").annotate(rank=Min(_RANKS)).values("rank")
    enterprises = Enterprise.objects.filter(Exists(rows))
    if enterprise_ids is not None:
        enterprises = enterprises.filter(pk__in=enterprise_ids)
    agree = Q()
    for rank, tier in enumerate(_RANKED):
        agree |= Q(due=rank, pilot_tier=tier)
    due = Coalesce(Subquery(highest, output_field=models.IntegerField()), Value(len(TIERS)))
    return enterprises.annotate(due=due).exclude(agree).order_by().values_list("pk", "due")


@transaction.atomic
def keep_tiers(enterprise_ids: Collection[int] | None = None) -> int:
    """Write the tier in force today into every entry (or these) where it differs. Returns how many did.

    Entries without any pilot row are left as they are: nothing is known that could correct them."""
    by_tier: dict[str, list[int]] = {}
    for pk, rank in _drifted(enterprise_ids):
        by_tier.setdefault(_RANKED[rank], []).append(pk)
    for tier, enterprises in by_tier.items():
        for start in range(0, len(enterprises), _BATCH):
            Enterprise.objects.filter(pk__in=enterprises[start : start + _BATCH]).update(
                pilot_tier=tier, version=models.F("version") + 1
            )
    changed = sorted(pk for enterprises in by_tier.values() for pk in enterprises)
    append_register_changes(changed, source=PILOTS)
    return len(changed)


def forget_tier(enterprise_id: int) -> None:
    """A pilot row was removed: the entry follows those that are left, down to none at all."""
    if not Pilot.objects.filter(enterprise_id=enterprise_id).exists():
        enterprises = Enterprise.objects.filter(pk=enterprise_id).exclude(pilot_tier=PilotTier.NONE)
        if enterprises.update(pilot_tier=PilotTier.NONE, version=models.F("version") + 1):
            append_register_changes([enterprise_id], source=PILOTS)
    keep_tiers([enterprise_id])


def open_given_tiers(*, acting_user: Actor, enterprises: Iterable[Enterprise]) -> None:
    """Entries registered with a tier get the pilot row behind it; when it began is not known. Call inside the
    transaction that registers them. Raises ``AccessDenied`` for a tier the person may not give."""
    pilots = [
        Pilot(enterprise=enterprise, tier=enterprise.pilot_tier) for enterprise in enterprises if enterprise.is_pilot
    ]
    for pilot in {(pilot.tier, pilot.subject.place.county_id): pilot for pilot in pilots}.values():
        require(acting_user, "enterprises.keep_pilots", pilot)
    Pilot.objects.bulk_create(pilots, batch_size=_BATCH)
