"""What the portal knows of whoever reports and shows beside a form, so that nobody types it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


class Asked:
    """An enterprise and a period ("" for an event), with what is read of them once for everything that is shown."""

    def __init__(self, enterprise: Enterprise, period: str) -> None:
        self.enterprise, self.period = enterprise, period

    @cached_property
    def profile(self) -> YearlyProfile | None:
        """The profile of the period's year, or the newest before it."""
        rows = YearlyProfile.objects.filter(enterprise=self.enterprise)
        if self.period:
            rows = rows.filter(year__lte=Period.parse(self.period).last_day.year)
        return rows.order_by("-year").first()


@dataclass(frozen=True)
class Shown:
    """One thing a kind shows instead of asking. ``read`` gives its value ("" where it is not known) and the address where it
    is kept."""

    label: Label
    source: Label
    read: Callable[[Asked], tuple[str, str]]


def known_of(shown: Sequence[Shown], filer: Enterprise | Place, period: str) -> list[Known]:
    """Of an office nothing is known beforehand."""
    if not shown or not isinstance(filer, Enterprise):
        return []
    asked = Asked(filer, period)
    found = []
    for one in shown:
        value, url = one.read(asked)
        found.append(Known(str(one.label), value, str(one.source), url))
    return found


def from_profile(*names: str) -> tuple[Shown, ...]:
    """Fields of the yearly profile."""

    def reading(name: str) -> Callable[[Asked], tuple[str, str]]:
        def read(asked: Asked) -> tuple[str, str]:
            url = reverse("enterprises:profile", args=[asked.enterprise.pk])
            profile = asked.profile
            value = getattr(profile, name) if profile is not None else None
            if profile is None or value is None:
                return "", url
            field = field_of(YearlyProfile, name)
            said = quantity(value, unit_of(field), getattr(field, "decimal_places", None))
            return _("%(value)s（%(year)d年度）") % {"value": said, "year": profile.year}, url

        return read

    return tuple(
        Shown(label_of_field(YearlyProfile, name), gettext_lazy("年度基本情况"), reading(name)) for name in names
    )
