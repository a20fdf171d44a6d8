"""The quarters of reporting: when they are due and whether they are open."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.calendar.periods import Quarter, QuarterField, Year


class ReportingQuarter(models.Model):
    """A quarter as the province runs it. Days are settings of the province, not law."""

    code = QuarterField(primary_key=True)
    is_open = models.BooleanField(_("开放填报"), default=True)
    enterprise_due = models.DateField(_("企业填报截止"))
    review_due = models.DateField(_("审核截止"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    reopen_reason = models.TextField(_("重新开放原因"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("填报季度")
        ordering = ["-code"]
        constraints = [
            models.CheckConstraint(condition=Q(review_due__gte=models.F("enterprise_due")), name="quarter_due_order"),
        ]

    def __str__(self) -> str:
        return self.quarter.label

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.code)

    @classmethod
    def default_dates(cls, quarter: Quarter) -> dict[str, datetime.date]:
        """The 10th and 15th of the month after the quarter: a proposal the province may change."""
        after = quarter.next().first_day
        return {"enterprise_due": after.replace(day=10), "review_due": after.replace(day=15)}


class ReportingYear(models.Model):
    """A year as the province collects it: its annual returns are taken until it is closed, whatever its quarters do."""

    code = models.CharField(_("年度"), max_length=4, primary_key=True)
    is_open = models.BooleanField(_("开放填报"), default=True)
    enterprise_due = models.DateField(_("企业填报截止"))

    class Meta:
        verbose_name = verbose_name_plural = _("填报年度")
        ordering = ["-code"]

    def __str__(self) -> str:
        return self.year.label

    @property
    def year(self) -> Year:
        return Year.parse(self.code)

    @classmethod
    def default_due(cls, year: Year) -> datetime.date:
        """The last of March of the next year: a proposal the province may change."""
        return datetime.date(year.year + 1, 3, 31)
