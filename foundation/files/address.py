"""``PORTAL_STORAGE_URL`` taken apart; without Django, for the settings."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_STYLES = ("path", "virtual")


def storage_options(address: str) -> dict[str, Any]:
    """``https://key:secret@host:port/bucket/folder?region=…&style=virtual`` as options of
    ``foundation.files.storage.ObjectStorage``.

    Raises ``ValueError`` naming what is missing, never the secret.
    """
    parts = urlsplit(address)
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    asked = dict(parse_qsl(parts.query))
    style = asked.pop("style", "path")
    region = asked.pop("region", "us-east-1")
    wrong = [
        what
        for what, fine in {
            "http:// or https://": parts.scheme in ("http", "https"),
            "a host": parts.hostname,
            "key:secret before the host": parts.username and parts.password,
            "a bucket as the path": bucket,
            "style=path or style=virtual": style in _STYLES,
            "nothing but region and style after the ?": not asked,
        }.items()
        if not fine
    ]
    if wrong:
        raise ValueError(f"PORTAL_STORAGE_URL needs {', '.join(wrong)}")
    host = parts.netloc.rpartition("@")[2]
    return {
        "endpoint_url": f"{parts.scheme}://{host}",
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "bucket_name": bucket,
        "location": folder,
        "region_name": region,
        "addressing_style": style,
    }
