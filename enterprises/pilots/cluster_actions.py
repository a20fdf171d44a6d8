"""Every change of a park or chain: entering, editing, and who belongs to it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Cluster, ClusterKind, ClusterMember, Enterprise, Part
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.places.models import pinyin_initials

register_event("enterprises.cluster_saved", gettext_lazy("登记产业园区或产业链"))
register_event("enterprises.cluster_member_set", gettext_lazy("设置园区或产业链成员"))
register_event("enterprises.cluster_member_removed", gettext_lazy("移出园区或产业链成员"))
register_event("enterprises.cluster_removed", gettext_lazy("删除误登的园区或产业链"))

EDITABLE = ("kind", "name", "place", "note")


def _refuse_members_outside(cluster: Cluster) -> None:
    """Raise when the chosen region does not hold every member, or the kind knows no head."""
    column = cluster.place.scope_column()
    outside = cluster.members.exclude(**{f"enterprise__{column}_id": cluster.place_id}).select_related("enterprise")
    if first := outside.first():
        raise ValidationError(
            {"place": _("成员“%s”不在这个地区。请选择范围更大的地区，或先移出该企业。") % first.enterprise}
        )
    if cluster.kind == ClusterKind.PARK and cluster.members.filter(part=Part.HEAD).exists():
        raise ValidationError({"kind": _("已有链主企业，不能改为产业园区。请先把链主改为龙头或成员。")})


@transaction.atomic
def save_cluster(*, acting_user: Actor, values: Mapping[str, Any], cluster: Cluster | None = None) -> Cluster:
    """Enter a park or chain, or change one; both its old and its new region must be the office's. Raises
    ``AccessDenied`` and ``ValidationError``."""
    before: dict[str, str] = {}
    if cluster is not None:
        cluster = Cluster.objects.select_for_update(of=("self",)).select_related("place").get(pk=cluster.pk)
        require(acting_user, "enterprises.keep_clusters", cluster)
        before = _words(cluster)
        cluster.version += 1
    cluster = cluster or Cluster()
    for name in EDITABLE:
        setattr(cluster, name, values[name])
    cluster.initials = pinyin_initials(cluster.name)[:120]
    for column in ("province", "city", "county"):
        setattr(cluster, f"{column}_id", getattr(cluster.place, f"{column}_id"))
    require(acting_user, "enterprises.keep_clusters", cluster)
    if cluster.pk:
        _refuse_members_outside(cluster)
    cluster.full_clean()
    cluster.save()
    after = _words(cluster)
    changes = {label: [before.get(label, ""), word] for label, word in after.items() if before.get(label) != word}
    log("enterprises.cluster_saved", by=acting_user, on=cluster, changes=changes)
    return cluster


def _words(cluster: Cluster) -> dict[str, str]:
    field = cluster._meta.get_field
    values = {
        "kind": cluster.get_kind_display(),
        "name": cluster.name,
        "place": str(cluster.place),
        "note": cluster.note,
    }
    return {str(field(name).verbose_name): str(value) for name, value in values.items()}


@transaction.atomic
def set_member(*, acting_user: Actor, cluster: Cluster, enterprise: Enterprise, part: str) -> ClusterMember:
    """Take an enterprise in, or give it another part. Raises ``AccessDenied`` and ``ValidationError``."""
    require(acting_user, "enterprises.keep_clusters", cluster)
    if getattr(enterprise, f"{cluster.place.scope_column()}_id") != cluster.place_id:
        raise ValidationError(
            {
                "enterprise": _("“%(enterprise)s”不在%(place)s。请核对企业，或把园区、产业链登记在范围更大的地区。")
                % {
                    "enterprise": enterprise,
                    "place": cluster.place,
                }
            }
        )
    if part == Part.HEAD and cluster.kind != ClusterKind.CHAIN:
        raise ValidationError({"part": _("只有产业链有链主企业，产业园区请选龙头或成员。")})
    others = cluster.members.filter(part=Part.HEAD).exclude(enterprise=enterprise)
    if part == Part.HEAD and (other := others.select_related("enterprise").first()):
        raise ValidationError({"part": _("这条产业链已有链主企业“%s”。请先把它改为龙头或成员。") % other.enterprise})
    member = cluster.members.filter(enterprise=enterprise).first()
    before = member.get_part_display() if member else ""
    member = member or ClusterMember(cluster=cluster, enterprise=enterprise)
    member.part = part
    member.full_clean()
    member.save()
    log(
        "enterprises.cluster_member_set",
        by=acting_user,
        on=cluster,
        changes={str(enterprise): [before, member.get_part_display()]},
    )
    return member


@transaction.atomic
def remove_member(*, acting_user: Actor, cluster: Cluster, member: ClusterMember) -> None:
    """It no longer belongs to the park or chain. Raises ``AccessDenied``."""
    require(acting_user, "enterprises.keep_clusters", cluster)
    changes = {str(member.enterprise): [member.get_part_display(), ""]}
    log("enterprises.cluster_member_removed", by=acting_user, on=cluster, changes=changes)
    member.delete()


@transaction.atomic
def remove_cluster(*, acting_user: Actor, cluster: Cluster) -> None:
    """Only what was entered by mistake: without members and never a pilot. Raises ``ValidationError``."""
    require(acting_user, "enterprises.keep_clusters", cluster)
    if cluster.members.exists() or cluster.pilots.exists():
        raise ValidationError(_("“%s”已有成员企业或试点经历，不能删除。试点结束请在试点页面终止。") % cluster)
    log("enterprises.cluster_removed", by=acting_user, on=cluster)
    cluster.delete()
