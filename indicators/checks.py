"""System checks: a fact that would be put together wrongly stops the start."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from foundation.facts.declaring import Nature
from records.core.kinds import Rhythm, all_facts


@checks.register
def check_facts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """People and stocks come from returns, one a period; flows from events and quarterly returns.

    A headcount summed over events counts a person twice; a flow of an annual return would count in every quarter. What is
    said once a year says for which year it stands, and nothing else does.
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
        if (kind.rhythm is Rhythm.ANNUAL) != (fact.year_basis is not None):
            found.append(
                checks.Error(
                    f"fact {fact.code}: facts of annual returns, and no others, say for which year they stand",
                    hint="year_basis=YearBasis.CLOSED_YEAR or YearBasis.AS_OF",
                    id="indicators.E003",
                )
            )
    return found
