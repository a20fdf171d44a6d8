"""The page of one region, township or park, and what may be done to it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backoffice.regions.actions import (
    add_small_place,
    close_small_place,
    merge_county,
    rename_region,
    rename_small_place,
)
from backoffice.regions.forms import MergeForm, RenameForm, SmallPlaceForm, SmallRenameForm
from enterprises.change_views import why_again
from enterprises.consequences import ChangeRefused, ChangeUnconfirmed
from enterprises.models import Enterprise
from foundation.access.queries import visible_places
from foundation.access.rules import require, verdict
from foundation.accounts.requests import PortalRequest
from foundation.places.models import COUNTY_LEVELS, REGION_LEVELS, SMALL_LEVELS, Place
from foundation.saying import filled
from foundation.ui.problems import add_problems


def _place(request: PortalRequest, code: str, levels: tuple[str, ...]) -> Place:
    require(request.user, "places.view")
    found = visible_places(request.user).filter(code=code, level__in=levels)
    place = found.select_related("city", "county", "parent", "merged_into").first()
    if place is None:
        raise Http404
    return place


def _small_places(county: Place) -> list[tuple[Place, int]]:
    """Townships, streets and parks, each with its active enterprises; closed ones last. Three queries. The numbers are
    as public as those of counties in the tree."""
    counted: dict[int, int] = {}
    for level in SMALL_LEVELS:
        enterprises = Enterprise.objects.active().filter(county=county, **{f"{level}__isnull": False}).order_by()
        counted |= dict(enterprises.values_list(f"{level}_id").annotate(number=Count("pk")))
    places = Place.objects.filter(parent=county, level__in=SMALL_LEVELS)
    ordered = places.order_by(F("closed_on").asc(nulls_first=True), "level", "code")
    return [(place, counted.get(place.pk, 0)) for place in ordered]


def _page(request: PortalRequest, place: Place, **bound: forms.Form) -> HttpResponse:
    """A refused form keeps what was typed."""
    is_small = place.level in SMALL_LEVELS
    context: dict[str, object] = {
        "place": place,
        "is_small": is_small,
        "former_names": place.former_names.all(),
        "absorbed": place.absorbed.order_by("code"),
        "may_reorganise": bool(verdict(request.user, "places.reorganise", place)),
        "may_see_enterprises": bool(verdict(request.user, "enterprises.view")),
        "today": timezone.localdate(),
    }
    if place.is_county_level:
        context["small_places"] = _small_places(place)
        if verdict(request.user, "places.keep_townships", place):
            context["small_form"] = bound.get("small") or SmallPlaceForm()
    elif is_small and not place.is_closed and verdict(request.user, "places.keep_townships", place.county):
        context["rename_form"] = bound.get("rename") or SmallRenameForm(initial={"name": place.name})
    return render(request, "backoffice/regions/detail.html", context, status=400 if bound else 200)


@require_GET
def region_detail(request: PortalRequest, code: str) -> HttpResponse:
    return _page(request, _place(request, code, (*REGION_LEVELS, *SMALL_LEVELS)))


def region_rename(request: PortalRequest, code: str) -> HttpResponse:
    """Another name from a day on."""
    place = _place(request, code, REGION_LEVELS)
    require(request.user, "places.reorganise", place)
    form = RenameForm(request.POST or None, initial={"name": place.name, "short_name": place.short_name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_region(acting_user=request.user, place=place, **form.cleaned_data)
        except ValidationError as problem:
            add_problems(form, problem)
            place.refresh_from_db()
        else:
            messages.success(request, _("已更名为“%s”，原名称保留，可以查到。") % place)
            return redirect("backoffice:region", code)
    return render(request, "backoffice/regions/rename.html", {"place": place, "form": form})


def county_merge(request: PortalRequest, code: str) -> HttpResponse:
    """In two steps: what is asked; then everything that will happen, to be confirmed."""
    county = _place(request, code, COUNTY_LEVELS)
    require(request.user, "places.reorganise", county)
    form = MergeForm(request.POST or None, county=county)
    context: dict[str, object] = {"place": county, "form": form}
    if request.method == "POST" and form.is_valid() and request.POST.get("do") != "back":
        confirms = request.POST.get("do") == "confirm"
        confirmed = request.POST.getlist("confirmed") if confirms else ()
        try:
            into = merge_county(acting_user=request.user, county=county, confirmed=confirmed, **form.cleaned_data)
        except (ChangeRefused, ChangeUnconfirmed) as asked:
            context |= {
                "foresight": asked.foresight,
                "effects": asked.foresight.effects,
                "into": form.cleaned_data["into"],
            }
            context |= {"is_refused": isinstance(asked, ChangeRefused), "problem": why_again(request)}
        except ValidationError as problem:
            add_problems(form, problem)
        else:
            messages.success(request, _("“%(from)s”已并入“%(into)s”。") % {"from": county, "into": into})
            return redirect("backoffice:region", into.code)
    return render(request, "backoffice/regions/merge.html", context)


@require_POST
def small_place_add(request: PortalRequest, code: str) -> HttpResponse:
    county = _place(request, code, COUNTY_LEVELS)
    require(request.user, "places.keep_townships", county)
    form = SmallPlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, county, small=form)
    try:
        place = add_small_place(acting_user=request.user, county=county, **form.cleaned_data)
    except ValidationError as problem:
        add_problems(form, problem)
        return _page(request, county, small=form)
    messages.success(request, _("“%s”已登记。企业在自己的页面选择所属。") % place)
    return redirect("backoffice:region", code)


@require_POST
def small_place_rename(request: PortalRequest, code: str) -> HttpResponse:
    place = _place(request, code, SMALL_LEVELS)
    require(request.user, "places.keep_townships", place.county)
    form = SmallRenameForm(request.POST)
    if not form.is_valid():
        return _page(request, place, rename=form)
    try:
        rename_small_place(acting_user=request.user, place=place, **form.cleaned_data)
    except ValidationError as problem:
        add_problems(form, problem)
        return _page(request, _place(request, code, SMALL_LEVELS), rename=form)
    messages.success(request, _("已更名为“%s”。") % place)
    return redirect("backoffice:region", code)


@require_POST
def small_place_close(request: PortalRequest, code: str) -> HttpResponse:
    """From today on."""
    place = _place(request, code, SMALL_LEVELS)
    county = place.county
    if county is None:
        raise Http404
    require(request.user, "places.keep_townships", county)
    try:
        number = close_small_place(acting_user=request.user, place=place, on=timezone.localdate())
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(
            request, filled(_("“%(place)s”已撤销，%(count)d 家企业需要重新设置。"), {"place": place, "count": number})
        )
    return redirect("backoffice:region", county.code)
