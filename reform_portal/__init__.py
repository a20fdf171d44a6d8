"""The project: settings, root URLs, Celery application, WSGI. It knows all rooms; no room knows it."""

from reform_portal.celery import app as celery_app

__all__ = ["celery_app"]
