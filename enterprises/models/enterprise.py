"""Enterprises and industries."""

from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from enterprises.models.history import ChangeKind, EnterpriseEvent
from foundation.access.rules import ScopedQuerySet
from foundation.folding import fold
from foundation.limits import too_large
from foundation.textsearch.fields import FoldedField
from foundation.textsearch.indexes import IsOneOf, TextIndex, register_text_index


class Industry(models.Model):
    """A node of GB/T 4754-2017: section, division, group or class."""

    code = models.CharField(_("代码"), max_length=5, primary_key=True)
    level = models.CharField(
        _("层级"),
        max_length=8,
        choices=[("section", _("门类")), ("division", _("大类")), ("group", _("中类")), ("class", _("小类"))],
    )
    name = models.CharField(_("名称"), max_length=100)

    #: Sections whose workers are 产业工人 (agriculture in part): mining, manufacturing, utilities, construction,
    #: transport and post, information.
    INDUSTRIAL_SECTIONS = frozenset("ABCDEGI")

    class Meta:
        verbose_name = verbose_name_plural = _("国民经济行业")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def section(self) -> str:
        return self.code[:1]


class Ownership(models.TextChoices):
    """The groups of the national union statistics (单位类别), as the offices cut their tables by."""

    STATE = "state", _("国有及国有控股")
    COLLECTIVE = "collective", _("集体")
    PRIVATE = "private", _("私营及其他内资")
    HMT = "hmt", _("港澳台商投资")
    FOREIGN = "foreign", _("外商投资")


class Size(models.TextChoices):
    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class PilotTier(models.TextChoices):
    NATIONAL = "national", _("全国试点")
    PROVINCIAL = "provincial", _("省级试点")
    CITY = "city", _("市级试点")
    COUNTY = "county", _("县级试点")
    TOWNSHIP = "township", _("乡镇（街道）级试点")
    NONE = "none", _("非试点")


def validate_credit_code(value: str) -> None:
    """GB 32100-2015: length, alphabet and check character."""
    if odd := [f"{place}" for place, letter in enumerate(value, 1) if letter in "IOSVZ"]:
        raise ValidationError(
            _(
                "统一社会信用代码“%(value)s”的第 %(places)s 位是字母 I、O、S、V、Z 中的一个，代码里没有这些字母。"
                "请对照营业执照改正，例如字母 O 应为数字 0。"
            ),
            code="credit_code",
            params={"value": value, "places": "、".join(odd)},
        )
    try:
        uscc.validate(value)
    except NumberError as error:
        raise ValidationError(
            _(
                "统一社会信用代码“%(value)s”未通过校验：应为 18 位，由数字和大写字母（不含 I、O、S、V、Z）组成，"
                "末位为校验码。请对照营业执照逐位核对。"
            ),
            code="credit_code",
            params={"value": value},
        ) from error


#: The headcount to sort by: an unknown one stands below every known one.
KNOWN_HEADCOUNT = Coalesce("headcount", -1)
NAMES = register_text_index(
    TextIndex("enterprise_key_text", "enterprises_enterprise", ("name_key", "initials"), key="place_id")
)


