"""Columns that know kinds."""

from typing import Any

from foundation.ui.tables import NumberColumn
from records.core.kinds import kind_of
from records.core.models import Record


class KindNumberColumn(NumberColumn):
    """A number of the base: 未填报 where the kind asks for it and has none, a dash where the kind has no such field."""

    def __init__(self, field: str, **kwargs: Any) -> None:
        self.field = field
        super().__init__(accessor=field, **kwargs)

    def render(self, value: Any, record: Record | None = None) -> str:
        if value is None and record is not None and self.field not in kind_of(record).fields:
            return "—"
        return super().render(value)
