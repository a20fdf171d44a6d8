"""``manage.py archive_audit --before 2026-01-01 --output audit-2025.jsonl``"""

import datetime
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.archive import archive
from foundation.refusals import Refused


class Command(BaseCommand):
    help = "Write audit entries older than a day to a JSON Lines file, then remove them from the log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", required=True, type=datetime.date.fromisoformat, metavar="DATE")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: object, before: datetime.date, output: Path, **options: object) -> None:
        try:
            done = archive(before=before, path=output)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{done.entries} entries written to {done.path} (SHA-256 {done.sha256}) and removed from the log"
        )
