"""What looks unusual in a record but may be right: asked about before it is handed in, confirmed with a reason.

What cannot be true refuses (the model's ``clean()``); a warning only asks, and so does a rule of regulation, whose breach is
then recorded (``records.core.business_rules``). Every kind is asked what ``STANDARD`` lists; a kind adds its own through
``RecordKind.warnings``. What the rules look at besides the record comes through ``OnFile``; ``ManyOnFile`` reads it for
thousands of records at once.
"""

import dataclasses
import datetime
import functools
import itertools
import statistics
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import Nature
from foundation.fields import field_of, label_of_field, unit_of
from foundation.places.models import Place
from foundation.refusals import Question
from records.core.business_rules import questions_of
from records.core.fields import quantity_of
from records.core.kinds import FiledBy, RecordKind, Rhythm, kind_of
from records.core.lines import rows_of, total_of
from records.core.models import Record, Status
from records.core.periods import first_quarter, first_quarters, said_before
from records.core.warning_rules import COMPARED, SPEAKS, OnFile, Periods, WarningRule

#: Titles at least this alike (``rapidfuzz``, 0 to 100: characters in common, in their order) are taken for the same activity.
ALIKE = 80
#: How many times the last quarter's figure is unusual, and from which figure on it is worth asking.
TIMES, WORTH_ASKING = 3, 30
#: So many earlier values say what is usual; with fewer nothing is.
LATEST = 4
#: Enterprises named in one statement.
_CHUNK = 500


class LikelyDuplicate(WarningRule[Record]):
    """Another record of the enterprise: same kind, same day, and a similar title or the same speaker."""

    code = "duplicate"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        if record.happened_on is None:
            return
        kind = kind_of(record)
        twins = tuple(other for other in on_file.same_day(record, kind.twin_fields) if _alike(kind, record, other))
        if twins:
            names = "、".join(f"“{twin.title}”" for twin in twins[:3])
            yield Question(
                self.code,
                "title",
                _("%(day)s 还有相似的记录：%(names)s。") % {"day": record.happened_on, "names": names},
                tuple(twin for twin in twins[:3] if twin.pk),
                _("请确认不是同一场活动填了两次。"),
            )


def _alike(kind: RecordKind, one: Record, other: Any) -> bool:
    if any(getattr(one, name) and getattr(one, name) == getattr(other, name) for name in kind.twin_fields):
        return True
    return fuzz.ratio(one.title, other.title, score_cutoff=ALIKE) > 0


class ReportedByTheOther(WarningRule[Record]):
    """Of what enterprises and offices both report: the same activity told by the enterprise and by an office above it counts
    twice. Whoever held it reports it. An enterprise is not shown what stands in an office's record."""

    code = "reported_by_other"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        kind, day = kind_of(record), record.happened_on
        if kind.filed_by is not FiledBy.EITHER or day is None or kind.takes_part(record):
            return
        if record.office_id is None:
            read = functools.partial(_told_by_offices, kind)
            told = on_file.of_filer(record, "told by offices", read, ())
        else:
            read = functools.partial(_told_by_enterprises, kind, day)
            told = on_file.of_filer(record, f"told by enterprises {day}", read, ())
        alike = [other for other in told if other.happened_on == day and _alike(kind, record, other)]
        if not alike:
            return
        names = "、".join(dict.fromkeys(str(other.filer) for other in alike[:3]))
        if record.office_id is None:
            message = _("%(day)s %(names)s产改办报过相似的活动。") % {"day": day, "names": names}
        else:
            message = _("%(day)s %(names)s报过相似的活动。") % {"day": day, "names": names}
        yield Question(self.code, "title", message, advice=_("同一场活动由主办的一方填报，两边都填会重复计数。"))


def _told_by_offices(kind: RecordKind, enterprises: Collection[int]) -> dict[int, list[Record]]:
    """What the offices above enterprises handed in of the kind since last year, by enterprise."""
    above = {
        pk: set(places)
        for pk, *places in Enterprise.objects.filter(pk__in=enterprises).values_list("pk", "county", "city", "province")
    }
    since = datetime.date(timezone.localdate().year - 1, 1, 1)
    rows = kind.model._default_manager.filter(office__in=set().union(*above.values()), status__in=SPEAKS)
    told = list(rows.filter(happened_on__gte=since).select_related("office"))
    return {pk: [row for row in told if row.office_id in places] for pk, places in above.items()}


