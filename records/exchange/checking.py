"""What each row of a table is: new, changed, unchanged, a conflict, or not fit to go in, and why.

Rows are judged by the very form of the page, one form for each enterprise with the row's values put into it, so that a
workbook is refused with the page's own words; a form made anew for each row would take five times as long.
"""

import copy
import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from enterprises.models import Enterprise
from foundation.access.rules import verdict, where
from foundation.accounts.models import Actor
from foundation.exchange.columns import Column
from foundation.exchange.reading import Row, Table
from foundation.exchange.rows import Problem, chunks
from foundation.exchange.widgets import CellProblem, shown, tidy
from foundation.refusals import Question
from records.core.business_rules import check_rules
from records.core.forms import RecordForm
from records.core.kinds import RecordKind, kind_of
from records.core.models import Record, RecordStep, Status
from records.core.periods import open_quarters
from records.core.transitions import place_in_time
from records.core.values import differences, stored, values_of
from records.core.warnings import ManyOnFile, warnings_for
from records.exchange.resources import CODE, ENTERPRISE, PERIOD, REFERENCE, VERSION, KindResource

Report = Callable[[int, str], None]


@dataclass
class SheetRow(RowResult):
    """The outcome of a row, with the number it has in Excel."""

    row: Row
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    enterprise: Enterprise | None = None
    existing: Record | None = None
    read: dict[str, Any] = field(default_factory=dict)
    draft: Record | None = None

    def __post_init__(self) -> None:
        super().__init__()
        self.row_values = {name: shown(cell) for name, cell in self.row.cells.items()}

    @property
    def number(self) -> int:
        return self.row.number


class _Forms:
    """The page's form for each enterprise, used again for each of its rows."""

    def __init__(self, kind: RecordKind, submits: bool) -> None:
        self.kind, self.submits = kind, submits
        self._made: dict[int, RecordForm] = {}

    def fill(self, enterprise: Enterprise, data: Mapping[str, Any]) -> RecordForm:
        form = self._made.get(enterprise.pk)
        if form is None:
            form = RecordForm({}, kind=self.kind, enterprise=enterprise, submitting=self.submits)
            self._made[enterprise.pk] = form
        form.data = dict(data)
        form._errors = None
        form.full_clean()
        return form


