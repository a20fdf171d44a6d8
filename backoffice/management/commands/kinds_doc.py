"""``manage.py kinds_doc``: write the handbook's chapter of kinds; ``--check`` only compares."""

from backoffice.kinds_page import KINDS_FILE, kinds_text
from backoffice.management.generated_page import GeneratedPage


class Command(GeneratedPage):
    help = "Write docs/handbook/kinds.md: what belongs in each kind of record."
    page = KINDS_FILE

    def text(self) -> str:
        return kinds_text()
