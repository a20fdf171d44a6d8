"""``manage.py indicators_doc``: write ``docs/indicators.md``; ``--check`` only compares."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backoffice.catalogue_page import CATALOGUE_FILE, catalogue_text


class Command(BaseCommand):
    help = "Write docs/indicators.md: the catalogue of indicators, with the facts the portal has of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        text = catalogue_text()
        if options["check"]:
            if not CATALOGUE_FILE.exists() or CATALOGUE_FILE.read_text(encoding="utf-8") != text:
                raise CommandError(
                    f"{CATALOGUE_FILE.name} is stale. Run manage.py indicators_doc and commit the result."
                )
            self.stdout.write(f"{CATALOGUE_FILE.name} is up to date.")
            return
        CATALOGUE_FILE.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {CATALOGUE_FILE}.")
