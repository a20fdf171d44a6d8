"""What each person keeps for themselves about the pages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet


class SavedView(models.Model):
    """A list as one person likes it: filters, sorting and columns, kept as the list's own query string under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(_("页面"), max_length=40)
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=2000, blank=True)
    is_default = models.BooleanField(_("默认打开"), default=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "saved_views.own"

    class Meta:
        verbose_name = verbose_name_plural = _("我的视图")
        ordering = ["page", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["user", "page"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
