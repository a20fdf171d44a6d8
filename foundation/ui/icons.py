"""The icons in ``static/vendor/tabler-icons/sprite.svg``: which exist, and the markup of one."""

import functools
import re
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "vendor/tabler-icons/sprite.svg"


@functools.cache
def icon_names() -> frozenset[str]:
    """Names in the vendored sprite."""
    text = (Path(settings.BASE_DIR) / "static" / SPRITE).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', text))


def icon_markup(name: str, *, css_class: str = "", label: str = "") -> SafeString:
    """The icon as an ``<svg>``: decoration by default, an image with a name when a label is given."""
    return _markup(name, css_class, str(label))


@functools.cache
def _markup(name: str, css_class: str, label: str) -> SafeString:
    if name not in icon_names():
        raise LookupError(
            f"no icon named {name!r}: add it to ICONS in vendor_assets.py and run manage.py vendor_assets"
        )
    classes = f"icon {css_class}".strip()
    href = f"{static(SPRITE)}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, href
    )
