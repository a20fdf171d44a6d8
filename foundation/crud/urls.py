"""Addresses of the registers of a room: ``path("", include(urls_of("enterprises")))`` in the room's own ``urls.py``."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from foundation.crud import views
from foundation.crud.importing import import_of
from foundation.crud.resource import Resource, all_resources
from foundation.crud.sheets import export_of
from foundation.exchange.urls import import_urls


def _urls(resource: Resource) -> list[URLPattern]:
    base = f"{resource.address}/"
    one = f"{base}<int:key>/" if resource.lookup == "pk" else f"{base}<slug:key>/"
    made: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
        "list": (base, views.resource_list),
        "create": (f"{base}new/", views.resource_edit),
        "export": (f"{base}export/", views.resource_export),
        "detail": (one, views.resource_detail),
        "edit": (f"{one}edit/", views.resource_edit),
        "history": (f"{one}history/", views.resource_history),
    }
    return [
        path(address, view, {"resource": resource}, name=resource.url_name(page).partition(":")[2])
        for page, (address, view) in made.items()
        if page in resource.pages
    ]


def urls_of(room: str) -> list[URLPattern]:
    """The generic pages of every register of a room. Codes in addresses come last: ``new`` and ``export`` are none."""
    resources = [resource for resource in all_resources() if resource.room == room]
    for resource in resources:
        if "export" in resource.pages:
            export_of(resource)  # so that a worker, which loads the addresses, knows it
    imports = [
        pattern
        for resource in resources
        if resource.takes_workbooks
        for pattern in import_urls(import_of(resource), f"{resource.address}/import/")
    ]
    return [*imports, *(pattern for resource in resources for pattern in _urls(resource))]
