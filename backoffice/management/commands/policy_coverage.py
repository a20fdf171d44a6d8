"""``manage.py policy_coverage``: write ``docs/coverage.md``; ``--check`` only compares."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backoffice.coverage import COVERAGE_FILE, coverage_text, kinds_by_clause, known_codes


class Command(BaseCommand):
    help = "Write docs/coverage.md: each policy clause, the record kinds that answer it, their facts, its state."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        if unknown := sorted(set(kinds_by_clause()) - known_codes()):
            raise CommandError(
                f"Record kinds name clauses no document has: {', '.join(unknown)}. Correct the kind's clauses."
            )
        text = coverage_text()
        if options["check"]:
            if not COVERAGE_FILE.exists() or COVERAGE_FILE.read_text(encoding="utf-8") != text:
                raise CommandError(
                    f"{COVERAGE_FILE.name} is stale. Run manage.py policy_coverage and commit the result."
                )
            self.stdout.write(f"{COVERAGE_FILE.name} is up to date.")
            return
        COVERAGE_FILE.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {COVERAGE_FILE}.")
