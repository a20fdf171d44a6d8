"""What the portal knows of whoever reports and shows beside a form, so that nobody types it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, YearlyProfile
from foundation.calendar.periods import Period
from foundation.fields import field_of, label_of_field, unit_of
from foundation.labels import Label
from foundation.places.models import Place
from foundation.ui.formats import quantity


class Known(NamedTuple):
    """A value as shown, with where it comes from and the address where it is kept; an empty value is not known yet."""

    label: str
    value: str
    source: str
    url: str


@dataclass(frozen=True)
class Shown:
    """One thing a kind shows instead of asking. ``read`` gives its value and the address where it is kept, for an enterprise
    and a period ("" for an event)."""

    label: Label
    source: Label
    read: Callable[[Enterprise, str], tuple[str, str]]


def known_of(shown: Sequence[Shown], filer: Enterprise | Place, period: str) -> list[Known]:
    """Of an office nothing is known beforehand."""
    if not isinstance(filer, Enterprise):
        return []
    return [Known(str(one.label), *_told(one, filer, period)) for one in shown]


def _told(one: Shown, enterprise: Enterprise, period: str) -> tuple[str, str, str]:
    value, url = one.read(enterprise, period)
    return value, str(one.source), url


def from_profile(*names: str) -> tuple[Shown, ...]:
    """Fields of the yearly profile: of the period's year, or the newest before it."""

    def reading(name: str) -> Callable[[Enterprise, str], tuple[str, str]]:
        def read(enterprise: Enterprise, period: str) -> tuple[str, str]:
            url = reverse("enterprises:profile", args=[enterprise.pk])
            profile = _profile(enterprise, period)
            value = getattr(profile, name) if profile is not None else None
            if profile is None or value is None:
                return "", url
            field = field_of(YearlyProfile, name)
            places = getattr(field, "decimal_places", None)
            said = quantity(value, unit_of(field), places)
            return str(_("%(value)s（%(year)d年度）") % {"value": said, "year": profile.year}), url

        return read

    return tuple(Shown(label_of_field(YearlyProfile, name), _("年度基本情况"), reading(name)) for name in names)


def _profile(enterprise: Enterprise, period: str) -> YearlyProfile | None:
    """Read once for an enterprise object and year, whatever is shown of it."""
    year = Period.parse(period).last_day.year if period else None
    known: dict[int | None, YearlyProfile | None] = enterprise.__dict__.setdefault("_profiles_shown", {})
    if year not in known:
        rows = YearlyProfile.objects.filter(enterprise=enterprise)
        known[year] = (rows.filter(year__lte=year) if year else rows).order_by("-year").first()
    return known[year]
