"""Consequences: what a change of the register does to the rows of the rooms above, said before it happens.

A room above registers a ``Consequence``; the register knows neither records nor figures. The person reads every
``Effect`` and confirms exactly those: what has changed since is shown again before anything happens.
"""

import datetime
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from enterprises.models import ChangeKind, Enterprise
from foundation.accounts.models import Actor
from foundation.places.models import Place
from foundation.refusals import NeedsConfirmation, Question, Refused


@dataclass(frozen=True)
class PlannedChange:
    """A change as it is planned: one of move, rename, merge, split, close, reopen.

    ``enterprises`` stand as before the change while it is foreseen. ``counties``: by enterprise, where it moves.
    ``successor``: who survives a merger. ``memo``: what closing kept, for the reopening.
    """

    kind: str
    enterprises: Sequence[Enterprise]
    on: datetime.date
    counties: Mapping[int, Place] = field(default_factory=dict)
    successor: Enterprise | None = None
    memo: Mapping[str, Any] = field(default_factory=dict)

    @property
    def enterprise_ids(self) -> list[int]:
        return [enterprise.pk for enterprise in self.enterprises]

    @property
    def closes(self) -> bool:
        """The enterprise leaves the register, by itself or into another."""
        return self.kind in (ChangeKind.CLOSE, ChangeKind.MERGE)

    def by_county(self) -> dict[Place, list[int]]:
        """The enterprises that move, by where to."""
        found: dict[Place, list[int]] = {}
        for pk, county in self.counties.items():
            found.setdefault(county, []).append(pk)
        return found


class Weight(enum.Enum):
    """How an effect stands in the way."""

    NOTE = "note"
    #: The person has to say that they know.
    ASK = "ask"
    #: The change is refused until the cure is taken.
    BLOCK = "block"


@dataclass(frozen=True)
class Effect:
    """One sentence, with counts, under a heading (记录, 账号 …); ``examples`` name some of what is meant."""

    about: str
    text: str
    weight: Weight = Weight.NOTE
    cure: str = ""
    examples: tuple[str, ...] = ()

    @property
    def question(self) -> Question:
        return Question("effect", "", "\n".join((self.about, self.text, *self.examples)))


class Consequence:
    """What one room does about a change. Subclasses give ``name`` and either method.

    Both are set-based: an import may move hundreds of enterprises at once.
    """

    name: ClassVar[str]
    order: ClassVar[int] = 50

    def foresee(self, change: PlannedChange) -> Iterable[Effect]:
        """The effects, before anything changes."""
        return ()

    def carry_out(self, change: PlannedChange, *, acting_user: Actor) -> Any:
        """Act, inside the transaction, after the register's own rows have changed. What is returned (JSON) is kept with
        a closing and handed back as ``change.memo[name]`` when the enterprise is reopened."""
        return None


_consequences: dict[str, Consequence] = {}


def register_consequence(consequence: type[Consequence]) -> type[Consequence]:
    """Class decorator. A second consequence of the same name is an error."""
    known = _consequences.get(consequence.name)
    if known is not None and type(known) is not consequence:
        raise ValueError(f"consequence {consequence.name!r} is registered twice")
    _consequences[consequence.name] = consequence()
    return consequence


def _in_order() -> list[Consequence]:
    return sorted(_consequences.values(), key=lambda one: (one.order, one.name))


@dataclass(frozen=True)
class Foresight:
    """Everything that will happen, by heading in the order of the rooms."""

    effects: Sequence[Effect]

    @property
    def blocks(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.weight is Weight.BLOCK]

    @property
    def asks(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.weight is Weight.ASK]

    @property
    def questions(self) -> list[Question]:
        """One for each effect, and one to confirm where nothing else is touched: a change is never made unseen."""
        return [effect.question for effect in self.effects] or [
            Question("effect", "", _("没有受影响的记录、应报事项和账号。"))
        ]

    @property
    def keys(self) -> list[str]:
        """What somebody who has read everything confirms."""
        return [question.key for question in self.questions]

    def require_confirmed(self, confirmed: Collection[str]) -> None:
        """Raise ``ChangeRefused`` where something stands in the way, ``ChangeUnconfirmed`` unless these very effects
        were read and confirmed."""
        if self.blocks:
            raise ChangeRefused(self)
        if any(key not in confirmed for key in self.keys):
            raise ChangeUnconfirmed(self)


def foresee(change: PlannedChange) -> Foresight:
    return Foresight([effect for one in _in_order() for effect in one.foresee(change)])


def carry_out(change: PlannedChange, *, acting_user: Actor) -> dict[str, Any]:
    """Let every room act. Returns what they want kept, by name."""
    kept = {one.name: one.carry_out(change, acting_user=acting_user) for one in _in_order()}
    return {name: memo for name, memo in kept.items() if memo is not None}


class ChangeUnconfirmed(NeedsConfirmation):
    """Nobody has confirmed these effects yet; nothing has changed. A page shows them by heading."""

    def __init__(self, foresight: Foresight) -> None:
        super().__init__(foresight.questions, needs_reason=False)
        self.foresight = foresight


class ChangeRefused(Refused):
    """Something stands in the way; the effects that block say what, and what to do."""

    def __init__(self, foresight: Foresight) -> None:
        super().__init__("".join(f"{effect.text}{effect.cure}" for effect in foresight.blocks))
        self.foresight = foresight
