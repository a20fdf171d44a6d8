"""What a change of the register does to the figures. Counting follows the register's change feed by itself."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, register_consequence
from enterprises.models import ChangeKind
from indicators.fill import open_reporting_quarters


@register_consequence
class Figures(Consequence):
    name = "figures"
    order = 40

    def foresee(self, change: PlannedChange) -> Iterator[Effect]:
        texts: dict[str, str] = {
            ChangeKind.MOVE: _("%s的在册企业、职工人数等改计入迁入地；以前的季度不变。"),
            ChangeKind.CLOSE: _("%s的在册企业、职工人数等不再计入这家企业；以前的季度不变。"),
            ChangeKind.MERGE: _(
                "%s的在册企业、职工人数等不再计入被并入的企业；以前的季度不变。请随后更新存续企业的职工人数。"
            ),
            ChangeKind.SPLIT: _("%s的在册企业多一家；以前的季度不变。请随后核对原企业的职工人数。"),
            ChangeKind.REOPEN: _("%s重新计入这家企业；以前的季度不变。"),
        }
        # A quarter's figures of the register are those of its last day.
        quarters = "、".join(quarter.label for quarter in open_reporting_quarters() if quarter.last_day >= change.on)
        if change.kind in texts and quarters:
            yield Effect(_("数字"), texts[change.kind] % quarters)
