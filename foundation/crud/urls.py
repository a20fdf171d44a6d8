"""Addresses of the search, and of what each person keeps about lists (under ``/views/``)."""

from django.urls import path

from foundation.crud.views import saved, search

app_name = "crud"
urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("views/", saved.view_save, name="view_save"),
    path("views/<int:pk>/rename/", saved.view_rename, name="view_rename"),
    path("views/<int:pk>/default/", saved.view_default, name="view_default"),
    path("views/<int:pk>/delete/", saved.view_delete, name="view_delete"),
]
