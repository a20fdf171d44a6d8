"""Which kinds of messages there are. A room declares its own where it sends them."""

from dataclasses import dataclass

from foundation.labels import Label
from foundation.notify.models import Channel


@dataclass(frozen=True)
class Kind:
    """``default``: what happens besides the portal's own page while the person has not chosen."""

    name: str
    label: Label
    default: str


_kinds: dict[str, Kind] = {}


def register_kind(name: str, label: Label, default: str = Channel.DIGEST) -> None:
    """Declare an event (``records.returned``) and the words it is shown by. A second wording for a name is an error."""
    kind = Kind(name, label, Channel(default).value)
    if _kinds.get(name, kind) != kind:
        raise ValueError(f"message kind {name!r} is already registered otherwise")
    _kinds[name] = kind


def kind_of(name: str) -> Kind:
    """Raises ``LookupError`` for a kind nobody declared."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"unknown message kind {name!r}") from None


def all_kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]


def kind_label(name: str) -> str:
    """The words for an event; its name when the room that sent it is no longer there."""
    return str(_kinds[name].label) if name in _kinds else name
