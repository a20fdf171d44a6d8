"""Figures: what was counted per place, totals per place, what froze with a quarter, and indicators as data.

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
from foundation.facts.declaring import declared_facts
from foundation.labels import Label


class FactValue(models.Model):
    """One fact of one place in one quarter: an enterprise's, or what a region has of its own.

    ``region`` is where it adds to the totals: the county in which an enterprise's records were filed, or the region
    itself. It belongs to the key: an enterprise that moves within a quarter has counted in both counties, exactly as
    their record lists show it. ``value`` None: there are records, and none of them says. No row: not reported, or a zero
    that follows from another fact (``Fact.zero_with``).
    """

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="fact_values")
    region = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    quarter = QuarterField()
    fact = models.CharField(_("数据项"), max_length=40)
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=2, null=True)
    records = models.PositiveIntegerField(_("记录数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("企业数据")
        constraints = [
            models.UniqueConstraint(fields=["place", "quarter", "fact", "region"], name="fact_value_of_place"),
        ]
        indexes = [models.Index(fields=["quarter", "fact", "region"], name="fact_value_of_region")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.quarter} {self.fact} = {self.value}"


class ScatteredPlace(models.Model):
    """An enterprise with values of the same fact in more than one region in a quarter: it moved. Few, and noted, so that a
    total counts it once however many of its regions lie below."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    quarter = QuarterField()

    class Meta:
        verbose_name = verbose_name_plural = _("季度内迁移的企业")
        constraints = [models.UniqueConstraint(fields=["quarter", "place"], name="scattered_place_once")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.quarter}"


class PlaceTotal(models.Model):
    """The sum of a fact over a county, city or province: what is the region's own and what lies below.

    ``reporting``: places with a value behind the sum. ``witnessed``: places that have this fact, here or elsewhere, and
    here the one it has its zeros with: of that one's places, all others are further zeros. No row: nobody has a value.
    """

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="totals")
    quarter = QuarterField()
    fact = models.CharField(_("数据项"), max_length=40)
    value = models.DecimalField(_("合计"), max_digits=18, decimal_places=2)
    reporting = models.PositiveIntegerField(_("填报企业数"))
    witnessed = models.PositiveIntegerField(_("其中另有依据的企业数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("区划合计")
        constraints = [models.UniqueConstraint(fields=["place", "quarter", "fact"], name="place_total_once")]
        indexes = [models.Index(fields=["quarter", "fact"], name="place_total_quarter")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.quarter} {self.fact} = {self.value}"


class PairedTotal(models.Model):
    """What a stock or headcount was in the quarter before (``before``) and is (``value``), over the enterprises of a
    county, city or province that reported it both times. No row: none did. See ``indicators.pairs``."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    quarter = QuarterField()
    fact = models.CharField(_("数据项"), max_length=40)
    before = models.DecimalField(_("上季度合计"), max_digits=18, decimal_places=2)
    value = models.DecimalField(_("本季度合计"), max_digits=18, decimal_places=2)
    enterprises = models.PositiveIntegerField(_("可比企业数"))

    class Meta:
        verbose_name = verbose_name_plural = _("可比合计")
        constraints = [models.UniqueConstraint(fields=["place", "quarter", "fact"], name="paired_total_once")]
        indexes = [models.Index(fields=["quarter", "fact"], name="paired_total_quarter")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.quarter} {self.fact}: {self.before} → {self.value} ({self.enterprises})"


class FillState(models.Model):
    """How far filling has come: the row ``figures`` says when the change feed was last followed to its end; a row for
    each quarter (``2026Q3``) when its figures last changed. A quarter's row is the lock on its figures, and
    ``pairs 2026Q3`` that on its ``PairedTotal``."""

    name = models.CharField(max_length=20, primary_key=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("统计进度")

    def __str__(self) -> str:
        return f"{self.name}: {self.done_at}"


class StaleMark(models.Model):
    """What must be counted again: one source in one quarter, of one place or, with ``is_below``, of a whole region.
    Deleted in the transaction that writes the new values. ``asked_at`` is written each time it is asked for, so that who
    asks while the mark is being worked off waits and marks again."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    is_below = models.BooleanField(default=False)
    quarter = QuarterField()
    source = models.CharField(_("数据来源"), max_length=60)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("待重新统计")
        constraints = [
            models.UniqueConstraint(fields=["place", "is_below", "quarter", "source"], name="stale_mark_of_source")
        ]
        indexes = [models.Index(fields=["is_below", "id"], name="stale_mark_order")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.quarter} {self.source}"


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
    """One closing of a quarter. A quarter reopened and closed again has two, each with its own frozen rows.

    ``frozen_at`` None: nothing can be filed any more and its figures are being frozen, or that was broken off; nothing
    frozen is there yet.
    """

    quarter = QuarterField()
    closed_at = models.DateTimeField(_("关闭时间"))
    frozen_at = models.DateTimeField(_("冻结时间"), null=True)
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

    ``record`` is empty for facts that no record is behind: there the value of the place is the evidence.
    """

    closing = models.ForeignKey(QuarterClosing, models.CASCADE, related_name="values")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    fact = models.CharField(_("数据项"), max_length=40)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    record_version = models.PositiveIntegerField(null=True)
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = _("关闭时数据")
        indexes = [models.Index(fields=["closing", "fact", "place"], name="frozen_value_of_place")]

    def __str__(self) -> str:
        return f"{self.fact} {self.place_id} = {self.value}"


class FrozenEnterprise(models.Model):
    """What an enterprise was on the last day of a closed quarter: later cuts of it use this, not the register of the day."""

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
