"""Policy documents as data. Codes are stable and are what record kinds name in their ``clauses``.

=====================  ==========================================================================
``2022``, ``2025``     Document
``2022-3.1``           Part: a section of a document (第三部分之（一）)
``2022-m1`` … ``m11``  Measure of 2022 · ``2022-s1`` … ``s4`` safeguard
``2025-a4``, ``a5``    Part: action four, five · ``2025-p7`` part seven
``2025-a4-m1``         Measure within an action · ``2025-a4-f1`` a numbered 重点关注 of it (a Clause)
``2022-m1-c1``         Clause: one sentence of the measure's text; ``2022-2-c1`` of a part that has no measures
=====================  ==========================================================================
"""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


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

    class Meta:
        verbose_name = verbose_name_plural = _("政策文件")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.title


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
        """A numbered point (重点关注), not a sentence of a text."""
        return self.number.endswith(".")

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
