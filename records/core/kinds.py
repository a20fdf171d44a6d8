"""The registry of record kinds. One declaration gives a kind its menu entry, pages, form, list, review, API and facts."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import BaseForm
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.access.models import Role
from foundation.calendar.periods import Period, Quarter
from foundation.facts.declaring import Fact, YearBasis, register_source
from foundation.fields import field_of
from foundation.labels import Label
from foundation.places.models import Place
from records.core.business_rules import BusinessRule
from records.core.facts import KindFacts, line_condition
from records.core.lines import Lines
from records.core.models import Record, UndecidedItem
from records.core.several import SeveralChoices, codes_of
from records.core.shown import Shown
from records.core.warning_rules import WarningRule


class Rhythm(StrEnum):
    """EVENT as it happens · QUARTERLY one return a quarter · ANNUAL one return a year."""

    EVENT = "event"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"


class FiledBy(StrEnum):
    """Who reports a kind: enterprises, offices what they do themselves, or either each its own.

    A total is what lies below a region and what is the region's own, so that a kind of both is one where nobody reports
    what the other has reported: whoever held an activity reports it.
    """

    ENTERPRISE = "enterprise"
    OFFICE = "office"
    EITHER = "either"


@dataclass(frozen=True)
class Fieldset:
    """A titled group of fields on form and detail page; ``lines`` names the lines that stand below them."""

    title: Label
    fields: tuple[str, ...]
    help: Label = ""
    lines: str = ""


@dataclass(frozen=True)
class Steps:
    """What has a beginning and an end is told by two records, for what was approved is not edited: each counts when it took
    place. ``field`` is the choice that says which step a record is, ``later`` the step that follows each, ``takes`` what the
    later record takes over from the earlier."""

    field: str
    later: Mapping[str, str]
    takes: tuple[str, ...]

    def after(self, record: Record) -> str:
        """The step that follows the record's; empty when none does."""
        return self.later.get(getattr(record, self.field), "")


