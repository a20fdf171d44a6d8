"""Industrial parks and industrial chains: what a pilot may be besides a single enterprise, and who belongs to it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models.enterprise import Enterprise
from foundation.access.rules import ScopedQuerySet
from foundation.textsearch.fields import FoldedField


class ClusterKind(models.TextChoices):
    PARK = "park", _("产业园区")
    CHAIN = "chain", _("产业链")


class Cluster(models.Model):
    """A park or a chain, kept by the office of the region it lies in. A chain over several cities is the province's."""

    kind = models.CharField(_("类别"), max_length=5, choices=ClusterKind)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(max_length=120, editable=False)
    name_key = FoldedField(max_length=120, of="name")
    place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        related_name="+",
        verbose_name=_("所在地区"),
        help_text=_("成员企业都在这个地区内。跨县（市、区）的登记在设区市，跨设区市的登记在省。"),
    )
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()
    view_permission = "enterprises.view_clusters"

    class Meta:
        verbose_name = verbose_name_plural = _("产业园区和产业链")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name_key"], name="cluster_name_key")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ClusterKind.values), name="cluster_kind_known"),
            models.UniqueConstraint(
                fields=["place", "kind", "name"],
                name="cluster_once",
                violation_error_message=_("这个地区已经登记过同名的园区或产业链。请在列表中查找，不要重复登记。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprises:cluster", args=[self.pk])


class Part(models.TextChoices):
    """What an enterprise is in a park or chain."""

    HEAD = "head", _("链主企业")
    LEADING = "leading", _("龙头企业")
    MEMBER = "member", _("成员企业")


#: Who leads a chain or park.
LEADING_PARTS = (Part.HEAD, Part.LEADING)


class ClusterMember(models.Model):
    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="members")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="cluster_parts", verbose_name=_("企业"))
    part = models.CharField(_("在其中的位置"), max_length=8, choices=Part, default=Part.MEMBER)

    class Meta:
        verbose_name = verbose_name_plural = _("园区和产业链成员")
        ordering = ["cluster", "part", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(part__in=Part.values), name="cluster_part_known"),
            models.UniqueConstraint(fields=["cluster", "enterprise"], name="cluster_member_once"),
            models.UniqueConstraint(fields=["cluster"], condition=Q(part=Part.HEAD), name="cluster_one_head"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} · {self.enterprise} · {self.get_part_display()}"
