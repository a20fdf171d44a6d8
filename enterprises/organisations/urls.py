"""Addresses of schools and institutions, under ``/enterprises/``."""

from django.urls import path

from enterprises.organisations import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisations"),
    path("organisations/new/", views.organisation_edit, name="organisation_create"),
    path("organisations/export/", views.organisation_export, name="organisation_export"),
    path("organisations/<int:pk>/", views.organisation_edit, name="organisation_edit"),
]
