"""Reports: each build is a row of its own, with the frozen snapshot and its faces as files."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import Quarter, QuarterField
from foundation.files.keeping import random_name
from reporting.bundles.models import Bundle  # noqa: F401 -- a model of this room, kept with what makes it
from reporting.crosstable.models import SavedTable  # noqa: F401 -- likewise
from reporting.quality.models import Finding, FindingStep, QualityThresholds  # noqa: F401 -- likewise


class Kind(models.TextChoices):
    QUARTERLY = "quarterly", _("产改季报")


class Status(models.TextChoices):
    BUILDING = "building", _("生成中")
    READY = "ready", _("已生成")
    FAILED = "failed", _("生成失败")


class State(models.TextChoices):
    DRAFT = "draft", _("送审稿")
    ISSUED = "issued", _("已签发")


#: The parts an office writes itself; everything else comes from the snapshot.
COMMENTARY_LABELS = {"overview": _("总体情况（补充）"), "problems": _("存在问题（补充）"), "plans": _("下一步打算")}
COMMENTARY_PARTS = tuple(COMMENTARY_LABELS)


class ReportQuerySet(ScopedQuerySet["Report"]):
    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def of(self, *, kind: str, region: models.Model, quarter: str) -> Self:
        return self.filter(kind=kind, region=region, quarter=quarter)

    def issued(self) -> Self:
        return self.filter(state=State.ISSUED)

    def for_list(self) -> Self:
        return self.select_related("region", "region__city", "created_by", "job").defer("snapshot", "commentary")


class Report(models.Model):
    """One build of a report. ``snapshot`` is frozen when built; the files are faces of it."""

    file_folder = "reports"

    kind = models.CharField(_("报告类型"), max_length=12, choices=Kind, default=Kind.QUARTERLY)
    region = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("地区"))
    province = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    quarter = QuarterField()
    draft_number = models.PositiveSmallIntegerField(_("稿次"), default=1)
    status = models.CharField(_("生成状态"), max_length=8, choices=Status, default=Status.BUILDING)
    state = models.CharField(_("签发状态"), max_length=8, choices=State, default=State.DRAFT)
    snapshot = models.JSONField(_("数据快照"), null=True, blank=True)
    snapshot_hash = models.CharField(_("数据快照校验值"), max_length=64, blank=True)
    data_as_of = models.DateTimeField(_("数据截至"), null=True, blank=True)
    commentary = models.JSONField(_("编制单位意见"), default=dict, blank=True)
    pdf = models.FileField(upload_to=random_name, blank=True)
    xlsx = models.FileField(upload_to=random_name, blank=True)
    docx = models.FileField(upload_to=random_name, blank=True)
    pdf_hash = models.CharField(_("PDF 校验值"), max_length=64, blank=True)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    red_head = models.CharField(
        _("发文机关标志"), max_length=30, blank=True, help_text=_("填写后首页印红色版头；一般季报留空，不印版头。")
    )
    issued_on = models.DateField(_("签发日期"), null=True, blank=True)
    issued_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verify_code = models.CharField(_("查验码"), max_length=12, unique=True, null=True, blank=True)
    verify_url = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发起人"))
    created_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    built_at = models.DateTimeField(_("生成时间"), null=True, blank=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportQuerySet.as_manager()
    view_permission = "reporting.view"

    class Meta:
        verbose_name = verbose_name_plural = _("报告")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region", "quarter"],
                condition=Q(status="building", built_at__isnull=True),
                name="report_one_build_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(verify_code__isnull=False, issued_on__isnull=False),
                name="report_issued_is_verifiable",
            ),
        ]
        indexes = [
            models.Index(fields=["province", "-id"], name="report_province"),
            models.Index(fields=["city", "-id"], name="report_city"),
            models.Index(fields=["county", "-id"], name="report_county"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.pk])

    @property
    def period(self) -> Quarter:
        return Quarter.parse(self.quarter)

    def frozen(self) -> dict[str, Any]:
        """The snapshot of a report that has been built. Raises ``ValueError`` before that."""
        if self.snapshot is None:
            raise ValueError(f"report {self.pk} has no snapshot yet")
        snapshot: dict[str, Any] = self.snapshot
        return snapshot

    @property
    def title(self) -> str:
        """``江苏省2026年第三季度产改季报``"""
        return f"{self.region.full_name()}{self.period.label}{self.get_kind_display()}"

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def is_building(self) -> bool:
        """Being made right now: its job lives."""
        return self.status != Status.READY and self.job is not None and self.job.is_live

    @property
    def has_failed(self) -> bool:
        """Its job ended without making it."""
        return self.status != Status.READY and not self.is_building

    def newer_issue(self) -> "Report | None":
        """The latest report issued after this one for the same region and quarter."""
        same = Report.objects.issued().of(kind=self.kind, region=self.region, quarter=self.quarter)
        return same.filter(issued_at__gt=self.issued_at).newest_first().first()

    def file_name(self, suffix: str) -> str:
        """``2026年第三季度_江苏省_产改季报.pdf``"""
        return f"{self.period.label}_{self.region.full_name()}_{self.get_kind_display()}.{suffix}"
