"""Figures: what was counted per enterprise, totals per place, what froze with a quarter, and indicators as data.

Everything but ``Indicator`` and the closings is derived: ``manage.py fill_indicators`` makes it again from the records.
"""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Ownership, PilotTier
from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import Quarter, QuarterField
from foundation.labels import Label
from indicators.register_facts import declared_facts


class FactValue(models.Model):
    """One fact of one enterprise in one quarter, placed where its records were filed.

    The county belongs to the key: an enterprise that moves within a quarter has counted in both, exactly as the two
    counties' record lists show it. No row means not reported; a row with 0 means the enterprise said "none".
    """

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="fact_values")
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    quarter = QuarterField()
    fact = models.CharField(_("数据项"), max_length=40)
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=2)
    records = models.PositiveIntegerField(_("记录数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("企业数据")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "quarter", "fact", "county"], name="fact_value_once"),
        ]
        indexes = [models.Index(fields=["quarter", "fact", "county"], name="fact_value_quarter")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.quarter} {self.fact} = {self.value}"


class PlaceTotal(models.Model):
    """The sum of a fact over a county, city or province, and how many enterprises stand behind it.

    No row: nobody below reported.
    """

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="totals")
    quarter = QuarterField()
    fact = models.CharField(_("数据项"), max_length=40)
    value = models.DecimalField(_("合计"), max_digits=18, decimal_places=2)
    reporting = models.PositiveIntegerField(_("填报企业数"))

    class Meta:
        verbose_name = verbose_name_plural = _("区划合计")
        constraints = [models.UniqueConstraint(fields=["place", "quarter", "fact"], name="place_total_once")]
        indexes = [models.Index(fields=["quarter", "fact"], name="place_total_quarter")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.quarter} {self.fact} = {self.value}"


class FillState(models.Model):
    """How far filling has come: the row ``figures`` and one for each quarter (``2026Q3``).

    The row ``figures`` says when the change feed was last followed to its end, and is the lock: who holds it fills.
    """

    name = models.CharField(max_length=20, primary_key=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("统计进度")

    def __str__(self) -> str:
        return f"{self.name}: {self.done_at}"


class StaleMark(models.Model):
    """An enterprise's quarter that must be counted again. Deleted in the transaction that writes the new values."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="+")
    quarter = QuarterField()

    class Meta:
        verbose_name = verbose_name_plural = _("待重新统计")
        constraints = [models.UniqueConstraint(fields=["enterprise", "quarter"], name="stale_mark_once")]
        indexes = [models.Index(fields=["quarter"], name="stale_mark_quarter")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.quarter}"


class Direction(models.TextChoices):
    UP = "up", _("越高越好")
    DOWN = "down", _("越低越好")
    NONE = "none", _("不分高低")


class Basis(models.TextChoices):
    """What an indicator of a quarter stands for: the year so far, the year, or the quarter's last day."""

    QUARTER = "quarter", _("季度累计")
    YEAR = "year", _("年度")
    POINT = "point", _("时点")


class IndicatorQuerySet(ScopedQuerySet["Indicator"]):
    def in_force(self, quarter: Quarter) -> Self:
        """The version of each indicator that measures this quarter."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=quarter.code), valid_from__lte=quarter.code)


class Indicator(models.Model):
    """What is measured, as data: a sum of facts, or ``scale`` times a ratio of two. Versioned, never overwritten."""

    code = models.CharField(_("编码"), max_length=20)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    name = models.CharField(_("指标名称"), max_length=100)
    area = models.CharField(_("领域"), max_length=40)
    unit = models.CharField(_("单位"), max_length=12)
    direction = models.CharField(_("方向"), max_length=4, choices=Direction, default=Direction.UP)
    numerator = models.JSONField(_("分子"), default=list, help_text=_("数据项编码，合计后作分子。"))
    denominator = models.JSONField(_("分母"), default=list, blank=True, help_text=_("数据项编码；留空表示不作比。"))
    scale = models.DecimalField(_("倍率"), max_digits=8, decimal_places=2, default=1, help_text=_("百分比填 100。"))
    period = models.CharField(_("口径"), max_length=8, choices=Basis, default=Basis.QUARTER)
    target = models.DecimalField(_("目标值"), max_digits=18, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    valid_from = QuarterField(_("启用季度"))
    valid_to = QuarterField(_("停用季度"), null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()
    view_permission = "indicators.view"

    class Meta:
        verbose_name = verbose_name_plural = _("指标")
        ordering = ["order", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="indicator_version_once"),
            # One version without an end: the one in force now.
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="indicator_one_open_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominator)

    @property
    def fact_codes(self) -> list[str]:
        return [*self.numerator, *self.denominator]

    def clean(self) -> None:
        """Both sides name facts that are counted; nothing else can be measured."""
        known = declared_facts()
        errors: dict[str, Label] = {}
        if not self.numerator:
            errors["numerator"] = _("分子至少要有一个数据项。")
        for name in ("numerator", "denominator"):
            if unknown := sorted({str(code) for code in getattr(self, name)} - set(known)):
                errors[name] = _("数据项 %(codes)s 不存在。请从已有数据项中选择。") % {"codes": "、".join(unknown)}
        if self.scale <= 0:
            errors["scale"] = _("倍率应大于 0；百分比填 100，其余填 1。")
        if errors:
            raise ValidationError(errors)


class QuarterClosing(models.Model):
    """One closing of a quarter. A quarter reopened and closed again has two, each with its own frozen rows."""

    quarter = QuarterField()
    closed_at = models.DateTimeField(_("关闭时间"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("关闭人"))
    reopened_at = models.DateTimeField(_("重新开放时间"), null=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("重新开放原因"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("季度关闭")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quarter"], condition=Q(reopened_at__isnull=True), name="closing_in_force_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.closed_at}"


class FrozenValue(models.Model):
    """What a closed figure is made of: this record, in this version, gave this much.

    ``record`` is empty for facts of the registers, where the enterprise itself is the evidence.
    """

    closing = models.ForeignKey(QuarterClosing, models.CASCADE, related_name="values")
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="+")
    fact = models.CharField(_("数据项"), max_length=40)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    record_version = models.PositiveIntegerField(null=True)
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = _("关闭时数据")
        indexes = [models.Index(fields=["closing", "fact", "enterprise"], name="frozen_value_fact")]

    def __str__(self) -> str:
        return f"{self.fact} {self.enterprise_id} = {self.value}"


class FrozenEnterprise(models.Model):
    """What an enterprise was when a quarter closed: later cuts of it use this, not the register of the day."""

    closing = models.ForeignKey(QuarterClosing, models.CASCADE, related_name="enterprises")
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="+")
    tier = models.CharField(_("试点层级"), max_length=12, choices=PilotTier)
    ownership = models.CharField(_("所有制"), max_length=12, choices=Ownership)
    industry = models.CharField(_("行业"), max_length=5)
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    is_active = models.BooleanField(_("在册"))

    class Meta:
        verbose_name = verbose_name_plural = _("关闭时企业")
        constraints = [models.UniqueConstraint(fields=["closing", "enterprise"], name="frozen_enterprise_once")]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.enterprise_id}"
