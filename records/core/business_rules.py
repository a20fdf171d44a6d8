"""Regulation as classes: one rule a class, its docstring the message, its source beside it."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.core.exceptions import ValidationError

from records.core.models import Record

_Record = TypeVar("_Record", bound=Record)


class Problem(NamedTuple):
    """What a rule found: the field it is about (``""`` for the whole record) and the words for the person."""

    field: str
    message: str


class BusinessRule(Generic[_Record]):
    """A rule of a law or policy. ``check`` yields problems; none means it holds.

    citation        source and article, shown with the message
    effective_from  first day on which an activity is measured by it; None: always
    """

    code: ClassVar[str]
    citation: ClassVar[str]
    effective_from: ClassVar[datetime.date | None] = None
    effective_to: ClassVar[datetime.date | None] = None

    def in_force(self, day: datetime.date) -> bool:
        return (self.effective_from is None or day >= self.effective_from) and (
            self.effective_to is None or day <= self.effective_to
        )

    def check(self, record: _Record) -> Iterator[Problem]:
        raise NotImplementedError


def check_rules(record: Record, rules: tuple[type[BusinessRule[Any]], ...], day: datetime.date) -> None:
    """Raise one ``ValidationError`` with every problem of every rule in force on ``day``."""
    errors: dict[str, list[str]] = {}
    for rule in (make() for make in rules):
        if not rule.in_force(day):
            continue
        for field, message in rule.check(record):
            errors.setdefault(field or "__all__", []).append(f"{message}（依据：{rule.citation}）")
    if errors:
        raise ValidationError(errors)
