"""Addresses of workers' skills, under ``/skills/``."""

from foundation.crud.urls import urls_of

app_name = "skills"
urlpatterns = urls_of("skills")
