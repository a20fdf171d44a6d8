"""The pages of one resource's imports, for the room's own ``urls.py``."""

from django.urls import URLPattern, path

from foundation.exchange import views
from foundation.exchange.resources import ImportResource


def import_urls(resource: type[ImportResource], prefix: str = "import/") -> list[URLPattern]:
    """List and upload under ``prefix``, each import below it. Names begin with the resource's ``url_name``.
    A resource that is written in the request that confirms it brings the page ``…_confirm`` itself."""
    name, given = resource.url_name, {"resource": resource.name}
    chosen = f"<str:{resource.template_by}>/" if resource.template_by else ""
    pages = [
        path(prefix, views.import_list, given, name=f"{name}s"),
        path(f"{prefix}template/{chosen}", views.import_template, given, name=f"{name}_template"),
        path(f"{prefix}<int:pk>/", views.import_detail, given, name=name),
        path(f"{prefix}<int:pk>/sheets/", views.import_sheets, given, name=f"{name}_sheets"),
        path(f"{prefix}<int:pk>/columns/", views.import_columns, given, name=f"{name}_columns"),
        path(f"{prefix}<int:pk>/as/", views.import_as, given, name=f"{name}_as"),
        path(f"{prefix}<int:pk>/forget/", views.import_forget, given, name=f"{name}_forget"),
        path(f"{prefix}<int:pk>/discard/", views.import_discard, given, name=f"{name}_discard"),
        path(f"{prefix}<int:pk>/problems/", views.import_problems, given, name=f"{name}_problems"),
    ]
    if not resource.in_request:
        pages.append(path(f"{prefix}<int:pk>/confirm/", views.import_confirm, given, name=f"{name}_confirm"))
    if resource.can_undo:
        pages.append(path(f"{prefix}<int:pk>/undo/", views.import_undo, given, name=f"{name}_undo"))
    return pages
