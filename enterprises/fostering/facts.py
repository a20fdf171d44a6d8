"""How many enterprises are fostered."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from enterprises.facts import ENTERPRISES, REGISTERED, RegisterSource
from enterprises.history import day_of
from enterprises.models import FosteredEnterprise
from enterprises.models.fostered import listed_on
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, register_source

FOSTERED = "fostered"


class FosteredFacts(RegisterSource):
    """An enterprise on several lists counts once."""

    code = FOSTERED
    order = 22
    follows = (ENTERPRISES,)
    facts = (Fact("H09.enterprises", _("优质培育企业"), _("家"), Nature.STOCK, zero_with=REGISTERED),)

    def conditions(self, quarter: Quarter) -> dict[str, tuple[Q, str]]:
        on_a_list = FosteredEnterprise.objects.filter(listed_on(day_of(quarter)), enterprise=OuterRef("pk")).order_by()
        return {"H09.enterprises": (Q(Exists(on_a_list)), "")}


register_source(FosteredFacts())
