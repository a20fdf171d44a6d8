"""What is asked about a record because of what an office has said of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from foundation.refusals import Question
from records.core.kinds import kind_of
from records.core.models import Record, RecordStep, Status
from records.core.values import differences, values_of
from records.core.warning_rules import OnFile, WarningRule
from records.core.warnings import also_ask


@also_ask
class ReturnedAndUnchanged(WarningRule[Record]):
    """An office sent the record back, and it is handed in again as it was."""

    code = "unchanged"

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        if record.pk is None or record.first_submitted_at is None:
            return
        returned = on_file.of_filer(record, "returned", _handed_in_before, {})
        if (before := returned.get(record.pk)) is None:
            return
        if not differences(kind_of(record), before, values_of(record)):
            advice = _("请按退回意见修改；确实不需要改的，请写明原因。")
            yield Question(self.code, "title", _("这条记录退回之后没有改动。"), advice=advice, stands=False)


def _handed_in_before(filers: Collection[int]) -> dict[int, dict[int, dict[str, Any]]]:
    """By filer: the records that lie sent back, with the values they were last handed in with."""
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    steps = RecordStep.objects.filter(record__status=Status.RETURNED, action="submit").order_by("pk")
    filed_by = steps.annotate(filer=Coalesce("record__enterprise_id", "record__office_id")).filter(filer__in=filers)
    for filer, record, values in filed_by.values_list("filer", "record_id", "values"):
        found[filer][record] = values
    return found
