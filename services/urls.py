"""Addresses of leadership and services, under ``/services/``."""

from foundation.crud.urls import urls_of

app_name = "services"
urlpatterns = urls_of("services")
