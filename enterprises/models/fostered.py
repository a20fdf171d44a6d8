"""Enterprises on a list of fostered enterprises (优质企业培育), from when to when."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models.enterprise import Enterprise
from foundation.access.rules import ScopedQuerySet
from foundation.calendar.spans import holds_on


class FosteredEnterprise(models.Model):
    """One enterprise on one list. Kept by the offices; no enterprise is asked for it. Which programmes there are is
    settled by the documents that name them, so their names are typed."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="fostered", verbose_name=_("企业"))
    programme = models.CharField(
        _("培育计划"), max_length=80, help_text=_("按名单所在文件写全称，例如“优质企业培育计划”。")
    )
    listed_on = models.DateField(
        _("列入日期"), null=True, blank=True, help_text=_("没有掌握的留空，视为一直在名单上。")
    )
    delisted_on = models.DateField(
        _("移出日期"), null=True, blank=True, help_text=_("仍在名单上的留空；从这一天起不再统计。")
    )
    document = models.CharField(_("文号或依据"), max_length=120, blank=True, help_text=_("例如公布名单的文件文号。"))
    county = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "enterprises.view_fostered"

    class Meta:
        verbose_name = _("优质培育企业")
        verbose_name_plural = _("优质企业培育")
        ordering = ["enterprise__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(listed_on__isnull=True) | Q(delisted_on__isnull=True) | Q(delisted_on__gte=F("listed_on")),
                name="fostered_listed_before_delisted",
                violation_error_message=_("移出日期早于列入日期。请核对两个日期。"),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "programme"],
                name="fostered_once",
                violation_error_message=_("这家企业已经登记在这个培育计划里。请在列表中查找，修改已有的那一条。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.programme}"

    def get_absolute_url(self) -> str:
        return reverse("enterprises:fostered_enterprise", args=[self.pk])


def listed_on(day: datetime.date) -> Q:
    """The condition "is on the list on that day"; the day on which it is taken off no longer counts."""
    return holds_on(day, "listed_on", "delisted_on")
