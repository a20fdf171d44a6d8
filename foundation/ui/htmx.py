"""Small helpers for views that answer htmx."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the whole page elsewhere, whether htmx asked or the browser did."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)
