"""The way to a target, and the light: where an indicator stands against the point of the way that a quarter's end asks for.

The way is straight, by quarters. What adds up over the year begins at 0; anything else where it stood at the end of the year
before, or where the target says that it begins. What is told for the whole of a closed year has no way any more: it is held
against the end. What is required at any time (``Indicator.target``) is level: no quarter asks for less.

    reached       达到进度  the point of this quarter, or already the end
    not reached   落后进度  but further than the point of the quarter before: less than a quarter behind
    a quarter     明显落后  no further than the point of the quarter before, so a whole quarter or more behind

The threshold is the way's own step, so that it means the same of per cents, people and money, and upward as downward. A
level way has no step: what misses it is 落后进度.

A ratio whose two sides were not told by as many units is no ratio of the same people: it is held against nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.calendar.periods import Quarter
from foundation.ratios import between
from foundation.ui.formats import quantity

QUARTERS = 4


class Light(models.TextChoices):
    MET = "met", gettext_lazy("达到进度")
    BEHIND = "behind", gettext_lazy("落后进度")
    FAR = "far", gettext_lazy("明显落后")
    SILENT = "silent", gettext_lazy("未填报")
    EARLY = "early", gettext_lazy("尚未到期")
    NO_START = "no_start", gettext_lazy("缺少起点")
    UNLIKE = "unlike", gettext_lazy("不可比")
    NONE = "none", gettext_lazy("无目标")


#: How a light looks; the word is always beside it (``foundation.ui.badges``).
TONES = {
    Light.MET: "done",
    Light.BEHIND: "soon",
    Light.FAR: "bad",
    Light.SILENT: "quiet",
    Light.EARLY: "quiet",
    Light.NO_START: "quiet",
    Light.UNLIKE: "quiet",
    Light.NONE: "quiet",
}


@dataclass(frozen=True)
class Way:
    """From ``start`` to ``target`` in ``QUARTERS`` steps, of which ``done`` are due by the end of the quarter looked at.

    ``rises``: higher is better. ``adds_up``: it grows from the year's beginning, so that being beyond the end early is no
    excuse where lower is better. ``year``: whose target it is; None for what is required at any time. ``start`` None:
    nobody knows where it begins.
    """

    target: Decimal
    start: Decimal | None
    done: int
    rises: bool
    adds_up: bool = False
    year: int | None = None

    def point(self, quarters: int) -> Decimal | None:
        """Where it should be after so many quarters."""
        if quarters >= QUARTERS:
            return self.target
        return None if self.start is None else between(self.start, self.target, quarters, QUARTERS)

    @property
    def due(self) -> Decimal | None:
        return self.point(self.done)

    def reaches(self, value: Decimal, point: Decimal) -> bool:
        return value >= point if self.rises else value <= point


@dataclass(frozen=True)
class Mark:
    """The light of an indicator in a quarter, and what it was judged by. ``way`` None: there is no target."""

    light: Light
    quarter: Quarter
    unit: str = ""
    way: Way | None = None

    @property
    def label(self) -> str:
        return str(self.light.label)

    @property
    def tone(self) -> str:
        return TONES[self.light]

    @property
    def target(self) -> Decimal | None:
        return self.way.target if self.way else None

    @property
    def due(self) -> Decimal | None:
        return self.way.due if self.way else None

    @property
    def whose(self) -> str:
        """Whose target stands there: that of a year, or what is required at any time."""
        if self.way is None:
            return ""
        return _("%d年目标") % self.way.year if self.way.year else _("指标要求值")

    @property
    def reason(self) -> str:
        """What the light was judged by, in a sentence."""
        if self.way is None:
            return ""
        if self.light is Light.NO_START:
            return _("不知道从多少起步：上年末没有数。请在目标中填写起点值。")
        if self.light is Light.EARLY:
            return _("季度结束、数字报齐后再看进度。")
        if self.light is Light.UNLIKE:
            return _("分子、分母的填报单位不一致，不与目标或要求值比较。")
        due = self.due
        if due is None:
            return ""
        asked = {"due": quantity(due, self.unit), "quarter": self.quarter.label}
        if self.way.year is None and not self.way.adds_up:
            return _("应达到 %(due)s") % asked
        if self.way.year is not None and self.way.year != self.quarter.year:
            said = _("全年应达到 %(due)s") % asked
            return _("%s；应走的路还差四分之一及以上") % said if self.light is Light.FAR else said
        said = _("%(quarter)s末应达到 %(due)s") % asked
        if self.light is Light.FAR:
            return _("%s；落后一个季度及以上") % said
        has_step = self.way.start is not None and self.way.start != self.way.target
        return _("%s；落后不到一个季度") % said if self.light is Light.BEHIND and has_step else said


def counted_lights(marks: Iterable[Mark]) -> list[tuple[str, str, int]]:
    """(word, tone, how many) of the lights there are, in their order."""
    counts = Counter(mark.light for mark in marks)
    return [(str(light.label), TONES[light], counts[light]) for light in Light if counts[light]]


def judged(
    value: Decimal | None, way: Way | None, quarter: Quarter, *, is_over: bool, is_alike: bool = True, unit: str = ""
) -> Mark:
    """The light of a value. ``is_over``: the quarter has ended; before, only what nothing can undo any more is told.
    ``is_alike``: of a ratio, both sides were told by as many."""
    if way is None:
        return Mark(Light.NONE, quarter, unit)
    return Mark(_light(value, way, is_over=is_over, is_alike=is_alike), quarter, unit, way)


def _light(value: Decimal | None, way: Way, *, is_over: bool, is_alike: bool) -> Light:
    if value is None:
        return Light.SILENT
    due = way.due
    if not is_over:
        is_safe = way.adds_up and way.rises and due is not None and way.reaches(value, due)
        return Light.MET if is_safe else Light.EARLY
    if not is_alike:
        return Light.UNLIKE
    if not way.adds_up and way.reaches(value, way.target):
        return Light.MET
    if due is None:
        return Light.NO_START
    if way.reaches(value, due):
        return Light.MET
    before = way.point(way.done - 1)
    if before is None or before == due:
        return Light.BEHIND
    return Light.BEHIND if value != before and way.reaches(value, before) else Light.FAR
