"""Panels: what an upper room adds to a lower room's detail page, without the lower room knowing it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """``context(request, obj)`` returns the template's context, or None to leave the panel out."""

    title: str | Promise
    template: str
    context: Callable[[HttpRequest, models.Model], dict | None]
    order: int = 50
    #: Has a table: belongs into the broad column.
    wide: bool = False


_panels: dict[str, list[Panel]] = {}


def register_panel(page: str, panel: Panel) -> None:
    """Add a panel to a page by its name (``enterprises.detail``). Registering the same panel again changes nothing."""
    known = _panels.setdefault(page, [])
    if panel not in known:
        known.append(panel)
        known.sort(key=lambda entry: (entry.order, str(entry.template)))


def panels_for(page: str, request: HttpRequest, obj: models.Model) -> list[dict]:
    """The panels to show, each as ``{"panel": …, "context": …}``."""
    shown = []
    for panel in _panels.get(page, []):
        context = panel.context(request, obj)
        if context is not None:
            shown.append({"panel": panel, "context": context})
    return shown
