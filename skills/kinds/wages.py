"""Wages of those that told what they spent on training: what the share of spending in wages is taken of."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from enterprises.facts import ENTERPRISES, PROFILES, RegisterSource
from enterprises.models import Enterprise, YearlyProfile
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Counting, Fact, Nature, YearBasis, register_source
from records.core.kinds import kind_by_slug

_KIND = "skills.trainingfund"


class FundWages(RegisterSource):
    """The wages are those of the yearly profile, where they are told once. Both sums are of the enterprises that told both, so
    that a share of spending is one of the wages of the same enterprises."""

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
            of_return=True,
            of_wages=True,
        ),
        Fact(
            "D08.of_told",
            _("已填工资总额的企业职工教育经费支出"),
            _("万元"),
            Nature.STOCK,
            year_basis=YearBasis.CLOSED_YEAR,
            of_return=True,
        ),
    )

    def quarters_touched(self, quarter: Quarter) -> list[Quarter]:
        return kind_by_slug(_KIND).quarters_touched(quarter)

    def _told(self, quarter: Quarter) -> models.QuerySet[Enterprise]:
        """The enterprises with both, and the wages they told."""
        [year] = YearBasis.CLOSED_YEAR.years(quarter)
        all_returns: models.QuerySet[Any] = kind_by_slug(_KIND).model._default_manager.all()
        returns = all_returns.filter(enterprise=OuterRef("pk"), period=year.code, status="approved")
        profiles = YearlyProfile.objects.filter(enterprise=OuterRef("pk"), year=year.year)
        wages = Subquery(profiles.order_by().values("wages_total")[:1])
        spent = Subquery(returns.order_by().values("spent")[:1])
        found: models.QuerySet[Any] = self.base(quarter).annotate(wages=wages, spent=spent)
        return found.filter(wages__isnull=False, spent__isnull=False)

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        told: models.QuerySet[Any] = self._told(quarter)
        rows = told.values("pk", "county_then", "wages", "spent")
        values = {"D08.wages": ("wages", ""), "D08.of_told": ("spent", "")}
        yield Counting(rows, "pk", "county_then", values)

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Enterprise]:
        return self._told(quarter)


register_source(FundWages())
