"""Tables that somebody keeps under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet


class SavedTable(models.Model):
    """A cross table as its address asks for it, under a name: one person's, or shared with all who work at the same
    office. Views of lists (``foundation.saved_views``) are their owner's alone and are never shared."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("保存人"))
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", verbose_name=_("单位"))
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=2000)
    is_shared = models.BooleanField(_("与本单位共用"), default=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "reporting.view_tables"

    class Meta:
        verbose_name = verbose_name_plural = _("保存的交叉表")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "place", "name"], name="saved_table_name_once")]
        indexes = [models.Index(fields=["place", "is_shared"], name="saved_table_of_place")]

    def __str__(self) -> str:
        return self.name
