"""The yearly profile of an enterprise: what is asked once a year and used wherever a staff figure is needed."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enterprises.models.enterprise import Enterprise
from foundation.access.rules import ScopedQuerySet
from foundation.fields import label_of_field
from foundation.labels import Label
from foundation.limits import too_large

#: Counts that are part of the headcount. Union members are not: workers sent by agencies may join as well.
PARTS = ("frontline_count", "industrial_count", "women_count", "young_count")
#: Whom the enterprise took on in the year, and of these.
HIRED, PARTS_OF_HIRED = "hired", ("hired_young", "hired_graduates")


def _count(label: Label, help_text: Label) -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(label, null=True, blank=True, help_text=help_text)


def _within(part: str) -> models.CheckConstraint:
    unknown = Q(**{f"{part}__isnull": True})
    return models.CheckConstraint(
        condition=unknown | Q(**{f"{part}__lte": F("headcount")}), name=f"profile_{part}_within"
    )


class YearlyProfile(models.Model):
    """One enterprise and year. The newest one is what the register shows as headcount and front line."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="profiles", verbose_name=_("企业"))
    year = models.PositiveSmallIntegerField(_("年度"))
    headcount = models.PositiveIntegerField(
        _("职工人数"), validators=[MinValueValidator(1)], help_text=_("单位：人。与企业有劳动关系的全部职工。")
    )
    frontline_count = _count(_("一线职工人数"), _("单位：人。不超过职工人数；没有掌握的留空，不要填 0。"))
    industrial_count = _count(_("产业工人人数"), _("单位：人。不超过职工人数；没有掌握的留空，不要填 0。"))
    women_count = _count(_("女职工人数"), _("单位：人。不超过职工人数；没有掌握的留空，不要填 0。"))
    wages_total = models.DecimalField(
        _("工资总额"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("单位：万元。全年数；年度没有结束的先留空，年后再补。"),
    )
    union_members = _count(_("工会会员人数"), _("单位：人。没有建立工会的填 0，没有掌握的留空。"))
    young_count = _count(_("35岁以下职工人数"), _("单位：人。年末不满 35 周岁的职工；没有掌握的留空，不要填 0。"))
    hired = _count(_("本年新进职工"), _("单位：人。这一年新签劳动合同的；年度没有结束的先留空，年后再补。"))
    hired_young = _count(_("新进职工中35岁以下"), _("单位：人。不超过本年新进职工；没有掌握的留空，不要填 0。"))
    hired_graduates = _count(
        _("新进职工中应届高校毕业生"), _("单位：人。不超过本年新进职工；没有掌握的留空，不要填 0。")
    )
    word = models.CharField(_("情况说明"), max_length=300, blank=True)
    #: What looked unusual when it was filed last and was answered by ``word``, as it was shown: field and message.
    questions = models.JSONField(_("核对过的情况"), default=list, editable=False)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("填报人")
    )
    filed_at = models.DateTimeField(_("填报时间"), auto_now=True)
    filed_on_behalf = models.BooleanField(_("代填"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "enterprises.view_profiles"

    class Meta:
        verbose_name = verbose_name_plural = _("年度基本情况")
        ordering = ["-year", "pk"]
        indexes = [models.Index(fields=["year"], name="profile_year")]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year"], name="profile_once_a_year"),
            *(_within(part) for part in PARTS),
        ]

    def __str__(self) -> str:
        return _("%(enterprise)s %(year)d年度") % {"enterprise": self.enterprise, "year": self.year}

    def clean(self) -> None:
        errors = too_large(self)
        for part in PARTS:
            value = getattr(self, part)
            if value is not None and self.headcount is not None and value > self.headcount:
                errors.setdefault(
                    part,
                    _("%(label)s（%(part)d）超过了职工人数（%(all)d）。请核对两个数后重填。")
                    % {"label": label_of_field(self, part), "part": value, "all": self.headcount},
                )
        for part in PARTS_OF_HIRED:
            value = getattr(self, part)
            if value is not None and self.hired is not None and value > self.hired:
                errors.setdefault(
                    part,
                    _("%(label)s（%(part)d）超过了本年新进职工（%(all)d）。请核对两个数后重填。")
                    % {"label": label_of_field(self, part), "part": value, "all": self.hired},
                )
        if errors:
            raise ValidationError(errors)
