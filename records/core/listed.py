"""Finds the rows of registers that records name: by name however it is spelt, or by the number that the register has for the row.

The registers are read by conditions of the database, for many records at once. Of rows of one name in different places that of
the record's own county is meant, else none."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.models import Body, Cluster, Enterprise, Organisation
from enterprises.models.body import BodyKind, BodyMember
from foundation.accounts.models import Actor
from foundation.fields import label_of_field
from foundation.folding import fold
from foundation.refusals import Question
from records.core.effects import Effect, Moving, register_effect
from records.core.kinds import kind_by_slug
from records.core.lines import Cell, path_of, rows_of
from records.core.models import Among, ListedName, NamedRow, Record, listed_names
from records.core.models.listed import BETWEEN, parts_of
from records.core.models.record import reference_of
from records.core.warning_rules import SPEAKS, OnFile, WarningRule
from records.core.warnings import also_ask

_CHUNK = 500
#: So many names are offered of a register.
OFFERED = 20
_NUMBER = re.compile(r"(?=.*\d)[0-9A-Z][0-9A-Z-]{3,23}")
_WITH_NUMBER = re.compile(r"(.+)\(([0-9a-z][0-9a-z-]{3,23})\)")

#: ``apps.get_model``, or that of a migration.
GetModel = Callable[[str, str], Any]


class Whose(NamedTuple):
    """Who writes a name: what it may mean depends on the place."""

    enterprise: int | None
    office: int | None
    county: int | None
    city: int | None
    province: int | None

    @classmethod
    def of(cls, record: Any) -> "Whose":
        return cls(record.enterprise_id, record.office_id, record.county_id, record.city_id, record.province_id)

    def covers(self, row: "Row") -> bool:
        """Whether the row is the enterprise's own, or lies in the office's area."""
        if self.office is None:
            return row.enterprise == self.enterprise if row.is_own else row.county == self.county
        levels = (self.province, row.province), (self.city, row.city), (self.county, row.county)
        return next((own == of_row for own, of_row in levels if own == self.office), False)


class Row(NamedTuple):
    """A row of a register. ``is_own``: it is some enterprise's, whose number is ``enterprise``."""

    register: Among
    pk: int
    name: str
    number: str
    stands: bool
    sort: str = ""
    county: int | None = None
    city: int | None = None
    province: int | None = None
    enterprise: int | None = None
    is_own: bool = False


class Written(NamedTuple):
    """One name as somebody wrote it."""

    whose: Whose
    field: ListedName
    text: str


@dataclass(frozen=True)
class Answer:
    """What a name was found to be; without a row, why: ``unknown``, ``several`` or ``closed``."""

    text: str
    row: Row | None = None
    why: str = ""
    #: False of members of a joint conference whose office has entered none.
    is_kept: bool = True


def number_in(text: str) -> str:
    """The text as the number of a row, empty for what can be none."""
    typed = fold(text).upper()
    return typed if _NUMBER.fullmatch(typed) else ""


def _keys_of(text: str) -> tuple[str, str]:
    """The key of the name in a text and the number beside it: ``示例学院（3432000123）`` says which of two of one name."""
    key = fold(text)
    if both := _WITH_NUMBER.fullmatch(key):
        return both[1], both[2].upper()
    return key, number_in(text)


# --- the registers


def _organisations(get: GetModel, where: Callable[[str, str], Q], _names: Collection[Written]) -> Iterator[Row]:
    rows = get("enterprises", "Organisation").objects.filter(where("name_key", "code"))
    for pk, name, code, stands, sort, *place in rows.values_list(
        "pk", "name", "code", "is_active", "kind", "county", "city", "province"
    ):
        yield Row(Among.ORGANISATION, pk, name, code or "", stands, sort, *place)


