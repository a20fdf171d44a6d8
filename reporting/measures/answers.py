"""Indicators and rules of compliance as what answers the points of a policy document: by name, and to choose from."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.compliance.declaring import all_rules
from indicators.models import Indicator
from policies.links import (
    Answer,
    Offer,
    register_answers,
    register_offers,
    register_stored_answers,
)

#: Before the code of each in the name that a point gives it.
INDICATOR, RULE = "indicator:", "rule:"


@register_stored_answers
def indicators_by_name(names: Collection[str]) -> dict[str, Answer]:
    """``indicator:D02-1``: those in use. One query."""
    codes = [name.removeprefix(INDICATOR) for name in names if name.startswith(INDICATOR)]
    if not codes:
        return {}
    found = Indicator.objects.filter(code__in=codes, valid_to=None)
    return {f"{INDICATOR}{one.code}": Answer(one.name, one.get_absolute_url()) for one in found}


@register_answers
def rules_by_name(name: str) -> Answer | None:
    """``rule:R03``"""
    if not name.startswith(RULE):
        return None
    rule = next((one for one in all_rules() if one.code == name.removeprefix(RULE)), None)
    return Answer(rule.title, reverse("reporting:compliance_rule", args=[rule.code])) if rule else None


@register_offers
def indicators_and_rules_offered() -> Iterator[Offer]:
    for indicator in Indicator.objects.filter(valid_to=None):
        yield Offer(f"{INDICATOR}{indicator.code}", indicator.name, _("指标"))
    for rule in all_rules():
        yield Offer(f"{RULE}{rule.code}", str(rule.title), _("合规规则"))
