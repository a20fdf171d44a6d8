"""What the reviewing offices keep: how they review, decisions on many records, samples, what enterprises ask of them."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import QuarterField
from foundation.saying import filled
from records.core.workflow import MOVES


class ReviewSettings(models.Model):
    """How an office reviews. An empty number: what the office above has set, else the portal's proposal."""

    place = models.OneToOneField("places.Place", models.CASCADE, primary_key=True, related_name="+")
    review_days = models.PositiveSmallIntegerField(_("审核时限（工作日）"), null=True, blank=True)
    appeal_days = models.PositiveSmallIntegerField(_("申诉期限（工作日）"), null=True, blank=True)
    sample_percent = models.PositiveSmallIntegerField(_("抽查比例（%）"), null=True, blank=True)
    phrases = models.JSONField(_("常用语"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("审核设置")
        constraints = [
            models.CheckConstraint(
                condition=Q(sample_percent=None) | Q(sample_percent__lte=100), name="review_sample_percent"
            ),
            models.CheckConstraint(condition=Q(review_days=None) | Q(review_days__gte=1), name="review_days_positive"),
            models.CheckConstraint(condition=Q(appeal_days=None) | Q(appeal_days__gte=1), name="appeal_days_positive"),
        ]

    def __str__(self) -> str:
        return str(self.place)


class BatchState(models.TextChoices):
    ASKED = "asked", _("待确认")
    RUNNING = "running", _("处理中")
    DONE = "done", _("已处理")
    CANCELLED = "cancelled", _("已取消")


class ReviewBatch(models.Model):
    """One decision on many records, frozen when it was asked for: later arrivals are not in it."""

    action = models.CharField(_("动作"), max_length=12)
    reason = models.TextField(_("审核意见"), blank=True)
    asked = models.CharField(_("选取条件"), max_length=300, blank=True)
    count = models.PositiveIntegerField(_("条数"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=BatchState, default=BatchState.ASKED)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_review_batch"

    class Meta:
        verbose_name = verbose_name_plural = _("批量审核")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return filled(gettext("批量%(what)s %(count)d 条"), {"what": MOVES[self.action].label, "count": self.count})


class Outcome(models.TextChoices):
    WAITING = "waiting", _("待处理")
    DONE = "done", _("已处理")
    SKIPPED = "skipped", _("已跳过")


class ReviewBatchRow(models.Model):
    """One record of a batch, the version it was seen in, and what became of it."""

    batch = models.ForeignKey(ReviewBatch, models.CASCADE, related_name="rows")
    record = models.ForeignKey("records.Record", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome, default=Outcome.WAITING)
    message = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("批量审核结果")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "record"], name="review_batch_row_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.record_id} {self.outcome}"


class SampleSalt(models.Model):
    """What a quarter's lots are drawn with. Never shown: who knew it could tell beforehand what will be looked at."""

    quarter = QuarterField(primary_key=True)
    salt = models.CharField(max_length=64, default=secrets.token_hex, editable=False)

    def __str__(self) -> str:
        return str(self.quarter)


class SampleOutcome(models.TextChoices):
    PASSED = "passed", _("抽查通过")
    REOPENED = "reopened", _("抽查发现问题，已重新打开")


class SampleCheck(models.Model):
    """The city looked at an approved record, as it stood at a version."""

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="sample_checks")
    version = models.PositiveIntegerField()
    outcome = models.CharField(_("抽查结果"), max_length=10, choices=SampleOutcome)
    note = models.TextField(_("抽查意见"), blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("抽查时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("抽查")
        constraints = [models.UniqueConstraint(fields=["record", "version"], name="sample_checked_once")]
        indexes = [models.Index(fields=["record"], condition=Q(outcome="reopened"), name="sample_check_reopened")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.outcome}"


class AppealOutcome(models.TextChoices):
    OPEN = "open", _("待处理")
    UPHELD = "upheld", _("维持驳回")
    OVERTURNED = "overturned", _("申诉成立")


class AskedOfOffice(models.Model):
    """What an enterprise asks of an office about a record of its own that was decided. Lies where the record lies."""

    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="+")
    held_by = models.CharField(_("处理的级次"), max_length=10)
    decide_by = models.DateField(_("处理期限"))
    reason = models.TextField(_("理由"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    answer = models.TextField(_("处理意见"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        abstract = True


class Appeal(AskedOfOffice):
    """申诉: an enterprise asks the office above, once, to look again at a rejection."""

    record = models.OneToOneField("records.Record", models.CASCADE, related_name="appeal")
    rejected_by_level = models.CharField(_("驳回的级次"), max_length=10)
    rejected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("处理结果"), max_length=10, choices=AppealOutcome, default=AppealOutcome.OPEN)

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_appeal"

    class Meta:
        verbose_name = verbose_name_plural = _("申诉")
        ordering = ["decide_by", "pk"]
        indexes = [
            models.Index(fields=["city", "decide_by"], condition=Q(outcome="open"), name="appeal_open_city"),
            models.Index(fields=["province", "decide_by"], condition=Q(outcome="open"), name="appeal_open_province"),
        ]

    def __str__(self) -> str:
        return str(self.record)


class CorrectionOutcome(models.TextChoices):
    OPEN = "open", _("待处理")
    REOPENED = "reopened", _("已重新打开")
    DECLINED = "declined", _("不同意更正")


class Correction(AskedOfOffice):
    """更正申请: an enterprise found an approved record wrong and asks the office that approved it to reopen it. One at a
    time for a record."""

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="corrections")
    outcome = models.CharField(_("处理结果"), max_length=10, choices=CorrectionOutcome, default=CorrectionOutcome.OPEN)

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_correction"

    class Meta:
        verbose_name = verbose_name_plural = _("更正申请")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(outcome="open"), name="correction_one_open"),
        ]
        indexes = [
            models.Index(fields=["county", "decide_by"], condition=Q(outcome="open"), name="correction_open_county"),
            models.Index(fields=["city", "decide_by"], condition=Q(outcome="open"), name="correction_open_city"),
        ]

    def __str__(self) -> str:
        return str(self.record)
