"""Parts of a whole: how much of the whole was told by those who left the part empty, as every face says it."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.facts.declaring import Fact, declared_facts
from foundation.ui.formats import amount

#: Fewer persons than this are not shown of a group: somebody who knows the enterprises might tell who they are.
LEAST_PEOPLE = 5
#: Of fewer enterprises no wages are shown.
LEAST_ENTERPRISES = 5


def counts_people(fact: Fact) -> bool:
    """Persons, not times somebody came."""
    return str(fact.unit) == _("人")


def left_empty_said(code: str, left: Decimal, written: Callable[[Decimal], str] = amount, *, unit: str = "") -> str:
    """``另有60人次未填这一项``, of a fact and what ``left_empty`` says of it; a few persons are told as few. Empty where nothing
    was left. ``unit``: that of the whole as it was frozen, where it was."""
    if left <= 0:
        return ""
    facts = declared_facts()
    is_few = counts_people(facts[code]) and left < LEAST_PEOPLE
    number = _("不足%d") % LEAST_PEOPLE if is_few else written(left)
    return _("另有%(number)s%(unit)s未填这一项") % {"number": number, "unit": unit or facts[facts[code].whole].unit}
