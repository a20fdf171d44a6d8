"""The rows of what is undecided, as the kinds declare it."""

from foundation.fields import label_of_field
from foundation.loading import Loaded
from records.core.kinds import RecordKind, all_kinds
from records.core.models import UndecidedItem


def _name_of(kind: RecordKind, field: str) -> str:
    return f"{kind.label}：{label_of_field(kind.model, field)}" if field else kind.label


def load_undecided() -> Loaded:
    """A row for each thing that the kinds leave to the province, where there is none yet. Those there are stay as they are."""
    present = set(UndecidedItem.objects.values_list("kind", "field"))
    made = [
        UndecidedItem(kind=kind.slug, field=field, name=_name_of(kind, field), is_asked=is_asked)
        for kind in all_kinds()
        for field, is_asked in kind.undecided.items()
        if (kind.slug, field) not in present
    ]
    UndecidedItem.objects.bulk_create(made)
    return Loaded(created=len(made), unchanged=len(present))