def _told_by_enterprises(kind: RecordKind, day: datetime.date, offices: Collection[int]) -> dict[int, list[Record]]:
    """What enterprises of the offices' areas handed in of the kind of that day, by office."""
    found = {}
    for office in Place.objects.filter(pk__in=offices):
        rows = kind.model._default_manager.filter(enterprise__isnull=False, happened_on=day, status__in=SPEAKS)
        rows = rows.filter(**{office.scope_column(): office.pk})
        found[office.pk] = list(rows.select_related("enterprise")[:COMPARED])
    return found


class CountsInAnotherQuarter(WarningRule[Record]):
    """An event of a quarter that takes no more records counts in an open one, as 补报; or of one before the first quarter of
    the portal or of the enterprise. Often the year is mistyped."""

    code = "late"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        day = record.happened_on
        if day is None or record.period or record.is_backfill:
            return
        own = Quarter.of(day)
        if not record.is_late_entry and own >= Quarter.current().previous():
            # Whoever is entered in the register is asked for the quarter before as well.
            return
        portal: Quarter | None = on_file.of_filer(record, "first of the portal", _first_of_the_portal)
        before = said_before(own, portal, on_file.of_filer(record, "first quarter", first_quarters))
        values = {"day": day, "own": own.label, "counted": Quarter.parse(record.quarter).label, "before": before}
        advice = _("请核对年份和日期有没有填错。")
        if record.is_late_entry:
            message = _("活动日期 %(day)s 在%(own)s，这个季度现在不收填报%(before)s；提交后作为补报计入%(counted)s。")
            yield Question(self.code, "happened_on", message % values, advice=advice)
        elif before:
            message = _("活动日期 %(day)s 在%(own)s%(before)s；提交后计入%(counted)s。")
            yield Question(self.code, "happened_on", message % values, advice=advice)


def _first_of_the_portal(filers: Collection[int]) -> dict[int, Quarter | None]:
    return dict.fromkeys(filers, first_quarter())


class FewerTimesThanPeople(WarningRule[Record]):
    """人次 below 人数: whoever takes part is there at least once."""

    code = "attendances"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        people, times = record.number_of_people, record.attendances
        if people is not None and times is not None and times < people:
            message = _("参加人次（%(times)s）少于参加人数（%(people)s）。")
            advice = _("每人至少参加一次，请核对两个数。")
            yield Question(self.code, "attendances", message % _people_and_times(record), advice=advice)


class NobodyThere(WarningRule[Record]):
    """An event that nobody came to: it may have been called off, and then it is no event."""

    code = "nobody"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        if record.happened_on is not None and not record.period and record.number_of_people == 0:
            label = label_of_field(record, "number_of_people")
            advice = _("没有人参加的活动不用填报。请核对；还没有统计的请留空，存为草稿。")
            yield Question(self.code, "number_of_people", _("“%s”填了 0。") % label, advice=advice)


class ManyTimesThePeople(WarningRule[Record]):
    """人次 far above 人数 in one event: everybody would have come more than three times."""

    code = "attendances_many"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        people, times = record.number_of_people, record.attendances
        if record.happened_on is None or record.period or not people or times is None or times <= TIMES * people:
            return
        message = _("参加人次（%(times)s）超过了参加人数（%(people)s）的三倍。")
        advice = _("一场活动每人一般只计一次，请核对有没有多填一位。")
        yield Question(self.code, "attendances", message % _people_and_times(record), advice=advice)


#: Units of people: with others, dispatched workers explain nothing.
PEOPLE = ("人", "人次")


def _people_and_times(record: Record) -> dict[str, str]:
    names = {"people": "number_of_people", "times": "attendances"}
    return {key: quantity_of(record, name, getattr(record, name)) for key, name in names.items()}


class PartAboveWhole(WarningRule[Record]):
    """A part above what it is usually a part of, 一线 above 总数 above all: dispatched workers may explain it."""

    code = "part"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        for name, within in record.usual_parts:
            part, whole = getattr(record, name), getattr(record, within)
            if part is None or whole is None or part <= whole:
                continue
            label, whole_label = (label_of_field(record, field) for field in (name, within))
            message = _("“%(part)s”（%(some)s）超过了“%(whole)s”（%(all)s）。")
            advice = _("请核对两个数。")
            if unit_of(field_of(record, name)) in PEOPLE:
                advice = _("请核对两个数；含派遣等不在册人员的请写明。")
            some, everything = quantity_of(record, name, part), quantity_of(record, within, whole)
            words = message % {"part": label, "some": some, "whole": whole_label, "all": everything}
            yield Question(self.code, name, words, advice=advice)


