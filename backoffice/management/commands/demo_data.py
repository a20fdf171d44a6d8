"""``manage.py demo_data``: sample enterprises and a year of their work, to look at."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.demo.loading import is_loaded, load_demo
from foundation.refusals import Refused

ACCOUNTS_FILE = settings.VAR_DIR / "demo-accounts.txt"


class Command(BaseCommand):
    help = "Load the demonstration into an empty portal. Loads whole or not at all; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", action="append", metavar="CODE", help="only this city (3201); may be repeated")
        parser.add_argument("--enterprises-per-county", type=int, metavar="N", help="instead of two to five by city")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_loaded():
            self.stdout.write(f"The demo is already loaded. Accounts: {ACCOUNTS_FILE}")
            return
        started = time.monotonic()
        try:
            loaded = load_demo(
                accounts_file=ACCOUNTS_FILE,
                cities=options["city"],
                enterprises_per_county=options["enterprises_per_county"],
            )
        except Refused as refusal:
            raise CommandError(f"Demo not loaded: {refusal}.") from refusal
        self.stdout.write(
            f"Demo loaded in {time.monotonic() - started:.0f} s: {loaded.enterprises} enterprises, "
            f"{loaded.records} records, {loaded.statements} statements. Accounts: {ACCOUNTS_FILE}"
        )
