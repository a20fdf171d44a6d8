"""A bundle as a row: who asked for which enterprise and year, and the file that came of it."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.files.keeping import random_name

#: How long a bundle may be fetched. It copies evidence, so it is not kept longer than it is needed.
KEEP = datetime.timedelta(days=7)


class BundleStatus(models.TextChoices):
    BUILDING = "building", _("生成中")
    READY = "ready", _("已生成")
    FAILED = "failed", _("生成失败")


def a_while_from_now() -> datetime.datetime:
    return timezone.now() + KEEP


class BundleQuerySet(ScopedQuerySet["Bundle"]):
    def ready(self) -> Self:
        """Those that can be fetched now."""
        return self.filter(status=BundleStatus.READY, expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class Bundle(models.Model):
    """The ledger of one enterprise and year, made for one person and gone after a week.

    ``province``, ``city`` and ``county`` are the enterprise's when it was asked for.
    """

    file_folder = "bundles"

    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="+", verbose_name=_("企业"))
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    status = models.CharField(_("生成状态"), max_length=8, choices=BundleStatus, default=BundleStatus.BUILDING)
    file = models.FileField(upload_to=random_name, blank=True)
    has_pdf = models.BooleanField(_("有 PDF 目录"), default=True)
    records = models.PositiveIntegerField(_("记录数"), default=0)
    files = models.PositiveIntegerField(_("文件数"), default=0)
    missing = models.PositiveIntegerField(_("缺失文件数"), default=0)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发起人"))
    created_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("保留至"), default=a_while_from_now)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = BundleQuerySet.as_manager()
    view_permission = "reporting.view_bundle"

    class Meta:
        verbose_name = verbose_name_plural = _("企业台账")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["created_by", "enterprise", "-id"], name="bundle_of_person"),
            models.Index(fields=["expires_at"], name="bundle_expires"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is fetched."""
        return reverse("reporting:bundle_download", args=[self.pk])

    @property
    def title(self) -> str:
        """``江宁示例机械有限公司2026年度产改工作台账``"""
        return _now("%(name)s%(year)d年度产改工作台账") % {"name": self.enterprise.name, "year": self.year}

    @property
    def file_name(self) -> str:
        return f"{self.title}.zip"

    @property
    def is_building(self) -> bool:
        return self.status != BundleStatus.READY and self.job is not None and self.job.is_live

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def can_be_fetched(self) -> bool:
        return self.status == BundleStatus.READY and not self.has_expired
