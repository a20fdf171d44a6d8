"""URLs of this room."""

from django.urls import URLPattern

app_name = "backoffice"

urlpatterns: list[URLPattern] = []
