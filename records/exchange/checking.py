"""What each row of a table is: new, changed, unchanged, a conflict, or not fit to go in, and why.

Rows are judged by the very form of the page, one form for each enterprise with the row's values put into it, so that a
workbook is refused with the page's own words; a form made anew for each row would take five times as long.
"""

import copy
import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict, where
from foundation.accounts.models import Actor
from foundation.exchange.columns import NUMBER, Column
from foundation.exchange.models import Outcome
from foundation.exchange.rows import SheetRow, chunks
from foundation.exchange.widgets import tidy
from foundation.fields import field_of
from foundation.folding import fold
from foundation.refusals import Question
from records.core.actions import not_reported_by
from records.core.business_rules import check_gaps
from records.core.forms import RecordForm
from records.core.kinds import RecordKind
from records.core.line_forms import LinesField
from records.core.lines import Lines, stored_rows
from records.core.models import Record, RecordStep, Status, read_lines
from records.core.periods import open_quarters
from records.core.transitions import OR_A_DRAFT, SAYS_NOTHING, place_in_time
from records.core.values import differences, stored, values_of
from records.core.warnings import CountsInAnotherQuarter, ManyOnFile, warnings_for
from records.exchange.lines import LineSheet, TypedLine, kept
from records.exchange.resources import CODE, ENTERPRISE, PERIOD, REFERENCE, VERSION, KindResource

#: What a record is known by without its number: enterprise and period, or enterprise, day and title.
_Key = tuple[int, str] | tuple[int, datetime.date, str]

#: Forms kept at hand; a file with more enterprises makes some of them again.
FORMS = 500


@dataclass
class _Placed:
    """A row whose enterprise is known: the record it means, if there is one, and the record as the row would have it.

    ``alike``: records of the same day and title on file; ``beside``: what else has the row's day and title, in words."""

    row: SheetRow
    enterprise: Enterprise
    existing: Record | None = None
    alike: list[Record] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    #: Its cells say what ``existing`` holds.
    is_same: bool = False
    draft: Record = field(init=False)


class _Forms:
    """The page's form for each enterprise, used again for each of its rows."""

    def __init__(self, kind: RecordKind, submits: bool) -> None:
        self.kind, self.submits = kind, submits
        self._made: dict[int, RecordForm] = {}

    def fill(self, enterprise: Enterprise, data: Mapping[str, Any]) -> RecordForm:
        form = self._made.get(enterprise.pk)
        if form is None:
            if len(self._made) >= FORMS:
                self._made.clear()
            form = RecordForm({}, kind=self.kind, filer=enterprise, submitting=self.submits)
            self._made[enterprise.pk] = form
        form.data = dict(data)
        form._errors = None  # type: ignore[attr-defined]  # Django's own: the form is to check itself again
        form.full_clean()
        return form


