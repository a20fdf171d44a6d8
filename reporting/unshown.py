"""What a report does not tell of a unit beside others: a few persons, the wages of a few enterprises, and what its total
would leave over of them."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from foundation.facts.declaring import declared_facts
from foundation.saying import filled
from reporting.parts import LEAST_ENTERPRISES, LEAST_PEOPLE, counts_people


class Unshown(StrEnum):
    PEOPLE = "people"
    WAGES = "wages"
    LEFT_OVER = "left_over"

    @property
    def text(self) -> str:
        if self is Unshown.LEFT_OVER:
            return _("不显示")
        if self is Unshown.PEOPLE:
            return filled(_("不足%d人"), LEAST_PEOPLE)
        return filled(_("不足%d家"), LEAST_ENTERPRISES)


def hide_few(
    units: list[dict[str, Any]], codes: list[str], told: Mapping[str, Mapping[str, tuple[Decimal, int] | None]]
) -> None:
    """What is told of a few persons, or of the wages of a few enterprises, is not printed of one unit beside others, here as
    in the tables of the dashboards, and what the total would leave over is hidden with it. ``told``: by unit and fact the
    value and how many told it. Under ``unshown`` stands why a value of a unit is missing."""
    facts = declared_facts()
    for code in codes:
        known = {unit["code"]: found for unit in units if (found := told[unit["code"]][code]) is not None}
        if counts_people(facts[code]):
            few, why = [one for one, (value, _n) in known.items() if 0 < value < LEAST_PEOPLE], Unshown.PEOPLE
        elif facts[code].of_wages:
            few, why = [one for one, (_value, n) in known.items() if 0 < n < LEAST_ENTERPRISES], Unshown.WAGES
        else:
            continue
        unshown = dict.fromkeys(few, why)
        if len(few) == 1 and (others := [one for one in known if one not in few]):
            # The smallest that is left, of those that are something where there are any.
            unshown[min(others, key=lambda one: (not known[one][0], known[one][0]))] = Unshown.LEFT_OVER
        for unit in units:
            if unit["code"] in unshown:
                unit["values"][code] = None
                unit.setdefault("unshown", {})[code] = unshown[unit["code"]].value


def unshown_of(unit: Mapping[str, Any], code: str) -> str:
    """What stands instead of a value that is not shown; empty of any other, and in a snapshot of before."""
    why = unit.get("unshown", {}).get(code)
    return Unshown(why).text if why else ""


def note_of(units: list[dict[str, Any]], codes: list[str]) -> str:
    """What a table of these columns says of what it does not show."""
    found = {unit["unshown"][code] for unit in units for code in codes if code in unit.get("unshown", {})}
    note = ""
    if Unshown.PEOPLE in found:
        note += filled(_("人数不足%d人的单位不显示，能由合计推出它的另隐去一个。"), LEAST_PEOPLE)
    if Unshown.WAGES in found:
        note += filled(_("工资合计，填报不足%d家的单位不显示，能由合计推出它的另隐去一个。"), LEAST_ENTERPRISES)
    return note
