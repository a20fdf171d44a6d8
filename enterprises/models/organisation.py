"""Organisations that are no enterprises: schools, training institutions, trade associations. Other rooms refer to them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.textsearch.fields import FoldedField


class OrganisationKind(models.TextChoices):
    VOCATIONAL = "vocational", _("职业院校")
    TECHNICIAN = "technician", _("技工院校")
    UNIVERSITY = "university", _("本科高校")
    TRAINING = "training", _("培训机构")
    ASSOCIATION = "association", _("行业协会")


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Organisation(models.Model):
    """Known to everybody: a school works with enterprises of other counties as well."""

    kind = models.CharField(_("类别"), max_length=12, choices=OrganisationKind)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(max_length=120, editable=False)
    name_key = FoldedField(max_length=120, of="name")
    code = models.CharField(
        _("代码"),
        max_length=24,
        null=True,
        blank=True,
        unique=True,
        help_text=_("学校标识码或统一社会信用代码；没有的留空。"),
        error_messages={"unique": _("这个代码已经登记过。请在列表中查找，不要重复登记。")},
    )
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    county = models.ForeignKey(
        "places.Place", models.PROTECT, related_name="+", verbose_name=_("所在县（市、区）或功能区")
    )
    contact = models.CharField(
        _("联系部门或联系人"), max_length=60, blank=True, help_text=_("只填部门或姓名，不填电话和证件号码。")
    )
    is_active = models.BooleanField(_("可以选用"), default=True, help_text=_("停办、撤销的取消勾选，已有的引用保留。"))

    objects = OrganisationQuerySet.as_manager()
    view_permission = "enterprises.view_organisations"

    class Meta:
        verbose_name = verbose_name_plural = _("院校和机构")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name_key"], name="organisation_name_key")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
            models.UniqueConstraint(
                fields=["county", "name"],
                name="organisation_once",
                violation_error_message=_("这个地区已经登记过同名的院校或机构。请在列表中查找，不要重复登记。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprises:organisation", args=[self.pk])
