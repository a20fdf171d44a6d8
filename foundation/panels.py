"""Panels: what an upper room adds to a lower room's detail page, without the lower room knowing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models

from foundation.accounts.requests import PortalRequest
from foundation.labels import Label

_M = TypeVar("_M", bound=models.Model)
Context = dict[str, Any]


@dataclass(frozen=True)
class Panel(Generic[_M]):
    """``context(request, obj)`` returns the template's context, or None to leave the panel out."""

    title: Label
    template: str
    context: Callable[[PortalRequest, _M], Context | None]
    order: int = 50
    #: Has a table: belongs into the broad column.
    wide: bool = False


_panels: dict[str, list[Panel[Any]]] = {}


def register_panel(page: str, panel: Panel[Any]) -> None:
    """Add a panel to a page by its name (``enterprises.detail``). Registering the same panel again changes nothing."""
    known = _panels.setdefault(page, [])
    if panel not in known:
        known.append(panel)
        known.sort(key=lambda entry: (entry.order, str(entry.template)))


def panels_for(page: str, request: PortalRequest, obj: models.Model) -> list[Context]:
    """The panels to show, each as ``{"panel": …, "context": …}``."""
    shown = []
    for panel in _panels.get(page, []):
        context = panel.context(request, obj)
        if context is not None:
            shown.append({"panel": panel, "context": context})
    return shown
