"""Vendored browser files are exactly what the lock files say: nothing changed by hand, nothing unlisted."""

import hashlib
import json
from pathlib import Path

import pytest

from foundation.ui.icons import icon_names
from foundation.ui.management.commands.vendor_assets import FOLDERS, ICONS

EXPLANATIONS = {"lock.json", "README.md"}

each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)


def lock_of(folder: Path) -> list[dict[str, str]]:
    return json.loads((folder / "lock.json").read_text(encoding="utf-8"))


@each_folder
def test_every_file_has_the_locked_checksum(folder: Path) -> None:
    changed = [
        entry["file"]
        for entry in lock_of(folder)
        if hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() != entry["sha256"]
    ]
    assert changed == [], f"vendored files differ from {folder}/lock.json"


@each_folder
def test_every_file_is_listed(folder: Path) -> None:
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert present - EXPLANATIONS == {entry["file"] for entry in lock_of(folder)}


@each_folder
def test_lock_names_the_declared_versions_and_a_licence_each(folder: Path) -> None:
    packages = FOLDERS[folder]
    assert {(entry["package"], entry["version"]) for entry in lock_of(folder)} == {
        (item.name, item.version) for item in packages
    }
    for package in packages:
        assert any(path.endswith("/LICENSE") for path in package.files.values()), package.name


def test_sprite_holds_the_declared_icons() -> None:
    assert icon_names() == set(ICONS)
