"""阵地与基地: places and facilities for workers, each of a sort on a list that the province keeps."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models.enterprise import Enterprise
from foundation.access.rules import ScopedQuerySet
from foundation.crud.choice_lists import IN_USE, ChoiceRow
from foundation.limits import too_large


class BaseSort(ChoiceRow):
    """A sort of bases. Figures are counted by the codes of ``enterprises.bases.sorts``."""

    view_permission = "enterprises.base_sorts"

    class Meta(ChoiceRow.Meta):
        verbose_name = verbose_name_plural = _("阵地种类")

    def get_absolute_url(self) -> str:
        return reverse("enterprises:base_sort", args=[self.code])


class BaseLevel(models.TextChoices):
    """Who gave it its name."""

    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    OWN = "own", _("企业级")


class BaseStage(models.TextChoices):
    APPLIED = "applied", _("申报")
    NAMED = "named", _("已命名")
    REVIEWED = "reviewed", _("复评")
    WITHDRAWN = "withdrawn", _("摘牌")


#: A base that stands: one under review keeps its name meanwhile.
STANDING = (BaseStage.NAMED, BaseStage.REVIEWED)


class Base(models.Model):
    """One base, kept by the office of the region it lies in. Its holder is an enterprise of the register, or whoever
    ``holder`` names: a school, a union, an office."""

    sort = models.ForeignKey(
        BaseSort, models.PROTECT, related_name="+", limit_choices_to=IN_USE, verbose_name=_("种类")
    )
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(max_length=120, editable=False)
    level = models.CharField(
        _("级别"), max_length=10, choices=BaseLevel, blank=True, help_text=_("由哪一级命名；没有级别的留空。")
    )
    stage = models.CharField(
        _("状态"),
        max_length=9,
        choices=BaseStage,
        default=BaseStage.NAMED,
        help_text=_("“已命名”和“复评”的计入统计；正在申报的、已摘牌的不计入。"),
    )
    place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        related_name="+",
        verbose_name=_("所在地区"),
        help_text=_("企业持有的，选企业所在的县（市、区）或功能区；市、省直接管理的，选设区市或省。"),
    )
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    enterprise = models.ForeignKey(
        Enterprise,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bases",
        verbose_name=_("持有企业"),
        help_text=_("在册企业，用统一社会信用代码认出。不是企业持有的留空，在下一项写持有者名称。"),
    )
    holder = models.CharField(
        _("其他持有者"), max_length=120, blank=True, help_text=_("院校、工会等不是企业的持有者的名称。")
    )
    responsible = models.CharField(
        _("负责人"), max_length=40, blank=True, help_text=_("只填姓名，不填电话和证件号码。")
    )
    address = models.CharField(_("地址"), max_length=200, help_text=_("职工找得到的地址，写到街道和门牌。"))
    named_on = models.DateField(
        _("命名日期"), null=True, blank=True, help_text=_("从这一天起计入统计；未掌握时留空，各季度都计入。")
    )
    capacity = models.PositiveIntegerField(
        _("容量"), null=True, blank=True, help_text=_("单位：人，一次能容纳或服务多少人。未掌握时留空。")
    )
    is_open = models.BooleanField(_("向外开放"), default=False, help_text=_("其他单位的职工也可以使用的勾选。"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "enterprises.view_bases"

    class Meta:
        verbose_name = verbose_name_plural = _("阵地与基地")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["name"], name="base_name"),
            models.Index(fields=["sort", "stage"], name="base_sort_stage"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=["", *BaseLevel.values]), name="base_level_known"),
            models.CheckConstraint(condition=Q(stage__in=BaseStage.values), name="base_stage_known"),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=True) ^ Q(holder=""),
                name="base_one_holder",
                violation_error_message=_(
                    "持有者要填一个：企业持有的选“持有企业”，其他单位持有的写“其他持有者”，不要两个都填或都不填。"
                ),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "sort", "name"],
                name="base_once_in_enterprise",
                violation_error_message=_("这家企业已经登记过同名的同类阵地。请在列表中查找，不要重复登记。"),
            ),
            models.UniqueConstraint(
                fields=["place", "holder", "sort", "name"],
                condition=Q(enterprise__isnull=True),
                name="base_once_elsewhere",
                violation_error_message=_("这个地区已经登记过同一持有者同名的同类阵地。请在列表中查找，不要重复登记。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprises:base", args=[self.pk])

    @property
    def holder_name(self) -> str:
        return self.holder if self.enterprise is None else self.enterprise.name


class BaseReview(models.Model):
    """What was told of a base for one year. Empty is not known, and never 0."""

    base = models.ForeignKey(Base, models.CASCADE, related_name="reviews", verbose_name=_("阵地"))
    year = models.PositiveSmallIntegerField(_("年度"))
    served = models.PositiveIntegerField(
        _("服务人次"), null=True, blank=True, help_text=_("单位：人次。全年来过、用过的，一人来两次计两次。")
    )
    shared = models.PositiveIntegerField(
        _("共享企业"), null=True, blank=True, help_text=_("单位：家。除持有者外，全年使用过的企业。")
    )
    built = models.BooleanField(
        _("当年新建或改扩建"), null=True, blank=True, help_text=_("当年建成投用，或改建、扩建后投用的选“是”。")
    )
    invested = models.DecimalField(
        _("投入"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("单位：万元。当年用于建设和运行的支出。"),
    )
    result = models.CharField(
        _("评审结果"), max_length=60, blank=True, help_text=_("照评审、复评的通知写；当年没有评审的留空。")
    )
    chain = models.BooleanField(
        _("已建“培训、练兵、比武、晋级”机制"),
        null=True,
        blank=True,
        help_text=_("四个环节相互衔接、都在运行的选“是”。"),
    )
    users = models.PositiveIntegerField(
        _("注册职工"), null=True, blank=True, help_text=_("单位：人。年底在平台注册的职工，每人只计一次。")
    )
    towns = models.PositiveIntegerField(
        _("半小时覆盖乡镇（街道）"),
        null=True,
        blank=True,
        help_text=_("单位：个。职工半小时内能到这个援助点的乡镇（街道）；别的援助点已计的不重复计。"),
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("填报人")
    )
    filed_at = models.DateTimeField(_("填报时间"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("阵地年度情况")
        ordering = ["-year", "pk"]
        indexes = [models.Index(fields=["year"], name="base_review_year")]
        constraints = [models.UniqueConstraint(fields=["base", "year"], name="base_review_once_a_year")]

    def __str__(self) -> str:
        return _("%(base)s %(year)d年度") % {"base": self.base, "year": self.year}

    def clean(self) -> None:
        if errors := too_large(self):
            raise ValidationError(errors)
