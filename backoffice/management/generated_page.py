"""A page under ``docs/`` that is made from the code: written by its command, only compared with ``--check``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class GeneratedPage(BaseCommand):
    """Subclass with the file and what belongs in it; the name of the module is the command's."""

    page: Path

    def text(self) -> str:
        """The whole page. Raises ``CommandError`` when the code cannot be told as it is."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        text = self.text()
        if options["check"]:
            if not self.page.exists() or self.page.read_text(encoding="utf-8") != text:
                name = type(self).__module__.rpartition(".")[2]
                raise CommandError(f"{self.page.name} is stale. Run manage.py {name} and commit the result.")
            self.stdout.write(f"{self.page.name} is up to date.")
            return
        self.page.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {self.page}.")
