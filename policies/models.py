"""Policy documents as data. Codes are stable and are what record kinds name in their ``clauses``.

=====================  ==========================================================================
``2022``, ``2025``     Document
``2022-3.1``           Part: a section of a document (第三部分之（一）)
``2022-m1`` … ``m11``  Measure of 2022 · ``2022-s1`` … ``s4`` safeguard
``2025-a4``, ``a5``    Part: action four, five · ``2025-p7`` part seven
``2025-a4-m1``         Measure within an action · ``2025-a4-f1`` a numbered 重点关注 of it (a Clause)
``2022-m1-c1``         Clause: one sentence of the measure's text; ``2022-2-c1`` of a part that has no measures
``d7``, ``d7-1.2`` …   the same of a document that the province entered; ``policies.compiling`` gives them
=====================  ==========================================================================

What the portal ships is loaded (``policies.loading``); what the province enters is worked on as an ``Edition`` and becomes
rows of the same tables when it is published.
"""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.files.keeping import random_name
from policies.cutting import ParagraphLevel

#: What one document may hold: the law on work safety has 119 articles of some 300 paragraphs. Bounded by how many fields a
#: form may send (``DATA_UPLOAD_MAX_NUMBER_FIELDS``), two for each.
MOST_PARAGRAPHS = 450
MOST_CLAUSES = 480
MOST_CHARACTERS = 200_000
#: No document in force is older.
FIRST_DAY = datetime.date(1949, 10, 1)


