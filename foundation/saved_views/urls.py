"""Addresses of what each person keeps about lists."""

from django.urls import path

from foundation.saved_views import views

app_name = "saved_views"
urlpatterns = [
    path("", views.view_save, name="save"),
    path("<int:pk>/rename/", views.view_rename, name="rename"),
    path("<int:pk>/default/", views.view_default, name="default"),
    path("<int:pk>/delete/", views.view_delete, name="delete"),
]
