"""Columns that know kinds."""

from typing import Any

from foundation.ui.tables import NumberColumn
from records.core.kinds import kind_of
from records.core.models import Record


class KindNumberColumn(NumberColumn):
    """A number of the base: 未填报 where the kind asks for it and has none, a dash where the kind has no such field."""

    def __init__(self, field: str, *, through: str = "", **kwargs: Any) -> None:
        """``through``: the relation that leads from a row to its record."""
        self.field, self.through = field, through
        super().__init__(accessor=f"{through}__{field}" if through else field, **kwargs)

    def render(self, value: Any, record: Any = None) -> str:
        of: Record | None = getattr(record, self.through) if self.through and record is not None else record
        if value is None and of is not None and self.field not in kind_of(of).fields:
            return "—"
        return super().render(value)