class Document(models.Model):
    """A policy document the portal carries out."""

    code = models.CharField(_("编码"), max_length=20, primary_key=True)
    title = models.CharField(_("标题"), max_length=200)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=120, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    text = models.TextField(_("全文"))
    order = models.PositiveSmallIntegerField(default=0)
    #: Entered by the province, not shipped: loading leaves it alone.
    is_entered = models.BooleanField(default=False, editable=False)
    #: The paragraphs outside every part; of a shipped document they are found in its text.
    opening = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)
    retired_reason = models.CharField(_("停用原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("政策文件")
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_on=None, retired_reason="")
                | (Q(is_entered=True, retired_on__isnull=False) & ~Q(retired_reason="")),
                name="policy_retired_with_reason",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policies:document", args=[self.pk])


class Part(models.Model):
    """A part of a document. ``is_missing``: known to exist, its text not yet available; shown as 待补充."""

    code = models.CharField(_("编码"), max_length=20, primary_key=True)
    document = models.ForeignKey(Document, models.CASCADE, related_name="parts")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    number = models.CharField(_("序号"), max_length=20)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"), blank=True)
    is_missing = models.BooleanField(_("待补充"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("部分")
        ordering = ["document__order", "order"]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class Measure(models.Model):
    """A numbered measure or safeguard of a document."""

    code = models.CharField(_("编码"), max_length=20, primary_key=True)
    part = models.ForeignKey(Part, models.CASCADE, related_name="measures")
    number = models.CharField(_("序号"), max_length=20)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"))
    is_safeguard = models.BooleanField(_("保障服务"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("举措")
        ordering = ["part__document__order", "order"]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class Clause(models.Model):
    """The smallest part that can be carried out or left undone: a sentence (``number`` 第1句), or a numbered point (1.)."""

    code = models.CharField(_("编码"), max_length=24, primary_key=True)
    measure = models.ForeignKey(Measure, models.CASCADE, null=True, related_name="clauses")
    part = models.ForeignKey(Part, models.CASCADE, related_name="clauses")
    number = models.CharField(_("序号"), max_length=20)
    text = models.TextField(_("正文"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("条款")
        ordering = ["part__document__order", "order"]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:24]}"

    @property
    def is_point(self) -> bool:
        """A numbered point (重点关注), not a sentence of a text (第1句)."""
        return not self.number.endswith("句")

    @property
    def citation(self) -> str:
        """Where it is read, as people cite it: the document, then 三、（一）加强思想引领，1.深化理想信念教育. Reads ``measure``
        and ``part`` with its parent and its document."""
        document = self.part.document
        title = f"{document.title}（{document.number}）" if document.number else document.title
        above = self.part.parent.number if self.part.parent else ""
        point = gettext("第%s点") % self.number.rstrip(".") if self.is_point else self.number
        within = str(self.measure) if self.measure else point
        return gettext("%(document)s %(part)s，%(within)s") % {
            "document": title,
            "part": f"{above}{self.part}",
            "within": within,
        }


class ClausePoint(models.Model):
    """One thing that a clause of an entered document asks for; of a shipped one they stand in ``data/policy/points.csv``.
    A clause that asks for nothing has one that does not ask and says why."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="asked_points")
    text = models.CharField(_("要点"), max_length=500)
    asks = models.BooleanField(_("要求做事"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("要点")
        ordering = ["clause__order", "order"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "text", "asks"], name="policy_point_once_in_clause"),
            models.CheckConstraint(condition=~Q(text=""), name="policy_point_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class PointAnswer(models.Model):
    """What the province says answers a point: the name of a kind, fact, register, indicator or rule, as ``policies.points``
    and ``policies.links`` know them."""

    point = models.ForeignKey(ClausePoint, models.CASCADE, related_name="named_answers")
    name = models.CharField(_("编码"), max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = _("要点关联")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["point", "name"], name="policy_answer_once_for_point")]

    def __str__(self) -> str:
        return self.name


class EditionState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("现行版本")
    FORMER = "former", _("以前的版本")
    DISCARDED = "discarded", _("已删除的草稿")


class Edition(models.Model):
    """One version of a document that the province enters: its paragraphs as they were cut and corrected.

    A draft is worked on beside the version in force, and takes its place when published. ``text`` is what was pasted or
    read from ``file``, as it came. ``codes`` are those given to its parts, measures and clauses when it was published:
    ``{"code", "above", "number", "title"}``, where a clause has its text as ``title``.
    """

    file_folder = "policies"

    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="editions")
    state = models.CharField(_("状态"), max_length=10, choices=EditionState, default=EditionState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("标题"), max_length=200)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=120)
    issued_on = models.DateField(_("印发日期"))
    source = models.CharField(_("来源"), max_length=200)
    text = models.TextField(_("全文"))
    file = models.FileField(upload_to=random_name, blank=True, default="")
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    codes = models.JSONField(default=list, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("录入时间"), auto_now_add=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("最后修改"), auto_now=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    view_permission = "policies.manage"

    class Meta:
        verbose_name = verbose_name_plural = _("政策文件版本")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EditionState.values), name="policy_edition_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[EditionState.DRAFT, EditionState.DISCARDED])
                | Q(document__isnull=False, published_at__isnull=False),
                name="policy_edition_published_of_a_document",
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=EditionState.DRAFT), name="policy_edition_one_draft"
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=EditionState.PUBLISHED), name="policy_edition_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policies:draft", args=[self.pk])

    def clean(self) -> None:
        """The day can be one on which such a document was issued."""
        if self.issued_on and not FIRST_DAY <= self.issued_on <= timezone.localdate():
            found = {"day": self.issued_on, "first": FIRST_DAY}
            text = gettext("印发日期 %(day)s 不合常理：应在 %(first)s 到今天之间。请核对。") % found
            raise ValidationError({"issued_on": text})

    @property
    def is_draft(self) -> bool:
        return self.state == EditionState.DRAFT


class EditionParagraph(models.Model):
    """A paragraph of an edition, with what it is in the document."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="paragraphs")
    order = models.PositiveSmallIntegerField()
    level = models.CharField(_("层级"), max_length=10, choices=ParagraphLevel)
    text = models.TextField(_("正文"))

    class Meta:
        verbose_name = verbose_name_plural = _("政策文件段落")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "order"], name="policy_paragraph_order_once"),
            models.CheckConstraint(condition=Q(level__in=ParagraphLevel.values), name="policy_paragraph_level_known"),
            models.CheckConstraint(condition=~Q(text=""), name="policy_paragraph_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:24]


class EditionClause(models.Model):
    """A clause that follows from the paragraphs of an edition, with what it asks for: ``points`` has one on each line; of a
    clause that asks for nothing it says why."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="clauses")
    order = models.PositiveSmallIntegerField()
    text = models.TextField(_("条款"))
    asks = models.BooleanField(_("要求做事"), default=True)
    points = models.TextField(_("要点"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("政策文件版本的条款")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["edition", "order"], name="policy_edition_clause_order_once")]

    def __str__(self) -> str:
        return self.text[:24]
