"""``manage.py policy_coverage``: write ``docs/coverage.md``; ``--check`` only compares."""

from django.core.management.base import CommandError

from backoffice.coverage import COVERAGE_FILE, coverage_text, kinds_by_clause, known_codes
from backoffice.management.generated_page import GeneratedPage


class Command(GeneratedPage):
    help = "Write docs/coverage.md: each policy clause, the record kinds that answer it, their facts, its state."
    page = COVERAGE_FILE

    def text(self) -> str:
        if unknown := sorted(set(kinds_by_clause()) - known_codes()):
            raise CommandError(
                f"Record kinds name clauses no document has: {', '.join(unknown)}. Correct the kind's clauses."
            )
        return coverage_text()
