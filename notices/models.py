"""Notices, what came to each unit of them, their files, and who was urged about what."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.accounts.models import User
from foundation.labels import Label
from foundation.stored_files.models import StoredFile


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发出")
    WITHDRAWN = "withdrawn", _("已撤回")


#: What the units below may see.
PUBLIC = (State.SENT, State.WITHDRAWN)


class Answer(models.TextChoices):
    """What a question of a feedback form asks for."""

    TEXT = "text", _("文字")
    NUMBER = "number", _("数字")
    CHOICE = "choice", _("单选")
    YES_NO = "yes_no", _("是或否")


def _people(related_name: str = "+") -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name=related_name)


class Notice(models.Model):
    """One notice of one office. Before sending a draft, afterwards never changed: withdrawn, or followed by another.

    To whom: every unit of the chosen ``levels`` (of enterprises only pilots of the ``tiers``, if any are named), and
    the ``places`` chosen one by one. ``questions``: ``[{"label", "type", "required", "choices"}]``.
    ``province``, ``city`` and ``county`` are the office's own.
    """

    office = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("发文单位"))
    province = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    title = models.CharField(_("标题"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    text = models.TextField(_("正文"), blank=True)
    levels = models.JSONField(_("发给"), default=list, blank=True)
    tiers = models.JSONField(_("试点层级"), default=list, blank=True)
    places = models.ManyToManyField("places.Place", related_name="+", blank=True, verbose_name=_("另选单位"))
    receipt_due = models.DateField(_("签收截止"), null=True, blank=True)
    feedback_due = models.DateField(_("反馈截止"), null=True, blank=True)
    questions = models.JSONField(_("反馈内容"), default=list, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    recipients = models.PositiveIntegerField(_("发往单位（个）"), null=True, blank=True)
    created_by = _people()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_by = _people()
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    withdrawn_by = _people()
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    reason = models.CharField(_("撤回原因"), max_length=300, blank=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()
    view_permission = "notices.view"

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="notice_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.SENDING]) | Q(sent_at__isnull=False),
                name="notice_sent_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN) | ~Q(reason=""), name="notice_withdrawn_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["office", "-sent_at"], name="notice_of_office")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("notices:detail", args=[self.pk])

    @property
    def office_name(self) -> str:
        """``南京市江宁区产改办``"""
        return _now("%s产改办") % self.office.full_name()

    @property
    def subject(self) -> str:
        """What an urge about this notice is filed under."""
        return f"notice:{self.pk}"

    @property
    def takes_answers(self) -> bool:
        """Whether feedback is still taken today."""
        return bool(self.questions) and self.state == State.SENT and self._until(self.feedback_due)

    @staticmethod
    def _until(day: datetime.date | None) -> bool:
        return day is None or timezone.localdate() <= day


class NoticeFile(StoredFile):
    """An attachment of a notice; it changes only while the notice is a draft."""

    file_folder = "notices"
    owner_name, owner_label = "notice", _("每份通知")
    edit_permission = create_permission = "notices.edit"
    event = "notices.file"
    url_name = "notices:file"

    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="files")

    view_permission = "notices.view_file"

    class Meta(StoredFile.Meta):
        verbose_name = verbose_name_plural = _("通知附件")
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False) | Q(form_token__isnull=False), name="notice_file_belongs_somewhere"
            )
        ]


class DeliveryQuerySet(ScopedQuerySet["Delivery"]):
    def to_do(self) -> Self:
        """Not read, or a receipt or feedback is still wanted."""
        return self.filter(notice__state=State.SENT).filter(
            Q(read_at__isnull=True) | self.unreceipted() | (self.unanswered() & self._still_taken())
        )

    @classmethod
    def owing(cls) -> Q:
        """Has not done what the notice asks: read it, sign it, answer it."""
        return Q(read_at__isnull=True) | cls.unreceipted() | cls.unanswered()

    @staticmethod
    def unreceipted() -> Q:
        return Q(notice__receipt_due__isnull=False, receipted_at__isnull=True)

    @staticmethod
    def unanswered() -> Q:
        return ~Q(notice__questions=[]) & Q(answered_at__isnull=True)

    @staticmethod
    def _still_taken() -> Q:
        return Q(notice__feedback_due__isnull=True) | Q(notice__feedback_due__gte=timezone.localdate())


class Delivery(models.Model):
    """What one unit received: frozen when the notice was sent. The unit reads, signs and answers as one, whoever of its
    people does it. ``answers``: ``{"1": …}`` by the question's number."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name=_("通知"))
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("单位"))
    level = models.CharField(_("层级"), max_length=12)
    province = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    enterprise = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    read_by = _people()
    receipted_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    receipted_by = _people()
    answered_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    answered_by = _people()
    answers = models.JSONField(_("反馈"), default=dict, blank=True)

    objects = DeliveryQuerySet.as_manager()
    view_permission = "notices.view_delivery"

    class Meta:
        verbose_name = verbose_name_plural = _("通知送达")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "place"], name="delivery_once")]
        indexes = [
            models.Index(fields=["place", "-notice"], name="delivery_of_place"),
            models.Index(fields=["notice", "city"], name="delivery_by_city"),
            models.Index(fields=["notice", "county"], name="delivery_by_county"),
            models.Index(fields=["enterprise"], name="delivery_of_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.place}"

    def get_absolute_url(self) -> str:
        return reverse("notices:received", args=[self.pk])

    @property
    def is_behind(self) -> bool:
        """Whether the unit may be urged: the same as ``DeliveryQuerySet.owing`` for one row."""
        unsigned = self.notice.receipt_due is not None and self.receipted_at is None
        return self.read_at is None or unsigned or (bool(self.notice.questions) and self.answered_at is None)

    def state_label(self) -> tuple[Label, str]:
        """(word, tone): the furthest the unit has come, or what it still owes."""
        notice, today = self.notice, timezone.localdate()
        if self.answered_at:
            return _("已反馈"), "done"
        if notice.questions and notice.feedback_due and notice.feedback_due < today:
            return _("逾期未反馈"), "bad"
        if notice.receipt_due and not self.receipted_at:
            return (_("逾期未签收"), "bad") if notice.receipt_due < today else (_("待签收"), "todo")
        if notice.questions:
            return _("待反馈"), "todo"
        if self.receipted_at:
            return _("已签收"), "done"
        return (_("已读"), "done") if self.read_at else (_("未读"), "quiet")


class Urge(models.Model):
    """催办: a unit was urged about a matter, at most once a working day. ``subject`` names the matter (``notice:12``);
    ``urged_by`` nobody is the portal itself, the working day before something is due."""

    subject = models.CharField(max_length=100)
    label = models.CharField(_("事项"), max_length=200)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("单位"))
    text = models.TextField(_("内容"))
    office = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", verbose_name=_("催办单位"))
    urged_by = _people()
    urged_at = models.DateTimeField(_("催办时间"), auto_now_add=True)
    day = models.DateField(_("送达日"))

    class Meta:
        verbose_name = verbose_name_plural = _("催办")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "place", "day"], name="urge_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.label
