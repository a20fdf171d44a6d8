"""Addresses of the yearly profile, under ``/enterprises/``."""

from django.urls import path

from enterprises.profiles import views

urlpatterns = [
    path("<int:pk>/profile/", views.profile_edit, name="profile"),
    path("<int:pk>/profile/<int:year>/", views.profile_edit, name="profile_of"),
]
