"""Following a guide to the letter: its code blocks go into a copy of the tree, in which the portal is then run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

ROOT = Path(settings.BASE_DIR)

#: ```python ideology/models.py … ``` is to be followed; with ``refused models.E016`` it is to be refused by that check.
_BLOCK = re.compile(r"^```(?:python|csv) (\S+\.(?:py|csv))(?: refused (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = shutil.ignore_patterns(
    ".git",
    ".venv",
    "var",
    "node_modules",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
    ".import_linter_cache",
)


class Block(NamedTuple):
    """Code of a guide: the file it is added to, and the check that must refuse it, if any."""

    file: str
    refused_by: str
    code: str


class Guide:
    def __init__(self, name: str) -> None:
        self.text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        found = [Block(*block) for block in _BLOCK.findall(self.text)]
        self.followed = [block for block in found if not block.refused_by]
        self.warned = [block for block in found if block.refused_by]

    def quoted_message(self, check: str) -> str:
        """The words of a check as the guide quotes them, on an indented line of their own."""
        return next(line.strip() for line in self.text.splitlines() if line.startswith(f"    ({check})"))


class Copy:
    """A tree of its own, with the Python of this one and data folders of its own. What runs in it has no time limit: how
    long it takes says how busy the machine is."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "portal"
        shutil.copytree(ROOT, self.root, ignore=_LEFT_OUT)
        aside = ("PYTEST_", "PORTAL_", "DJANGO_")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(aside)}
        self.env["PORTAL_VAR"] = str(folder / "var")

    def add(self, block: Block) -> None:
        """To the end of the file, or as a new one."""
        path = self.root / block.file
        before = f"{path.read_text(encoding='utf-8')}\n\n" if path.exists() else ""
        path.write_text(before + block.code, encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=self.env, capture_output=True, text=True, check=False
        )

    def must_run(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def must_pass(self, *tests: str, only: str) -> int:
        """Run tests of the copy about one thing alone; how many passed."""
        said = self.must_run("-m", "pytest", *tests, "-q", "-n0", "-p", "no:cacheprovider", "-k", only)
        passed = re.search(r"(\d+) passed", said)
        assert passed and "skipped" not in said and "xfailed" not in said, said
        return int(passed[1])
