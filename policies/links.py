"""What answers a clause, told from above. ``policies`` knows no record kinds: the rooms that do register a provider."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ClauseLink:
    """Something that answers a clause or a whole measure: what it is called and where it is listed."""

    clause: str
    label: str
    url: str


Provider = Callable[[], Iterable[ClauseLink]]

_providers: list[Provider] = []


def register_clause_links(provider: Provider) -> Provider:
    """Add a provider, asked each time a document is shown. Usable as a decorator; adding it twice does nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def links_by_code() -> dict[str, list[ClauseLink]]:
    """All links, by the code they answer, in the order the providers give them."""
    found: dict[str, list[ClauseLink]] = defaultdict(list)
    for provider in _providers:
        for link in provider():
            found[link.clause].append(link)
    return dict(found)
