"""Addresses of a body's members and meetings, under ``/enterprises/``."""

from django.urls import URLPattern, path

from enterprises.bodies import views


def _part(part: views.Part) -> list[URLPattern]:
    base, name, said = f"bodies/<int:pk>/{part.name}", f"body_{part.row}", {"part": part}
    return [
        path(f"{base}/new/", views.part_edit, said, name=f"{name}_create"),
        path(f"{base}/<int:row_pk>/edit/", views.part_edit, said, name=f"{name}_edit"),
        path(f"{base}/<int:row_pk>/remove/", views.part_remove, said, name=f"{name}_remove"),
    ]


urlpatterns = [
    path("bodies/<int:pk>/confirm/", views.body_confirm, name="body_confirm"),
    *_part(views.MEMBERS),
    *_part(views.MEETINGS),
]
