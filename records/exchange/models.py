"""An import of records: one kind, one person, one workbook."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.exchange.models import ImportState, SheetImport

__all__ = ["ImportBatch", "ImportState"]


class ImportBatch(SheetImport):
    """One import of one kind by one person. ``questions`` are fit rows that look unusual;
    ``reason`` is the word with which they are handed in all the same, without it they stay drafts. ``written`` says how
    far the writing has come.
    """

    kind = models.CharField(_("记录类型"), max_length=60)
    submits = models.BooleanField(_("导入后直接提交审核"), default=True)
    is_backfill = models.BooleanField(_("历史补录"), default=False)
    questions = models.JSONField(default=list)
    reason = models.TextField(_("核对说明"), blank=True, default="")
    written = models.JSONField(default=dict)

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.view_import"

    class Meta(SheetImport.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("批量导入")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ImportState.values), name="import_state_known")
        ]

    @property
    def unusual(self) -> int:
        """How many of the fit rows are to be looked at before they are handed in."""
        return self.counts.get("unusual", 0)
