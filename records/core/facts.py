"""Facts: what a kind's records count towards. Declared here, filled by ``indicators``, read by ``reporting``."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Aggregate, Count, Q, Sum

from foundation.calendar.periods import Quarter
from foundation.labels import Label

if TYPE_CHECKING:
    from records.core.kinds import RecordKind


class Nature(StrEnum):
    """How values of a fact may be put together.

    FLOW       summed within a quarter and over quarters (year-to-date is derived, never stored)
    STOCK      the value at a period's end; summed over enterprises only
    HEADCOUNT  people; summed over enterprises only, never over records or quarters
    """

    FLOW = "flow"
    STOCK = "stock"
    HEADCOUNT = "headcount"


@dataclass(frozen=True)
class Fact:
    """A number counted from approved records of one kind.

    ``code`` is stable and unique in the portal (``B01.sessions``; the part before the dot is the indicator catalogue's
    code); ``amount`` names the field that is summed, or is empty to count the records themselves; ``only`` narrows
    the records counted.
    """

    code: str
    label: Label
    unit: Label
    nature: Nature = Nature.FLOW
    amount: str = ""
    only: Q = field(default_factory=Q)

    def aggregate(self, condition: Q | None = None) -> Aggregate:
        """Sum or count; with a condition, only over the rows that meet it."""
        return Sum(self.amount, filter=condition) if self.amount else Count("pk", filter=condition)

    def counted(self, kind: "RecordKind", quarter: Quarter) -> Q:
        """The approved records of the kind that this fact's value of the quarter is made of. The same condition
        fills the value and opens it."""
        condition = Q(status="approved") & self.only & kind.counted_in(quarter)
        if self.amount:
            condition &= Q(**{f"{self.amount}__isnull": False})
        return condition
