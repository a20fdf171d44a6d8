"""Figures: what was counted per place, totals per place, what froze with a quarter; indicators and targets as data.

Everything but ``Indicator``, ``Target`` and the closings is derived: ``manage.py fill_indicators`` makes it again from the
records.
"""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Ownership, PilotTier
from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import Quarter, QuarterField
from foundation.labels import Label
from foundation.saying import in_marks
from foundation.ui.formats import amount
from indicators.compliance.findings import Finding
from indicators.formulas import is_share, may_be_negative, plain_code, problems_of_formula


class FactValue(models.Model):
    """One fact of one place in one quarter: an enterprise's, or what a region has of its own.

    ``region`` is where it adds to the totals: the county in which an enterprise's records were filed, or the region
    itself. It belongs to the key: an enterprise that moves within a quarter has counted in both counties, exactly as
    their record lists show it. ``value`` None: there are records, and none of them says. No row: not reported, or a zero
    that follows from another fact (``Fact.zero_with``).
    """

    # Both are found by the indexes below; one of its own would cost a fifth of writing a quarter.
    place = models.ForeignKey("places.Place", models.CASCADE, related_name="fact_values", db_index=False)
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


class Against(models.TextChoices):
    """With which earlier quarter a quarter is compared: 环比, 同比."""

    QUARTER = "quarter", _("上季度")
    YEAR = "year", _("上年同期")

    def before(self, quarter: Quarter) -> Quarter:
        return quarter.previous() if self is Against.QUARTER else quarter.year_before()

    def after(self, quarter: Quarter) -> Quarter:
        """The quarter that is compared with this one."""
        return quarter.shift(1 if self is Against.QUARTER else 4)


