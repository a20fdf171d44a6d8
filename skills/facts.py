"""Wages of those that told what they spent on training: what the share of spending in wages is taken of."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from enterprises.facts import ENTERPRISES, PROFILES, RegisterSource
from enterprises.models import Enterprise, YearlyProfile
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Counting, Fact, Nature, YearBasis, register_source
from records.core.kinds import kind_by_slug
from skills.models import TrainingFund

_KIND = "skills.trainingfund"


class FundWages(RegisterSource):
    """The wages are those of the yearly profile, where they are told once; of an enterprise without a return on training
    funds they are left out, so that a share of spending is one of the wages of the same enterprises."""

    code = "trainingfundwages"
    order = 24
    follows = (ENTERPRISES, PROFILES, _KIND)
    facts = (
        Fact(
            "D08.wages",
            _("已报职工教育经费的企业工资总额"),
            _("万元"),
            Nature.STOCK,
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]:
        return kind_by_slug(_KIND).quarters_touched(quarter)

    def _told(self, quarter: Quarter) -> models.QuerySet[Enterprise]:
        """The enterprises with both, and the wages they told."""
        [year] = YearBasis.CLOSED_YEAR.years(quarter)
        returns = TrainingFund.objects.filter(enterprise=OuterRef("pk"), period=year.code, status="approved")
        profiles = YearlyProfile.objects.filter(enterprise=OuterRef("pk"), year=year.year)
        wages = Subquery(profiles.order_by().values("wages_total")[:1])
        found = self.base(quarter).filter(Exists(returns.filter(spent__isnull=False).order_by()))
        return found.annotate(wages=wages).filter(wages__isnull=False)

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        rows = self._told(quarter).values("pk", "county_then", "wages")
        yield Counting(rows, "pk", "county_then", {"D08.wages": ("wages", "")})

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Enterprise]:
        return self._told(quarter)


register_source(FundWages())
