"""Fetch the pinned browser assets again and write ``static/vendor/`` and ``tests/vendor/`` with their lock files.

For developers: run it after changing a version or the list of icons, look at the difference and commit it. Running the
portal never needs it.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

VENDOR_DIR = Path(settings.BASE_DIR) / "static" / "vendor"
#: What only tests load; it is never served.
TEST_VENDOR_DIR = Path(settings.BASE_DIR) / "tests" / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package: which of its files go where under its folder of vendored files, unchanged."""

    name: str
    version: str
    licence: str
    files: dict[str, str] = field(default_factory=dict)


PACKAGES = (
    # Not newer than 1.0: from 1.2 on its colours need color-mix(), later oklch() and light-dark(), which the browsers
    # of many office machines (Chromium 109 is the last for Windows 7) do not know: text would lose its colour.
    Package(
        "@tabler/core",
        "1.0.0",
        "MIT",
        {
            "dist/css/tabler.min.css": "tabler/tabler.min.css",
            "dist/js/tabler.min.js": "tabler/tabler.min.js",
            "LICENSE": "tabler/LICENSE",
        },
    ),
    Package("htmx.org", "2.0.11", "0BSD", {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"}),
    Package(
        "echarts",
        "6.1.0",
        "Apache-2.0",
        {
            "dist/echarts.min.js": "echarts/echarts.min.js",
            "LICENSE": "echarts/LICENSE",
            "NOTICE": "echarts/NOTICE",
            "licenses/LICENSE-d3": "echarts/LICENSE-d3",
        },
    ),
    Package(
        "tom-select",
        "2.6.2",
        "Apache-2.0",
        {
            "dist/js/tom-select.complete.min.js": "tom-select/tom-select.complete.min.js",
            "dist/css/tom-select.bootstrap5.min.css": "tom-select/tom-select.bootstrap5.min.css",
            # collectstatic follows the sourceMappingURL comments of the two files above.
            "dist/js/tom-select.complete.min.js.map": "tom-select/tom-select.complete.min.js.map",
            "dist/css/tom-select.bootstrap5.min.css.map": "tom-select/tom-select.bootstrap5.min.css.map",
            "LICENSE": "tom-select/LICENSE",
        },
    ),
    Package("@tabler/icons", "3.51.0", "MIT", {"LICENSE": "tabler-icons/LICENSE"}),
)
TEST_PACKAGES = (
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        {
            "axe.min.js": "axe-core/axe.min.js",
            "LICENSE": "axe-core/LICENSE",
            "LICENSE-3RD-PARTY.txt": "axe-core/LICENSE-3RD-PARTY.txt",
        },
    ),
)
#: The folders of vendored files, each with a lock file of its own.
FOLDERS = {VENDOR_DIR: PACKAGES, TEST_VENDOR_DIR: TEST_PACKAGES}

#: Outline icons of @tabler/icons that the pages use, one sprite. Add a name here and run this command.
ICONS = """
adjustments alert-circle alert-triangle arrow-back-up arrow-left arrow-right arrow-up-right arrows-sort award ban bell
book-2 briefcase building building-community building-factory-2 bulb calendar calendar-due certificate chart-bar
chart-line check checks chevron-down chevron-left chevron-right chevron-up circle-check circle-x clipboard-check
clipboard-list clock copy database dots download external-link eye file-plus file-spreadsheet file-text file-type-doc
file-type-pdf files filter filter-off flag gavel heart-handshake help-circle history home id inbox info-circle key
keyboard layout-dashboard link list list-details loader-2 lock login-2 logout mail map-2 map-pin menu-2 message minus
notes paperclip pencil player-stop plus printer qrcode refresh report-analytics school search send settings
shield-check sitemap sort-ascending sort-descending speakerphone star target tags trash trending-down trending-up
trophy upload user user-circle users users-group x
""".split()
SPRITE = "tabler-icons/sprite.svg"


def sprite_of(folder: Path, names: list[str]) -> str:
    """One SVG with a ``<symbol>`` an icon; strokes take the colour of the text around them."""
    symbols = []
    for name in sorted(names):
        path = folder / "icons" / "outline" / f"{name}.svg"
        if not path.exists():
            raise CommandError(f"@tabler/icons has no outline icon named {name!r}: choose another name in ICONS.")
        text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        inner = re.search(r"<svg[^>]*>(.*)</svg>", text, flags=re.DOTALL)
        if inner is None:
            raise CommandError(f"{path} holds no <svg> element.")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(inner[1].split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def unpack(package: Package, folder: Path) -> Path:
    """Download with npm and unpack; npm checks the registry's own integrity value."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    # Fixed names from PACKAGES, no shell.
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    target = folder / package.name.replace("/", "-")
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


class Command(BaseCommand):
    help = "Fetch the pinned browser assets again and write static/vendor/ and tests/vendor/ with their lock files."

    def handle(self, *args: object, **options: object) -> None:
        for folder, packages in FOLDERS.items():
            lock: list[dict[str, str]] = []
            with tempfile.TemporaryDirectory() as scratch:
                for package in packages:
                    self.stdout.write(f"{package.name} {package.version}")
                    source = unpack(package, Path(scratch))
                    for inside, outside in package.files.items():
                        target = folder / outside
                        target.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(source / inside, target)
                        lock.append(self.entry(folder, package, outside))
                    if package.name == "@tabler/icons":
                        (folder / SPRITE).write_text(sprite_of(source, ICONS), encoding="utf-8")
                        lock.append(self.entry(folder, package, SPRITE))
            (folder / "lock.json").write_text(json.dumps(lock, indent=1) + "\n", encoding="utf-8")

    def entry(self, folder: Path, package: Package, path: str) -> dict[str, str]:
        """One line of the lock file."""
        return {
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "file": path,
            "sha256": hashlib.sha256((folder / path).read_bytes()).hexdigest(),
        }
