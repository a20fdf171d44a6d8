"""What follows when records are filed or moved: each inner room above registers its part, the core knows none of them.

Single (``records.core.actions``) and bulk actions (``records.core.bulk``) both pass through here, so they cannot
differ. Everything happens inside the transaction of the action; each hook is set-based.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from foundation.accounts.models import Actor
from foundation.refusals import Question
from records.core.models import Record
from records.core.workflow import Move


@dataclass
class Moved:
    """One record of a move: as it now stands in memory, (``before``) the columns a move may change as they stood, and who
    moved it when."""

    record: Record
    before: dict[str, Any]
    at: datetime.datetime
    by: Actor
    reason: str = ""
    questions: Sequence[Question] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    #: At which level it was decided, where that is not who held the record.
    level: str | None = None


@dataclass(frozen=True)
class Moving:
    """One move of one or many records. ``is_notified``: whether people are told; not of what is entered for the past."""

    move: Move
    moved: Sequence[Moved]
    is_notified: bool = True

    @property
    def records(self) -> list[Record]:
        return [one.record for one in self.moved]


class Effect:
    """What one inner room does. Smaller ``order`` first. Every method may stay as it is."""

    order: ClassVar[int] = 50

    def filed(self, record: Record, *, acting_user: Actor) -> None:
        """A record was saved from a form, new or changed."""

    def discarding(self, record: Record) -> None:
        """A draft, or a record that was taken back undecided, is about to be deleted."""

    def before_save(self, moving: Moving) -> None:
        """Set columns of the moved records in memory; a new record has no key yet."""

    def after_save(self, moving: Moving) -> None:
        """Change the room's own rows, once the records are saved."""


_effects: list[Effect] = []


def register_effect(effect: type[Effect]) -> type[Effect]:
    """Class decorator."""
    if not any(type(known) is effect for known in _effects):
        _effects.append(effect())
        _effects.sort(key=lambda known: known.order)
    return effect


def effects() -> Sequence[Effect]:
    """All of them, in their order."""
    return _effects
