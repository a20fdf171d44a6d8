"""WSGI entry point, served by gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")

application = get_wsgi_application()

# What is loaded now stays for as long as the process: addresses and with them all pages are loaded before the workers are
# forked, and the collector of garbage does not go through it again and again (150 ms in the middle of somebody's request).
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
