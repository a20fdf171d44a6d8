"""System checks: a fact that would be put together wrongly stops the start."""

from django.core import checks

from foundation.facts.declaring import Nature
from records.core.kinds import Rhythm, all_facts


@checks.register
def check_facts(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """People and stocks come from returns, one a period; flows from events and quarterly returns.

    A headcount summed over events counts a person twice; a flow of an annual return would count in every quarter.
    """
    found: list[checks.CheckMessage] = []
    for kind, fact in all_facts():
        if kind.rhythm is Rhythm.EVENT and fact.nature is not Nature.FLOW:
            found.append(
                checks.Error(f"fact {fact.code}: a {fact.nature} cannot be summed over events", id="indicators.E001")
            )
        if kind.rhythm is Rhythm.ANNUAL and fact.nature is Nature.FLOW:
            found.append(
                checks.Error(f"fact {fact.code}: an annual return has no flow of a quarter", id="indicators.E002")
            )
    return found
