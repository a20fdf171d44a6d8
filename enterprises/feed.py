"""What the change feed is told of the register."""

from collections.abc import Iterable

from foundation.facts.feed import append_changes
from foundation.facts.models import Change

ENTERPRISES, PILOTS, PROFILES = "enterprises", "pilots", "profiles"


def append_register_changes(enterprise_ids: Iterable[int], *, source: str = ENTERPRISES) -> None:
    """These entries changed, in whatever open quarter that shows. Call inside the transaction of the change."""
    append_changes(Change(source=source, place_id=pk) for pk in enterprise_ids)
