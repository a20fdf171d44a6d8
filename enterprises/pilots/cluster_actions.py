"""Who belongs to a park or chain; its removal. (It is entered and edited as its resource says.)"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Cluster, ClusterKind, ClusterMember, Enterprise, Part
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event

register_event("enterprises.cluster_member_set", gettext_lazy("设置园区或产业链成员"))
register_event("enterprises.cluster_member_removed", gettext_lazy("移出园区或产业链成员"))
register_event("enterprises.cluster_removed", gettext_lazy("删除误登的园区或产业链"))


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
