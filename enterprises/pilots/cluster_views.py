"""Pages of industrial parks and industrial chains."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Cluster, Pilot
from enterprises.pilots.cluster_actions import remove_cluster, remove_member, set_member
from enterprises.pilots.forms import MemberForm
from enterprises.pilots.queries import members_of
from enterprises.pilots.tables import state_badge
from foundation.access.rules import require, verdict, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.ui.problems import add_problems


def _read(request: PortalRequest, pk: int) -> Cluster:
    return visible_or_404(Cluster.objects.select_related("place__city"), request.user, pk=pk)


def _page(request: PortalRequest, cluster: Cluster, form: MemberForm | None = None) -> HttpResponse:
    keeping = bool(verdict(request.user, "enterprises.keep_clusters", cluster))
    pilots = Pilot.objects.visible_to(request.user).filter(cluster=cluster).order_by("-pk")
    members = members_of(cluster)
    context = {
        "cluster": cluster,
        "members": members,
        "pilots": [(pilot, state_badge(pilot)) for pilot in pilots],
        "keeping": keeping,
        "may_remove": keeping and not members and not pilots,
        "form": form or (MemberForm(user=request.user, cluster=cluster) if keeping else None),
    }
    return render(request, "enterprises/clusters/detail.html", context, status=400 if form else 200)


def cluster_detail(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _read(request, pk))


@require_POST
def member_set(request: PortalRequest, pk: int) -> HttpResponse:
    """Take an enterprise in, or give a member another part."""
    cluster = _read(request, pk)
    require(request.user, "enterprises.keep_clusters", cluster)
    form = MemberForm(request.POST, user=request.user, cluster=cluster)
    if not form.is_valid():
        return _page(request, cluster, form)
    try:
        member = set_member(acting_user=request.user, cluster=cluster, **form.cleaned_data)
    except ValidationError as problem:
        add_problems(form, problem)
        return _page(request, cluster, form)
    messages.success(
        request,
        _("“%(enterprise)s”已列为%(part)s。") % {"enterprise": member.enterprise, "part": member.get_part_display()},
    )
    return redirect(cluster)


@require_POST
def member_remove(request: PortalRequest, pk: int, member_pk: int) -> HttpResponse:
    cluster = _read(request, pk)
    require(request.user, "enterprises.keep_clusters", cluster)
    member = cluster.members.select_related("enterprise").filter(pk=member_pk).first()
    if member is None:
        raise Http404
    remove_member(acting_user=request.user, cluster=cluster, member=member)
    messages.success(request, _("“%s”已移出。") % member.enterprise)
    return redirect(cluster)


@require_POST
def cluster_remove(request: PortalRequest, pk: int) -> HttpResponse:
    """Remove what was entered by mistake."""
    cluster = _read(request, pk)
    require(request.user, "enterprises.keep_clusters", cluster)
    try:
        remove_cluster(acting_user=request.user, cluster=cluster)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect(cluster)
    messages.success(request, _("已删除。"))
    return redirect("enterprises:clusters")
