"""Declaring rules of compliance, and the registry of them.

A rule is a class in the room that owns the regulation (``<room>/compliance_rules.py``; what only registers and duties tell,
in ``indicators/compliance/rules.py``). It judges one enterprise and quarter by what its ``reads`` give, and says one of four
things. What the portal does not know is "not stated", never "broken".
"""

import datetime
import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar, cast

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter, Year
from foundation.labels import Label
from foundation.ui.formats import amount, not_reported
from indicators.compliance.findings import Finding

_T = TypeVar("_T")

#: A value kept with a result: what JSON knows, an amount as text with its two decimals, a day as ``2026-07-01``.
Value = str | int | bool | None
#: The values a rule looked at, by name, as it found them.
Values = Mapping[str, Any]


class Input(Generic[_T]):
    """Something that rules read of many enterprises at once: one or a few queries, however many they are. Two that are
    equal are read once (subclasses are frozen dataclasses)."""

    def load(self, quarter: Quarter, enterprises: Sequence[int]) -> Mapping[int, _T]:
        """What there is of these enterprises for the quarter; of whom there is nothing is missing."""
        raise NotImplementedError


@dataclass(frozen=True)
class Deadlines:
    """Until when returns of a quarter are due: the enterprises' day of the quarter and of the years it belongs to."""

    quarter: datetime.date | None = None
    years: Mapping[str, datetime.date] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One enterprise in one quarter.

    ``tier`` is that of the day the quarter stands for: ``day``, its last or today while it runs. ``today`` is when it is
    judged: what is due after the quarter's end is measured by it.
    """

    enterprise: Enterprise
    tier: str
    quarter: Quarter
    day: datetime.date
    today: datetime.date
    deadlines: Deadlines
    found: Mapping[Input[Any], Mapping[int, Any]]

    def of(self, source: Input[_T]) -> _T | None:
        return cast("_T | None", self.found[source].get(self.enterprise.pk))

    @property
    def year(self) -> Year:
        return Year(self.quarter.year)

    @property
    def year_end(self) -> datetime.date:
        return self.year.last_day


@dataclass(frozen=True)
class Outcome:
    """What a rule says: the finding, why in one sentence, the values it looked at by name, and the cure: what to do, and
    until when where there is such a day."""

    finding: Finding
    said: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    cure: str = ""
    cure_by: datetime.date | None = None


def plain(value: Any) -> Value:
    """A value as it is kept."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return cast(Value, value)


def _outcome(finding: Finding, said: str, values: Values, cure: str = "", by: datetime.date | None = None) -> Outcome:
    return Outcome(finding, said, {name: plain(value) for name, value in values.items()}, cure, by)


def holds(values: Values, said: str = "") -> Outcome:
    return _outcome(Finding.HOLDS, said, values)


def broken(said: str, values: Values, *, cure: str, by: datetime.date | None = None) -> Outcome:
    return _outcome(Finding.BROKEN, said, values, cure, by)


def not_applicable(said: str, values: Values = MappingProxyType({})) -> Outcome:
    return _outcome(Finding.NOT_APPLICABLE, said, values)


def not_stated(said: str, values: Values, *, cure: str, by: datetime.date | None = None) -> Outcome:
    return _outcome(Finding.NOT_STATED, said, values, cure, by)


class ComplianceRule:
    """A rule of law, policy or the province. Its docstring is the rule in words, as pages show it.

    code        stable and unique
    version     grows when the same facts would be judged otherwise: a result keeps the version that found it
    citation    source and article; 待核定 where the text was not read or the figure is not certain
    valid_from, valid_to  the quarters it measures: those whose last day lies within; None: no such end
    reads       its inputs
    labels      of the values it keeps with its results
    form        where an enterprise tells what the rule wants to know: the slug of a record kind, or one of ``register``
                (its entry), ``profile`` (the year's profile) and ``duties``
    remedy      what to do where it is broken, one sentence; empty where nothing can be broken
    order       within its area, smaller first
    """

    code: ClassVar[str]
    version: ClassVar[int] = 1
    citation: ClassVar[str]
    valid_from: ClassVar[datetime.date | None] = None
    valid_to: ClassVar[datetime.date | None] = None
    reads: ClassVar[tuple[Input[Any], ...]] = ()
    labels: ClassVar[Mapping[str, Label]] = {}
    form: ClassVar[str] = ""
    remedy: ClassVar[Label] = ""
    order: ClassVar[int] = 50

    @property
    def title(self) -> str:
        """The rule in words."""
        return " ".join(inspect.cleandoc(type(self).__doc__ or "").split())

    @property
    def area(self) -> str:
        """The room that owns it: ``rights``."""
        return type(self).__module__.partition(".")[0]

    @property
    def area_label(self) -> str:
        return str(_("报送与登记")) if self.area == "indicators" else str(apps.get_app_config(self.area).verbose_name)

    def in_force(self, day: datetime.date) -> bool:
        return (self.valid_from is None or day >= self.valid_from) and (self.valid_to is None or day <= self.valid_to)

    def judge(self, case: Case) -> Outcome:
        raise NotImplementedError

    def label_of(self, name: str) -> str:
        """What a kept value is called."""
        return str(self.labels.get(name, name))

    def text_of(self, name: str, value: Value) -> str:
        """A kept value as people read it."""
        if value is None or value == "":
            return not_reported()
        if isinstance(value, bool):
            return gettext("是") if value else gettext("否")
        return amount(value) if isinstance(value, int) and name != "year" else str(value)

    def looks_at_labels(self) -> list[str]:
        """What it looks at, in words."""
        return [str(label) for label in self.labels.values()]


_rules: dict[str, ComplianceRule] = {}


def compliance_rule(rule: type[ComplianceRule]) -> type[ComplianceRule]:
    """Class decorator. A code used twice is an error."""
    known = _rules.get(rule.code)
    if known is not None and type(known).__qualname__ != rule.__qualname__:
        raise ValueError(f"compliance rule {rule.code!r} is registered twice")
    _rules[rule.code] = rule()
    return rule


_AREAS = ("indicators", "ideology", "skills", "rights", "services", "competitions")


def all_rules() -> list[ComplianceRule]:
    """Every rule, area by area."""
    return sorted(_rules.values(), key=lambda rule: (_AREAS.index(rule.area), rule.order, rule.code))


def rules_in_force(quarter: Quarter) -> list[ComplianceRule]:
    return [rule for rule in all_rules() if rule.in_force(quarter.last_day)]


def rule_by_code(code: str) -> ComplianceRule:
    """Raises ``LookupError`` for an unknown code."""
    try:
        return _rules[code]
    except KeyError:
        raise LookupError(f"unknown compliance rule {code!r}") from None


def inputs_of(rules: Iterable[ComplianceRule]) -> list[Input[Any]]:
    """What these rules read, each once."""
    return list(dict.fromkeys(source for rule in rules for source in rule.reads))
