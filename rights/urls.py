"""Addresses of workers' rights, under ``/rights/``."""

from foundation.crud.urls import urls_of

app_name = "rights"
urlpatterns = urls_of("rights")
