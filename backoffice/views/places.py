"""The tree of places, to look codes up; and what the pickers ask while somebody types."""

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from backoffice.forms import place_label
from backoffice.queries import found_places, region_tree
from backoffice.tables import PlaceTable
from foundation.access.queries import grantable_places, visible_places
from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.ui.tables import paginate

_OPTIONS = 20


class PlaceFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("查找单位"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("名称、拼音首字母或代码")}),
    )


@require_GET
def place_tree(request: PortalRequest) -> HttpResponse:
    require(request.user, "places.view")
    filters = PlaceFilter(request.GET)
    text = filters.cleaned_data["q"] if filters.is_valid() else ""
    context: dict[str, object] = {"filters": filters}
    places = visible_places(request.user)
    if text:
        context["table"] = paginate(request, PlaceTable(found_places(places, text).select_related("parent")))
    else:
        context["tree"] = region_tree(places)
    return render(request, "backoffice/places.html", context)


@require_GET
def place_options(request: PortalRequest) -> JsonResponse:
    """Places for a picker; ``mine`` narrows to those in which the administrator may grant."""
    require(request.user, "places.view")
    source = grantable_places if request.GET.get("mine") else visible_places
    text = request.GET.get("q", "").strip()
    found = found_places(source(request.user), text) if text else source(request.user).regions()
    rows = found.select_related("city").order_by("code")[:_OPTIONS]
    return JsonResponse({"results": [{"value": row.code, "text": place_label(row)} for row in rows]})
