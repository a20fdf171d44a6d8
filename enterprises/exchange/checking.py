"""What each row of a workbook of the register is: new, changed, unchanged, a conflict, or not fit, and why.

An empty cell changes nothing: what is to be emptied is emptied on the page. A change of county is a move.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from enterprises.actions import shown as in_words
from enterprises.doubles import question, same_names, seen_by
from enterprises.exchange.resources import (
    CITY,
    CODE,
    COUNTY,
    NEEDED,
    VERSION,
    CountyNames,
    RegisterResource,
    register_cure,
)
from enterprises.models import Enterprise, PilotTier
from enterprises.profiles.queries import FOLLOWED, newest
from foundation.access.rules import verdict, where
from foundation.accounts.models import Actor
from foundation.exchange.columns import Column
from foundation.exchange.models import Outcome
from foundation.exchange.readings import CellProblem
from foundation.exchange.rows import SheetRow, chunks, parted
from foundation.fields import field_of
from foundation.folding import fold
from foundation.places.models import Place


def _attname(column: Column) -> str:
    """Where the entry keeps it: a relation by its key."""
    return field_of(Enterprise, column.name).attname


@dataclass
class _Judged:
    """A row with what was made of it. ``county``: where the enterprise is to be."""

    row: SheetRow
    existing: Enterprise | None = None
    draft: Enterprise | None = None
    county: Place | None = None
    moves: bool = False

    @property
    def read(self) -> dict[str, Any]:
        return self.row.read

    @property
    def code(self) -> str:
        return self.row.read.get(CODE) or ""


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
        self.seen: dict[str, tuple[str, int]] = {}
        #: The rows of each name so far.
        self.named: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.relations = {field.name for field in Enterprise._meta.concrete_fields if field.is_relation}

    def check(self, rows: Sequence[SheetRow]) -> None:
        judged = [_Judged(row) for row in rows]
        self._find_counties(judged)
        self._find_existing(judged)
        for one in judged:
            self._judge(one)
            self._keep(one)
        self._ask_about_names(judged)

    def _ask_about_names(self, judged: Sequence[_Judged]) -> None:
        """A new enterprise, or one that is renamed, of the name of another: registered, or in a row before it."""
        named = [
            one
            for one in judged
            if one.row.is_fit
            and one.draft is not None
            and (one.existing is None or fold(one.existing.name) != fold(one.draft.name))
        ]
        found = same_names(one.draft.name for one in named if one.draft is not None)
        seen = seen_by(self.user, [other for others in found.values() for other in others])
        for one in named:
            if one.draft is None:
                continue
            key, own = fold(one.draft.name), one.existing.pk if one.existing else None
            others = [other for other in found.get(key, ()) if other.pk != own]
            rows = [one.row.other_row(place) for place in self.named.get(key, ())]
            if asked := question(one.draft.name, others, seen, rows):
                one.row.questions.append(asked)
            self.named[key].append(one.row.place)

    def _column(self, name: str) -> Column:
        return self.resource.by_name[name]

    def _refuse(self, one: _Judged, name: str, reason: str, cure: str = "") -> None:
        column = self.resource.by_name.get(name)
        if not cure:
            reason, cure = parted(reason)
        if column is not None and not cure:
            cure = register_cure(column)
        one.row.refuse(column, reason, cure)

    def _find_counties(self, judged: Sequence[_Judged]) -> None:
        for one in judged:
            if one.read.get(COUNTY):
                try:
                    one.county = self.counties.read(one.read.get(CITY, ""), one.read[COUNTY])
                except CellProblem as problem:
                    self._refuse(one, COUNTY, problem.reason, problem.cure)

    def _find_existing(self, judged: Sequence[_Judged]) -> None:
        by_code: dict[str, Enterprise] = {}
        for part in chunks({one.code for one in judged if one.code}):
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
        for one in judged:
            one.existing = by_code.get(one.code)

    # --- judging

    def _judge(self, row: _Judged) -> None:
        """Settle the row's outcome."""
        sheet = row.row
        self._check_code(row)
        if row.code and CODE not in sheet.told():
            self._draft(row)
            if row.existing is None:
                self._check_new(row)
            elif sheet.changes and not sheet.problems and self._conflicts(row, row.existing):
                sheet.settle(Outcome.CONFLICT)
                return
        if sheet.problems:
            sheet.settle(Outcome.INVALID)
        elif row.existing is None:
            sheet.settle(Outcome.NEW)
        else:
            sheet.settle(Outcome.CHANGED if sheet.changes else Outcome.UNCHANGED)

    def _keep(self, row: _Judged) -> None:
        """What is kept of a fit row for the page and for the writing: what the sheet said, by field."""
        sheet = row.row
        sheet.title = row.existing.name if row.existing else row.read.get("name", "")
        if not sheet.is_fit or row.draft is None:
            return
        names = [name for name, value in row.read.items() if value not in ("", None) and not name.startswith("_")]
        sheet.values = {
            "version": row.existing.version if row.existing else None,
            "county": row.county.pk if row.county else None,
            "entry": {
                name: row.draft.industry_id if name == "industry" else getattr(row.draft, name)
                for name in names
                if name != COUNTY
            },
        }
        sheet.target = str(row.existing.pk) if row.existing else ""
        sheet.stands_first = row.moves

    def _check_code(self, row: _Judged) -> None:
        if not row.code:
            if CODE not in row.row.told():
                self._refuse(row, CODE, _("没有填统一社会信用代码，不知道是哪家企业。"), _("请填 18 位代码。"))
            return
        first = self.seen.setdefault(row.code, row.row.place)
        if first != row.row.place:
            self._refuse(row, CODE, _("与%s是同一家企业。") % row.row.other_row(first), _("请只保留一行。"))
        elif row.existing is not None and not verdict(self.user, "enterprises.view", row.existing):
            reason = _("这家企业登记在您管辖范围以外，不能在这里修改。")
            self._refuse(row, CODE, reason, _("请删去这一行；要迁入的，请由上级产改办办理。"))

    def _draft(self, row: _Judged) -> None:
        """The entry as the row would have it, with everything that is wrong with it."""
        draft = copy.copy(row.existing) if row.existing else Enterprise(pilot_tier=PilotTier.NONE)
        row.draft = draft
        for column in self.resource.own:
            value = row.read.get(column.name, "")
            if value not in ("", None):
                setattr(draft, _attname(column), value)
        told = row.row.told()
        for name, message in self._wrong(draft):
            if name not in told:
                self._refuse(row, name, message)
        if row.existing is not None and not row.row.problems:
            self._compare(row, row.existing, draft)

    def _wrong(self, draft: Enterprise) -> Iterator[tuple[str, str]]:
        empty = [name for name in NEEDED if name not in (COUNTY, "industry") and not getattr(draft, name)]
        found: dict[str, list[str]] = {}
        try:
            draft.clean_fields(exclude={*self.relations, *empty})
        except ValidationError as problem:
            found = problem.message_dict
            for name in found:
                # Compared with others it would only be refused again.
                setattr(draft, name, None)
        try:
            draft.clean()
        except ValidationError as problem:
            found |= problem.message_dict
        for name, messages in found.items():
            for message in messages:
                yield ("" if name == "__all__" else name), message

    def _check_new(self, row: _Judged) -> None:
        told = row.row.told()
        for name in NEEDED:
            if not row.read.get(name) and name not in told:
                self._refuse(row, name, _("新登记的企业要填这一格。"))
        if row.county is not None and row.county.pk not in self.own_counties:
            reason = _("%s不在您的管辖范围内，不能在那里登记企业。") % row.county.full_name()
            self._refuse(row, COUNTY, reason, _("请由当地产改办登记。"))

    def _compare(self, row: _Judged, existing: Enterprise, draft: Enterprise) -> None:
        for column in self.resource.own:
            if getattr(existing, _attname(column)) != getattr(draft, _attname(column)):
                if column.name in FOLLOWED and existing.pk in self.followed:
                    reason = _("这家企业的职工人数以年度资料为准，不能在名录里改。")
                    self._refuse(row, column.name, reason, _("请清空这一格；数字有变化的，请更新年度资料。"))
                old, new = (self._words(enterprise, column.name) for enterprise in (existing, draft))
                row.row.changes.append({"label": column.heading, "old": old, "new": new})
        if row.county is not None and row.county.pk != existing.county_id:
            row.moves = True
            old = existing.county.full_name()
            row.row.changes.append({"label": _("迁移"), "old": old, "new": row.county.full_name()})

    def _words(self, enterprise: Enterprise, name: str) -> str:
        return enterprise.industry_id if name == "industry" else in_words(enterprise, name)

    def _conflicts(self, row: _Judged, enterprise: Enterprise) -> bool:
        """Whether the row would change what it may not, or what somebody has changed since. Says so."""
        version = str(row.read.get(VERSION) or "")
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
        elif row.county is not None and row.moves and not self._may_move(enterprise, row.county):
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

    def _may_move(self, enterprise: Enterprise, county: Place) -> bool:
        return enterprise.pk in self.movable and county.pk in self.own_counties
