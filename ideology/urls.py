"""Addresses of ideological guidance, under ``/ideology/``."""

from django.urls import path

from ideology import views

app_name = "ideology"
urlpatterns = [
    path("representative-categories/", views.category_list, name="categories"),
    path("representative-categories/new/", views.category_edit, name="category_create"),
    path("representative-categories/<slug:code>/", views.category_edit, name="category_edit"),
]
