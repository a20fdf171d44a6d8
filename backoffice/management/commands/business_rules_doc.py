"""``manage.py business_rules_doc``: write ``docs/business-rules.md``; ``--check`` only compares."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backoffice.rules_page import RULES_FILE, rules_text


class Command(BaseCommand):
    help = "Write docs/business-rules.md: each business rule in words, the kinds it checks, its source."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        text = rules_text()
        if options["check"]:
            if not RULES_FILE.exists() or RULES_FILE.read_text(encoding="utf-8") != text:
                raise CommandError(
                    f"{RULES_FILE.name} is stale. Run manage.py business_rules_doc and commit the result."
                )
            self.stdout.write(f"{RULES_FILE.name} is up to date.")
            return
        RULES_FILE.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {RULES_FILE}.")
