"""What an enterprise owes: duties made from rules the province edits, and the quarterly one-click statement."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import Ownership, PilotTier, Size
from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import QuarterField
from foundation.labels import Label
from records.core.kinds import kind_by_slug


class Circumstance(models.TextChoices):
    """适用情况: what is asked once a year, so that whole chapters need not be opened. The values name the fields of
    ``Applicability``."""

    SCHOOLS = "schools", _("有校企合作")
    APPRENTICES = "apprentices", _("有学徒（现代学徒制、新型学徒制）")
    PATENTS = "patents", _("上年度有授权专利")
    EVALUATION = "evaluation", _("开展技能等级评价")
    RISK = "risk", _("开展劳动用工风险评估")
    PLATFORMS = "platforms", _("有研发平台（企业技术中心、工程研究中心、工程技术研究中心）")


class Applicability(models.Model):
    """An enterprise's answers for a year, given in front of its first returns of that year. What hangs on a question is owed
    by those who said yes."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="applicabilities")
    year = models.CharField(_("年度"), max_length=4)
    schools = models.BooleanField(Circumstance.SCHOOLS.label)
    apprentices = models.BooleanField(Circumstance.APPRENTICES.label)
    patents = models.BooleanField(Circumstance.PATENTS.label)
    evaluation = models.BooleanField(Circumstance.EVALUATION.label)
    risk = models.BooleanField(Circumstance.RISK.label)
    platforms = models.BooleanField(Circumstance.PLATFORMS.label)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("填写时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("适用情况")
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "year"], name="applicability_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year}"

    @property
    def closed(self) -> set[str]:
        """The questions that were answered with no."""
        return {question for question in Circumstance.values if not getattr(self, question)}


#: Fields of a rule that say nothing of whom it asks for what.
_NO_CONDITION = ("id", "is_active", "code", "is_proposed", "is_left")


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
    #: Of members of a chain only its head and its leading enterprises.
    leads_chain = models.BooleanField(_("链主、龙头企业"), default=False)
    has_party_organisation = models.BooleanField(_("已建立党组织"), null=True, blank=True)
    #: Owed only by those who answered this question of the year with yes.
    only_if = models.CharField(_("适用情况"), max_length=12, choices=Circumstance, blank=True, default="")
    is_active = models.BooleanField(_("启用"), default=True)
    #: Of a rule that comes with the portal: its name there, so that it is proposed once.
    code = models.CharField(max_length=60, blank=True, default="", editable=False)
    is_proposed = models.BooleanField(_("建议"), default=False, editable=False)
    #: Proposed, and the province did not take it: not shown, and not proposed again.
    is_left = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("应报规则")
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(headcount_to__gte=models.F("headcount_from"))
                | models.Q(headcount_from=None)
                | models.Q(headcount_to=None),
                name="duty_rule_headcount_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(is_active=True, is_proposed=True), name="duty_rule_proposed_is_not_active"
            ),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="duty_rule_code_once"),
        ]

    def __str__(self) -> str:
        return str(kind_by_slug(self.kind).label) if self.kind else ""

    def asks_as(self, other: "DutyRule") -> bool:
        """Whether both ask the same of the same enterprises."""
        conditions = [field.name for field in self._meta.concrete_fields if field.name not in _NO_CONDITION]
        return all(getattr(self, name) == getattr(other, name) for name in conditions)

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

    @property
    def what(self) -> Label:
        """What was said of the quarter, in the words of its button."""
        return _("零报告") if self.is_nil else _("已填完")
