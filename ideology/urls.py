"""Addresses of ideological guidance, under ``/ideology/``."""

from foundation.crud.urls import urls_of

app_name = "ideology"
urlpatterns = urls_of("ideology")
