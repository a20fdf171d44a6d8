"""``manage.py indicators_doc``: write ``docs/indicators.md``; ``--check`` only compares."""

from backoffice.catalogue_page import CATALOGUE_FILE, catalogue_text
from backoffice.management.generated_page import GeneratedPage


class Command(GeneratedPage):
    help = "Write docs/indicators.md: the catalogue of indicators, with the facts the portal has of each."
    page = CATALOGUE_FILE

    def text(self) -> str:
        return catalogue_text()