class RecordKind:
    """What the portal must know of a kind. Subclass, fill in, decorate with ``@register``.

    model         child of ``records.Record``
    area          the room it belongs to, for grouping in the menu (``ideology``)
    rhythm        see ``Rhythm``
    clauses       codes of policy clauses it answers
    purpose       one sentence for the clerk: what belongs here
    fieldsets     fields of form and detail page, in order
    required      fields that must be filled to hand it in (a draft may lack them); of a return with none, any one of its fields
    shown         what the portal knows and shows beside the form instead of asking (``records.core.shown``)
    lines         rows of their own that a record has (``records.core.lines``); each stands in one fieldset
    columns       the kind's own columns in its list, beyond the base's
    filters       the kind's own fields to filter its list by: choices, yes-no fields, references
    facts         what is counted
    rules         regulation checked when it is handed in
    warnings      what is questioned when it is handed in, beyond what every kind is asked (``records.core.warnings``)
    twin_fields   another record of the same day with the same value in one of these is a likely duplicate
    shown_when    fields or lines asked only while another has one of some values: ``{"plan_issued_on": ("has_plan", (True,))}``
    steps         of what is told by two records, see ``Steps``
    undecided     fields, or with "" the whole kind, of which no document says that they are to be collected (待核定), and whether
                  they are asked until the province decides (``UndecidedItem``)
    when_nothing  of a return: what its fields say where there was nothing to tell, for one click in a sitting
    at_least_yearly an event that may be owed once a year: the first one handed in meets the duty
    takes_video   its evidence may be a video
    filed_by      who reports it, see ``FiledBy``
    office_levels of the offices that report it, where offices do: ``county``, ``city``, ``province``
    review_levels which offices decide on what an enterprise reports, in order: ``county`` and/or ``city``
    retired_on    since this day nothing new is filed of it: it is neither offered nor owed, and what was filed stays, is
                  listed, decided and counted as before
    instead       of a retired kind: where it is filed now, one sentence
    is_common     offered first on the workbench
    order         among the common ones, smaller first
    """

    model: ClassVar[type[Record]]
    area: ClassVar[str]
    rhythm: ClassVar[Rhythm] = Rhythm.EVENT
    clauses: ClassVar[tuple[str, ...]] = ()
    purpose: ClassVar[Label] = ""
    fieldsets: ClassVar[tuple[Fieldset, ...]] = ()
    shown: ClassVar[tuple[Shown, ...]] = ()
    lines: ClassVar[tuple[Lines, ...]] = ()
    required: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[tuple[str, ...]] = ()
    facts: ClassVar[tuple[Fact, ...]] = ()
    rules: ClassVar[tuple[type[BusinessRule[Any]], ...]] = ()
    warnings: ClassVar[tuple[type[WarningRule[Any]], ...]] = ()
    twin_fields: ClassVar[tuple[str, ...]] = ()
    shown_when: ClassVar[Mapping[str, tuple[str, tuple[Any, ...]]]] = {}
    steps: ClassVar[Steps | None] = None
    undecided: ClassVar[Mapping[str, bool]] = {}
    when_nothing: ClassVar[Mapping[str, Any]] = {}
    at_least_yearly: ClassVar[bool] = False
    filed_by: ClassVar[FiledBy] = FiledBy.ENTERPRISE
    office_levels: ClassVar[tuple[str, ...]] = (Role.COUNTY, Role.CITY)
    review_levels: ClassVar[tuple[str, ...]] = ("county",)
    takes_video: ClassVar[bool] = False
    retired_on: ClassVar[datetime.date | None] = None
    instead: ClassVar[Label] = ""
    is_common: ClassVar[bool] = False
    order: ClassVar[int] = 50

    @property
    def slug(self) -> str:
        """``ideology.lecture``"""
        return self.model.kind_slug()

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def is_return(self) -> bool:
        """Quarterly and annual kinds: one per enterprise and period."""
        return self.rhythm is not Rhythm.EVENT

    @property
    def is_for_enterprises(self) -> bool:
        return self.filed_by is not FiledBy.OFFICE

    @property
    def is_for_offices(self) -> bool:
        return self.filed_by is not FiledBy.ENTERPRISE

    @property
    def may_be_owed(self) -> bool:
        """Whether the province may make a duty of it for enterprises."""
        return self.is_for_enterprises and (self.is_return or self.at_least_yearly)

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None

    @property
    def is_offered(self) -> bool:
        """Whether anything new is filed of it. One query for a kind that as a whole is the province's to decide."""
        return not self.is_retired and ("" not in self.undecided or self._decided()[""])

    def _decided(self) -> dict[str, bool]:
        """What is asked of that which is undecided."""
        return {**self.undecided, **dict(UndecidedItem.objects.filter(kind=self.slug).values_list("field", "is_asked"))}

    @property
    def fields(self) -> list[str]:
        return [name for group in self.fieldsets for name in group.fields]

    def lines_named(self, name: str) -> Lines | None:
        return next((lines for lines in self.lines if lines.name == name), None)

    def is_shown(self, record: Record, name: str) -> bool:
        """Whether the field is asked of this record at all: a field behind a hidden one is hidden with it."""
        if name not in self.shown_when:
            return True
        other, values = self.shown_when[name]
        field = field_of(record, other)
        said = getattr(record, field.attname)
        is_said = said in values or (isinstance(field, SeveralChoices) and not set(codes_of(said)).isdisjoint(values))
        return is_said and self.is_shown(record, other)

    def required_of(self, record: Record) -> list[str]:
        """What this record must have to be handed in."""
        return [name for name in self.required if self.is_shown(record, name)]

    def clear_hidden(self, record: Record) -> None:
        """Empty what is not asked of the record, so that nothing stands in it that its form does not show."""
        for name in self.shown_when:
            if self.is_shown(record, name):
                continue
            if self.lines_named(name) is not None:
                setattr(record, name, ())
            else:
                setattr(record, name, None if record._meta.get_field(name).null else "")

    @property
    def closes_year(self) -> bool:
        """An annual return that speaks of a whole year: it cannot be filed before the year has ended."""
        return any(fact.year_basis is YearBasis.CLOSED_YEAR for fact in self.facts)

    def counted(self, fact: Fact, quarter: Quarter) -> Q:
        """The approved records that a fact's value of the quarter is made of. The same condition fills it and opens
        it."""
        condition = Q(status="approved") & self.counted_in(quarter, fact.year_basis)
        if fact.lines:
            return condition & Q(Exists(self.counted_lines(fact).filter(record=OuterRef("pk"))))
        condition &= fact.only
        if fact.amount:
            condition &= Q(**{f"{fact.amount}__isnull": False})
        return condition

    def counted_lines(self, fact: Fact) -> QuerySet[Any]:
        """The lines that a fact counts, whatever becomes of their records."""
        lines = self.lines_named(fact.lines)
        if lines is None:
            raise LookupError(f"fact {fact.code} counts unknown lines {fact.lines!r}")
        # Narrowed by whoever asks: to the records that speak for a quarter, which are counted of everybody.
        return lines.model._base_manager.filter(line_condition(lines.model, fact))

    def period_of(self, quarter: Quarter) -> str | None:
        """The period a return filed with this quarter stands for: ``2026Q3``, the year (the one before, where a whole year is
        told), or None for events."""
        if self.rhythm is Rhythm.ANNUAL:
            return str(quarter.year - 1 if self.closes_year else quarter.year)
        return quarter.code if self.rhythm is Rhythm.QUARTERLY else None

    def owed_for(self, quarter: Quarter) -> str:
        """The period of the duty that is owed with this quarter: a quarterly return's own, of an event the year."""
        return quarter.code if self.rhythm is Rhythm.QUARTERLY else str(quarter.year)

    def duty_period(self, record: Record) -> str | None:
        """The period whose duty a record of the kind meets; None when it can meet none."""
        if record.period or not self.at_least_yearly or record.happened_on is None:
            return record.period
        return str(record.happened_on.year)

    def counted_in(self, quarter: Quarter, basis: YearBasis | None = None) -> Q:
        """Which approved records of the kind speak for the quarter; of an annual return, for facts of this basis: the
        return of the year before, or the last one that the enterprise has of this year and the year before."""
        if basis is None:
            return Q(quarter=quarter.code)
        latest, *before = (year.code for year in basis.years(quarter))
        if not before:
            return Q(period=latest)
        # One column where only one sort reports: the database joins by it instead of looking row by row.
        of_same = Q()
        for filer in ("enterprise_id",) * self.is_for_enterprises + ("office_id",) * self.is_for_offices:
            of_same |= Q(**{filer: OuterRef(filer)})
        newer = self.model._default_manager.filter(of_same, period=latest, status="approved")
        return Q(period=latest) | Q(~Exists(newer), period__in=before)

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]:
        """The quarters whose figures a change of a record in this quarter may move. A return of a year is filed in the
        year or the one after, and speaks for the quarters of both."""
        if self.rhythm is Rhythm.ANNUAL:
            return Quarter(quarter.year - 1, 1).through(Quarter(quarter.year + 1, 4))
        return [quarter]

    def title_for(self, period: str) -> str:
        """The title of a return; events are titled by the clerk."""
        return f"{Period.parse(period).label}{self.label}"

    def applies_to(self, enterprise: Enterprise) -> bool:
        """Whether an enterprise may file this kind at all."""
        return not self.is_retired

    def retirement(self) -> str:
        """What is said where a kind is not taken, because it is retired or the province does not ask for it."""
        if not self.is_retired:
            return _("“%(kind)s”待省里核定，现在不收集。") % {"kind": self.label}
        said = {"kind": self.label, "day": self.retired_on, "instead": self.instead}
        return _("“%(kind)s”从 %(day)s 起不再填报，已报的记录照常保留。%(instead)s") % said

    def is_reported_by(self, filer: Enterprise | Place) -> bool:
        """Whether this enterprise, or this office as its own, may report the kind."""
        if isinstance(filer, Enterprise):
            return self.is_for_enterprises and self.applies_to(filer) and self.is_offered
        return self.is_for_offices and self.is_offered and filer.scope_column() in self.office_levels

    @property
    def reporting_offices(self) -> str:
        """The offices that report it, in words: 市级产改办、省级产改办."""
        return "、".join(str(Role(level).label) for level in self.office_levels)

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """Fields that this enterprise is not asked, because of what it is or what the province has set: neither its form nor
        its pages have them."""
        return ()

    def left_out(self, filer: Enterprise | Place | None, decided: "Decided | None" = None) -> tuple[str, ...]:
        """Fields that this filer is not asked: what the province does not ask of anybody, and ``not_asked``. ``decided`` spares
        the query where many kinds are asked about."""
        own = self.not_asked(filer) if isinstance(filer, Enterprise) else ()
        if not self.undecided:
            return own
        said = self._decided() if decided is None else {**self.undecided, **decided.get(self.slug, {})}
        return (*own, *(name for name, is_asked in said.items() if name and not is_asked))

    def takes_part(self, record: Record) -> bool:
        """Whether the record tells only of the filer's own part in what another holds and reports as well."""
        return False

    def prepare_form(self, form: BaseForm, enterprise: Enterprise) -> None:
        """A hook for what else depends on the enterprise that reports: a help text, a narrower choice."""


