"""Pilots: who was made one at which tier, from when to when, and how far the reform has come there."""

import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models.cluster import Cluster
from enterprises.models.enterprise import Enterprise, PilotTier
from foundation.access.rules import ScopedQuerySet
from foundation.calendar.spans import holds_on
from foundation.places.models import Place

#: The tiers there are, highest first.
TIERS = (PilotTier.NATIONAL, PilotTier.PROVINCIAL, PilotTier.CITY, PilotTier.COUNTY, PilotTier.TOWNSHIP)
TIER_CHOICES = [(tier.value, tier.label) for tier in TIERS]


class Stage(models.TextChoices):
    """The life of a pilot, in this order."""

    INTRODUCTION = "introduction", _("改革导入期")
    DEEPENING = "deepening", _("改革深化期")
    CONSOLIDATION = "consolidation", _("巩固提升期")


STAGES = list(Stage.values)


class PilotQuerySet(ScopedQuerySet["Pilot"]):
    def in_force(self, day: datetime.date | None = None) -> Self:
        """Pilots on that day (today). An unknown start lies in the past; the day of the end no longer counts."""
        return self.filter(in_force_on(day))

    def with_subject(self) -> Self:
        return self.select_related("enterprise__county__city", "enterprise__place", "cluster__place__city")


def in_force_on(day: datetime.date | None = None, prefix: str = "") -> Q:
    """The condition "is a pilot on that day", also through a relation (``pilots__``)."""
    return holds_on(day or timezone.localdate(), f"{prefix}started_on", f"{prefix}ended_on")


class Pilot(models.Model):
    """One subject (an enterprise, a park or a chain) at one tier. An enterprise may be pilot at several tiers, at once
    and one after the other; ``Enterprise.pilot_tier`` is the highest in force, so that totals count it once.

    Where it lies is where its subject lies today: no copied columns, nothing to carry along when the subject moves."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="pilots", verbose_name=_("企业")
    )
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="pilots", verbose_name=_("园区或产业链")
    )
    tier = models.CharField(_("试点层级"), max_length=12, choices=TIER_CHOICES)
    stage = models.CharField(
        _("阶段"), max_length=14, choices=Stage, blank=True, help_text=_("暂时没有掌握的可以不选，以后再补。")
    )
    started_on = models.DateField(_("确定为试点的日期"), null=True, blank=True, help_text=_("没有掌握的留空。"))
    ended_on = models.DateField(_("终止日期"), null=True, blank=True, help_text=_("从这一天起不再是试点。"))
    end_reason = models.CharField(_("终止原因"), max_length=300, blank=True)
    document = models.CharField(
        _("文号或依据"), max_length=120, blank=True, help_text=_("例如确定试点名单的文件文号。")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PilotQuerySet.as_manager()
    view_permission = "enterprises.view_pilots"

    class Meta:
        verbose_name = verbose_name_plural = _("试点")
        ordering = ["pk"]
        indexes = [models.Index(fields=["tier", "ended_on"], name="pilot_tier_ended")]
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=[tier.value for tier in TIERS]), name="pilot_tier_known"),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, cluster__isnull=True)
                | Q(enterprise__isnull=True, cluster__isnull=False),
                name="pilot_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="pilot_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "tier"], condition=Q(ended_on__isnull=True), name="pilot_enterprise_tier_once"
            ),
            models.UniqueConstraint(
                fields=["cluster", "tier"], condition=Q(ended_on__isnull=True), name="pilot_cluster_tier_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.get_tier_display()}"

    def get_absolute_url(self) -> str:
        return reverse("enterprises:pilot", args=[self.pk])

    @property
    def subject(self) -> Enterprise | Cluster:
        """What the pilot is: one of the two, as a constraint of the table says."""
        found = self.enterprise or self.cluster
        if found is None:
            raise ValueError("a pilot is an enterprise, a park or a chain")
        return found

    @property
    def place(self) -> Place:
        """Where it lies: its enterprise's own place, or the region of its park or chain."""
        return self.subject.place

    @property
    def is_in_force(self) -> bool:
        today = timezone.localdate()
        return (self.started_on is None or self.started_on <= today) and not self.has_ended

    @property
    def has_ended(self) -> bool:
        return self.ended_on is not None and self.ended_on <= timezone.localdate()

    def clean(self) -> None:
        if self.started_on and self.ended_on and self.ended_on < self.started_on:
            raise ValidationError(
                {
                    "ended_on": _("终止日期（%(end)s）早于确定为试点的日期（%(start)s）。请核对两个日期。")
                    % {"end": self.ended_on, "start": self.started_on}
                }
            )


class PilotStage(models.Model):
    """The day a pilot entered a stage; unknown for what was entered without one."""

    pilot = models.ForeignKey(Pilot, models.CASCADE, related_name="stages")
    stage = models.CharField(_("阶段"), max_length=14, choices=Stage)
    began_on = models.DateField(_("开始日期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("试点阶段")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="pilot_stage_known"),
            models.UniqueConstraint(fields=["pilot", "stage"], name="pilot_stage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.stage}"