class MorePeopleThanStaff(WarningRule[Record]):
    """A part above its whole in another return: more people than the register, kept by the yearly profile, says that the
    enterprise has, or has of that sort."""

    code = "people"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        enterprise = record.enterprise
        if enterprise is None:
            return
        for name, within in record.parts_of_staff:
            people, staff = getattr(record, name), getattr(enterprise, within)
            if people is None or staff is None or people <= staff:
                continue
            message = _("“%(label)s”（%(people)s）超过了企业名录中的%(whole)s（%(staff)s）。")
            words = {
                "label": label_of_field(record, name),
                "people": quantity_of(record, name, people),
                "staff": quantity_of(enterprise, within, staff),
                "whole": label_of_field(enterprise, within),
            }
            advice = _("请核对；%s有变化的，请更新企业信息。") % words["whole"]
            yield Question(self.code, name, message % words, advice=advice)


class LinesAddUp(WarningRule[Record]):
    """The lines' sum is another than what the record says of the whole."""

    code = "total"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        kind = kind_of(record)
        for lines in kind.lines:
            for total in lines.totals if kind.is_shown(record, lines.name) else ():
                of_lines, whole = total_of(rows_of(record, lines), total.column), getattr(record, total.field)
                if of_lines is None or whole is None or of_lines == whole:
                    continue
                message = _("“%(lines)s”各行“%(column)s”合计 %(sum)s，“%(field)s”填的是 %(whole)s，相差 %(gap)s。")
                words = {
                    "lines": lines.label,
                    "column": label_of_field(lines.model, total.column),
                    "sum": quantity_of(record, total.field, of_lines),
                    "field": label_of_field(record, total.field),
                    "whole": quantity_of(record, total.field, whole),
                    "gap": quantity_of(record, total.field, abs(whole - of_lines)),
                }
                yield Question(self.code, total.field, message % words, advice=_("请核对；有没有列出的，请写明。"))


class ManyTimesLastPeriod(WarningRule[Record]):
    """With this record, the period's figure rises above three times the last one's.

    Asked once: of the record that carries the figure over, not of those after it."""

    code = "times"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        kind = kind_of(record)
        names = [name for name in summed_fields(kind) if isinstance(getattr(record, name), int | Decimal)]
        periods = own_and_last_period(kind, record)
        if not names or periods is None:
            return
        so_far, last = on_file.sums(record, names, periods)
        for name in names:
            before, now = so_far[name] or 0, (so_far[name] or 0) + getattr(record, name)
            if last[name] and now >= WORTH_ASKING and before <= TIMES * last[name] < now:
                label = label_of_field(record, name)
                message = _("“%(label)s”加上这一条达到 %(now)s，是上期（%(last)s）的三倍以上。")
                words = {
                    "label": label,
                    "now": quantity_of(record, name, now),
                    "last": quantity_of(record, name, last[name]),
                }
                yield Question(self.code, name, message % words, advice=_("请核对有没有多填一位。"))


@functools.cache
def summed_fields(kind: RecordKind) -> list[str]:
    """The fields of a kind whose sums are figures of a period."""
    return list(
        dict.fromkeys(
            fact.amount for fact in kind.facts if fact.amount and not fact.lines and fact.nature is not Nature.STOCK
        )
    )


def own_and_last_period(kind: RecordKind, record: Record) -> Periods | None:
    """The record's own period and the one before it; None for one not placed in time."""
    if kind.rhythm is Rhythm.ANNUAL:
        return _year_and_last(record.period or record.quarter[:4])
    return _quarter_and_last(record.quarter) if record.quarter else None


@functools.lru_cache(256)
def _year_and_last(code: str) -> Periods:
    year = Year.parse(code)
    return Periods("period", year.code, year.previous().code)


@functools.lru_cache(256)
def _quarter_and_last(code: str) -> Periods:
    return Periods("quarter", code, Quarter.parse(code).previous().code)


class FarAboveTheUsual(WarningRule[Record]):
    """A number above three times the median of what the enterprise's last four records of the kind say."""

    code = "usual"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        kind = kind_of(record)
        names = [name for name in summed_fields(kind) if isinstance(getattr(record, name), int | Decimal)]
        if not any(getattr(record, name) >= WORTH_ASKING for name in names):
            return
        known = on_file.of_filer(record, f"latest {kind.slug}", functools.partial(_latest, kind), ())
        # Not with what came in the same import: the check did not know it, and must have asked everything.
        batch = record.import_batch_id
        before = [row for row in known if row["pk"] != record.pk and (batch is None or row["import_batch_id"] != batch)]
        for name in names:
            values = [row[name] for row in before if row[name] is not None][:LATEST]
            now = getattr(record, name)
            if len(values) < LATEST or now < WORTH_ASKING:
                continue
            usual = statistics.median(values)
            if usual and now > TIMES * usual:
                message = _("“%(label)s”填了 %(now)s，本企业最近四次的中位数是 %(usual)s，超过三倍。")
                words = message % {
                    "label": label_of_field(record, name),
                    "now": quantity_of(record, name, now),
                    "usual": quantity_of(record, name, usual),
                }
                yield Question(self.code, name, words, advice=_("请核对有没有多填一位。"))


