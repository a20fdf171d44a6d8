"""适用情况: what the answers of the year close, and what is asked of a return that contradicts them."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.refusals import Question
from records.core.models import Record
from records.core.warning_rules import OnFile, WarningRule
from records.duties.actions import asked_in
from records.duties.models import Applicability, Circumstance


def has_none(enterprise: Enterprise, question: Circumstance) -> bool:
    """Whether the enterprise said this year that it has none: what belongs to it is then not asked. One that is in memory
    only, as the burden page makes them, has said nothing."""
    if enterprise.pk is None:
        return False
    year = str(timezone.localdate().year)
    return Applicability.objects.filter(enterprise=enterprise, year=year, **{question.value: False}).exists()


def _without(question: Circumstance, year: str, enterprises: Collection[int]) -> Mapping[int, bool]:
    """Of these the enterprises that said of the year that they have none."""
    said = Applicability.objects.filter(enterprise__in=enterprises, year=year, **{question.value: False})
    return dict.fromkeys(said.values_list("enterprise_id", flat=True), True)


class SaidNone(WarningRule[Record]):
    """适用情况填的是“无”的，不用填报；填报了的要核对。"""

    code = "said-none"
    question: ClassVar[Circumstance]

    def check(self, record: Record, on_file: OnFile) -> Iterator[Question]:
        if record.enterprise_id is None or not (record.period or record.happened_on):
            return
        year = asked_in(record.period) if record.period else str(record.happened_on.year)  # type: ignore[union-attr]  # one of the two
        read = partial(_without, self.question, year)
        if on_file.of_filer(record, f"none of {self.question.value} {year}", read):
            said = {"year": year, "question": self.question.label}
            message = _("%(year)s年适用情况中，“%(question)s”填的是“无”。") % said
            yield Question(self.code, "", message, advice=_("确有这项内容的，请先在“报表填报”中把适用情况改为“有”。"))


def contradicts(asked: Circumstance) -> type[SaidNone]:
    """The warning for a kind that belongs to a question."""
    return type(f"SaidNoneOf{asked.name.title()}", (SaidNone,), {"question": asked, "__doc__": SaidNone.__doc__})
