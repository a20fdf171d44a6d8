"""Compliance among the sources that follow the change feed: it has no facts, its results stand in a table of their own."""

from collections.abc import Iterable

from enterprises.bodies.actions import BODIES
from enterprises.facts import ENTERPRISES, PILOTS, PROFILES
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Counting, FactSource, register_source
from records.core.facts import RECORDS
from records.duties.facts import DUTIES, STATEMENTS

COMPLIANCE = "compliance"


class ComplianceSource(FactSource):
    """Whatever a rule may read moves it. A return or session of a year speaks for quarters of that year and the next."""

    code = COMPLIANCE
    order = 90
    follows = (RECORDS, DUTIES, STATEMENTS, ENTERPRISES, PILOTS, PROFILES, BODIES)

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]:
        return Quarter(quarter.year - 1, 1).through(Quarter(quarter.year + 1, 4))

    def has_rows(self) -> bool:
        return False

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        return ()


register_source(ComplianceSource())
