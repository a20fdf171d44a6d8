"""What an answer says of numbers that are then not asked."""

from collections.abc import Mapping
from typing import ClassVar

from records.core.kinds import RecordKind
from records.models import Record


class AnsweredKind(RecordKind):
    """A kind in which a no is a number: who has no arrears has nobody in arrears, which is 0 and not unknown.

    none_without   the numbers that are 0 once a question is answered with no: ``{"has_arrears": ("in_arrears",)}``
    """

    none_without: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def clear_hidden(self, record: Record) -> None:
        super().clear_hidden(record)
        for question, numbers in self.none_without.items():
            if getattr(record, question) is False:
                for name in numbers:
                    setattr(record, name, 0)