class PairedTotal(models.Model):
    """What a reported fact was in an earlier quarter (``before``) and is (``value``), over the enterprises of a county,
    city or province that reported it both times. ``against`` says which earlier one. No row: none did. See
    ``indicators.pairs``."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    quarter = QuarterField()
    against = models.CharField(_("对比期"), max_length=7, choices=Against, default=Against.QUARTER)
    fact = models.CharField(_("数据项"), max_length=40)
    before = models.DecimalField(_("对比期合计"), max_digits=18, decimal_places=2)
    value = models.DecimalField(_("本季度合计"), max_digits=18, decimal_places=2)
    enterprises = models.PositiveIntegerField(_("可比企业数"))

    class Meta:
        verbose_name = verbose_name_plural = _("可比合计")
        constraints = [
            models.UniqueConstraint(fields=["place", "quarter", "fact", "against"], name="paired_total_once"),
        ]
        indexes = [models.Index(fields=["quarter", "fact", "against"], name="paired_total_quarter")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.quarter} {self.fact}: {self.before} → {self.value} ({self.enterprises})"


class PeerMedian(models.Model):
    """The median of a fact over the enterprises that have a value of it in a quarter: those counted in a county, or
    (``section`` set) those of a section of GB/T 4754 in a province. There is a row only where they are at least
    ``indicators.medians.LEAST``: no median of fewer is kept anywhere, so that none can be shown."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    section = models.CharField(_("行业门类"), max_length=1, blank=True, default="")
    quarter = QuarterField()
    fact = models.CharField(_("数据项"), max_length=40)
    median = models.DecimalField(_("中位数"), max_digits=18, decimal_places=2)
    enterprises = models.PositiveIntegerField(_("企业数"))

    class Meta:
        verbose_name = verbose_name_plural = _("同类企业中位数")
        constraints = [
            models.UniqueConstraint(fields=["quarter", "place", "section", "fact"], name="peer_median_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.section} {self.quarter} {self.fact}: {self.median} ({self.enterprises})"


class FillState(models.Model):
    """How far filling has come: the row ``figures`` says when the change feed was last followed to its end; a row for
    each quarter (``2026Q3``) when its figures last changed. A quarter's row is the lock on its figures, and
    ``pairs 2026Q3`` that on its ``PairedTotal``, which says when all of them were put together as a whole: None, they
    never were. ``medians 2026Q3`` says when its ``PeerMedian`` were worked out."""

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

    def newest(self) -> Self:
        """The latest version of each, retired or not."""
        later = Indicator.objects.filter(code=OuterRef("code"), version__gt=OuterRef("version"))
        return self.filter(~Exists(later))


class Indicator(models.Model):
    """What is measured, as data: facts added up, or ``scale`` times a ratio of two such sums. Versioned, never overwritten.

    The terms of ``numerator`` and ``denominator`` are codes of facts, see ``indicators.formulas``.
    ``target`` is what is required of every place at any time, by whoever set the standard: it has no year. What a place
    is to reach in a year is a ``Target`` and goes before.
    """

    code = models.CharField(
        _("编码"),
        max_length=20,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9-]*\Z", _("编号用大写英文字母开头，后面是字母、数字或连字符，例如 D02-1。"))
        ],
    )
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    name = models.CharField(_("指标名称"), max_length=100)
    area = models.CharField(_("领域"), max_length=40)
    unit = models.CharField(_("单位"), max_length=12)
    direction = models.CharField(_("方向"), max_length=4, choices=Direction, default=Direction.UP)
    numerator = models.JSONField(_("分子"), default=list, help_text=_("数据项编码，合计后作分子；前面带 - 的减去。"))
    denominator = models.JSONField(_("分母"), default=list, blank=True, help_text=_("数据项编码；留空表示不作比。"))
    scale = models.DecimalField(_("倍率"), max_digits=8, decimal_places=2, default=1, help_text=_("百分比填 100。"))
    period = models.CharField(_("口径"), max_length=8, choices=Basis, default=Basis.QUARTER)
    target = models.DecimalField(
        _("要求值"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("文件规定、不分年度的要求。没有下达年度目标的地区按它比较。"),
    )
    owner = models.CharField(
        _("责任处室（单位）"), max_length=60, blank=True, help_text=_("谁解释这个指标、核定它的口径。")
    )
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

    def get_absolute_url(self) -> str:
        return reverse("indicators:indicator", args=[self.code])

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominator)

    @property
    def fact_codes(self) -> list[str]:
        return [plain_code(term) for term in (*self.numerator, *self.denominator)]

    @property
    def is_retired(self) -> bool:
        """It measures no quarter after ``valid_to``; of a version that another followed, read on its newest one."""
        return self.valid_to is not None

    def why_never(self, value: Decimal | None) -> str:
        """Why the indicator can never come to this number; "" where it can."""
        if value is None:
            return ""
        if value < 0 and not may_be_negative(self.numerator, self.denominator):
            said = _("填的是 %(value)s，而%(name)s不会小于 0。请填 0 或更大的数。")
        elif value > 100 and is_share(self.numerator, self.denominator, unit=self.unit):
            said = _("填的是 %(value)s，而%(name)s是占比，最多 100%%。请填 0 到 100 之间的数。")
        else:
            return ""
        return said % {"value": amount(value), "name": in_marks(self.name)}

    def clean(self) -> None:
        """Both sides name facts that are counted and may be put together; nothing else can be measured. What is required
        can be reached."""
        errors = problems_of_formula(self.numerator, self.denominator, unit=self.unit, scale=self.scale)
        if not errors and (never := self.why_never(self.target)):
            errors["target"] = never
        if errors:
            raise ValidationError(errors)


#: The first year a target may be set for: the policy document of 2022.
FIRST_YEAR = 2022
#: So far ahead a target may be set.
YEARS_AHEAD = 10


