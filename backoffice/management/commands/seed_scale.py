"""``manage.py seed_scale``: rows to measure on. Not for a portal that people work with."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.scale.seeding import seed_scale
from foundation.refusals import Refused


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


class Command(BaseCommand):
    help = "Add sample enterprises and approved records, set-based, to measure on. Adds to what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--enterprises", type=_count, default=0, metavar="N", help="enterprises to add")
        parser.add_argument("--workers", type=_count, default=0, metavar="N", help="accepted; not stored yet")
        parser.add_argument("--records", type=_count, default=0, metavar="N", help="approved records to add")
        parser.add_argument("--quarters", type=_count, default=4, metavar="N", help="spread over the last N quarters")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["workers"]:
            self.stdout.write("workers: this version keeps no register of workers, so none were added.")
        started = time.monotonic()
        try:
            seed_scale(
                enterprises=options["enterprises"],
                records=options["records"],
                quarters=max(options["quarters"], 1),
                say=self.stdout.write,
            )
        except Refused as refusal:
            raise CommandError(f"Not seeded: {refusal}.") from refusal
        self.stdout.write(f"Seeded in {time.monotonic() - started:.0f} s.")
