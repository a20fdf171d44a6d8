"""How many enterprises are pilots."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from enterprises.facts import ENTERPRISES, PILOTS, REGISTERED, RegisterSource
from enterprises.history import day_of
from enterprises.models import Pilot, PilotTier
from enterprises.models.pilot import in_force_on
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, SpeaksOf, register_source


class PilotFacts(RegisterSource):
    """An enterprise that is a pilot at several tiers counts once. One with no pilot row at all, but a tier in its entry,
    has no history: the tier stands for every quarter."""

    code = PILOTS
    order = 21
    follows = (ENTERPRISES,)
    facts = (
        Fact(
            "REG.pilots",
            _("试点企业"),
            _("家"),
            Nature.STOCK,
            zero_with=REGISTERED,
            speaks_of=SpeaksOf.REGISTER,
            extent=2,
        ),
    )

    def conditions(self, quarter: Quarter) -> dict[str, tuple[Q, str]]:
        pilots = Pilot.objects.filter(enterprise=OuterRef("pk")).order_by()
        in_force = Exists(pilots.filter(in_force_on(day_of(quarter))))
        unknown_since = ~Exists(pilots) & ~Q(pilot_tier=PilotTier.NONE)
        return {"REG.pilots": (Q(in_force) | unknown_since, "")}


register_source(PilotFacts())