class Target(models.Model):
    """What an indicator is to reach in a region by the end of a year. ``start`` is where the way there begins: what the
    indicator was at the end of the year before, unless it is said otherwise (``indicators.paths``).

    ``province``, ``city`` and ``county`` follow from the place. It stands for the indicator, whatever its version.
    """

    indicator = models.CharField(_("指标编号"), max_length=20, help_text=_("例如 D02，见指标目录。"))
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("地区"))
    year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(
        _("目标值"), max_digits=18, decimal_places=2, help_text=_("到年底应达到的数，单位同指标。")
    )
    start = models.DecimalField(
        _("起点值"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("进度从这个数算起；留空时从上年末的实际数算起。年初起累计的指标从 0 算起，不用填。"),
    )
    note = models.CharField(_("说明"), max_length=200, blank=True, help_text=_("例如下达的文号。"))
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "indicators.view_targets"

    class Meta:
        verbose_name = verbose_name_plural = _("年度目标")
        ordering = ["-year", "indicator", "place__code"]
        indexes = [
            models.Index(fields=["year", "indicator"], name="target_of_year"),
            models.Index(fields=["place", "year"], name="target_of_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "place", "year"],
                name="target_once",
                violation_error_message=_("这个地区这一年已有这个指标的目标。请修改已有的那一项。"),
            )
        ]

    def __str__(self) -> str:
        return _("%(place)s%(year)d年 %(code)s") % {
            "place": self.place.full_name(),
            "year": self.year,
            "code": self.indicator,
        }

    def get_absolute_url(self) -> str:
        return reverse("indicators:target", args=[self.pk])

    def clean(self) -> None:
        """It is set for a region, of an indicator that has a better and a worse and can come to it, in a year in which it is
        measured."""
        errors: dict[str, Label] = {}
        latest = timezone.localdate().year + YEARS_AHEAD
        if not FIRST_YEAR <= (self.year or 0) <= latest:
            errors["year"] = _("年度应在 %(first)d年 至 %(last)d年 之间。") % {"first": FIRST_YEAR, "last": latest}
        versions = Indicator.objects.filter(code=self.indicator)
        of_year = versions.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=f"{self.year}Q1"), valid_from__lte=f"{self.year}Q4"
        ).order_by("version")
        measured = of_year.last()
        if measured is None:
            gone = (
                _("指标“%(code)s”在这一年已停用或尚未启用。")
                if versions.exists()
                else _("没有编号为“%(code)s”的指标。")
            )
            errors["indicator"] = gone % {"code": self.indicator} + _("请从指标目录中选择。")
        elif measured.direction == Direction.NONE:
            errors["indicator"] = _("指标“%s”不分高低，不能下达目标。请换一个指标。") % measured
        else:
            reached = {"value": self.value, "start": self.start}
            errors |= {name: never for name, value in reached.items() if (never := measured.why_never(value))}
        if self.place_id and not self.place.is_region:
            errors["place"] = _("目标按省、设区市、县（市、区）或功能区下达。请选择地区。")
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


class ComplianceResult(models.Model):
    """What a rule of compliance found of an enterprise in a quarter (``indicators.compliance``), in the version that judged
    it; the places are those in which the enterprise lay on the quarter's day. A closed quarter's rows are written no more."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="compliance", db_index=False)
    # Places and quarter begin the index below.
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    quarter = QuarterField()
    rule = models.CharField(_("规则"), max_length=20)
    version = models.PositiveSmallIntegerField(_("规则版本"))
    finding = models.CharField(_("结论"), max_length=16, choices=Finding)
    said = models.TextField(_("说明"), blank=True)
    values = models.JSONField(_("所看数据"), default=dict)
    cure = models.TextField(_("怎么办"), blank=True)
    cure_by = models.DateField(_("期限"), null=True)
    #: Broken now and not in the quarter before, in which it was judged. Kept, because pages count these and finding one takes
    #: a look at ten that were broken before; see ``indicators.compliance.evaluating.note_new``.
    is_new = models.BooleanField(_("本季度新出现"), default=False, db_default=False, editable=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "indicators.view_compliance"

    class Meta:
        verbose_name = verbose_name_plural = _("合规结果")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "quarter", "rule"], name="compliance_once"),
            models.CheckConstraint(condition=Q(finding__in=Finding.values), name="compliance_finding_known"),
        ]
        indexes = [
            # Counts of any place by unit below are read from this one alone.
            models.Index(
                fields=["quarter", "province", "city", "county", "rule", "finding"], name="compliance_of_place"
            ),
            models.Index(fields=["quarter", "rule", "finding", "county"], name="compliance_of_rule"),
            models.Index(
                fields=["quarter", "province", "city", "county"],
                condition=Q(is_new=True),
                name="compliance_new_in_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise.name}：{self.get_finding_display()}"