#: By kind and field, whether the province has that asked which is undecided.
Decided = Mapping[str, Mapping[str, bool]]


def all_decided() -> Decided:
    """What the province has decided of all kinds. One query."""
    found: dict[str, dict[str, bool]] = {}
    for slug, field, is_asked in UndecidedItem.objects.values_list("kind", "field", "is_asked"):
        found.setdefault(slug, {})[field] = is_asked
    return found


_kinds: dict[str, RecordKind] = {}


def register(kind: type[RecordKind]) -> type[RecordKind]:
    """Class decorator. Two kinds of one model, or a fact code used twice, are errors."""
    entry = kind()
    if entry.slug in _kinds and type(_kinds[entry.slug]) is not kind:
        raise ValueError(f"record kind {entry.slug!r} is registered twice")
    register_source(KindFacts(entry))
    _kinds[entry.slug] = entry
    return kind


def all_kinds() -> list[RecordKind]:
    return sorted(_kinds.values(), key=lambda kind: (kind.area, kind.slug))


def facts_of_offices() -> set[str]:
    """The facts of what offices report about themselves, and no enterprise does."""
    return {fact.code for kind in _kinds.values() if not kind.is_for_enterprises for fact in kind.facts}


def enterprise_kinds() -> list[RecordKind]:
    """What enterprises report or reported."""
    return [kind for kind in all_kinds() if kind.is_for_enterprises]


