"""Who has said what of a year."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Value
from django.utils import timezone

from enterprises.models import Enterprise, YearlyProfile

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class HasProfile(TypedDict):
        has_profile: bool


#: How many years back a profile may still be filed.
YEARS_BACK = 4
#: What is asked.
FIELDS = (
    "headcount",
    "frontline_count",
    "industrial_count",
    "women_count",
    "young_count",
    "wages_total",
    "union_members",
    "hired",
    "hired_young",
    "hired_graduates",
)
#: What took place in the year: never last year's over again, and no reason to wonder when it differs.
OF_THE_YEAR = ("hired", "hired_young", "hired_graduates")
#: What the register shows of the newest profile.
FOLLOWED = ("headcount", "frontline_count")


def this_year() -> int:
    return timezone.localdate().year


def open_years() -> list[int]:
    """The years that may be filed, the running one first."""
    return [this_year() - back for back in range(YEARS_BACK + 1)]


def with_profile(enterprises: models.QuerySet[Enterprise], year: int) -> models.QuerySet[Enterprise]:
    """The enterprises with what they said of the year as ``said_…``; None throughout for who has not."""
    joined = enterprises.annotate(said=FilteredRelation("profiles", condition=Q(profiles__year=year)))
    values = {f"said_{name}": F(f"said__{name}") for name in FIELDS}
    return joined.annotate(said_of=Value(year), said_at=F("said__filed_at"), **values)


def filing_of(enterprises: models.QuerySet[Enterprise], year: int) -> tuple[int, int]:
    """(how many filed the year, of how many). One query."""
    joined = enterprises.order_by().annotate(said=FilteredRelation("profiles", condition=Q(profiles__year=year)))
    found = joined.aggregate(filed=Count("said"), everybody=Count("pk"))
    return found["filed"], found["everybody"]


def without_profile(enterprises: models.QuerySet[Enterprise], year: int) -> models.QuerySet[Enterprise]:
    """Those of the enterprises that have said nothing of the year."""
    return enterprises.filter(~Exists(YearlyProfile.objects.filter(enterprise=OuterRef("pk"), year=year)))


def with_profile_state(
    enterprises: models.QuerySet[Enterprise], year: int
) -> "models.QuerySet[WithAnnotations[Enterprise, HasProfile]]":
    """The enterprises with ``has_profile``: whether they have said something of the year."""
    return enterprises.annotate(has_profile=Exists(YearlyProfile.objects.filter(enterprise=OuterRef("pk"), year=year)))


def follows_profile(enterprise: Enterprise) -> bool:
    """Whether the entry's staff figures come from a profile, and are no longer edited by hand."""
    return YearlyProfile.objects.filter(enterprise=enterprise).exists()


def before(enterprise: Enterprise, year: int) -> YearlyProfile | None:
    """The newest profile of an earlier year."""
    return YearlyProfile.objects.filter(enterprise=enterprise, year__lt=year).order_by("-year").first()


def newest(enterprise_ids: Iterable[int] | None = None) -> dict[int, YearlyProfile]:
    """The newest profile of every enterprise that has one (or of these). One query."""
    rows = YearlyProfile.objects.order_by("year")
    if enterprise_ids is not None:
        rows = rows.filter(enterprise__in=enterprise_ids)
    return {profile.enterprise_id: profile for profile in rows}