def _enterprises(get: GetModel, where: Callable[[str, str], Q], _names: Collection[Written]) -> Iterator[Row]:
    rows = get("enterprises", "Enterprise").objects.filter(where("place__name_key", "credit_code"))
    for pk, name, code, stands, *place in rows.values_list(
        "pk", "name", "credit_code", "is_active", "county", "city", "province"
    ):
        yield Row(Among.ENTERPRISE, pk, name, code, stands, "", *place)


def _clusters(get: GetModel, where: Callable[[str, str], Q], _names: Collection[Written]) -> Iterator[Row]:
    rows = get("enterprises", "Cluster").objects.filter(where("name_key", ""))
    for pk, name, *place in rows.values_list("pk", "name", "county", "city", "province"):
        yield Row(Among.CLUSTER, pk, name, "", True, "", *place)


def _bodies(get: GetModel, where: Callable[[str, str], Q], _names: Collection[Written]) -> Iterator[Row]:
    rows = get("enterprises", "Body").objects.filter(where("name_key", ""))
    for pk, name, dissolved, sort, county, city, province, enterprise in rows.values_list(
        "pk", "name", "dissolved_on", "kind", "county", "city", "province", "enterprise"
    ):
        yield Row(Among.BODY, pk, name, "", dissolved is None, sort, county, city, province, enterprise, True)


def _contests(get: GetModel, _where: Callable[[str, str], Q], names: Collection[Written]) -> Iterator[Row]:
    """What those who write have reported themselves, by its title or its number: nobody names another's record."""
    kinds = {sort for one in names for sort in one.field.sorts}
    rows = get("records", "Record").objects.filter(kind__in=kinds, status__in=SPEAKS)
    own = Q(enterprise__in={one.whose.enterprise for one in names if one.whose.enterprise is not None})
    own |= Q(office__in={one.whose.office for one in names if one.whose.office is not None})
    for pk, title, kind, code, quarter, enterprise, office in rows.filter(own).values_list(
        "pk", "title", "kind", "county__code", "quarter", "enterprise", "office"
    ):
        number = reference_of(code, quarter, pk)
        yield Row(Among.CONTEST, pk, title, number, True, kind, office, office, office, enterprise, office is None)


def _members(get: GetModel, _where: Callable[[str, str], Q], names: Collection[Written]) -> Iterator[Row]:
    """Units on the lists of the offices' own joint conferences."""
    offices = {one.whose.office for one in names if one.whose.office is not None}
    rows = get("enterprises", "BodyMember").objects.filter(
        body__kind=BodyKind.JOINT, body__place__in=offices, body__dissolved_on__isnull=True
    )
    for office, unit in rows.exclude(unit="").values_list("body__place", "unit").distinct():
        yield Row(Among.MEMBER, office, unit, "", True, "", office, office, office)


_REGISTERS: dict[Among, Callable[[GetModel, Callable[[str, str], Q], Collection[Written]], Iterator[Row]]] = {
    Among.ORGANISATION: _organisations,
    Among.ENTERPRISE: _enterprises,
    Among.CLUSTER: _clusters,
    Among.BODY: _bodies,
    Among.CONTEST: _contests,
    Among.MEMBER: _members,
}
#: Rows that anybody may name, wherever they are.
_KNOWN_TO_ALL = (Among.ORGANISATION, Among.CLUSTER)
#: Registers of which all is read that is whoever's who writes.
_OF_FILERS = (Among.CONTEST, Among.MEMBER)


