"""The declaration of what industrial workers earn."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, PilotTier
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.core.shown_from import from_profile
from rights.models import Pay


@register
class PayKind(RecordKind):
    """No amount becomes a figure: that of few enterprises would tell that of one. Counted is who told any."""

    model = Pay
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m8-c1",)
    purpose = _("自愿填报的试点企业每年初填一次：上年度产业工人和一线职工的工资，劳动报酬占增加值多少。不填个人工资。")
    shown = from_profile("wages_total", "headcount", "industrial_count", "frontline_count")
    fieldsets = (
        Fieldset(_("产业工人工资"), ("industrial_wages", "industrial_median", "frontline_wages")),
        Fieldset(_("劳动报酬在初次分配中的比重"), ("compensation", "value_added")),
    )
    columns = ("industrial_wages", "industrial_median")
    facts = (
        Fact(
            "E01.reported",
            _("填报工资与劳动报酬的企业"),
            _("家"),
            Nature.STOCK,
            year_basis=YearBasis.CLOSED_YEAR,
            of_some=True,
        ),
    )
    undecided: ClassVar = {"": False}

    def applies_to(self, enterprise: Enterprise) -> bool:
        """Pilots, to begin with."""
        return super().applies_to(enterprise) and enterprise.pilot_tier != PilotTier.NONE
