"""``manage.py load_reference_data``: regions, industries, policy documents, indicators, duty rules, quarters."""

from typing import Any

from django.core.management.base import BaseCommand

from backoffice.reference import load_reference_data


class Command(BaseCommand):
    help = "Load or update the reference data under data/. Safe to run again: a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        results = load_reference_data()
        for name, result in results.items():
            self.stdout.write(f"{name}: {result}")
        if not any(result.touched for result in results.values()):
            self.stdout.write("Nothing to change: the reference data is up to date.")