class _Found:
    """What the registers have of many names at once."""

    def __init__(self, written: Iterable[Written], get: GetModel) -> None:
        self.by_key: dict[Among, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self.by_number: dict[Among, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self.filers: dict[Among, set[int | None]] = defaultdict(set)
        wanted: dict[Among, list[Written]] = defaultdict(list)
        for one in written:
            for register in one.field.among:
                wanted[register].append(one)
        for register, names in wanted.items():
            words = {word for one in names for word in (fold(one.text), *_keys_of(one.text))} - {""}
            if register in _OF_FILERS:
                self._take(register, _REGISTERS[register](get, _either(()), names))
                continue
            ordered = sorted(words)
            for start in range(0, len(ordered), _CHUNK):
                part = ordered[start : start + _CHUNK]
                self._take(register, _REGISTERS[register](get, _either(part), names))

    def _take(self, register: Among, rows: Iterator[Row]) -> None:
        for row in rows:
            self.by_key[register][fold(row.name)].append(row)
            if row.number:
                self.by_number[register][row.number.upper()].append(row)
            self.filers[register].add(row.enterprise if row.is_own else row.county)

    def answer(self, one: Written) -> Answer:
        whole, (key, number) = fold(one.text), _keys_of(one.text)
        found: dict[tuple[Among, int, str], Row] = {}
        for register in one.field.among:
            rows = [*self.by_key[register].get(whole, ())]
            if number:
                numbered = self.by_number[register].get(number, ())
                rows += [row for row in numbered if key in (fold(row.name), whole)]
            for row in rows:
                is_near = register in _KNOWN_TO_ALL or one.whose.covers(row)
                if is_near and (not row.sort or not one.field.sorts or row.sort in one.field.sorts):
                    found[register, row.pk, row.name] = row
        standing = [row for row in found.values() if row.stands]
        if len(standing) > 1:
            standing = [row for row in standing if row.county == one.whose.county and not row.is_own] or standing
        if len(standing) == 1:
            return Answer(one.text, standing[0])
        if standing:
            return Answer(one.text, why="several")
        filer = one.whose.enterprise if one.whose.office is None else one.whose.office
        kept = any(register is not Among.MEMBER or filer in self.filers[register] for register in one.field.among)
        return Answer(one.text, why="closed" if found else "unknown", is_kept=kept)


def _either(words: Sequence[str]) -> Callable[[str, str], Q]:
    """The condition that a row is named, or numbered, by one of the words."""
    numbers = [word.upper() for word in words if _NUMBER.fullmatch(word.upper())]

    def where(key: str, number: str) -> Q:
        named = Q(**{f"{key}__in": words})
        return named | Q(**{f"{number}__in": numbers}) if number and numbers else named

    return where


# --- names in records


class Place(NamedTuple):
    """Where in a record names stand, and what is written there."""

    path: str
    field: ListedName
    text: str


def places_in(record: Record) -> list[Place]:
    kind = kind_by_slug(type(record).kind_slug())
    found = [Place(field.name, field, getattr(record, field.name) or "") for field in listed_names(type(record))]
    for lines in kind.lines:
        fields = listed_names(lines.model)
        for number, row in enumerate(rows_of(record, lines) if fields else (), 1):
            for field in fields:
                text = getattr(row, field.name) or ""
                found.append(Place(path_of(lines.name, Cell(number, field.name)), field, text))
    return [place for place in found if place.text.strip()]


def has_names(model: type[Record]) -> bool:
    kind = kind_by_slug(model.kind_slug())
    return bool(listed_names(model)) or any(listed_names(lines.model) for lines in kind.lines)


def _all_written(whose: Whose, field: ListedName, text: str) -> list[Written]:
    """The names in a text, and the text as a whole: a name may have in it what stands between names."""
    texts = [text.strip()]
    if field.is_many:
        texts += [part for part in parts_of(text) if part != texts[0]]
    return [Written(whose, field, one) for one in texts]


class Names:
    """Looks names up for many records, in a few queries for each register."""

    def __init__(self, get: GetModel = apps.get_model) -> None:
        self.get = get
        self._answers: dict[Written, Answer] = {}

    def read(self, written: Iterable[Written]) -> None:
        fresh = list(dict.fromkeys(one for one in written if one not in self._answers))
        if fresh:
            found = _Found(fresh, self.get)
            self._answers.update({one: found.answer(one) for one in fresh})

    def read_texts(self, texts: Iterable[tuple[Whose, ListedName, str]]) -> None:
        self.read(one for said in texts for one in _all_written(*said))

    def read_of(self, records: Iterable[Record]) -> None:
        self.read_texts(
            (Whose.of(record), place.field, place.text) for record in records for place in places_in(record)
        )

    def of_text(self, whose: Whose, field: ListedName, text: str) -> list[Answer]:
        """One answer for each name."""
        written = _all_written(whose, field, text)
        self.read(written)
        whole, *parts = (self._answers[one] for one in written)
        return [whole] if whole.row is not None or not parts else parts

    def of(self, record: Record) -> list[tuple[Place, list[Answer]]]:
        whose = Whose.of(record)
        return [(place, self.of_text(whose, place.field, place.text)) for place in places_in(record)]


@register_effect
class NamesFound(Effect):
    order = 11

    def after_save(self, moving: Moving) -> None:
        if moving.move.hands_in:
            find_rows([record for record in moving.records if has_names(type(record))])


def find_rows(records: Collection[Record]) -> None:
    """Keep the rows that the names in the records are, in place of those kept before."""
    if not records:
        return
    names = Names()
    names.read_of(records)
    wanted = [
        row
        for record in records
        for place, answers in names.of(record)
        for row in kept_rows(NamedRow, record.pk, place.path, answers)
    ]
    keys = [record.pk for record in records]
    for start in range(0, len(keys), _CHUNK):
        NamedRow.objects.filter(record__in=keys[start : start + _CHUNK]).delete()
    NamedRow.objects.bulk_create(wanted, batch_size=_CHUNK)


def kept_rows(model: Any, record: int, path: str, answers: Iterable[Answer]) -> Iterator[Any]:
    """What is to be kept of one place. Not of the units of a conference, whose list is written anew."""
    for position, answer in enumerate(answers):
        if (row := answer.row) is not None and row.register in NamedRow.COLUMNS:
            named = {f"{row.register.value}_id": row.pk, "name": answer.text[:200]}
            yield model(record_id=record, path=path, position=position, **named)


# --- what is asked


@also_ask
class NameNotFound(WarningRule[Record]):
    """A name that the register has not, has more than once, or has as closed. It may be right: not every school is entered."""

    code = "name"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        if not has_names(type(record)):
            return
        names = on_file.reader(Names)
        names.read_of([record, *on_file.announced()])
        for place, answers in names.of(record):
            for answer in answers if place.field.is_asked else ():
                if answer.row is None and answer.is_kept:
                    yield self._ask(place, answer)

    def _ask(self, place: Place, answer: Answer) -> Question:
        said = {
            "label": label_of_field(place.field.model, place.field.name),
            "name": answer.text,
            "register": place.field.register_label,
        }
        advice = _("请核对是否写的全称；确实没有登记的，写明情况后提交。")
        if answer.why == "several":
            message = _("“%(label)s”写的“%(name)s”在“%(register)s”中不止一个，不知道是哪一个。")
            advice = _("请改写代码或编号。")
        elif answer.why == "closed":
            message = _("“%(label)s”写的“%(name)s”在“%(register)s”中已停用或注销。")
            advice = _("请核对名称；当时还没有停用的，写明情况后提交。")
        else:
            message = _("“%(label)s”写的“%(name)s”在“%(register)s”中没有找到。")
        return Question(self.code, place.path.split(".")[0], message % said, advice=advice)


# --- what stands in place of a number


def in_names(names: Names, whose: Whose, field: ListedName, text: str) -> tuple[str, list[str]]:
    """The text with names in place of numbers of the register, and the numbers that are no row's. A name that the register has
    more than once keeps its number beside it."""
    if not any(number_in(part) for part in parts_of(text) or [text]):
        return text, []
    said, unknown = [], []
    for answer in names.of_text(whose, field, text):
        if not number_in(answer.text):
            said.append(answer.text)
        elif answer.row is None:
            unknown.append(answer.text)
        elif names.of_text(whose, field, answer.row.name)[0].row == answer.row or not answer.row.number:
            said.append(answer.row.name)
        else:
            said.append(_("%(name)s（%(number)s）") % {"name": answer.row.name, "number": answer.row.number})
    return "、".join(said), unknown


def no_such_number(field: ListedName, number: str) -> str:
    words = {"number": number, "register": field.register_label}
    return _("“%(number)s”不是“%(register)s”中可以选用的代码或编号。请核对，或改写全称。") % words


# --- links

_PAGES: Mapping[str, str] = {
    "organisation_id": "enterprises:organisation",
    "enterprise_id": "enterprises:detail",
    "cluster_id": "enterprises:cluster",
    "body_id": "enterprises:body",
    "contest_id": "records:detail",
}


def offered(user: Actor, field: ListedName, words: str) -> list[tuple[str, str]]:
    """Names that hold what was typed, each with where it is; of two of one name each with its number."""
    found: list[tuple[str, str, str]] = []
    for register in field.among if words else ():
        found += itertools.islice(_offers(register, user, field, words), OFFERED)
    often = Counter(fold(name) for name, _number, _where in found)
    return [
        (f"{name}（{number}）" if number and often[fold(name)] > 1 else name, where) for name, number, where in found
    ]


def _offers(register: Among, user: Actor, field: ListedName, words: str) -> Iterator[tuple[str, str, str]]:
    like = Q(name__icontains=words) | Q(initials__istartswith=words) | Q(name_key__contains=fold(words) or words)
    if register is Among.ORGANISATION:
        rows = Organisation.objects.visible_to(user).active().filter(like | Q(code__istartswith=words))
        rows = rows.filter(kind__in=field.sorts) if field.sorts else rows
        for row in rows.select_related("county__city")[:OFFERED]:
            yield row.name, row.code or "", row.county.full_name()
    elif register is Among.ENTERPRISE:
        firms = Enterprise.objects.visible_to(user).active().search(words).select_related("county__city")
        for firm in firms[:OFFERED]:
            yield firm.name, firm.credit_code, firm.county.full_name()
    elif register is Among.CLUSTER:
        for cluster in Cluster.objects.visible_to(user).filter(like).select_related("place__city")[:OFFERED]:
            yield cluster.name, "", cluster.place.full_name()
    elif register is Among.BODY:
        bodies = Body.objects.visible_to(user).standing().filter(like).select_related("place__city")
        bodies = bodies.filter(kind__in=field.sorts) if field.sorts else bodies
        for body in bodies[:OFFERED]:
            yield body.name, "", body.place.full_name()
    elif register is Among.CONTEST:
        told = Record.objects.visible_to(user).filter(kind__in=field.sorts, status__in=SPEAKS, title__icontains=words)
        for record in told.select_related("county").order_by("-pk")[:OFFERED]:
            yield record.title, record.reference, record.reference
    else:
        joint = Body.objects.allowing(user, "enterprises.view_body_members").standing().filter(kind=BodyKind.JOINT)
        units = BodyMember.objects.filter(body__in=joint, unit__icontains=words).order_by("unit")
        for unit in units.values_list("unit", flat=True).distinct()[:OFFERED]:
            yield unit, "", str(register.label)


def links_of(record: Record) -> dict[str, dict[str, str]]:
    """The addresses of the rows that names in the record are, by path and name. Read where the kind has such names."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    if record.pk is None or not has_names(type(record)):
        return found
    for row in NamedRow.objects.filter(record=record.pk):
        for column, page in _PAGES.items():
            if (key := getattr(row, column)) is not None:
                found[row.path][row.name] = reverse(page, args=[key])
    return found


def in_links(text: str, links: Mapping[str, str]) -> list[tuple[str, str]]:
    """The text cut into pieces, each with the address of what it names or empty."""
    if text.strip() in links:
        return [(text, links[text.strip()])]
    return [(piece, links.get(piece.strip(), "")) for piece in BETWEEN.split(text) if piece]
