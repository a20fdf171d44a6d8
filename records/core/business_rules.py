"""Regulation as classes: one rule a class, its docstring the message, its source beside it.

Honesty is not refused. A rule that was broken in life is asked about once, for it may be a slip of the finger, and then
recorded as a breach (``records.core.models.Breach``) with the rule's words. Only a gap is refused: without the value nobody
could say whether the rule was kept, and an empty field must not pass where an honest one is asked about.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.refusals import Question
from records.core.models import Record

_Record = TypeVar("_Record", bound=Record)


class Problem(NamedTuple):
    """What a rule found: the field it is about (``""`` for the whole record) and the words for the person.

    ``is_gap``: what the rule must know is missing, and the record cannot be handed in without it. ``is_unstated``: what it
    would like to know is missing, which is recorded as "not stated"."""

    field: str
    message: str
    is_gap: bool = False
    is_unstated: bool = False


class Found(NamedTuple):
    """A problem with the rule that found it."""

    rule: "BusinessRule[Any]"
    problem: Problem


class BusinessRule(Generic[_Record]):
    """A rule of a law or policy. ``check`` yields problems; none means it holds.

    citation        source and article, shown with the message
    effective_from  first day on which an activity is measured by it; None: always
    reads           the fields it looks at, kept with a breach
    """

    code: ClassVar[str]
    citation: ClassVar[str]
    effective_from: ClassVar[datetime.date | None] = None
    effective_to: ClassVar[datetime.date | None] = None
    reads: ClassVar[tuple[str, ...]] = ()

    def in_force(self, day: datetime.date) -> bool:
        return (self.effective_from is None or day >= self.effective_from) and (
            self.effective_to is None or day <= self.effective_to
        )

    def check(self, record: _Record) -> Iterator[Problem]:
        raise NotImplementedError


def found_by(rules: Iterable[type[BusinessRule[Any]]], record: Record) -> list[Found]:
    """Every problem of every rule in force on the day of the record."""
    day = record.happened_on or timezone.localdate()
    return [
        Found(rule, problem)
        for rule in (make() for make in rules)
        if rule.in_force(day)
        for problem in rule.check(record)
    ]


def check_gaps(record: Record, rules: tuple[type[BusinessRule[Any]], ...]) -> None:
    """Raise one ``ValidationError`` with everything the rules must know and do not."""
    errors: dict[str, list[str]] = {}
    for rule, problem in found_by(rules, record):
        if problem.is_gap:
            errors.setdefault(problem.field or "__all__", []).append(f"{problem.message}（依据：{rule.citation}）")
    if errors:
        raise ValidationError(errors)


def questions_of(record: Record, rules: tuple[type[BusinessRule[Any]], ...]) -> Iterator[Question]:
    """What is asked before breaches are recorded."""
    for rule, problem in found_by(rules, record):
        if not problem.is_gap:
            found = f"{problem.message}（{_('依据：')}{rule.citation}）"
            advice = _("请核对；确实如此的，照实提交，平台会如实记下这一条。")
            if problem.is_unstated:
                advice = _("请补填；确实不清楚的可以不填，平台会记下没有填写。")
            yield Question(rule.code, problem.field, found, advice=advice)
