"""Rules that are read from what an enterprise filed: its return for the quarter or the year, or its events of the year.

Where a business rule was checked at hand-in, what it found then is what compliance reads: regulation is written once."""

import datetime
import functools
import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter, Year
from foundation.fields import field_of, label_of_field, unit_of
from foundation.labels import Label
from indicators.compliance.declaring import (
    Case,
    ComplianceRule,
    Outcome,
    Value,
    broken,
    holds,
    not_applicable,
    not_stated,
)
from indicators.compliance.inputs import Broken, Events, Filed, Return, Statements
from records.core.business_rules import BusinessRule
from records.core.kinds import kind_by_slug

STATEMENTS = Statements()
#: What a value that stands for no field of the record is called.
RECORD = "record"


def _label(slug: str, name: str, labels: Any) -> str:
    if name in labels:
        return str(labels[name])
    return label_of_field(kind_by_slug(slug).model, name)


def _text(slug: str, name: str, value: Value, plainly: str) -> str:
    """A field's value by the words of its choice, or with its unit."""
    model = kind_by_slug(slug).model
    if value is None or value == "" or isinstance(value, bool) or name not in kind_fields(slug):
        return plainly
    field = field_of(model, name)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    unit = unit_of(field)
    return f"{plainly} {unit}" if unit else plainly


@functools.lru_cache(maxsize=256)
def _unfiled(slug: str, due: datetime.date | None, language: str | None) -> Outcome:
    """What is said of all who filed no return: put together once, for they are many."""
    label = kind_by_slug(slug).label
    message = _("没有已审核通过的“%s”，平台不知道情况。")
    cure = _("请填报“%s”；已经提交的请等待审核。")
    return not_stated(message % label, {}, cure=cure % label, by=due)


@functools.lru_cache(maxsize=256)
def _without(slug: str, quarter: Quarter, is_said: bool, language: str | None) -> Outcome:
    """The same of all without an event in the year."""
    label = kind_by_slug(slug).label
    if is_said:
        return not_applicable(_("本年到%s末没有“%s”，企业已确认填完。") % (quarter.label, label))
    message = _("本年没有已审核通过的“%s”，平台不知道情况。")
    cure = _("开过的请填报“%s”；已经提交的请等待审核。")
    return not_stated(message % label, {}, cure=cure % label, by=Year(quarter.year).last_day)


class ReturnRule(ComplianceRule):
    """Judged by the return that speaks for the quarter.

    source   which return (``Return``)
    reads    is taken from ``source`` unless a rule reads more
    looks_at fields of the return, kept with the result
    """

    source: ClassVar[Return]
    looks_at: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "source" in vars(cls):
            cls.form = cls.source.kind
            if "reads" not in vars(cls):
                cls.reads = (cls.source,)

    def judge(self, case: Case) -> Outcome:
        if reason := self.not_asked(case):
            return not_applicable(reason)
        filed = case.of(self.source)
        return self.unfiled(case) if filed is None else self.of_return(case, filed)

    def not_asked(self, case: Case) -> str:
        """Why the rule asks nothing of this enterprise; empty when it does."""
        return ""

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        raise NotImplementedError

    def unfiled(self, case: Case) -> Outcome:
        return _unfiled(self.source.kind, self.due(case), get_language())

    def due(self, case: Case) -> datetime.date | None:
        """The day until when the return is due, while it lies ahead."""
        kind = kind_by_slug(self.source.kind)
        period = kind.period_of(case.quarter) or ""
        day = case.deadlines.quarter if period == case.quarter.code else case.deadlines.years.get(period)
        return day if day is not None and day >= case.today else None

    def kept(self, filed: Filed) -> dict[str, Any]:
        """The values it looked at, with the record they come from."""
        return {**{name: filed.values[name] for name in self.looks_at}, RECORD: filed.pk}

    def unanswered(self, case: Case, filed: Filed, name: str) -> Outcome:
        """A field of the return that was left empty."""
        kind = kind_by_slug(self.source.kind)
        said = {"kind": kind.title_for(filed.period), "field": label_of_field(kind.model, name)}
        message = _("“%(kind)s”没有填“%(field)s”，平台不知道情况。") % said
        cure = _("请在“%(kind)s”中补填“%(field)s”；已审核通过的，请先请审核的产改办退回修改。") % said
        return not_stated(message, self.kept(filed), cure=cure, by=self.due(case))

    def label_of(self, name: str) -> str:
        return str(_("依据的记录")) if name == RECORD else _label(self.source.kind, name, self.labels)

    def text_of(self, name: str, value: Value) -> str:
        return _text(self.source.kind, name, value, super().text_of(name, value))

    def looks_at_labels(self) -> list[str]:
        return [self.label_of(name) for name in (*self.looks_at, *self.labels)]


