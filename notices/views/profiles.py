"""Urging of enterprises that have not filed the year's profile, from the register's list of them."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.profiles.filters import ProfileFilter
from enterprises.profiles.queries import this_year, without_profile
from enterprises.profiles.resources import ProfileResource
from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from notices.urging import Matter
from notices.views.urging import urge_page


@require_POST
def profile_urge(request: PortalRequest) -> HttpResponse:
    """Urge all of the list as filtered, of them those who have said nothing of the running year."""
    require(request.user, "enterprises.view_profiles")
    require(request.user, "notices.urge")
    year = this_year()
    asked = request.GET.copy()
    asked["year"] = str(year)
    missing = without_profile(ProfileFilter(asked, queryset=ProfileResource().rows(request.user)).qs, year)
    listed = reverse("enterprises:profiles")
    return urge_page(
        request,
        matter=Matter(f"profile:{year}", _("%d年度基本情况") % year, listed),
        place_ids=list(missing.order_by("pk").values_list("pk", flat=True)),
        sentence=_("您单位还没有填报%d年度基本情况（职工人数等）。请尽快登录平台填报。") % year,
        back=listed,
    )