class EnterpriseQuerySet(ScopedQuerySet["Enterprise"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def search(self, words: str) -> Self:
        """By part of the name or of a former one, part of the pinyin initials, or start of the credit code."""
        return self.filter(searched_for(words))


def searched_for(words: str, *, prefix: str = "", is_common: bool = False) -> Q:
    """The condition of ``search`` on enterprises, or on rows that lead to one by ``prefix`` (``enterprise__``).
    ``is_common``: very many enterprises meet it, so an index would not help."""
    words = words.strip()
    former = Q(old_name__icontains=words)
    columns, others = ["name_key"], list[Q]()
    if words.isascii():
        columns.append("initials")
        others.append(Q(**{f"{prefix}credit_code__startswith": words.upper()}))
        former |= Q(old_initials__icontains=words.lower())
    renamed = EnterpriseEvent.objects.filter(former, kind=ChangeKind.RENAME).order_by().values("enterprise_id")
    others.append(Q(IsOneOf(f"{prefix}pk", renamed)))
    holding = NAMES.containing if is_common else NAMES.holding
    return holding(fold(words) or words, *others, prefix=prefix, columns=columns)


class Enterprise(models.Model):
    """An enterprise that takes part in the reform. Its primary key is its place: the two are one thing seen twice,
    and so ``enterprise_id`` on anything is at once the column that access rules look at."""

    place = models.OneToOneField("places.Place", models.PROTECT, primary_key=True, related_name="enterprise")
    name = models.CharField(_("企业名称"), max_length=200)
    initials = models.CharField(max_length=200, editable=False, db_index=True)
    name_key = FoldedField(max_length=200, of="name")
    credit_code = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        unique=True,
        validators=[validate_credit_code],
        error_messages={"unique": _("这个统一社会信用代码已经登记过。请在企业名录中查找，不要重复登记。")},
        help_text=_("营业执照上的 18 位代码。"),
    )
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    county = models.ForeignKey(
        "places.Place", models.PROTECT, related_name="+", verbose_name=_("所在县（市、区）或功能区")
    )
    township = models.ForeignKey(
        "places.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所属乡镇（街道）")
    )
    park = models.ForeignKey(
        "places.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所属园区")
    )
    industry = models.ForeignKey(
        Industry, models.PROTECT, verbose_name=_("所属行业"), help_text=_("国民经济行业分类 GB/T 4754-2017。")
    )
    ownership = models.CharField(_("所有制"), max_length=12, choices=Ownership)
    size = models.CharField(_("企业规模"), max_length=8, choices=Size)
    pilot_tier = models.CharField(_("试点层级"), max_length=12, choices=PilotTier, default=PilotTier.NONE)
    headcount = models.PositiveIntegerField(
        _("职工人数"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("单位：人。未掌握时留空，不要填 0。"),
    )
    frontline_count = models.PositiveIntegerField(
        _("一线职工人数"), null=True, blank=True, help_text=_("单位：人。不超过职工人数。")
    )
    has_union = models.BooleanField(_("已建立工会组织"), default=False)
    has_party_organisation = models.BooleanField(_("已建立党组织"), default=False)
    instructor = models.CharField(_("产改指导员"), max_length=60, blank=True, help_text=_("只填姓名。"))
    liaison = models.CharField(_("产改联络员"), max_length=60, blank=True, help_text=_("只填姓名。"))
    observer = models.CharField(_("产改观察员"), max_length=60, blank=True, help_text=_("只填姓名。"))
    is_active = models.BooleanField(_("在册"), default=True)
    closed_on = models.DateField(_("注销日期"), null=True, editable=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged", verbose_name=_("并入的企业")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EnterpriseQuerySet.as_manager()
    view_permission = "enterprises.view"

    class Meta:
        verbose_name = verbose_name_plural = _("企业")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["province", "name"]),
            models.Index(fields=["city", "name"]),
            models.Index(fields=["county", "name"]),
            models.Index("province", KNOWN_HEADCOUNT, "place", name="enterprise_headcount"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(frontline_count__isnull=True)
                | Q(headcount__isnull=True)
                | Q(frontline_count__lte=F("headcount")),
                name="enterprise_frontline_within_headcount",
                violation_error_message=_("一线职工人数不能超过职工人数。请核对两个数后重填。"),
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(closed_on__isnull=True, successor__isnull=True),
                name="enterprise_active_is_not_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprises:detail", args=[self.pk])

    @property
    def enterprise_id(self) -> int:
        """Its own scope column: an enterprise lies within itself."""
        return self.place_id

    @property
    def status_label(self) -> str:
        return str(_("在册") if self.is_active else _("已注销"))

    @property
    def is_pilot(self) -> bool:
        return self.pilot_tier != PilotTier.NONE

    @property
    def is_state_owned(self) -> bool:
        return self.ownership == Ownership.STATE

    def clean(self) -> None:
        if errors := too_large(self):
            raise ValidationError(errors)
        if self.headcount is not None and self.frontline_count is not None and self.frontline_count > self.headcount:
            raise ValidationError(
                {
                    "frontline_count": _("一线职工人数（%(front)d）超过了职工人数（%(all)d）。请核对两个数后重填。")
                    % {"front": self.frontline_count, "all": self.headcount}
                }
            )
