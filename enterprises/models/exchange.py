"""An import of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.exchange.models import FORMER_STATES, SheetImport


class RegisterImport(SheetImport):
    """One workbook of enterprises by one person. ``moves`` is how many of the fit rows are moves to another county;
    ``effects`` what these will do, in sentences."""

    moves = models.PositiveIntegerField(_("迁移"), default=0)
    effects = models.JSONField(default=list)

    objects = ScopedQuerySet.as_manager()
    view_permission = "enterprises.view_import"

    @property
    def registered(self) -> int | None:
        """How many are new; None before the check is through."""
        return self.counts.get("new", 0) if self.counts else None

    @property
    def changed(self) -> int | None:
        return self.counts.get("changed", 0) if self.counts else None

    class Meta(SheetImport.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("企业名录导入")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=FORMER_STATES), name="register_import_state_known")
        ]
