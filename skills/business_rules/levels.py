"""What is asked of the kinds of levels of skill."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.refusals import Question
from records.core.fields import quantity_of
from records.core.warning_rules import OnFile, WarningRule
from skills.models import Ladder


class MoreSkilledThanStaff(WarningRule[Ladder]):
    """All levels together hold more people than the enterprise has: somebody stands in two."""

    code = "levels"

    def check(self, record: Ladder, on_file: OnFile) -> Iterator[Question]:
        staff, skilled = record.filing_enterprise.headcount, record.skilled
        if staff is None or skilled is None:
            return
        held = skilled + (record.learners or 0)
        if held > staff:
            message = _("各等级合计 %(all)s，超过了企业名录中的职工人数（%(staff)s）。")
            advice = _("每人只按最高等级计一次，请核对；含派遣等不在册人员的请写明。")
            numbers = {"all": held, "staff": staff}
            said = {key: quantity_of(record, "junior", number) for key, number in numbers.items()}
            yield Question(self.code, "junior", message % said, advice=advice)