class Checker:
    """Judges the rows of a table for one person. ``check`` gives a ``Result`` whose rows are ``SheetRow``."""

    def __init__(self, resource: KindResource, user: Actor, *, submits: bool, is_backfill: bool = False) -> None:
        self.resource, self.kind, self.user = resource, resource.kind, user
        self.submits, self.is_backfill = submits, is_backfill
        self.columns: dict[str, Column] = {column.name: column for column in resource.columns}
        self.forms = _Forms(self.kind, submits)
        self.quarters = open_quarters()
        self.on_file = ManyOnFile(self.kind)
        self.seen: dict[Any, int] = {}
        self.editable: set[int] = set()
        self.changed_on_page: set[int] = set()

    def check(self, table: Table, report: Report) -> Result:
        result = Result()
        rows = [self._read(row) for row in table.rows]
        report(15, _("正在核对企业和已有记录"))
        self._find_enterprises(rows)
        self._find_existing(rows)
        for number, row in enumerate(rows):
            if number % 50 == 0:
                report(
                    20 + 75 * number // len(rows),
                    _("正在检查第 %(n)d 行，共 %(all)d 行") % {"n": number, "all": len(rows)},
                )
            self._judge(row)
        if self.submits:
            fit = [row for row in rows if row.is_new() or row.is_update()]
            self.on_file.read(row.draft for row in fit)
            for row in fit:
                row.questions = warnings_for(row.draft, self.on_file)
                self.on_file.add(row.draft)
        for row in rows:
            result.append_row_result(row)
            result.increment_row_result_total(row)
        return result

    # --- reading

    def _read(self, row: Row) -> SheetRow:
        found = SheetRow(row)
        for name, cell in row.cells.items():
            try:
                found.read[name] = self.columns[name].widget.clean(cell)
            except CellProblem as problem:
                found.problems.append(Problem(name, self.columns[name].heading, problem.reason, problem.cure))
        return found

    def _find_enterprises(self, rows: Sequence[SheetRow]) -> None:
        allowed = Enterprise.objects.allowing(self.user, "records.create").select_related("county", "place")
        codes = {row.read[CODE] for row in rows if row.read.get(CODE)}
        names = {row.read[ENTERPRISE] for row in rows if row.read.get(ENTERPRISE) and not row.read.get(CODE)}
        by_code = {e.credit_code: e for chunk in chunks(codes) for e in allowed.filter(credit_code__in=chunk)}
        by_name: dict[str, list[Enterprise]] = defaultdict(list)
        for chunk in chunks(names):
            for enterprise in allowed.filter(name__in=chunk):
                by_name[enterprise.name].append(enterprise)
        first_two = list(allowed.order_by("pk")[:2])
        only = first_two[0] if len(first_two) == 1 else None
        for row in rows:
            code, name = row.read.get(CODE), row.read.get(ENTERPRISE)
            named = by_name.get(name, []) if name else []
            if code:
                row.enterprise = by_code.get(code)
            else:
                row.enterprise = named[0] if len(named) == 1 else only if not name else None
            if row.enterprise is None:
                self._no_enterprise(row, code, name, len(named))

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
        row.problems.append(Problem(column, self.columns[column].heading, reason, cure))

    # --- which record a row is

    def _key(self, enterprise_id: int, values: Mapping[str, Any]) -> tuple | None:
        if self.kind.is_return:
            return (enterprise_id, values[PERIOD]) if values.get(PERIOD) else None
        day, title = values.get("happened_on"), tidy(str(values.get("title") or ""))
        return (enterprise_id, day, title) if title and isinstance(day, datetime.date) else None

    def _find_existing(self, rows: Sequence[SheetRow]) -> None:
        """The record each row means: by its number, else by its natural key."""
        placed = [row for row in rows if row.enterprise is not None]
        enterprises = {row.enterprise.pk: row.enterprise for row in placed}
        numbers = {number for row in placed if (number := _number_of(row.read.get(REFERENCE))) is not None}
        visible = where(self.user, "records.view")
        by_number: dict[int, Record] = {}
        for chunk in chunks(numbers):
            by_number.update(self.kind.model.objects.filter(visible).in_bulk(chunk))
        by_key = self._by_key(placed, enterprises)
        for row in placed:
            if row.read.get(REFERENCE):
                row.existing = by_number.get(_number_of(row.read[REFERENCE]))
                if row.existing is None or row.existing.enterprise_id != row.enterprise.pk:
                    row.existing = None
                    self._refuse(
                        row,
                        REFERENCE,
                        _("没有找到编号为“%s”的记录，或它不属于这家企业。") % row.read[REFERENCE],
                        _("请按导出的表填写编号；要新增记录，请把编号和版本留空。"),
                    )
            else:
                row.existing = by_key.get(self._key(row.enterprise.pk, row.read))
            if row.existing is not None:
                row.existing.enterprise = row.enterprise
        self._find_permissions([row.existing for row in placed if row.existing is not None])

    def _by_key(self, rows: Sequence[SheetRow], enterprises: Mapping[int, Enterprise]) -> dict[tuple, Record]:
        found: dict[tuple, Record] = {}
        condition = models.Q(period__isnull=False)
        # An enterprise's draft that an office cannot see is no match for an activity; a return exists only once.
        if not self.kind.is_return:
            days = [row.read["happened_on"] for row in rows if isinstance(row.read.get("happened_on"), datetime.date)]
            if not days:
                return {}
            condition = models.Q(happened_on__range=(min(days), max(days))) & where(self.user, "records.view")
        for chunk in chunks(enterprises):
            for record in self.kind.model.objects.filter(condition, enterprise_id__in=chunk).order_by("pk"):
                key = self._key(
                    record.enterprise_id, {name: stored(record, name) for name in (PERIOD, "title", "happened_on")}
                )
                # A refused record stands for nothing while there is another.
                if key not in found or found[key].status == Status.REJECTED:
                    found[key] = record
        return found

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

    def _refuse(self, row: SheetRow, name: str, reason: str, cure: str = "") -> None:
        heading = self.columns[name].heading if name in self.columns else ""
        row.problems.append(Problem(name, heading, reason, cure or self._cure(name)))

    def _cure(self, name: str) -> str:
        column = self.columns.get(name)
        if column is None:
            return _("请核对这一行的内容，改好后重新导入。")
        if column.choices:
            listed = "、".join(column.choices[:12])
            return _("可填：%s。") % listed
        if column.widget.shape in ("integer", "decimal"):
            return _("请核对数字，只填数值；没有统计的留空。")
        if column.widget.shape == "date":
            return _("请填年月日，例如 2026-09-30。")
        return _("最多 %d 个字。") % column.max_length if column.max_length else _("请按表头的批注填写。")

    def _judge(self, row: SheetRow) -> None:
        if row.enterprise is not None:
            self._check_twice(row)
            form = self._fill(row)
            self._draft(row, form)
            if row.existing is not None and not row.problems and self._is_same(row, form):
                row.import_type = RowResult.IMPORT_TYPE_SKIP
                return
            if row.existing is not None and self._conflicts(row):
                row.import_type = RowResult.IMPORT_TYPE_ERROR
                return
            self._take_errors(row, form)
        if row.problems:
            row.import_type = RowResult.IMPORT_TYPE_INVALID
        else:
            row.import_type = RowResult.IMPORT_TYPE_UPDATE if row.existing else RowResult.IMPORT_TYPE_NEW

    def _check_twice(self, row: SheetRow) -> None:
        key = row.existing.pk if row.existing else self._key(row.enterprise.pk, row.read)
        if key is None:
            return
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            self._refuse(row, "", _("与第 %d 行是同一条记录。") % first, _("请只保留一行。"))

    def _fill(self, row: SheetRow) -> RecordForm:
        """The form with the row's values; what the sheet has no column for stays as the record has it."""
        data: dict[str, Any] = {}
        if row.existing is not None:
            data = {name: stored(row.existing, name) for name in (*self.kind.fields, PERIOD)}
        data |= {name: value for name, value in row.read.items() if not self.columns[name].is_ours}
        return self.forms.fill(row.enterprise, data)

    def _draft(self, row: SheetRow, form: RecordForm) -> None:
        """The record as the row would have it."""
        draft = (
            copy.copy(row.existing) if row.existing else self.kind.model(enterprise=row.enterprise, kind=self.kind.slug)
        )
        for name, value in form.values().items():
            setattr(draft, name, value)
        if row.existing is None:
            draft.is_backfill = self.is_backfill
        row.draft = draft

    def _is_same(self, row: SheetRow, form: RecordForm) -> bool:
        own = [name for name in row.read if not self.columns[name].is_ours and name in form.fields]
        if any(name in form.errors for name in own if name != PERIOD):
            return False
        self.kind.clear_hidden(row.draft)
        return values_of(row.draft, ()) == values_of(row.existing, ())

    def _conflicts(self, row: SheetRow) -> bool:
        record, version = row.existing, str(row.read.get(VERSION) or "")
        if record.status == Status.REJECTED and record.period and not row.read.get(REFERENCE):
            row.existing = None
            row.draft.pk = row.draft.id = None
            self._renew(row)
            return False
        if record.pk not in self.editable:
            answer = verdict(self.user, "records.edit", record)
            self._refuse(
                row,
                "",
                _("表中内容与已有记录“%(title)s”不同，但%(why)s") % {"title": record.title, "why": answer.reason},
                _("不需要修改的，请从表中删去这一行。"),
            )
        elif version and version != str(record.version):
            self._refuse(
                row,
                VERSION,
                _("这条记录导出后又有人修改过（表中是版本 %(old)s，现在是版本 %(new)d），没有覆盖。")
                % {"old": version, "new": record.version},
                _("请重新导出，在新的表里修改。"),
            )
        elif not version and record.pk in self.changed_on_page:
            self._refuse(
                row,
                "",
                _("已有同一条记录“%s”，它在平台上填写或修改过，内容与表中不同，没有覆盖。") % record.title,
                _("请先在记录列表中导出，在导出的表里修改后再导入；不需要修改的，请删去这一行。"),
            )
        else:
            return False
        return True

    def _renew(self, row: SheetRow) -> None:
        """A refused return stands for nothing: the row is a new one beside it."""
        values = {name: getattr(row.draft, name) for name in self.kind.fields if name != "title"}
        row.draft = self.kind.model(
            enterprise=row.enterprise, kind=self.kind.slug, period=row.read.get(PERIOD), **values
        )
        row.draft.is_backfill = self.is_backfill

    def _take_errors(self, row: SheetRow, form: RecordForm) -> None:
        told = {problem.name for problem in row.problems}
        if self._key(row.enterprise.pk, row.read) is None and row.existing is None:
            for name in (PERIOD,) if self.kind.is_return else ("happened_on", "title"):
                if not row.read.get(name) and name not in told:
                    self._refuse(row, name, _("没有填，无法分辨是哪条记录。"), _("请填好这一格。"))
                    told.add(name)
        if row.existing is not None and self.kind.is_return and row.read.get(PERIOD, "") != row.existing.period:
            self._refuse(
                row,
                PERIOD,
                _("已有记录的报告期不能在表中改。"),
                _("请改回“%s”，或把编号和版本留空另填一份。") % row.existing.period,
            )
            told.add(PERIOD)
        for name, messages in form.errors.items():
            if name not in told:
                for message in messages:
                    self._refuse(row, "" if name == "__all__" else name, str(message))
        told |= set(form.errors)
        for name, value in row.read.items():
            if value not in ("", None) and not self.columns[name].is_ours and name not in form.fields:
                self._refuse(row, name, _("这家企业不用填这一项。"), _("请清空这一格。"))
        if not self.kind.applies_to(row.enterprise):
            self._refuse(row, "", _("“%(kind)s”不适用于这家企业。") % {"kind": self.kind.label}, _("请删去这一行。"))
        self._take_rules(row, told)

    def _take_rules(self, row: SheetRow, told: set[str]) -> None:
        """What the action would refuse: the quarter, and when it is to be handed in, the rules of policy."""
        draft = row.draft
        self.kind.clear_hidden(draft)
        for step in (self._place, self._rules) if self.submits else (self._place,):
            try:
                step(draft)
            except ValidationError as problem:
                named = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
                for name, messages in named.items():
                    for message in messages if name not in told else ():
                        self._refuse(row, "" if name == "__all__" else name, message)

    def _place(self, draft: Record) -> None:
        if draft.period or draft.happened_on:
            place_in_time(draft, self.kind, self.quarters)

    def _rules(self, draft: Record) -> None:
        check_rules(draft, self.kind.rules, draft.happened_on or timezone.localdate())


def _number_of(reference: str | None) -> int | None:
    """The running number at the end of ``320115-2026-000123``."""
    tail = str(reference or "").rsplit("-", 1)[-1]
    return int(tail) if tail.isdecimal() and len(tail) < 19 else None


def changes_of(row: SheetRow) -> list[dict[str, str]]:
    """What a changed row changes, in words."""
    found = differences(kind_of(row.existing), values_of(row.existing, ()), values_of(row.draft, ()))
    return [{"label": change.label, "old": change.old, "new": change.new} for change in found]
