"""``manage.py business_rules_doc``: write ``docs/business-rules.md``; ``--check`` only compares."""

from backoffice.management.generated_page import GeneratedPage
from backoffice.rules_page import RULES_FILE, rules_text


class Command(GeneratedPage):
    help = "Write docs/business-rules.md: each business rule in words, the kinds it checks, its source."
    page = RULES_FILE

    def text(self) -> str:
        return rules_text()
