"""The lists whose views may be saved: each list's name and address."""

from django.urls import reverse

_pages: dict[str, str] = {}


def register_list(page: str, url_name: str) -> None:
    """Declare a list whose views may be saved: its name (``records.list``) and its address."""
    _pages[page] = url_name


def list_address(page: str) -> str:
    """Raises ``LookupError`` for a list nobody declared."""
    if page not in _pages:
        raise LookupError(f"unknown list {page!r}")
    return reverse(_pages[page])
