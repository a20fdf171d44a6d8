"""Questions that offices ask of the figures again and again, declared by the room that owns the figures: each is a choice of
what a table of figures shows, by the names of its address, so that one click answers it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foundation.labels import Label


@dataclass(frozen=True)
class Question:
    """``asks``: the choices in the address; ``order`` among the questions, smaller first."""

    key: str
    title: Label
    asks: Mapping[str, str | Sequence[str]]
    order: int = 50


_questions: dict[str, Question] = {}


def register_questions(*questions: Question) -> None:
    """A question of the same key replaces itself, so that a module may be loaded again."""
    for question in questions:
        _questions[question.key] = question


def all_questions() -> list[Question]:
    return sorted(_questions.values(), key=lambda question: (question.order, question.key))