class RecordChecker:
    """Judges the rows of a file for one person, a part at a time."""

    def __init__(
        self,
        resource: KindResource,
        user: Actor,
        *,
        submits: bool,
        is_backfill: bool = False,
        line_sheets: Sequence[LineSheet] = (),
    ) -> None:
        self.resource, self.kind, self.user = resource, resource.kind, user
        self.submits, self.is_backfill = submits, is_backfill
        self.line_sheets = line_sheets
        self.columns: dict[str, Column] = {column.name: column for column in resource.columns}
        names = {name for name in self.kind.fields if not (self.kind.is_return and name == "title")} | {PERIOD}
        self.attnames = {f.name: f.attname for f in self.kind.model._meta.concrete_fields if f.name in names}
        self.forms = _Forms(self.kind, submits)
        self.quarters = open_quarters()
        self.on_file = ManyOnFile(self.kind)
        self.seen: dict[Any, tuple[str, int]] = {}
        #: Of each day and title the rows seen so far, by what they say; and the records that are some row's already.
        self.sessions: dict[_Key, dict[str, tuple[str, int]]] = defaultdict(dict)
        self.taken: set[int] = set()
        self.editable: set[int] = set()
        self.changed_on_page: set[int] = set()
        self.enterprises = Enterprise.objects.allowing(user, "records.create").select_related("county", "place")
        first_two = list(self.enterprises.order_by("pk")[:2])
        self.only = first_two[0] if len(first_two) == 1 else None

    def check(self, rows: Sequence[SheetRow]) -> None:
        placed = self._find_enterprises(rows)
        self._find_existing(placed)
        self._tell_sessions_apart(placed)
        for one in placed:
            self._judge(one)
        if self.submits:
            self.on_file.read(one.draft for one in placed if one.row.is_fit)
        for one in placed:
            if self.submits and one.row.is_fit:
                one.row.questions = warnings_for(one.draft, self.on_file)
                self.on_file.add(one.draft)
            elif one.row.is_fit:
                # A draft may be unusual; what its date means is said of it as under the date of the form.
                dated = list(CountsInAnotherQuarter().check(one.draft, self.on_file))
                one.row.questions = [*dated, *([_same_day_and_title(one)] if one.beside else [])]
            self._keep(one)

    def _find_enterprises(self, rows: Sequence[SheetRow]) -> list[_Placed]:
        """The rows with their enterprises; one that names none that may be filed for is refused."""
        reads = [row.read for row in rows]
        codes = {read[CODE] for read in reads if read.get(CODE)}
        names = {read[ENTERPRISE] for read in reads if read.get(ENTERPRISE) and not read.get(CODE)}
        by_code = {e.credit_code: e for chunk in chunks(codes) for e in self.enterprises.filter(credit_code__in=chunk)}
        by_name: dict[str, list[Enterprise]] = defaultdict(list)
        for chunk in chunks({fold(name) for name in names}):
            for found in self.enterprises.filter(place__name_key__in=chunk):
                by_name[fold(found.name)].append(found)
        placed = []
        for row in rows:
            code, name = row.read.get(CODE) or "", row.read.get(ENTERPRISE) or ""
            named = by_name.get(fold(name), []) if name else []
            if len(named) > 1:
                # Of names that differ by their brackets only, the one that was written exactly so.
                named = [one for one in named if one.name == name] or named
            enterprise: Enterprise | None
            if code:
                enterprise = by_code.get(code)
            else:
                enterprise = named[0] if len(named) == 1 else self.only if not name else None
            if enterprise is None:
                self._no_enterprise(row, code, name, len(named))
                row.settle(Outcome.INVALID)
            else:
                placed.append(_Placed(row, enterprise))
        return placed

    def _no_enterprise(self, row: SheetRow, code: str, name: str, many: int) -> None:
        if any(problem.name == CODE for problem in row.problems):
            return
        if code:
            reason = _("没有找到代码为“%s”的企业，或它不在您的填报范围内。") % code
            cure = _("请对照营业执照核对 18 位代码，并把这一列设为文本格式。")
        elif name:
            reason = (
                _("名称“%s”对应的企业不止一家。") % name
                if many
                else _("没有找到名为“%s”的企业，或它不在您的填报范围内。") % name
            )
            cure = _("请填统一社会信用代码。")
        else:
            reason, cure = _("没有填统一社会信用代码，不知道是哪家企业。"), _("请填 18 位代码。")
        column = ENTERPRISE if name and not code else CODE
        row.refuse(self.columns[column], reason, cure)

    # --- which record a row is

    def _key(self, enterprise_id: int, values: Mapping[str, Any]) -> _Key | None:
        if self.kind.is_return:
            return (enterprise_id, values[PERIOD]) if values.get(PERIOD) else None
        day, title = values.get("happened_on"), tidy(str(values.get("title") or ""))
        return (enterprise_id, day, title) if title and isinstance(day, datetime.date) else None

    def _find_existing(self, placed: Sequence[_Placed]) -> None:
        """The record each row means: by its number, else by its natural key."""
        enterprises = {one.enterprise.pk: one.enterprise for one in placed}
        numbers = {number for one in placed if (number := _number_of(one.row.read.get(REFERENCE))) is not None}
        unnumbered = [one for one in placed if not one.row.read.get(REFERENCE)]
        by_number: dict[int, Record] = {}
        for chunk in chunks(numbers):
            by_number.update(self.kind.model.objects.filter(where(self.user, "records.view")).in_bulk(chunk))
        by_key = self._by_key(unnumbered, enterprises)
        hidden = self._hidden(unnumbered, enterprises)
        for one in placed:
            read = one.row.read
            if read.get(REFERENCE):
                one.existing = by_number.get(_number_of(read[REFERENCE]) or 0)
                if one.existing is None or one.existing.enterprise_id != one.enterprise.pk:
                    one.existing = None
                    one.row.refuse(
                        self.columns[REFERENCE],
                        _("没有找到编号为“%s”的记录，或它不属于这家企业。") % read[REFERENCE],
                        _("请按导出的表填写编号；要新增记录，请把编号和版本留空。"),
                    )
            elif (key := self._key(one.enterprise.pk, read)) is not None:
                one.alike = by_key.get(key, [])
                one.existing = one.alike[0] if one.alike else None
                if one.existing is None and key in hidden:
                    one.row.refuse(
                        None,
                        _(
                            "这家企业已有同一天、同一标题的记录，您还看不到它（例如企业还没有提交的草稿），没有重复新增。"
                        ),
                        _("请企业提交那一条；不是同一件事的，请改标题。"),
                    )
            for record in (*one.alike, *([one.existing] if one.existing is not None else ())):
                record.enterprise = one.enterprise
            one.is_same = one.existing is not None and self._says_the_same(one.row, one.existing)
        read_lines(record for one in placed for record in (*one.alike, one.existing) if record is not None)
        known = {record.pk: record for one in placed if not one.is_same for record in one.alike}
        known.update({one.existing.pk: one.existing for one in placed if one.existing and not one.is_same})
        self._find_permissions(list(known.values()))

    def _says_the_same(self, row: SheetRow, record: Record) -> bool:
        """Whether every cell says what the record holds: most rows of an export that is brought back, which then need no
        form. What it does not recognise as the same is looked at with the form."""
        if row.problems or (self.line_sheets and row.read.get(NUMBER)):
            return False
        for name, value in row.read.items():
            if name not in self.attnames:
                if value not in ("", None) and not self.columns[name].is_ours:
                    return False
                continue
            kept = getattr(record, self.attnames[name])
            if value == kept or (value in ("", None) and kept in ("", None)):
                continue
            if not isinstance(value, str) or kept is None or isinstance(kept, bool) or not _is_number(value, kept):
                return False
        return True

    def _tell_sessions_apart(self, placed: Sequence[_Placed]) -> None:
        """One lecture may be held twice on a day. Of several rows or records of one day and title, a row means the record
        that says the same; else one that no row means, in order; else none: it is another session."""
        if self.kind.is_return:
            return
        several: dict[_Key, list[_Placed]] = defaultdict(list)
        for one in placed:
            if not one.row.read.get(REFERENCE) and (key := self._key(one.enterprise.pk, one.row.read)) is not None:
                several[key].append(one)
        for key, rows in several.items():
            if len(rows) == 1 and len(rows[0].alike) < 2 and key not in self.sessions:
                self.taken.update(record.pk for record in rows[0].alike)
                continue
            same: dict[int, Record] = {}
            for number, one in enumerate(rows):
                for record in one.alike:
                    if record.pk not in self.taken and self._would_be_same(one, record):
                        same[number] = record
                        self.taken.add(record.pk)
                        break
            for number, one in enumerate(rows):
                free = [record for record in one.alike if record.pk not in self.taken]
                one.existing = same.get(number) or next(iter(free), None)
                one.is_same = number in same
                if one.existing is not None:
                    self.taken.add(one.existing.pk)
                else:
                    one.beside += [_("平台上已有的“%s”") % record.title for record in one.alike]

    def _would_be_same(self, one: _Placed, record: Record) -> bool:
        """Whether the row, taken for the record, changes nothing of it."""
        if self._says_the_same(one.row, record):
            return True
        one.existing = record
        form = self._fill(one)
        self._draft(one, form)
        return not one.row.problems and self._is_same(one, record, form)

    def _hidden(self, placed: Sequence[_Placed], enterprises: Mapping[int, Enterprise]) -> set[_Key]:
        """What activities are on file that the person cannot see: a row of one would be a second record of it."""
        reads = [one.row.read for one in placed]
        days = [read["happened_on"] for read in reads if isinstance(read.get("happened_on"), datetime.date)]
        found: set[_Key] = set()
        if self.kind.is_return or not days:
            return found
        for chunk in chunks(enterprises):
            records = self.kind.model.objects.filter(
                happened_on__range=(min(days), max(days)), enterprise_id__in=chunk
            ).exclude(status=Status.REJECTED)
            seen = set(records.filter(where(self.user, "records.view")).values_list("pk", flat=True))
            for pk, enterprise, day, title in records.values_list("pk", "enterprise_id", "happened_on", "title"):
                key = self._key(enterprise, {"happened_on": day, "title": title})
                if pk not in seen and key is not None:
                    found.add(key)
        return found

    def _by_key(self, placed: Sequence[_Placed], enterprises: Mapping[int, Enterprise]) -> dict[_Key, list[Record]]:
        """The records of each key; a refused one stands for nothing while there is another."""
        found: dict[_Key, list[Record]] = defaultdict(list)
        condition = models.Q(period__isnull=False)
        # An enterprise's draft that an office cannot see is no match for an activity; a return exists only once.
        if not self.kind.is_return:
            reads = [one.row.read for one in placed]
            days = [read["happened_on"] for read in reads if isinstance(read.get("happened_on"), datetime.date)]
            if not days:
                return {}
            condition = models.Q(happened_on__range=(min(days), max(days))) & where(self.user, "records.view")
        for chunk in chunks(enterprises):
            for record in self.kind.model.objects.filter(condition, enterprise_id__in=chunk).order_by("pk"):
                key = self._key(
                    record.filer_id, {name: stored(record, name) for name in (PERIOD, "title", "happened_on")}
                )
                if key is not None:
                    found[key].append(record)
        return {
            key: [record for record in records if record.status != Status.REJECTED] or records[-1:]
            for key, records in found.items()
        }

    def _find_permissions(self, records: Sequence[Record]) -> None:
        for chunk in chunks({record.pk for record in records}):
            allowed = Record.objects.filter(where(self.user, "records.edit"), pk__in=chunk)
            self.editable.update(allowed.values_list("pk", flat=True))
            later = RecordStep.objects.filter(record_id__in=chunk, action="edit").filter(
                models.Q(record__import_batch__finished_at__isnull=True)
                | models.Q(at__gt=models.F("record__import_batch__finished_at"))
            )
            self.changed_on_page.update(later.values_list("record_id", flat=True))
        self.changed_on_page.update(record.pk for record in records if record.import_batch_id is None)

    # --- judging

    def _refuse(self, one: _Placed, name: str, reason: str, cure: str = "") -> None:
        """A row that is to be handed in does not become a draft: that way out is not named."""
        one.row.refuse(self.columns.get(name), reason.replace(str(OR_A_DRAFT), ""), cure)

    def _judge(self, one: _Placed) -> None:
        """Settle the row's outcome."""
        row = one.row
        self._check_twice(one)
        self._check_lines(one)
        if one.is_same and not row.problems:
            row.settle(Outcome.UNCHANGED)
            return
        form = self._fill(one)
        self._draft(one, form)
        if one.existing is not None:
            if not row.problems and self._is_same(one, one.existing, form):
                row.settle(Outcome.UNCHANGED)
                return
            if self._is_another_session(one, one.existing):
                one.beside.append(_("平台上已有的“%s”") % one.existing.title)
                one.existing = None
                form = self._fill(one)
                self._draft(one, form)
            elif self._conflicts(one, one.existing):
                row.settle(Outcome.CONFLICT)
                return
        self._take_errors(one, form)
        if row.problems:
            row.settle(Outcome.INVALID)
        else:
            row.settle(Outcome.CHANGED if one.existing else Outcome.NEW)

    def _keep(self, one: _Placed) -> None:
        """What is kept of the row for the page and for the writing: by column, so that a reference is its key."""
        row = one.row
        row.title = one.existing.title if one.existing else one.draft.title
        if not row.is_fit:
            return
        row.values = {
            "enterprise": one.enterprise.pk,
            "version": one.existing.version if one.existing else None,
            "record": {column: stored(one.draft, name) for name, column in self.attnames.items()},
        }
        if said := self._lines_of(one):
            row.values["lines"] = {sheet.lines.name: columns_of_lines(one.draft, sheet.lines) for sheet, _rows in said}
        if one.alike and one.existing is None:
            row.values["beside"] = [record.pk for record in one.alike]
        if one.existing is not None:
            row.target = str(one.existing.pk)
            found = differences(self.kind, values_of(one.existing, {}), values_of(one.draft, {}))
            row.changes = [{"label": change.label, "old": change.old, "new": change.new} for change in found]

    def _check_twice(self, one: _Placed) -> None:
        """One row a record: a second one that says the same, or that means it by its number, is refused. One that has the
        same day and title and says something else is another session, and asked about."""
        read, place = one.row.read, one.row.place
        key = self._key(one.enterprise.pk, read)
        if self.kind.is_return or read.get(REFERENCE):
            known = one.existing.pk if one.existing else key
            first = place if known is None else self.seen.setdefault(known, place)
        elif key is None:
            return
        else:
            said = repr(sorted((name, value) for name, value in read.items() if not self.columns[name].is_ours))
            others = self.sessions[key]
            first = others.setdefault(said, place)
            one.beside += [one.row.other_row(other) for other in others.values() if other != place][:3]
        if first != place:
            self._refuse(one, "", _("与%s是同一条记录。") % one.row.other_row(first), _("请只保留一行。"))

    def _check_lines(self, one: _Placed) -> None:
        """What of the row's lines cannot be read, by sheet, row and column; a number that two rows have names neither."""
        number, found = str(one.row.read.get(NUMBER) or ""), self._lines_of(one)
        one.row.beside = kept(found)
        for sheet, rows in found:
            for row in rows:
                for column, reason, cure in row.problems:
                    self._refuse(
                        one,
                        "",
                        _("%(where)s：%(why)s") % {"where": sheet.where(row, column.heading), "why": reason},
                        cure,
                    )
        for sheet in self.line_sheets if number else ():
            if number in sheet.rows and sheet.claimed.get(number) != one.row.place:
                words = {"number": number, "sheet": sheet.name}
                reason = _("序号“%(number)s”出现了不止一次，不知道工作表“%(sheet)s”中的行属于哪一条。") % words
                one.row.refuse(self.columns[NUMBER], reason, _("请让每一行的序号各不相同。"))

    def _fill(self, one: _Placed) -> RecordForm:
        """The form with the row's values; what the sheet has no column for stays as the record has it."""
        data: dict[str, Any] = {}
        if one.existing is not None:
            data = {name: stored(one.existing, name) for name in (*self.kind.fields, PERIOD)}
            data |= {lines.name: stored_rows(one.existing, lines) for lines in self.kind.lines}
        data |= {name: value for name, value in one.row.read.items() if not self.columns[name].is_ours}
        data |= {sheet.lines.name: [row.read for row in rows] for sheet, rows in self._lines_of(one)}
        return self.forms.fill(one.enterprise, data)

    def _lines_of(self, one: _Placed) -> list[tuple[LineSheet, list[TypedLine]]]:
        """What the file's sheets of lines say of the row, by its running number. A row without one, and one whose number
        another has as well, keeps the lines it has."""
        number = str(one.row.read.get(NUMBER) or "")
        found = ((sheet, sheet.of(number, one.row.place)) for sheet in (self.line_sheets if number else ()))
        return [(sheet, rows) for sheet, rows in found if rows is not None]

    def _draft(self, one: _Placed, form: RecordForm) -> None:
        """The record as the row would have it."""
        draft = (
            copy.copy(one.existing) if one.existing else self.kind.model(enterprise=one.enterprise, kind=self.kind.slug)
        )
        for name, value in form.values().items():
            setattr(draft, name, value)
        if one.existing is None:
            draft.is_backfill = self.is_backfill
        one.draft = draft

    def _is_same(self, one: _Placed, existing: Record, form: RecordForm) -> bool:
        own = [name for name in one.row.read if not self.columns[name].is_ours and name in form.fields]
        if any(name in form.errors for name in own if name != PERIOD):
            return False
        if any(lines.name in form.errors for lines in self.kind.lines):
            return False
        self.kind.clear_hidden(one.draft)
        return values_of(one.draft, {}) == values_of(existing, {})

    def _conflicts(self, one: _Placed, record: Record) -> bool:
        version = str(one.row.read.get(VERSION) or "")
        if record.status == Status.REJECTED and record.period and not one.row.read.get(REFERENCE):
            one.existing = None
            self._renew(one)
            return False
        if record.pk not in self.editable:
            answer = verdict(self.user, "records.edit", record)
            self._refuse(
                one,
                "",
                _("表中内容与已有记录“%(title)s”不同，但%(why)s") % {"title": record.title, "why": answer.reason},
                _("不需要修改的，请从表中删去这一行。"),
            )
        elif version and version != str(record.version):
            self._refuse(
                one,
                VERSION,
                _("这条记录导出后又有人修改过（表中是版本 %(old)s，现在是版本 %(new)d），没有覆盖。")
                % {"old": version, "new": record.version},
                _("请重新导出，在新的表里修改。"),
            )
        elif not version and record.pk in self.changed_on_page:
            self._refuse(
                one,
                "",
                _("已有同一条记录“%s”，它在平台上填写或修改过，内容与表中不同，没有覆盖。") % record.title,
                _("请先在记录列表中导出，在导出的表里修改后再导入；不需要修改的，请删去这一行。"),
            )
        else:
            return False
        return True

    def _is_another_session(self, one: _Placed, record: Record) -> bool:
        """Whether the row is of another event of the day than the record of its title, which was filed on the page: what
        tells twins from one event (the speaker) is said, and differs. A record that an import made is the row's own."""
        read = one.row.read
        if self.kind.is_return or read.get(REFERENCE) or read.get(VERSION) or record.import_batch_id is not None:
            return False
        return any(
            getattr(one.draft, name) and getattr(record, name) and getattr(one.draft, name) != getattr(record, name)
            for name in self.kind.twin_fields
        )

    def _renew(self, one: _Placed) -> None:
        """A refused return stands for nothing: the row is a new one beside it."""
        values = {name: getattr(one.draft, name) for name in self.kind.fields if name != "title"}
        one.draft = self.kind.model(
            enterprise=one.enterprise, kind=self.kind.slug, period=one.row.read.get(PERIOD), **values
        )
        one.draft.is_backfill = self.is_backfill

    def _take_errors(self, one: _Placed, form: RecordForm) -> None:
        read, told = one.row.read, one.row.told()
        if self._key(one.enterprise.pk, read) is None and one.existing is None:
            for name in (PERIOD,) if self.kind.is_return else ("happened_on", "title"):
                if not read.get(name) and name not in told:
                    self._refuse(one, name, _("没有填，无法分辨是哪条记录。"), _("请填好这一格。"))
                    told.add(name)
        if one.existing is not None and self.kind.is_return and read.get(PERIOD, "") != one.existing.period:
            self._refuse(
                one,
                PERIOD,
                _("已有记录的报告期不能在表中改。"),
                _("请改回“%s”，或把编号和版本留空另填一份。") % one.existing.period,
            )
            told.add(PERIOD)
        told |= self._take_line_errors(one, form)
        for name, errors in form.errors.items():
            if name not in told:
                for message in errors:
                    self._refuse(one, "" if name == "__all__" else name, *_told_of(form, name, str(message)))
        told |= set(form.errors)
        for name, value in read.items():
            if value not in ("", None) and not self.columns[name].is_ours and name not in form.fields:
                self._refuse(one, name, _("这家企业不用填这一项。"), _("请清空这一格。"))
        if not self.kind.is_reported_by(one.enterprise):
            self._refuse(one, "", not_reported_by(self.kind, one.enterprise), _("请删去这一行。"))
        self._take_rules(one, told)

    def _take_line_errors(self, one: _Placed, form: RecordForm) -> set[str]:
        """What the form refuses of lines, each with its sheet, row and column; the names of the lines that were told of."""
        told: set[str] = set()
        for sheet, rows in self._lines_of(one):
            field = form.fields.get(sheet.lines.name)
            if sheet.lines.name not in form.errors or not isinstance(field, LinesField):
                continue
            told.add(sheet.lines.name)
            # A row of which nothing could be read is none to the form.
            filled = [row for row in rows if any(value not in ("", None) for value in row.read.values())]
            headings = {column.name: column.heading for column in sheet.columns}
            for cell, messages in field.problems.items():
                row = filled[cell.row - 1] if cell.row else None
                if row is not None and any(column.name == cell.field for column, _why, _cure in row.problems):
                    continue
                where = sheet.where(row, headings.get(cell.field, "")) if row is not None else ""
                for message in messages:
                    self._refuse(
                        one, "", _("%(where)s：%(why)s") % {"where": where, "why": message} if where else message
                    )
        return told

    def _take_rules(self, one: _Placed, told: set[str]) -> None:
        """What the action would refuse: the quarter, and when it is to be handed in, the rules of policy."""
        draft = one.draft
        self.kind.clear_hidden(draft)
        for step in (self._place, self._rules) if self.submits else (self._place,):
            try:
                step(draft)
            except ValidationError as problem:
                named = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
                for name, messages in named.items():
                    for message in messages if name not in told else ():
                        self._refuse(one, "" if name == "__all__" else name, message)

    def _place(self, draft: Record) -> None:
        if draft.period or draft.happened_on:
            place_in_time(draft, self.kind, self.quarters)

    def _rules(self, draft: Record) -> None:
        check_gaps(draft, self.kind.rules)


