"""What the city looks at again, and how reviewing stands in each place below."""

from typing import Any
from urllib.parse import urlencode

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from foundation.access.models import Role
from foundation.access.rules import AccessDenied, require, verdict, visible_or_404
from foundation.access.scope import any_place_in, scope_of
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.crud.lists import is_narrowed
from foundation.crud.regions import with_region
from foundation.places.models import Level, Place
from foundation.refusals import Refused
from foundation.saying import in_marks
from foundation.ui import formats
from foundation.ui.tables import DateColumn, NumberColumn, PercentColumn, PortalTable, paginate
from notices.views.urging import urge_page
from records.core.filters import RecordFilter, quarter_choices
from records.core.kinds import kind_by_slug
from records.core.models import HIGH_RISK, Record, RecordQuerySet
from records.core.periods import working_quarter
from records.core.views.detail import posted_version
from records.review.risk import reasons_of
from records.review.sampling import UnitReview, check_sample, review_by_unit, sampled
from records.review.settings import SettingsOf
from records.review.urging import review_matter, review_sentence

_WHY = [("lot", gettext_lazy("随机抽中")), ("flagged", gettext_lazy("已标记")), ("high", gettext_lazy("重点关注"))]


class SampleTable(PortalTable):
    title = tables.LinkColumn("records:review_record", args=[tables.A("pk")], verbose_name=gettext_lazy("标题"))
    kind = tables.Column(verbose_name=gettext_lazy("类型"), orderable=False)
    enterprise = tables.Column(
        verbose_name=gettext_lazy("填报单位"), accessor="filer__name", order_by="enterprise__name"
    )
    county = tables.Column(
        verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", order_by="county__code"
    )
    quarter = tables.Column(verbose_name=gettext_lazy("计入"), accessor="counted_label", order_by="quarter")
    decided_at = DateColumn(verbose_name=gettext_lazy("通过日期"))
    why = tables.Column(verbose_name=gettext_lazy("抽查原因"), empty_values=(), orderable=False)

    phone = ("title", "enterprise", "decided_at", "why")

    class Meta(PortalTable.Meta):
        model = Record
        fields = ("title", "kind", "enterprise", "county", "quarter", "decided_at", "why")
        sequence = fields

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label

    def render_why(self, record: Record) -> str:
        words = [_("随机抽中")] * record.is_sampled + [_("已标记")] * record.is_flagged
        if record.is_high_risk:
            words += reasons_of(record)
        return _("、").join(words)


