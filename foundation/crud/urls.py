"""Addresses of what each person keeps about lists, under ``/views/``."""

from django.urls import path

from foundation.crud import views

app_name = "crud"
urlpatterns = [
    path("", views.view_save, name="view_save"),
    path("<int:pk>/rename/", views.view_rename, name="view_rename"),
    path("<int:pk>/default/", views.view_default, name="view_default"),
    path("<int:pk>/delete/", views.view_delete, name="view_delete"),
]
