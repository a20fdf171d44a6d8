"""What upper rooms show beside the text of a document, told from above: ``policies`` knows no figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from foundation.accounts.requests import PortalRequest
from policies.queries import DocumentReading


@dataclass(frozen=True)
class Beside:
    """``head`` stands above the text; ``below`` under the heading of a measure, or of a part whose sentences belong to no
    measure, by its code."""

    head: SafeString = field(default_factory=SafeString)
    below: Mapping[str, SafeString] = field(default_factory=dict)


Provider = Callable[[PortalRequest, DocumentReading], Beside]

_providers: list[Provider] = []


def register_beside(provider: Provider) -> Provider:
    """Add a provider, asked each time a document is shown. Usable as a decorator; adding it twice does nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def beside(request: PortalRequest, reading: DocumentReading) -> Beside:
    """Everything the providers have for this reader, in their order."""
    found = [provider(request, reading) for provider in _providers]
    below: dict[str, SafeString] = {}
    for one in found:
        for code, markup in one.below.items():
            below[code] = below.get(code, SafeString()) + markup
    return Beside(SafeString("".join(one.head for one in found)), below)