def _told_of(form: RecordForm, name: str, message: str) -> tuple[str, str]:
    """Reason and cure of what the form refuses; an empty cure is the column's."""
    if message == str(SAYS_NOTHING):
        return _("一项也没有填。"), _("没有开展的请填 0 或选“否”。")
    if name in form.fields and message == str(form.fields[name].error_messages["required"]):
        return _("这一项还没有填。"), ""
    return message, ""


def columns_of_lines(record: Record, lines: Lines) -> list[dict[str, Any]]:
    """The record's lines by column, so that a reference is its key."""
    columns = {name: field_of(lines.model, name).attname for name in lines.fields}
    return [{columns[name]: value for name, value in row.items()} for row in stored_rows(record, lines)]


def _is_number(text: str, kept: Any) -> bool:
    """Whether a text in digits is a number that is kept."""
    if not isinstance(kept, int | Decimal):
        return False
    try:
        return Decimal(text) == kept
    except InvalidOperation:
        return False


def _same_day_and_title(one: _Placed) -> Question:
    """What is asked of a draft; of what is handed in the page's own rule asks."""
    message = _("与%s同一天、同一标题。") % "、".join(dict.fromkeys(one.beside))
    return Question("duplicate", "title", message, advice=_("请确认是另一场活动，不是同一场填了两次。"))


def _number_of(reference: str | None) -> int | None:
    """The running number at the end of ``320115-2026-000123``."""
    tail = str(reference or "").rsplit("-", 1)[-1]
    return int(tail) if tail.isdecimal() and len(tail) < 19 else None
