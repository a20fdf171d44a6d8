"""A row on its way through the check, and what is said of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from import_export.results import RowResult

from foundation.exchange.columns import Column
from foundation.exchange.models import FIT, Outcome
from foundation.exchange.readings import CellProblem
from foundation.refusals import Question
from foundation.saying import filled

_CHUNK = 500
_IMPORT_TYPES = {
    Outcome.NEW: RowResult.IMPORT_TYPE_NEW,
    Outcome.CHANGED: RowResult.IMPORT_TYPE_UPDATE,
    Outcome.UNCHANGED: RowResult.IMPORT_TYPE_SKIP,
    Outcome.CONFLICT: RowResult.IMPORT_TYPE_ERROR,
    Outcome.INVALID: RowResult.IMPORT_TYPE_INVALID,
}


class Problem(NamedTuple):
    """What is wrong with a row: the column (its heading, or empty), why, and what to do."""

    name: str
    column: str
    reason: str
    cure: str


@dataclass
class SheetRow(RowResult):
    """A row on its way through the check. ``read`` is what its cells mean, by column; a checker sets the outcome
    (``settle``) and, for a row that is fit, ``values``: what is to be written, in JSON."""

    number: int
    cells: dict[str, Any]
    sheet: str = ""
    read: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    outcome: Outcome = Outcome.INVALID
    values: dict[str, Any] = field(default_factory=dict)
    target: str = ""
    title: str = ""
    #: What a changed row changes, in words: label, old, new.
    changes: list[dict[str, str]] = field(default_factory=list)
    stands_first: bool = False
    #: What other sheets of the file say of the row, as it stood, for handing it back.
    beside: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def is_fit(self) -> bool:
        return self.outcome in FIT

    @property
    def place(self) -> tuple[str, int]:
        """Which row of the file it is: each sheet has a row 2 of its own."""
        return self.sheet, self.number

    def other_row(self, place: tuple[str, int]) -> str:
        """Another row, in a sentence about this one; with its sheet when that is another."""
        sheet, number = place
        if sheet == self.sheet:
            return _("第 %d 行") % number
        return _("工作表“%(sheet)s”第 %(row)d 行") % {"sheet": sheet, "row": number}

    def settle(self, outcome: Outcome) -> None:
        self.outcome, self.import_type = outcome, _IMPORT_TYPES[outcome]

    def refuse(self, column: Column | None, reason: str, cure: str = "") -> None:
        """One thing that is wrong, of a column or (None) of the row as a whole."""
        name, heading = (column.name, column.heading) if column is not None else ("", "")
        if not cure:
            reason, cure = parted(reason)
        is_empty = column is not None and self.read.get(column.name, self.cells.get(column.name)) in ("", None)
        self.problems.append(Problem(name, heading, reason, cure or cure_for(column, is_empty=is_empty)))

    def told(self) -> set[str]:
        """The columns something is wrong with already."""
        return {problem.name for problem in self.problems}


def parted(reason: str) -> tuple[str, str]:
    """A message as the page shows it, with what to do as its last sentences, in two; an empty cure where it says none."""
    why, mark, what = reason.partition("。请")
    return (f"{why}。", f"请{what}") if mark else (reason, "")


def cure_for(column: Column | None, *, is_empty: bool = False) -> str:
    """What to do about a cell of the column, when the reason does not say; of an empty one, that it is to be filled."""
    if column is None:
        return _("请核对这一行的内容，改好后重新导入。")
    fill = _("请填写%s。") % column.heading.strip("*") if is_empty else ""
    if column.choices:
        return fill + _("可填：%s。") % "、".join(column.choices[:12])
    if fill:
        return fill + (_("例如 2026-09-30。") if column.widget.shape == "date" else "")
    if column.widget.shape in ("integer", "decimal"):
        return _("请核对数字，只填数值。") + _without_answer(column)
    if column.widget.shape == "date":
        # What is no day says itself how a day is written: this one was understood, and is refused for the day it is.
        return _("请核对日期。")
    return filled(_("最多 %d 个字。"), column.max_length) if column.max_length else _("请按表头的批注填写。")


def cure_of(problem: CellProblem, column: Column) -> str:
    """What to do about a cell of the column that could not be read."""
    if not problem.cure:
        return cure_for(column)
    return problem.cure + (_without_answer(column) if problem.may_be_unknown else "")


def _without_answer(column: Column) -> str:
    """What to do when nobody knows what belongs into the column: only where it may stay empty, that it does."""
    if not column.needed:
        return _("没有统计的留空。")
    if column.widget.shape in ("integer", "decimal"):
        return _("没有准确数的，先核实再填。")
    return _("不清楚的，先核实再填。")


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Parts small enough for one ``IN`` of any database."""
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]
