"""What each row of a workbook of the register is: new, changed, unchanged, a conflict, or not fit, and why.

An empty cell changes nothing: what is to be emptied is emptied on the page. A change of county is a move.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from enterprises.actions import shown as in_words
from enterprises.exchange.resources import CITY, CODE, COUNTY, NEEDED, VERSION, CountyNames, RegisterResource
from enterprises.models import Enterprise, PilotTier
from enterprises.profiles.queries import FOLLOWED, newest
from foundation.access.rules import verdict, where
from foundation.accounts.models import Actor
from foundation.exchange.columns import Column
from foundation.exchange.reading import Row, Table
from foundation.exchange.rows import Problem, chunks
from foundation.exchange.widgets import CellProblem, shown
from foundation.places.models import Place

NEW, CHANGED, UNCHANGED, CONFLICT, INVALID = "new", "changed", "unchanged", "conflict", "invalid"
Report = Callable[[int, str], None]


def _attname(column: Column) -> str:
    """Where the entry keeps it: a relation by its key."""
    return Enterprise._meta.get_field(column.name).attname


@dataclass
class EnterpriseRow:
    """A row with what was made of it. ``county``: where the enterprise is to be; ``changes``: what differs, in words."""

    row: Row
    problems: list[Problem] = field(default_factory=list)
    read: dict[str, Any] = field(default_factory=dict)
    existing: Enterprise | None = None
    draft: Enterprise | None = None
    county: Place | None = None
    changes: list[dict[str, str]] = field(default_factory=list)
    moves: bool = False
    outcome: str = INVALID

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def cells(self) -> dict[str, str]:
        """The row as it stood."""
        return {name: shown(cell) for name, cell in self.row.cells.items()}

    @property
    def code(self) -> str:
        return self.read.get(CODE) or ""


class RegisterChecker:
    """Judges the rows of a table for one person."""

    def __init__(self, resource: RegisterResource, user: Actor) -> None:
        self.resource, self.user = resource, user
        self.counties = CountyNames()
        register_here = Place.objects.filter(where(user, "enterprises.register"))
        self.own_counties = set(register_here.values_list("pk", flat=True))
        self.editable: set[int] = set()
        self.movable: set[int] = set()
        #: Enterprises whose staff figures come from a yearly profile.
        self.followed: set[int] = set()
        self.seen: dict[str, int] = {}
        self.relations = {field.name for field in Enterprise._meta.concrete_fields if field.is_relation}

    def check(self, table: Table, report: Report) -> list[EnterpriseRow]:
        rows = [self._read(row) for row in table.rows]
        report(20, _("正在核对已登记的企业"))
        self._find_existing(rows)
        for number, row in enumerate(rows):
            if number % 200 == 0:
                report(
                    30 + 65 * number // len(rows),
                    _("正在检查第 %(n)d 行，共 %(all)d 行") % {"n": number, "all": len(rows)},
                )
            self._judge(row)
        return rows

    def _column(self, name: str) -> Column:
        return self.resource.by_name[name]

    def _refuse(self, row: EnterpriseRow, name: str, reason: str, cure: str = "") -> None:
        heading = self._column(name).heading if name in self.resource.by_name else ""
        row.problems.append(Problem(name, heading, reason, cure or self._cure(name)))

    def _cure(self, name: str) -> str:
        column = self.resource.by_name.get(name)
        if column is None:
            return _("请核对这一行的内容，改好后重新导入。")
        return _("可填：%s。") % "、".join(column.choices) if column.choices else column.note

    def _read(self, row: Row) -> EnterpriseRow:
        found = EnterpriseRow(row)
        for name, cell in row.cells.items():
            try:
                found.read[name] = self._column(name).widget.clean(cell)
            except CellProblem as problem:
                self._refuse(found, name, problem.reason, problem.cure)
        if found.read.get(COUNTY):
            try:
                found.county = self.counties.read(found.read.get(CITY, ""), found.read[COUNTY])
            except CellProblem as problem:
                self._refuse(found, COUNTY, problem.reason, problem.cure)
        return found

    def _find_existing(self, rows: Sequence[EnterpriseRow]) -> None:
        by_code: dict[str, Enterprise] = {}
        for part in chunks({row.code for row in rows if row.code}):
            enterprises = Enterprise.objects.filter(credit_code__in=part)
            by_code.update(
                {
                    enterprise.credit_code: enterprise
                    for enterprise in enterprises.select_related("county__city", "industry")
                }
            )
        for part in chunks(enterprise.pk for enterprise in by_code.values()):
            enterprises = Enterprise.objects.filter(pk__in=part).order_by()
            self.editable.update(enterprises.allowing(self.user, "enterprises.edit").values_list("pk", flat=True))
            self.followed.update(newest(part))
            self.movable.update(enterprises.allowing(self.user, "enterprises.move").values_list("pk", flat=True))
        for row in rows:
            row.existing = by_code.get(row.code)

    # --- judging

    def _judge(self, row: EnterpriseRow) -> None:
        self._check_code(row)
        if row.code and not any(problem.name == CODE for problem in row.problems):
            self._draft(row)
            if row.existing is None:
                self._check_new(row)
            elif row.changes and not row.problems and self._conflicts(row):
                row.outcome = CONFLICT
                return
        if not row.problems:
            row.outcome = NEW if row.existing is None else CHANGED if row.changes else UNCHANGED

    def _check_code(self, row: EnterpriseRow) -> None:
        if not row.code:
            if not any(problem.name == CODE for problem in row.problems):
                self._refuse(row, CODE, _("没有填统一社会信用代码，不知道是哪家企业。"), _("请填 18 位代码。"))
            return
        first = self.seen.setdefault(row.code, row.number)
        if first != row.number:
            self._refuse(row, CODE, _("与第 %d 行是同一家企业。") % first, _("请只保留一行。"))
        elif row.existing is not None and not verdict(self.user, "enterprises.view", row.existing):
            reason = _("这家企业登记在您管辖范围以外，不能在这里修改。")
            self._refuse(row, CODE, reason, _("请删去这一行；要迁入的，请由上级产改办办理。"))

    def _draft(self, row: EnterpriseRow) -> None:
        """The entry as the row would have it, with everything that is wrong with it."""
        row.draft = copy.copy(row.existing) if row.existing else Enterprise(pilot_tier=PilotTier.NONE)
        for column in self.resource.own:
            value = row.read.get(column.name, "")
            if value not in ("", None):
                setattr(row.draft, _attname(column), value)
        told = {problem.name for problem in row.problems}
        for name, message in self._wrong(row):
            if name not in told:
                self._refuse(row, name, message)
        if row.existing is not None and not row.problems:
            self._compare(row)

    def _wrong(self, row: EnterpriseRow) -> Iterator[tuple[str, str]]:
        empty = [name for name in NEEDED if name not in (COUNTY, "industry") and not getattr(row.draft, name)]
        found: dict[str, list[str]] = {}
        try:
            row.draft.clean_fields(exclude={*self.relations, *empty})
        except ValidationError as problem:
            found = problem.message_dict
            for name in found:
                # Compared with others it would only be refused again.
                setattr(row.draft, name, None)
        try:
            row.draft.clean()
        except ValidationError as problem:
            found |= problem.message_dict
        for name, messages in found.items():
            for message in messages:
                yield ("" if name == "__all__" else name), message

    def _check_new(self, row: EnterpriseRow) -> None:
        told = {problem.name for problem in row.problems}
        for name in NEEDED:
            if not row.read.get(name) and name not in told:
                self._refuse(row, name, _("新登记的企业要填这一格。"))
        if row.county is not None and row.county.pk not in self.own_counties:
            reason = _("%s不在您的管辖范围内，不能在那里登记企业。") % row.county.full_name()
            self._refuse(row, COUNTY, reason, _("请由当地产改办登记。"))

    def _compare(self, row: EnterpriseRow) -> None:
        for column in self.resource.own:
            old, new = (getattr(enterprise, _attname(column)) for enterprise in (row.existing, row.draft))
            if old != new:
                if column.name in FOLLOWED and row.existing.pk in self.followed:
                    reason = _("这家企业的职工人数以年度资料为准，不能在名录里改。")
                    self._refuse(row, column.name, reason, _("请清空这一格；数字有变化的，请更新年度资料。"))
                old, new = (self._words(enterprise, column.name) for enterprise in (row.existing, row.draft))
                row.changes.append({"label": column.heading, "old": old, "new": new})
        if row.county is not None and row.county.pk != row.existing.county_id:
            row.moves = True
            old = row.existing.county.full_name()
            row.changes.append({"label": _("迁移"), "old": old, "new": row.county.full_name()})

    def _words(self, enterprise: Enterprise, name: str) -> str:
        return enterprise.industry_id if name == "industry" else in_words(enterprise, name)

    def _conflicts(self, row: EnterpriseRow) -> bool:
        """Whether the row would change what it may not, or what somebody has changed since. Says so."""
        enterprise, version = row.existing, str(row.read.get(VERSION) or "")
        if not enterprise.is_active:
            self._refuse(
                row, "", _("“%s”已经注销，信息没有覆盖。") % enterprise, _("请删去这一行；要修改的，请先恢复在册。")
            )
        elif enterprise.pk not in self.editable:
            self._refuse(row, "", verdict(self.user, "enterprises.edit", enterprise).reason, _("请删去这一行。"))
        elif version and version != str(enterprise.version):
            self._refuse(
                row,
                VERSION,
                _("这家企业导出后又有人修改过（表中是版本 %(old)s，现在是版本 %(new)d），没有覆盖。")
                % {"old": version, "new": enterprise.version},
                _("请重新导出，在新的表里修改。"),
            )
        elif row.moves and not (enterprise.pk in self.movable and row.county.pk in self.own_counties):
            self._refuse(
                row,
                COUNTY,
                _("从%(old)s迁到%(new)s超出您的管辖范围，没有迁移。")
                % {"old": enterprise.county.full_name(), "new": row.county.full_name()},
                _("不迁移的，请改回原来的县（市、区）；市内跨县的迁移请由市产改办导入，跨市的由省产改办导入。"),
            )
        else:
            return False
        return True
