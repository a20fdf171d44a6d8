"""The choice of a region above lists. Which regions somebody may choose, the layer that knows says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

#: The parameter by which every list is narrowed to a region, by its code.
REGION = "region"
#: Sent along by the form above a list: the region that stood there before. What differs from it the person chose; what
#: does not came with a link or was chosen earlier.
CHOSEN = "chosen"


@dataclass(frozen=True)
class RegionGroup:
    """A city with what lies in it; ``label`` "" where all lie in one city."""

    label: str
    regions: Sequence[tuple[str, str]]


_offer: list[Callable[[HttpRequest], Sequence[RegionGroup]]] = []
_name: list[Callable[[str], str]] = []


def offer_regions_with(offer: Callable[[HttpRequest], Sequence[RegionGroup]], name: Callable[[str], str]) -> None:
    """``offer`` says between which regions a person may choose, ``name`` what the region of a code is called."""
    _offer[:], _name[:] = [offer], [name]


def regions_offered(request: HttpRequest) -> list[RegionGroup]:
    """What the choice offers; nothing to whoever works in one county or enterprise."""
    return [group for offer in _offer for group in offer(request)]


def region_name(code: str) -> str:
    """南京市江宁区 for ``320115``; the code itself where no region has it."""
    return next((found for name in _name if (found := name(code))), code)
