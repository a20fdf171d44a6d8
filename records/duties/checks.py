"""What is asked about a record because of what its enterprise has said of the quarter."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.refusals import Question
from records.core.models import Record, Status
from records.core.warning_rules import OnFile, WarningRule
from records.core.warnings import also_ask
from records.duties.models import QuarterStatement


@also_ask
class QuarterSaidComplete(WarningRule[Record]):
    """The enterprise has confirmed that the quarter is complete, and files into it after all."""

    code = "said_complete"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        said = on_file.of_filer(record, "statements", _said_complete, frozenset())
        if record.period or record.quarter not in said or _is_mended(record):
            return
        message = _("本企业已确认%s“已填完”。") % Quarter.parse(record.quarter).label
        advice = _("提交后这个确认自动取消，请全部填完后再确认一次。")
        yield Question(self.code, "happened_on", message, advice=advice)


def _is_mended(record: Record) -> bool:
    """Handed in before, and now, or about to be, once more: nothing new for the quarter. The move may have been made in
    memory already."""
    if record.status == Status.SUBMITTED:
        return record.submitted_at != record.first_submitted_at
    return record.first_submitted_at is not None


def _said_complete(enterprises: Collection[int]) -> dict[int, set[str]]:
    """The quarters each enterprise called complete; 零报告 is lifted by itself and not asked about."""
    found: dict[int, set[str]] = {}
    rows = QuarterStatement.objects.filter(enterprise_id__in=enterprises, is_nil=False)
    for enterprise, quarter in rows.values_list("enterprise_id", "quarter"):
        found.setdefault(enterprise, set()).add(quarter)
    return found