class CheckedReturn(ReturnRule):
    """Judged by what a business rule found of the return when it was handed in.

    checked  the business rule, which lends code, words, source and days in force"""

    checked: ClassVar[type[BusinessRule[Any]]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "checked" in vars(cls):
            _lend(cls)
            if "looks_at" not in vars(cls):
                cls.looks_at = tuple(name for name in cls.checked.reads if name in kind_fields(cls.source.kind))

    def of_return(self, case: Case, filed: Filed) -> Outcome:
        if reason := self.nothing_to_ask(filed):
            return not_applicable(reason, self.kept(filed))
        found = filed.broken(self.checked.code)
        if not found:
            return holds(self.kept(filed))
        return found_at_hand_in(found, str(self.remedy), self.kept(filed), self.due(case))

    def nothing_to_ask(self, filed: Filed) -> str:
        """Why the rule does not apply to what was filed (nobody to be insured, no major hazard); empty when it does."""
        return ""


def kind_fields(slug: str) -> list[str]:
    return kind_by_slug(slug).fields


def _lend(rule: Any) -> None:
    checked = rule.checked
    for name, value in (
        ("code", checked.code),
        ("citation", checked.citation),
        ("valid_from", checked.effective_from),
        ("valid_to", checked.effective_to),
    ):
        if name not in vars(rule):
            setattr(rule, name, value)
    if not rule.__doc__:
        rule.__doc__ = inspect.cleandoc(checked.__doc__ or "")


def found_at_hand_in(found: list[Broken], remedy: str, kept: dict[str, Any], by: datetime.date | None) -> Outcome:
    """Broken where anything was; else only not stated."""
    certain = [one for one in found if not one.is_unstated]
    said = "".join(one.message for one in certain or found)
    if certain:
        return broken(said, kept, cure=remedy, by=by)
    cure = _("请补填；已审核通过的，请先请审核的产改办退回修改。")
    return not_stated(said, kept, cure=cure, by=by)


class YearsEvents(ComplianceRule):
    """Judged by the events of the quarter's year up to its last day.

    source  the events; ``reads`` is them and the statements unless a rule reads more
    """

    source: ClassVar[Events]
    labels: ClassVar[Mapping[str, Label]] = {"record": gettext_lazy("依据的记录"), "held": gettext_lazy("本年会议次数")}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "checked" in vars(cls):
            _lend(cls)
        if "source" in vars(cls):
            cls.form = cls.source.kind
            if "reads" not in vars(cls):
                cls.reads = (cls.source, STATEMENTS)

    def of_year(self, case: Case, year: int) -> list[Filed]:
        events = case.of(self.source) or []
        return [one for one in events if one.happened_on is not None and one.happened_on.year == year]

    def said_complete(self, case: Case, *, year: int) -> bool:
        """Whether the enterprise stated every quarter of that year, as far as it has come, to be complete: then what is not
        on file did not take place."""
        stated = case.of(STATEMENTS)
        if not stated:
            return False
        codes = (f"{year}Q{number}" for number in range(1, 5))
        return all(code in stated for code in codes if code <= case.quarter.code)

    def judge(self, case: Case) -> Outcome:
        events = self.of_year(case, case.quarter.year)
        return self.of_events(case, events) if events else self.without(case)

    def of_events(self, case: Case, events: list[Filed]) -> Outcome:
        raise NotImplementedError

    def without(self, case: Case) -> Outcome:
        """No event of the year is on file: it did not take place, or nobody told."""
        is_said = self.said_complete(case, year=case.quarter.year)
        return _without(self.source.kind, case.quarter, is_said, get_language())


class CheckedEvents(YearsEvents):
    """Judged by what a business rule found of the year's events when they were handed in: broken by one, it is broken."""

    checked: ClassVar[type[BusinessRule[Any]]]

    def of_events(self, case: Case, events: list[Filed]) -> Outcome:
        found = [(one, breach) for one in events for breach in one.broken(self.checked.code)]
        certain = [one for one, breach in found if not breach.is_unstated]
        of = next(iter(certain or [one for one, _breach in found]), events[-1])
        names = [name for name in self.checked.reads if name in kind_fields(self.source.kind) and name in of.values]
        kept = {**{name: of.values[name] for name in names}, "held": len(events), RECORD: of.pk}
        if not found:
            return holds(kept)
        return found_at_hand_in([breach for _one, breach in found], str(self.remedy), kept, None)

    def label_of(self, name: str) -> str:
        return _label(self.source.kind, name, self.labels)

    def text_of(self, name: str, value: Value) -> str:
        return _text(self.source.kind, name, value, super().text_of(name, value))

    def looks_at_labels(self) -> list[str]:
        kind = kind_by_slug(self.source.kind)
        lines = [str(kind.lines_named(name).label) for name in self.checked.reads if kind.lines_named(name)]  # type: ignore[union-attr]
        return [*(self.label_of(name) for name in self.checked.reads if name in kind.fields), *lines]
