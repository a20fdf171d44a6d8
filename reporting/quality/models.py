"""A finding as a row, what was asked and said about it, and from which size on something is found."""

import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import Period, Quarter, QuarterField
from foundation.facts.declaring import declared_facts


class Sort(models.TextChoices):
    """What may be wrong. The order is that of the list: the first are mistakes more often than the last."""

    PART = "part", _("其中项大于总数")
    DUPLICATE = "duplicate", _("疑似重复")
    HISTORY = "history", _("与自身历史相差悬殊")
    JUMP = "jump", _("与上期相比骤变")
    PEERS = "peers", _("与同行相差悬殊")
    LATE = "late", _("临近审核截止改动")
    CONSTANT = "constant", _("连续填同一个数")


class FindingState(models.TextChoices):
    OPEN = "open", _("待处理")
    ASKED = "asked", _("已询问，待企业答复")
    ANSWERED = "answered", _("企业已答复")
    SETTLED = "settled", _("已了结")
    GONE = "gone", _("数据已改，自动关闭")


#: What somebody has still to do something about; the others are over.
LIVE = (FindingState.OPEN, FindingState.ASKED, FindingState.ANSWERED)
#: What waits for the office, and not for the enterprise.
WITH_OFFICE = (FindingState.OPEN, FindingState.ANSWERED)


class FindingQuerySet(ScopedQuerySet["Finding"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def most_pressing_first(self) -> Self:
        return self.order_by("-weight", "-pk")


class Finding(models.Model):
    """Something that may be wrong in what an enterprise reported, found again and again as one row.

    ``province``, ``city`` and ``county`` are where the value counts, ``held_by`` the level of the office that has the last
    word on what was filed. ``period`` is the quarter, or of yearly figures the year in whose quarters the value stands;
    ``quarter`` the one whose figures were looked at. ``subject`` tells findings of one sort apart: a fact's code, or the
    number of a record. ``seen`` names exactly what was found: something else makes a settled finding a new one.
    ``value`` is the enterprise's own, ``compared`` what it was held against, ``details`` the rest of the sentence.
    """

    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="+", verbose_name=_("企业"))
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    county = models.ForeignKey(
        "places.Place", models.PROTECT, related_name="+", db_index=False, verbose_name=_("县（市、区）")
    )
    held_by = models.CharField(_("处理的级次"), max_length=10)
    period = models.CharField(_("报告期"), max_length=6)
    quarter = QuarterField(_("统计季度"))
    sort = models.CharField(_("疑点"), max_length=10, choices=Sort)
    subject = models.CharField(max_length=60)
    fact = models.CharField(_("数据项"), max_length=40, blank=True)
    record = models.ForeignKey(
        "records.Record", models.CASCADE, null=True, related_name="+", verbose_name=_("活动记录")
    )
    value = models.DecimalField(_("填报值"), max_digits=18, decimal_places=2, null=True)
    compared = models.DecimalField(_("对照值"), max_digits=18, decimal_places=2, null=True)
    details = models.JSONField(default=dict)
    seen = models.CharField(max_length=80)
    weight = models.PositiveIntegerField(_("分量"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=FindingState, default=FindingState.OPEN)
    found_at = models.DateTimeField(_("发现时间"))
    question = models.TextField(_("询问"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("询问时间"), null=True)

    objects = FindingQuerySet.as_manager()
    view_permission = "reporting.view_finding"

    class Meta:
        verbose_name = verbose_name_plural = _("数据疑点")
        ordering = ["-weight", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "period", "sort", "subject"], name="finding_once"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False) | ~Q(state__in=["asked", "answered"]), name="finding_asked_has_time"
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[place, "-weight", "-id"],
                    condition=Q(state__in=["open", "asked", "answered"]),
                    name=f"finding_live_{place}",
                )
                for place in ("province", "city", "county")
            ),
            models.Index(fields=["county", "quarter"], name="finding_of_county"),
            models.Index(fields=["enterprise", "-asked_at"], name="finding_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} {self.enterprise}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:finding", args=[self.pk])

    @property
    def period_label(self) -> str:
        """Of yearly figures the year they were reported for, which is not that of the quarters they stand in."""
        fact = declared_facts(internal=True).get(self.fact)
        if fact is not None and fact.year_basis is not None:
            return fact.year_basis.label_of_years(Quarter.parse(self.quarter))
        return Period.parse(self.period).label

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class Act(models.TextChoices):
    ASK = "ask", _("询问企业")
    ANSWER = "answer", _("企业答复")
    SETTLE = "settle", _("了结")
    GONE = "gone", _("数据已改，自动关闭")
    AGAIN = "again", _("再次发现")


class FindingStep(models.Model):
    """What became of a finding: who did what, with which words. ``actor`` is empty for what counting did."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="steps")
    act = models.CharField(_("动作"), max_length=8, choices=Act)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("内容"), blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("疑点办理过程")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.act}"


def _at_least(number: int) -> list[MinValueValidator]:
    return [MinValueValidator(number)]


class QualityThresholds(models.Model):
    """From which size on something is found: one row, the province's. No regulation gives these numbers."""

    times = models.DecimalField(
        _("相差几倍算悬殊"),
        max_digits=4,
        decimal_places=1,
        default=Decimal(3),
        validators=_at_least(2),
        help_text=_("与自身历史的中位数、与上期相比，大于几倍或小于几分之一。"),
    )
    peer_times = models.DecimalField(
        _("与同行相差几倍算悬殊"),
        max_digits=4,
        decimal_places=1,
        default=Decimal(5),
        validators=_at_least(2),
        help_text=_("每百名职工的数，与同县（市、区）同一行业门类各企业的中位数相比。"),
    )
    worth = models.PositiveIntegerField(
        _("数值到多少才看"), default=30, validators=_at_least(1), help_text=_("更小的数，差几倍也不作为疑点。")
    )
    fewest_quarters = models.PositiveSmallIntegerField(
        _("至少有几个季度才算历史"),
        default=4,
        validators=[MinValueValidator(2), MaxValueValidator(8)],
        help_text=_("此前八个季度中有数的季度。"),
    )
    same_quarters = models.PositiveSmallIntegerField(
        _("连续几个季度填同一个数"), default=4, validators=[MinValueValidator(3), MaxValueValidator(8)]
    )
    late_days = models.PositiveSmallIntegerField(
        _("审核截止前几天算临近"),
        default=5,
        validators=[MaxValueValidator(30)],
        help_text=_("按日历天计；截止以后的改动同样列出。"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("数据质量标准")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="quality_thresholds_single")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "QualityThresholds":
        """The row, or the defaults as long as nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def late_from(self, review_due: datetime.date) -> datetime.date:
        return review_due - datetime.timedelta(days=self.late_days)