class SampleFilter(RecordFilter):
    status = fact = None
    why = django_filters.ChoiceFilter(
        label=gettext_lazy("抽查原因"), choices=_WHY, method="by_why", empty_label=gettext_lazy("不限")
    )

    def by_why(self, queryset: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        chosen: dict[str, dict[str, Any]] = {
            "lot": {"is_sampled": True},
            "flagged": {"is_flagged": True},
            "high": {"risk__gte": HIGH_RISK},
        }
        return queryset.filter(**chosen[value])


@require_GET
def sample_list(request: PortalRequest) -> HttpResponse:
    """What the city has still to look at."""
    require(request.user, "records.sample")
    if chosen := with_region(request):
        return chosen
    cities = scope_of(request.user).places(Role.CITY)
    filterset = SampleFilter(request.GET, queryset=sampled(request.user).for_list().select_related("county__city"))
    first = cities[0]
    above = [pk for pk in (first.pk, first.province_id) if pk is not None]
    rules = SettingsOf(above).rules(*above)
    context = {
        "table": paginate(request, SampleTable(filterset.qs)),
        "filterset": filterset,
        "percent": rules.sample_percent,
        "is_proposed": "sample_percent" in rules.proposed,
        "is_filtered": is_narrowed(request),
    }
    return render(request, "records/sample_list.html", context)


@require_POST
def sample_check(request: PortalRequest, pk: int) -> HttpResponse:
    """``do``: ``pass``, or ``reopen`` with what was found wrong."""
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    wanted = request.POST.get("do")
    if wanted not in {"pass", "reopen"}:
        raise Http404
    note = request.POST.get("note", "")
    try:
        check_sample(
            acting_user=request.user, record_id=pk, version=posted_version(request), passed=wanted == "pass", note=note
        )
    except AccessDenied:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        request.session[f"sample-note-{pk}"] = note
        return redirect("records:review_record", pk)
    done = _("抽查通过") if wanted == "pass" else _("已重新打开，退回企业修改")
    messages.success(request, _("%(title)s%(done)s。") % {"title": in_marks(record.title), "done": done})
    following = sampled(request.user).values_list("pk", flat=True).first()
    return redirect("records:review_record", following) if following else redirect("records:samples")


#: What waits, by whose decision it waits for.
_WAITING = ("county_waiting", "county_overdue", "city_waiting", "city_overdue")
#: What waits for the province, that is only what offices report of themselves.
_PROVINCIAL = ("province_waiting", "province_overdue")


class UnitTable(PortalTable):
    """How reviewing stands in each place; what waits opens the records."""

    name = tables.Column(verbose_name=gettext_lazy("地区"), orderable=False)
    county_waiting = NumberColumn(verbose_name=gettext_lazy("待县级审核（条）"), orderable=False)
    county_overdue = NumberColumn(verbose_name=gettext_lazy("其中超期（条）"), orderable=False)
    city_waiting = NumberColumn(verbose_name=gettext_lazy("待市级审核（条）"), orderable=False)
    city_overdue = NumberColumn(verbose_name=gettext_lazy("其中超期（条）"), orderable=False)
    province_waiting = NumberColumn(verbose_name=gettext_lazy("待省级审核（条）"), orderable=False)
    province_overdue = NumberColumn(verbose_name=gettext_lazy("其中超期（条）"), orderable=False)
    appeals = NumberColumn(verbose_name=gettext_lazy("待处理申诉（件）"), orderable=False)
    in_sample = NumberColumn(verbose_name=gettext_lazy("应抽查（条）"), orderable=False)
    checked = NumberColumn(verbose_name=gettext_lazy("已抽查（条）"), orderable=False)
    reopened = NumberColumn(verbose_name=gettext_lazy("其中重新打开（条）"), orderable=False)
    coverage = PercentColumn(verbose_name=gettext_lazy("抽查完成率"), orderable=False)

    phone = ("name", *_WAITING, *_PROVINCIAL, "coverage")

    class Meta(PortalTable.Meta):
        sequence = ("name", *_WAITING, *_PROVINCIAL, "appeals", "in_sample", "checked", "reopened", "coverage")

    def __init__(self, units: list[UnitReview], *, quarter: Quarter) -> None:
        super().__init__(units, exclude=() if any(unit.province_waiting for unit in units) else _PROVINCIAL)
        self.quarter = quarter

    def render_name(self, record: UnitReview, value: str) -> SafeString | str:
        """A city opens its counties."""
        if record.is_own or record.place.level != Level.CITY:
            return value
        return format_html('<a href="?region={}&quarter={}">{}</a>', record.place.code, self.quarter.code, value)

    def render_county_waiting(self, record: UnitReview, value: int) -> SafeString | str:
        return _opened(record, value, "county")

    def render_county_overdue(self, record: UnitReview, value: int) -> SafeString | str:
        return _opened(record, value, "county-overdue")

    def render_city_waiting(self, record: UnitReview, value: int) -> SafeString | str:
        return _opened(record, value, "city")

    def render_city_overdue(self, record: UnitReview, value: int) -> SafeString | str:
        return _opened(record, value, "city-overdue")

    def render_province_waiting(self, record: UnitReview, value: int) -> SafeString | str:
        return _opened(record, value, "province")

    def render_province_overdue(self, record: UnitReview, value: int) -> SafeString | str:
        return _opened(record, value, "province-overdue")

    def render_coverage(self, value: float | None) -> str:
        return "—" if value is None else formats.percent(value)


def _opened(unit: UnitReview, value: int, waiting: str) -> SafeString | str:
    """The number, which opens the records it counts."""
    shown = formats.amount(value)
    if not value:
        return shown
    query = urlencode({"office" if unit.is_own else "region": unit.place.code, "waiting": waiting})
    return format_html('<a href="{}?{}">{}</a>', reverse("records:list"), query, shown)


def _region(request: PortalRequest) -> Place:
    """The region asked for, within the person's own; else their own."""
    own = scope_of(request.user).regions()
    code = request.GET.get("region", "")
    if not code:
        return own[0]
    place = Place.objects.regions().filter(code=code).first()
    if place is None or not any_place_in(own, place):
        raise Http404
    return place


def _quarter(request: PortalRequest) -> Quarter:
    try:
        return Quarter.parse(request.GET.get("quarter", ""))
    except ValueError:
        return working_quarter()


@require_GET
def review_overview(request: PortalRequest) -> HttpResponse:
    """How reviewing stands below: what waits, what is overdue, how much of the sample was looked at. Counts only."""
    require(request.user, "records.review_overview")
    place, quarter = _region(request), _quarter(request)
    units = review_by_unit(place, quarter)
    context = {
        "place": place,
        "quarter": quarter,
        "quarters": quarter_choices(),
        "table": UnitTable(units, quarter=quarter),
        "totals": _totals(place, units),
        "may_urge": bool(_overdue(request, units)) and bool(verdict(request.user, "notices.urge")),
    }
    return render(request, "records/review_overview.html", context)


def _overdue(request: PortalRequest, units: list[UnitReview]) -> list[int]:
    """The places below the person's own with records unreviewed beyond the day: a county by what waits for itself, a city
    also by what waits for its counties, and none by what waits for the province."""
    own = {place.pk for place in scope_of(request.user).regions()}
    return [
        unit.place.pk
        for unit in units
        if unit.place.pk not in own
        and (unit.county_overdue if unit.place.is_county_level else unit.county_overdue + unit.city_overdue)
    ]


@require_POST
def review_urge(request: PortalRequest) -> HttpResponse:
    """Urge the offices shown that have overdue records."""
    require(request.user, "records.review_overview")
    require(request.user, "notices.urge")
    units = review_by_unit(_region(request), _quarter(request))
    return urge_page(
        request,
        matter=review_matter(),
        place_ids=_overdue(request, units),
        sentence=review_sentence(),
        back=reverse("records:review_overview"),
    )


def _totals(place: Place, units: list[UnitReview]) -> UnitReview:
    names = (*_WAITING, *_PROVINCIAL, "appeals", "in_sample", "passed", "reopened")
    return UnitReview(place, **{n: sum(getattr(unit, n) for unit in units) for n in names})
