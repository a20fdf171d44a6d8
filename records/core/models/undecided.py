"""What may be asked once the province has decided so."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet


class UndecidedItem(models.Model):
    """A field of a kind, or a whole kind (``field`` empty), of which no document says that it is to be collected: 待核定. The
    rows come with the portal (``records.core.undecided``); the province decides on each, at any time anew. What was filed
    stays when it is no longer asked."""

    kind = models.CharField(_("记录类型"), max_length=60, editable=False)
    field = models.CharField(_("字段"), max_length=60, blank=True, editable=False)
    name = models.CharField(_("内容"), max_length=120, editable=False)
    is_asked = models.BooleanField(
        _("收集"), default=False, help_text=_("勾选后填报时就有这一项；不勾选就不再问，已填的保留。")
    )
    is_settled = models.BooleanField(
        _("已核定"), default=False, help_text=_("收与不收都已定下的勾选；没有勾选的标“待核定”。")
    )
    note = models.CharField(
        _("依据或口径"), max_length=200, blank=True, help_text=_("谁定的、按什么口径填，可以不写。")
    )

    objects = ScopedQuerySet.as_manager()
    view_permission = "records.settle_items"

    class Meta:
        verbose_name = verbose_name_plural = _("待核定的填报内容")
        ordering = ["kind", "field"]
        constraints = [models.UniqueConstraint(fields=["kind", "field"], name="undecided_item_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("records:undecided_item", args=[self.pk])
