"""The change feed: one table that every room appends to and whoever counts reads by cursor."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.calendar.periods import QuarterField


class Change(models.Model):
    """Figures of a source may have moved. Written in the transaction that moved them.

    ``source`` is the code of a ``FactSource``. ``place`` is whose figures: an enterprise's place or a region's own; with
    ``is_below`` those of everything below the region as well, so that a change of a whole county is one row. An empty
    ``quarter`` means every open one. ``subject`` is the key of what was changed in its own table, and ``action`` what
    was done to it: for people who look for the cause of a figure, not for counting.
    """

    source = models.CharField(_("数据来源"), max_length=60)
    # Read by key only. The index would be written a million times and be used by deletions of a place alone.
    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+", db_index=False)
    is_below = models.BooleanField(_("含下级"), default=False)
    quarter = QuarterField(blank=True, default="")
    subject = models.BigIntegerField(_("对象"), null=True)
    action = models.CharField(_("变动"), max_length=20, blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("变更流水")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.source} {self.place_id} {self.quarter}"


class FeedCursor(models.Model):
    """How far a reader has come. ``gaps`` are the numbers it has passed without seeing their rows:
    ``[[first, last, "when first missed"], …]``. A number is given out before its transaction commits, so a lower row may
    appear after a higher one; or never, when the transaction was rolled back."""

    reader = models.CharField(max_length=30, primary_key=True)
    position = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("流水读取进度")

    def __str__(self) -> str:
        return f"{self.reader}: {self.position}"
