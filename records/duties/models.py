"""What an enterprise owes: duties made from rules the province edits, and the quarterly one-click statement."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import Ownership, PilotTier, Size
from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import QuarterField
from records.core.kinds import kind_by_slug


class DutyRule(models.Model):
    """Which enterprises owe a kind. An empty list, or a field without a value, means "all"; a headcount that is not known
    lies between no bounds. An enterprise owes what any rule asks of it."""

    kind = models.CharField(_("记录类型"), max_length=60)
    tiers = models.JSONField(_("试点层级"), default=list, blank=True)
    ownerships = models.JSONField(_("所有制"), default=list, blank=True)
    sizes = models.JSONField(_("企业规模"), default=list, blank=True)
    #: Letters of GB/T 4754 sections: C is manufacturing.
    industries = models.JSONField(_("行业门类"), default=list, blank=True)
    headcount_from = models.PositiveIntegerField(_("职工人数不少于"), null=True, blank=True)
    headcount_to = models.PositiveIntegerField(_("职工人数不多于"), null=True, blank=True)
    in_chain = models.BooleanField(_("产业链成员"), null=True, blank=True)
    has_party_organisation = models.BooleanField(_("已建立党组织"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("应报规则")
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(headcount_to__gte=models.F("headcount_from"))
                | models.Q(headcount_from=None)
                | models.Q(headcount_to=None),
                name="duty_rule_headcount_order",
            )
        ]

    def __str__(self) -> str:
        return str(kind_by_slug(self.kind).label) if self.kind else ""

    def clean_lists(self) -> None:
        """Raises ``ValueError`` when a list names an unknown value."""
        for values, known in ((self.tiers, PilotTier), (self.ownerships, Ownership), (self.sizes, Size)):
            if unknown := set(values) - set(known.values):
                raise ValueError(f"unknown values: {sorted(unknown)}")


class Duty(models.Model):
    """One enterprise owes one return of a kind for a period, by a day. Fulfilled when first submitted."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="duties")
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    kind = models.CharField(_("记录类型"), max_length=60)
    period = models.CharField(_("报告期"), max_length=6)
    quarter = QuarterField()
    due = models.DateField(_("截止日期"))
    record = models.ForeignKey("records.Record", models.SET_NULL, null=True, blank=True, related_name="duties")
    fulfilled_at = models.DateTimeField(_("首次提交时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_duty"

    class Meta:
        verbose_name = verbose_name_plural = _("应报事项")
        ordering = ["due", "pk"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "kind", "period"], name="duty_once")]
        indexes = [
            *(
                models.Index(fields=["quarter", place, "due", "id"], name=f"duty_due_{place}")
                for place in ("province", "city", "county")
            ),
            models.Index(fields=["enterprise", "fulfilled_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"


class QuarterStatement(models.Model):
    """季度确认: the enterprise says a quarter is complete, or that there was nothing (零报告).

    It is what tells zero from not reported.
    """

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="statements")
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    quarter = QuarterField()
    is_nil = models.BooleanField(_("零报告"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("确认时间"))

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_statement"

    class Meta:
        verbose_name = verbose_name_plural = _("季度确认")
        ordering = ["-quarter"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "quarter"], name="statement_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.quarter}"