def kinds_to_fill() -> list[RecordKind]:
    """What enterprises may report now. One query."""
    asked = set(UndecidedItem.objects.filter(field="", is_asked=True).values_list("kind", flat=True))
    kinds = [kind for kind in enterprise_kinds() if not kind.is_retired]
    return [kind for kind in kinds if "" not in kind.undecided or kind.slug in asked]


def office_kinds(office: Place) -> list[RecordKind]:
    """What this office reports of itself."""
    return [kind for kind in all_kinds() if kind.is_reported_by(office)]


def annual_slugs() -> list[str]:
    """The kinds whose returns stand for a year."""
    return [kind.slug for kind in all_kinds() if kind.rhythm is Rhythm.ANNUAL]


def kind_by_slug(slug: str) -> RecordKind:
    """Raises ``LookupError`` for an unknown slug."""
    try:
        return _kinds[slug]
    except KeyError:
        raise LookupError(f"unknown record kind {slug!r}") from None


def area_label(area: str) -> str:
    """The name of a room as headings show it: 思想引领 for ``ideology``."""
    return str(apps.get_app_config(area).verbose_name)


def in_groups(kinds: Iterable[RecordKind]) -> list[tuple[str, list[RecordKind]]]:
    """Kinds under headings, as people choose among them to file one: the common ones, then the others by area."""
    listed = [kind for kind in kinds if not kind.is_retired]
    common = sorted((kind for kind in listed if kind.is_common), key=lambda kind: kind.order)
    groups = {str(_("常用")): common}
    for kind in sorted(listed, key=lambda kind: (kind.area, kind.rhythm is not Rhythm.EVENT, kind.rhythm, kind.slug)):
        if not kind.is_common:
            groups.setdefault(area_label(kind.area), []).append(kind)
    return [(heading, members) for heading, members in groups.items() if members]


def choices_of(kinds: Iterable[RecordKind]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kinds to choose from in a form or a filter, under the names of their areas; those that nothing new is filed of come
    last."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in sorted(kinds, key=lambda kind: (kind.is_retired, kind.area, kind.order, kind.label)):
        heading = str(_("已停用")) if kind.is_retired else area_label(kind.area)
        groups.setdefault(heading, []).append((kind.slug, kind.label))
    return list(groups.items())


def kind_of(record: Record) -> RecordKind:
    return kind_by_slug(record.kind)


def all_facts() -> Iterable[tuple[RecordKind, Fact]]:
    for kind in all_kinds():
        for fact in kind.facts:
            yield kind, fact


def fact_by_code(code: str) -> tuple[RecordKind, Fact]:
    """Raises ``LookupError`` for an unknown code."""
    for kind, fact in all_facts():
        if fact.code == code:
            return kind, fact
    raise LookupError(f"unknown fact {code!r}")