def _latest(kind: RecordKind, filers: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The last records of the kind that stand for each filer, newest first: one more than are compared, for the
    record itself may be among them."""
    numbered = Window(RowNumber(), partition_by="filing_place", order_by=["-quarter", "-happened_on", "-pk"])
    rows = kind.model.objects.of_filers(filers).filter(status__in=SPEAKS).annotate(number=numbered)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in (
        rows.filter(number__lte=LATEST + 1)
        .order_by("filing_place", "number")
        .values("pk", "filing_place", "import_batch_id", *summed_fields(kind))
    ):
        found[row["filing_place"]].append(row)
    return found


#: What every kind is asked; inner rooms above add theirs (``also_ask``). Of several about the size of one number only the
#: first that finds something asks (``SIZES``), so that nobody answers three times for one figure.
STANDARD: list[type[WarningRule[Any]]] = [
    CountsInAnotherQuarter,
    LikelyDuplicate,
    ReportedByTheOther,
    NobodyThere,
    FewerTimesThanPeople,
    ManyTimesThePeople,
    PartAboveWhole,
    LinesAddUp,
    MorePeopleThanStaff,
    ManyTimesLastPeriod,
    FarAboveTheUsual,
]


#: The rules that ask whether one number is too large: against its whole, the register, the last period, the usual.
SIZES = tuple(rule.code for rule in (PartAboveWhole, MorePeopleThanStaff, ManyTimesLastPeriod, FarAboveTheUsual))


def also_ask(rule: type[WarningRule[Any]]) -> type[WarningRule[Any]]:
    """Class decorator: a rule for every kind that looks at what an inner room above the core knows."""
    if rule not in STANDARD:
        STANDARD.append(rule)
    return rule


def warnings_for(record: Record, on_file: OnFile | None = None) -> list[Question]:
    """Everything unusual in the record as it stands in memory. ``record`` must be the specific row, placed in time.

    ``on_file``: what is known already, for whoever asks about many records."""
    found = on_file or OnFile()
    kind = kind_of(record)
    rules = (*STANDARD, *kind.warnings)
    unusual: list[Question] = []
    sized: set[str] = set()
    for rule in rules:
        for question in rule().check(record, found):
            if question.code in SIZES and question.field in sized:
                continue
            if question.code in SIZES:
                sized.add(question.field)
            unusual.append(_sourced(rule, question))
    return [*unusual, *questions_of(record, kind.rules)]


def _sourced(rule: type[WarningRule[Any]], question: Question) -> Question:
    if not rule.citation:
        return question
    return dataclasses.replace(question, finding=f"{question.finding}（{_('依据：')}{rule.citation}）")


class _Other(SimpleNamespace):
    """A record on file, with what the rules compare."""


class ManyOnFile(OnFile):
    """What is on file for many records of one kind: a few queries for each part of them that is announced with
    ``read``. A record that was asked about is added and is on file for the records after it.

    ``leaving_out``: records that are on file already and come to be asked about themselves."""

    def __init__(self, kind: RecordKind, leaving_out: Collection[int] = ()) -> None:
        self.kind, self.leaving_out = kind, leaving_out
        self._summed = summed_fields(kind)
        self._same_day: dict[tuple[int, datetime.date], list[Any]] = {}
        self._sums: dict[tuple[int, str], dict[str, Any]] = {}
        self._days: dict[int, list[datetime.date]] = {}
        self._known: dict[str, dict[int, Any]] = defaultdict(dict)
        self._filers: set[int] = set()
        self._added: dict[int, list[Record]] = defaultdict(list)
        self._announced: list[Record] = []

    def announced(self) -> Sequence[Record]:
        told, self._announced = self._announced, []
        return told

    def read(self, records: Iterable[Record]) -> None:
        """Read what is on file beside these records."""
        records = list(records)
        self._announced += records if len(records) > 1 else ()
        fresh: dict[int, set[datetime.date]] = defaultdict(set)
        periods: dict[tuple[int, str], str] = {}
        for record in records:
            self._filers.add(record.filer_id)
            day = record.happened_on
            if day is not None and (record.filer_id, day) not in self._same_day:
                self._same_day[record.filer_id, day] = []
                fresh[record.filer_id].add(day)
            if self._summed and (found := own_and_last_period(self.kind, record)) is not None:
                for period in (found.own, found.last):
                    if (record.filer_id, period) not in self._sums:
                        self._sums[record.filer_id, period] = dict.fromkeys(self._summed)
                        periods[record.filer_id, period] = found.column
        self._read_days(fresh)
        self._read_sums(periods)

    def _read_days(self, fresh: dict[int, set[datetime.date]]) -> None:
        names = ("pk", "filing_place", "happened_on", "title", "status", *self.kind.twin_fields)
        for filers in _parts(fresh):
            days = sorted(set().union(*(fresh[pk] for pk in filers)))
            rows = (
                self.kind.model.objects.of_filers(filers)
                .filter(happened_on__range=(days[0], days[-1]))
                .exclude(status=Status.REJECTED)
            )
            for values in rows.order_by("pk").values_list(*names):
                row = _Other(**dict(zip(names, values, strict=True)))
                if row.happened_on in fresh[row.filing_place] and row.pk not in self.leaving_out:
                    self._same_day[row.filing_place, row.happened_on].append(row)

    def _read_sums(self, periods: dict[tuple[int, str], str]) -> None:
        for column in set(periods.values()):
            wanted = {key for key, name in periods.items() if name == column}
            for filers in _parts({filer for filer, _period in wanted}):
                rows = (
                    self.kind.model.objects.of_filers(filers)
                    .filter(status__in=SPEAKS, **{f"{column}__in": {period for _filer, period in wanted}})
                    .order_by()
                )
                for row in rows.values("filing_place", column).annotate(
                    **{f"sum_{name}": Sum(name) for name in self._summed}
                ):
                    if (key := (row["filing_place"], row[column])) in wanted:
                        self._sums[key] = {name: row[f"sum_{name}"] for name in self._summed}

    def add_draft(self, record: Record) -> None:
        """The record stays as it is: those after it are compared with it, but its figures do not count."""
        self.read([record])
        if record.happened_on is not None:
            self._same_day[record.filer_id, record.happened_on].append(record)

    def add(self, record: Record) -> None:
        """The record is fit: from now on it is on file."""
        self.add_draft(record)
        self._added[record.filer_id].append(record)
        if self._summed and (periods := own_and_last_period(self.kind, record)) is not None:
            sums = self._sums[record.filer_id, periods.own]
            for name in self._summed:
                if (value := getattr(record, name)) is not None:
                    sums[name] = (sums[name] or 0) + value

    def same_day(self, record: Record, wanted: Sequence[str] = ()) -> Sequence[Any]:
        if record.happened_on is None:
            return []
        self.read([record])
        newest_first = reversed(self._same_day[record.filer_id, record.happened_on])
        others = (other for other in newest_first if other.pk is None or other.pk != record.pk)
        return list(itertools.islice(others, COMPARED))

    def sums(self, record: Record, names: Sequence[str], periods: Periods) -> tuple[dict[str, Any], dict[str, Any]]:
        self.read([record])
        return self._sums[record.filer_id, periods.own], self._sums[record.filer_id, periods.last]

    def of_filer(
        self, record: Record, name: str, read: Callable[[Collection[int]], Mapping[int, Any]], default: Any = None
    ) -> Any:
        known = self._known[name]
        if record.filer_id not in known:
            self._filers.add(record.filer_id)
            for filers in _parts(self._filers - set(known)):
                found = read(filers)
                known.update({pk: found.get(pk, default) for pk in filers})
        return known[record.filer_id]

    def days(self, record: Record) -> Sequence[datetime.date]:
        if record.filer_id not in self._days:
            self._filers.add(record.filer_id)
            fresh = self._filers - set(self._days)
            self._days.update({pk: [] for pk in fresh})
            for filers in _parts(fresh):
                rows = self.kind.model.objects.of_filers(filers).filter(status__in=SPEAKS)
                for pk, day in rows.exclude(happened_on=None).order_by("pk").values_list("filing_place", "happened_on"):
                    if day is not None:
                        self._days[pk].append(day)
        added = [other for other in self._added[record.filer_id] if other is not record]
        return self._days[record.filer_id] + [other.happened_on for other in added if other.happened_on]


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    everything = sorted(keys)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]
