"""Vendored browser files are exactly what the lock file says: nothing changed by hand, nothing unlisted."""

import hashlib
import json

from foundation.ui.icons import icon_names
from foundation.ui.management.commands.vendor_assets import ICONS, PACKAGES, VENDOR_DIR

LOCK = json.loads((VENDOR_DIR / "lock.json").read_text(encoding="utf-8"))
EXPLANATIONS = {"lock.json", "README.md"}


def test_every_file_has_the_locked_checksum() -> None:
    changed = [
        entry["file"]
        for entry in LOCK
        if hashlib.sha256((VENDOR_DIR / entry["file"]).read_bytes()).hexdigest() != entry["sha256"]
    ]
    assert changed == [], "vendored files differ from static/vendor/lock.json"


def test_every_file_is_listed() -> None:
    present = {str(path.relative_to(VENDOR_DIR)) for path in VENDOR_DIR.rglob("*") if path.is_file()}
    assert present - EXPLANATIONS == {entry["file"] for entry in LOCK}


def test_lock_names_the_declared_versions_and_a_licence_each() -> None:
    assert {(entry["package"], entry["version"]) for entry in LOCK} == {(item.name, item.version) for item in PACKAGES}
    for package in PACKAGES:
        assert any(path.endswith("/LICENSE") for path in package.files.values()), package.name


def test_sprite_holds_the_declared_icons() -> None:
    assert icon_names() == set(ICONS)
