"""What stands side by side, as the address asks: places, or groups of enterprises of the region, by one form for page and
workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Industry, Ownership, PilotTier
from foundation.calendar.periods import Quarter
from foundation.labels import Label
from foundation.places.models import Place
from foundation.saying import filled
from indicators.formulas import terms
from records.core.periods import working_quarter
from records.models import ReportingQuarter
from reporting.crosstable.asking import (
    SIZES,
    STAGES,
    Choice,
    Choices,
    Measure,
    area_name,
    area_order,
    measures_offered,
)
from reporting.crosstable.queries import By
from reporting.sentences import AREAS

FEWEST_SIDES, MOST_SIDES = 2, 4
PLACE, PILOT = "place", "pilot"
_GROUPS: dict[By, tuple[Label, Mapping[str, Label]]] = {
    By.OWNERSHIP: (gettext_lazy("所有制"), dict(Ownership.choices)),
    By.TIER: (gettext_lazy("试点层级"), dict(PilotTier.choices)),
    By.STAGE: (gettext_lazy("试点阶段"), STAGES),
    By.SIZE: (gettext_lazy("规模"), SIZES),
}
#: Comparisons that offices ask for, each with its sides.
READY: tuple[tuple[Label, tuple[str, ...]], ...] = (
    (gettext_lazy("试点和非试点"), ("pilot:yes", "pilot:no")),
    (gettext_lazy("民营和国有"), ("ownership:private", "ownership:state")),
    (gettext_lazy("大中小微企业"), ("size:large", "size:medium", "size:small", "size:micro")),
)


@dataclass(frozen=True)
class Side:
    """A region, or those of its enterprises that ``only`` leaves."""

    code: str
    label: str
    region: Place
    only: Mapping[By, tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    """A comparison that can be shown. ``given``: its address, without defaults."""

    region: Place
    sides: tuple[Side, ...]
    area: str
    area_label: str
    measures: tuple[Measure, ...]
    quarter: Quarter
    given: tuple[tuple[str, str], ...]

    def query(self, **changes: str) -> str:
        return urlencode([*((name, value) for name, value in self.given if name not in changes), *changes.items()])


def pilot_tiers(*, are_pilots: bool) -> tuple[str, ...]:
    """The tiers of pilots, or that of whoever is none."""
    return tuple(tier.value for tier in PilotTier if (tier is not PilotTier.NONE) is are_pilots)


class BesideForm(forms.Form):
    """Bound to an address; ``asked`` once it is valid."""

    side = Choices(label=gettext_lazy("放在一起比的"), widget=forms.SelectMultiple(attrs={"data-tom-select": ""}))
    area = Choice(label=gettext_lazy("领域"))
    quarter = Choice(label=gettext_lazy("季度"))

    PARAMETERS = ("region", "side", "area", "quarter")

    def __init__(self, data: QueryDict, *, region: Place) -> None:
        self.region = region
        self.now = working_quarter()
        data = data.copy()
        if not any(data.getlist("side")):
            data.setlist("side", READY[0][1])
        if not data.get("area"):
            data["area"] = AREAS[0]
        super().__init__(data)
        self.measures = measures_offered(self.now)
        within = Place.objects.regions().open().within(region).select_related("city").order_by("code")
        self.places = {f"{PLACE}:{place.code}": place for place in within}
        self._labels: dict[str, str] = {}
        self._offer("side", list(self._sides_offered()))
        areas = sorted({one.area for one in self.measures if one.fact}, key=area_order)
        self._offer("area", [(area, area_name(area)) for area in areas])
        known = [
            Quarter.parse(code) for code in ReportingQuarter.objects.order_by("-code").values_list("code", flat=True)
        ]
        self._offer("quarter", [("", _("正在办理的季度")), *((one.code, one.label) for one in known)])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _sides_offered(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        sections = Industry.objects.filter(level="section").values_list("code", "name")
        groups: list[tuple[Label, str, Mapping[str, Label]]] = [
            (_("试点和非试点"), PILOT, {"yes": _("试点企业"), "no": _("非试点企业")}),
            *((label, by.value, labels) for by, (label, labels) in _GROUPS.items()),
            (_("行业门类"), By.INDUSTRY.value, {code: f"{code} {name}" for code, name in sections}),
        ]
        for label, name, labels in groups:
            options = [(f"{name}:{code}", str(text)) for code, text in labels.items()]
            self._labels |= dict(options)
            yield str(label), options
        places = [(code, place.full_name()) for code, place in self.places.items()]
        self._labels |= dict(places)
        yield _("地区"), places

    def clean_side(self) -> list[str]:
        sides = list(dict.fromkeys(self.cleaned_data["side"]))
        if not FEWEST_SIDES <= len(sides) <= MOST_SIDES:
            said = {"count": len(sides), "fewest": FEWEST_SIDES, "most": MOST_SIDES}
            text = _("选了 %(count)d 方，放在一起比的应是 %(fewest)d 至 %(most)d 方。请增加或去掉一些。")
            raise ValidationError(filled(text, said))
        return sides

    def asked(self) -> Asked:
        """Call when the form is valid."""
        given = self.cleaned_data
        quarter = Quarter.parse(given["quarter"]) if given["quarter"] else self.now
        area = given["area"]
        measures = tuple(one for one in self.measures if one.fact and one.area == area)
        own = {one.code for one in measures}
        # The indicators that measure something of the area.
        measures += tuple(
            one
            for one in self.measures
            if one.versions and own & {code for _sign, code in terms(one.versions[0].numerator)}
        )
        names = dict(self.fields["area"].choices)  # type: ignore[attr-defined]  # a choice field
        kept = [("region", self.region.code), *(("side", code) for code in given["side"]), ("area", area)]
        if given["quarter"]:
            kept.append(("quarter", given["quarter"]))
        return Asked(
            region=self.region,
            sides=tuple(self._side(code) for code in given["side"]),
            area=area,
            area_label=str(names[area]),
            measures=measures,
            quarter=quarter,
            given=tuple(kept),
        )

    def _side(self, code: str) -> Side:
        if code in self.places:
            return Side(code, self._labels[code], self.places[code], {})
        kind, member = code.split(":", 1)
        if kind == PILOT:
            only = {By.TIER: pilot_tiers(are_pilots=member == "yes")}
        else:
            only = {By(kind): (member,)}
        return Side(code, self._labels[code], self.region, only)
