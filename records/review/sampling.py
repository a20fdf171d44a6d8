"""抽查: the city looks at a share of what its counties approved. It stops nothing: an approved record counts at once."""

from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Count, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Role
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.refusals import Refused
from records.core.actions import act, locked
from records.core.models import TO_SAMPLE, Record, RecordQuerySet, Status
from records.core.queries import region_q
from records.review.models import Appeal, AppealOutcome, SampleCheck, SampleOutcome
from records.review.permissions import decided_by_county

register_event("records.sample_checked", gettext_lazy("抽查记录"))


@transaction.atomic
def check_sample(*, acting_user: Actor, record_id: int, version: int, passed: bool, note: str = "") -> Record:
    """Note that an approved record was looked at; found wrong, it is reopened with the note as the reason. Raises
    ``Stale``, ``AccessDenied``, ``Refused``."""
    record = locked(record_id, version)
    require(acting_user, "records.sample", record)
    note = note.strip()
    if not passed and not note:
        raise Refused(_("请写明发现的问题，企业要据此修改。"))
    outcome = SampleOutcome.PASSED if passed else SampleOutcome.REOPENED
    SampleCheck.objects.create(record_id=record.pk, version=version, outcome=outcome, note=note, checked_by=acting_user)
    log("records.sample_checked", by=acting_user, on=record, note=f"{outcome.label} {note}".strip())
    if not passed:
        return act(acting_user=acting_user, record_id=record.pk, action="reopen", version=version, reason=note)
    return record


def sampled(user: Actor) -> RecordQuerySet:
    """What the city has still to look at, the longest approved first."""
    return Record.objects.allowing(user, "records.sample").order_by("decided_at", "pk")


@dataclass
class UnitReview:
    """How reviewing stands in one place: counts only. What waits is counted by the office it waits for. ``is_own``: not the
    place as a whole, but what its office reported of itself."""

    place: Place
    is_own: bool = False
    county_waiting: int = 0
    county_overdue: int = 0
    city_waiting: int = 0
    city_overdue: int = 0
    province_waiting: int = 0
    province_overdue: int = 0
    appeals: int = 0
    in_sample: int = 0
    passed: int = 0
    reopened: int = 0

    @property
    def name(self) -> str:
        return _("%s本级") % self.place.name if self.is_own else self.place.name

    @property
    def waiting(self) -> int:
        return self.county_waiting + self.city_waiting + self.province_waiting

    @property
    def overdue(self) -> int:
        return self.county_overdue + self.city_overdue + self.province_overdue

    @property
    def checked(self) -> int:
        return self.passed + self.reopened

    @property
    def coverage(self) -> float | None:
        """The share of the sample that was looked at; None when nothing is in it."""
        return self.checked / self.in_sample if self.in_sample else None


def review_by_unit(place: Place, quarter: Quarter) -> list[UnitReview]:
    """The place's cities or counties (a county: itself), last what its own office reported, where there is any: what waits
    now, and the quarter's sample. Six queries."""
    column = "city" if place.level == "province" else "county"
    within = region_q(place)
    units = [place] if place.is_county_level else Place.objects.regions().filter(parent=place).order_by("code")
    found = {unit.pk: UnitReview(unit) for unit in units}
    found.setdefault(place.pk, UnitReview(place, is_own=True))
    _count_waiting(found, column, within)
    _count_samples(found, column, within, quarter)
    open_appeals = Appeal.objects.filter(within, outcome=AppealOutcome.OPEN)
    for pk, count in open_appeals.order_by().values_list(column).annotate(Count("pk")):
        if pk in found:
            found[pk].appeals = count
    return [unit for unit in found.values() if unit != UnitReview(place, is_own=True)]


def _count_waiting(found: dict[int, UnitReview], column: str, within: Q) -> None:
    # Of rows, not of the key: so both are counted from the index alone.
    overdue = Count(Value(1), filter=Q(decide_by__lt=timezone.localdate()))
    waiting = Record.objects.filter(
        within, status=Status.SUBMITTED, held_by__in=(Role.COUNTY, Role.CITY, Role.PROVINCE)
    ).order_by()
    for row in waiting.values(column, "held_by").annotate(all=Count("*"), late=overdue):
        if unit := found.get(row[column]):
            setattr(unit, f"{row['held_by']}_waiting", row["all"])
            setattr(unit, f"{row['held_by']}_overdue", row["late"])


def _count_samples(found: dict[int, UnitReview], column: str, within: Q, quarter: Quarter) -> None:
    """In the sample: what is approved and drawn or marked, and what was reopened because of it."""
    drawn = within & TO_SAMPLE & decided_by_county()
    approved = Record.objects.filter(drawn, status=Status.APPROVED, quarter=quarter.code).order_by()
    for pk, count in approved.values_list(column).annotate(Count("pk")):
        if unit := found.get(pk):
            unit.in_sample = count
    passed = approved.filter(sample_checks__version=models.F("version"))
    for pk, count in passed.values_list(column).annotate(Count("pk")):
        if unit := found.get(pk):
            unit.passed = count
    reopened = Record.objects.filter(within, quarter=quarter.code, sample_checks__outcome=SampleOutcome.REOPENED)
    for pk, count in reopened.order_by().values_list(column).annotate(Count("sample_checks")):
        if unit := found.get(pk):
            unit.reopened = count
            unit.in_sample += count
