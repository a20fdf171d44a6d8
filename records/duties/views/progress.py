"""Two lists for offices: which enterprises have reported a quarter, and which duties are done, due or overdue."""

import datetime
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db import models
from django.db.models import Count, Min
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enterprises.history import county_on, day_of, lying_in, registered_on
from enterprises.models import Enterprise
from enterprises.models.enterprise import EnterpriseQuerySet
from foundation.access.rules import AccessDenied, require, verdict
from foundation.access.scope import any_place_in, scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter, Year
from foundation.crud.exporting import TableExport, export_response, is_export, register_export
from foundation.crud.opened import opened_figure
from foundation.crud.regions import with_region
from foundation.facts.frozen import frozen_total
from foundation.places.models import Place
from foundation.ui.badges import badge_markup
from foundation.ui.formats import MOST_SHOWN
from foundation.ui.paging import count_up_to
from foundation.ui.tables import DateColumn, NumberColumn, PortalTable, TickColumn, paginate
from notices.tables import UrgedColumn
from notices.urging import with_urges
from notices.views.urging import ticked, urge_page
from records.core.filters import quarter_choices, quarters_from
from records.core.kinds import kind_by_slug
from records.core.models import ReportingQuarter
from records.core.periods import working_quarter
from records.duties.models import Duty
from records.duties.progress import (
    DUTY_RHYTHMS,
    DUTY_STATES,
    ENTERPRISE_STATES,
    behind,
    duties_in_state,
    duties_of_rhythm,
    duties_over,
    in_state,
    with_owed,
    with_progress,
)
from records.duties.queries import open_duties, years_past_their_day
from records.duties.urging import (
    duty_matter,
    duty_sentence,
    open_row,
    progress_matter,
    progress_sentence,
    takes_annual,
)


def _is_behind(enterprise: Any) -> bool:
    """The same question as ``behind``, of a row."""
    return bool(enterprise.owed) or not (enterprise.handed_in or enterprise.said_complete or enterprise.said_nil)


class ProgressTable(PortalTable):
    tick = TickColumn(offered=_is_behind)
    name = tables.LinkColumn("enterprises:detail", args=[tables.A("pk")], verbose_name=gettext_lazy("企业"))
    county = tables.Column(
        verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", order_by="county__code"
    )
    handed_in = tables.Column(verbose_name=gettext_lazy("本季记录"), empty_values=())
    statement = tables.Column(verbose_name=gettext_lazy("季度确认"), empty_values=(), orderable=False)
    owed = NumberColumn(verbose_name=gettext_lazy("应报未报（项）"), orderable=False)
    urged = UrgedColumn()

    sorts = ("name",)
    phone = ("tick", "name", "handed_in", "statement", "owed")

    class Meta(PortalTable.Meta):
        model = Enterprise
        fields = ("tick", "name", "county", "handed_in", "statement", "owed", "urged")
        sequence = fields

    def render_handed_in(self, value: bool) -> SafeString:
        return badge_markup(_("已提交"), tone="done") if value else badge_markup(_("没有"), tone="quiet")

    def render_statement(self, record: Any) -> str:
        if record.said_nil:
            return _("零报告")
        return _("已填完") if record.said_complete else _("没有确认")


class DutyTable(PortalTable):
    tick = TickColumn(offered=lambda duty: duty.fulfilled_at is None)
    what = tables.Column(verbose_name=gettext_lazy("应报事项"), empty_values=(), order_by=("kind", "period"))
    enterprise = tables.LinkColumn(
        "enterprises:detail",
        args=[tables.A("enterprise_id")],
        accessor="enterprise__name",
        verbose_name=gettext_lazy("企业"),
        order_by="enterprise__name",
    )
    county = tables.Column(
        verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", order_by="county__code"
    )
    due = DateColumn(verbose_name=gettext_lazy("截止日期"))
    fulfilled_at = DateColumn(verbose_name=gettext_lazy("首次提交"), default="—")
    state = tables.Column(verbose_name=gettext_lazy("状态"), empty_values=(), orderable=False)
    urged = UrgedColumn()

    sorts = ("due",)
    phone = ("tick", "what", "enterprise", "due", "state")

    class Meta(PortalTable.Meta):
        model = Duty
        fields = ("tick", "what", "enterprise", "county", "due", "fulfilled_at", "state", "urged")
        sequence = fields

    def render_what(self, record: Duty) -> str:
        return kind_by_slug(record.kind).title_for(record.period)

    def render_state(self, record: Duty) -> SafeString:
        if record.fulfilled_at is None:
            overdue = record.due < timezone.localdate()
            return badge_markup(_("逾期未报"), tone="bad") if overdue else badge_markup(_("未到期"), tone="quiet")
        on_time = timezone.localtime(record.fulfilled_at).date() <= record.due
        return badge_markup(_("按期"), tone="done") if on_time else badge_markup(_("迟报"), tone="soon")


class OwnDutyTable(DutyTable):
    """As those read it who hand it in: what is still to be filed leads to its form. ``to_fill``: the duties of the list that
    can be filed now."""

    def __init__(self, *args: Any, to_fill: Collection[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to_fill = to_fill

    def render_what(self, record: Duty) -> str:
        title = super().render_what(record)
        if record.pk not in self.to_fill:
            return title
        query = urlencode({"enterprise": record.enterprise.credit_code, "period": record.period})
        return format_html('<a href="{}?{}">{}</a>', reverse("records:create", args=[record.kind]), query, title)


class _QuarterFilter(django_filters.FilterSet):
    """Quarter, state and place; the state is the code of the figure that was clicked."""

    q = django_filters.CharFilter(label=gettext_lazy("企业名称、拼音首字母或代码"), method="search")
    quarter = django_filters.ChoiceFilter(
        label=gettext_lazy("季度"), choices=quarter_choices, empty_label=None, method="by_quarter"
    )
    region = django_filters.CharFilter(label=gettext_lazy("地区"), method="by_region", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once, whatever asks for them.
        offered = quarter_choices()
        for name in ("quarter", "since"):
            if name in self.filters:
                self.filters[name].extra["choices"] = offered

    def by_quarter(
        self, queryset: models.QuerySet[models.Model], name: str, value: str
    ) -> models.QuerySet[models.Model]:
        return queryset

    def by_region(
        self, queryset: models.QuerySet[models.Model], name: str, value: str
    ) -> models.QuerySet[models.Model]:
        place = Place.objects.filter(code=value).first()
        return queryset.filter(lying_in(place, enterprise=self.enterprise_column)) if place else queryset.none()


class ProgressFilter(_QuarterFilter):
    enterprise_column = "place"
    fact = django_filters.ChoiceFilter(
        label=gettext_lazy("进度"), choices=ENTERPRISE_STATES, empty_label=gettext_lazy("全部企业"), method="by_state"
    )

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def search(self, queryset: EnterpriseQuerySet, name: str, value: str) -> EnterpriseQuerySet:
        return queryset.search(value)

    def by_state(self, queryset: models.QuerySet[Enterprise], name: str, value: str) -> models.QuerySet[Enterprise]:
        return in_state(queryset, value)


class DutyFilter(_QuarterFilter):
    enterprise_column = "enterprise"
    fact = django_filters.ChoiceFilter(
        label=gettext_lazy("进度"), choices=DUTY_STATES, empty_label=gettext_lazy("不限"), method="by_state"
    )
    since = django_filters.ChoiceFilter(
        label=gettext_lazy("自季度"),
        choices=quarter_choices,
        empty_label=gettext_lazy("只看这个季度"),
        method="by_quarter",
    )

    rhythm = django_filters.ChoiceFilter(
        label=gettext_lazy("报表"), choices=DUTY_RHYTHMS, empty_label=gettext_lazy("不限"), method="by_rhythm"
    )

    class Meta:
        model = Duty
        fields: list[str] = []

    def search(self, queryset: models.QuerySet[Duty], name: str, value: str) -> models.QuerySet[Duty]:
        return queryset.filter(enterprise__in=Enterprise.objects.search(value))

    def by_state(self, queryset: models.QuerySet[Duty], name: str, value: str) -> models.QuerySet[Duty]:
        return duties_in_state(queryset, value)

    def by_rhythm(self, queryset: models.QuerySet[Duty], name: str, value: str) -> models.QuerySet[Duty]:
        return duties_of_rhythm(queryset, value)


#: Whom the bar below the list urges, in the words of its columns.
_HINTS = {
    "enterprises": gettext_lazy("只催本季没有记录也没有确认的，和还有应报未报事项的单位；下一步写催办的话并确认。"),
    "duties": gettext_lazy("只催还没有报送的；下一步写催办的话并确认。"),
}


def asked_quarter(asked: QueryDict) -> Quarter:
    """The quarter asked for, else the one offices work on."""
    try:
        return Quarter.parse(asked.get("quarter", ""))
    except ValueError:
        return working_quarter()


def asked_quarters(asked: QueryDict) -> list[Quarter]:
    """The quarter asked for; with ``since``, as a figure of the year so far opens, all from that one on."""
    quarter = asked_quarter(asked)
    try:
        return quarters_from(asked.get("since", ""), quarter) or [quarter]
    except ValueError:
        return [quarter]


def _is_annual(asked: QueryDict) -> bool:
    """The list was narrowed to annual returns, which are taken while their year is open."""
    return asked.get("rhythm") == "annual"


def _span(quarters: Sequence[Quarter]) -> str:
    first, last = quarters[0], quarters[-1]
    return last.label if first == last else _("%(first)s至%(last)s") % {"first": first.label, "last": last.label}


def _duty_span(asked: QueryDict, quarters: Sequence[Quarter]) -> str:
    """What the list of what is owed speaks of: the quarters, or the year whose returns it was narrowed to. The day of a year's
    returns lies in the year after it."""
    if _is_annual(asked):
        return _("%s报表") % Year(quarters[-1].year).previous().label
    return _span(quarters)


def _not_of(quarters: Sequence[Quarter]) -> tuple[str, ...]:
    """An urge speaks of one quarter: a list over several neither urges nor says who was."""
    return ("tick", "urged") if len(quarters) > 1 else ()


def progress_filter(user: Actor, asked: QueryDict, quarter: Quarter, *, is_page: bool = False) -> ProgressFilter:
    """Enterprises in the person's scope, with what they did in the quarter, as the list is filtered; for a page of them
    or for all."""
    day = day_of(quarter)
    enterprises = Enterprise.objects.visible_to(user).filter(registered_on(day))
    enterprises = enterprises.annotate(county_then=county_on(day)).select_related("county__city")
    rows = with_owed(with_progress(enterprises, quarter, is_page=is_page), quarter)
    rows = with_urges(rows, progress_matter(quarter).subject)
    return ProgressFilter({**asked.dict(), "quarter": quarter.code}, queryset=rows)


def duty_filter(user: Actor, asked: QueryDict, quarters: Sequence[Quarter]) -> DutyFilter:
    """What is owed for the quarters in the person's scope, as the list is filtered."""
    quarter = quarters[-1]
    duties = duties_over(quarters, Duty.objects.visible_to(user))
    rows = with_urges(duties, duty_matter(quarter).subject, "enterprise_id")
    return DutyFilter(
        {**asked.dict(), "quarter": quarter.code}, queryset=rows.select_related("enterprise", "county__city")
    )


@register_export
class ProgressExport(TableExport):
    name, title, permission = "records.progress", gettext_lazy("填报进度"), "records.view_duty"

    def title_of(self, asked: QueryDict) -> str:
        return asked_quarter(asked).label + str(self.title)

    def form(self, user: Actor, asked: QueryDict) -> forms.Form:
        form: forms.Form = progress_filter(user, asked, asked_quarter(asked)).form
        return form

    def table(self, user: Actor, asked: QueryDict) -> PortalTable:
        return ProgressTable(progress_filter(user, asked, asked_quarter(asked)).qs)


@register_export
class DutyExport(ProgressExport):
    name, title = "records.duties", gettext_lazy("应报事项")

    def title_of(self, asked: QueryDict) -> str:
        return _duty_span(asked, asked_quarters(asked)) + str(self.title)

    def form(self, user: Actor, asked: QueryDict) -> forms.Form:
        form: forms.Form = duty_filter(user, asked, asked_quarters(asked)).form
        return form

    def table(self, user: Actor, asked: QueryDict) -> PortalTable:
        quarters = asked_quarters(asked)
        return DutyTable(duty_filter(user, asked, quarters).qs, exclude=_not_of(quarters))


#: Figures of what was done: nobody behind them is urged.
_DONE = {"DUT.done", "DUT.on_time", "REP.reported", "STA.complete", "STA.nil"}


def _page(
    request: PortalRequest,
    filterset: _QuarterFilter,
    table_class: Callable[..., PortalTable],
    quarters: Sequence[Quarter],
    page: str,
    urge_url: str,
    **extra: object,
) -> HttpResponse:
    quarter = quarters[-1]
    hidden = [*_not_of(quarters)]
    fact = request.GET.get("fact", "")
    may_urge = (
        not hidden
        and fact not in _DONE
        and bool(verdict(request.user, "notices.urge"))
        and (open_row(quarter) is not None or (_is_annual(request.GET) and takes_annual(quarter)))
    )
    if not may_urge:
        hidden.append("tick")
    is_own = _is_own(request.user)
    # They urge nobody; their one enterprise and its county they know, and look for none.
    has_one = is_own and len(scope_of(request.user).enterprise_ids()) == 1
    if is_own:
        hidden += ["urged", "enterprise", "county"] if has_one else ["urged"]
    if has_one:
        filterset.form.fields.pop("q")
    table = table_class(filterset.qs, exclude=hidden)
    opened = opened_figure(fact, quarters, filterset.qs)
    context = {
        "filterset": filterset,
        "table": paginate(request, table),
        "quarter": quarter,
        "span": _duty_span(request.GET, quarters) if page == "duties" else _span(quarters),
        "due_in": _span(quarters) if page == "duties" and _is_annual(request.GET) else "",
        "page": page,
        "has_one": has_one,
        "opened": opened,
        # What a figure of a workbench opens says how many it is; a figure that was counted says so itself.
        "listed": count_up_to(filterset.qs, MOST_SHOWN) if fact and not opened else None,
        "frozen": _frozen(request.user, fact, quarters, filterset) if opened else None,
        "urge_url": reverse(urge_url) if may_urge else "",
        "urge_hint": _HINTS[page],
        **extra,
    }
    return render(request, "records/progress.html", context)


def _frozen(user: Actor, fact: str, quarters: Sequence[Quarter], filterset: _QuarterFilter) -> Decimal | None:
    """The figure that opened the list, where a quarter of it was closed since and the list has become another: what is
    listed is as it stands today. None where they agree, or where the list was narrowed further."""
    asked = filterset.form.cleaned_data if filterset.form.is_valid() else {}
    place = Place.objects.filter(code=asked.get("region", "")).first()
    if place is None or asked.get("q") or asked.get("rhythm") or not any_place_in(scope_of(user).regions(), place):
        return None
    closed = {quarter.code: frozen_total(fact, quarter, place.pk) for quarter in quarters}
    kept = [total for total in closed.values() if total is not None]
    if not kept:
        return None
    running = [code for code, total in closed.items() if total is None]
    figure = sum(kept, Decimal(filterset.qs.filter(quarter__in=running).count() if running else 0))
    return None if figure == filterset.qs.count() else figure


def enterprise_progress(request: PortalRequest) -> HttpResponse:
    """Which enterprises have reported, and the boxes by which an office urges the others."""
    require(request.user, "records.view_duty")
    if is_export(request):
        return export_response(request, ProgressExport())
    if chosen := with_region(request):
        return chosen
    quarter = asked_quarter(request.GET)
    filterset = progress_filter(request.user, request.GET, quarter, is_page=True)
    return _page(request, filterset, ProgressTable, [quarter], "enterprises", "records:progress_urge")


def _earlier_overdue(user: Actor, quarter: Quarter) -> list[tuple[int, str, str]]:
    """What is overdue elsewhere, which a list of one quarter hides: of earlier quarters that still are open, and of years
    whose returns are owed with a quarter that was closed. How many, of what, and the address of the list of exactly these. A
    list goes back no further than a year began."""
    earlier = ReportingQuarter.objects.filter(is_open=True, code__lt=quarter.code).order_by("code")
    codes = list(earlier.values_list("code", flat=True))
    duties = Duty.objects.visible_to(user)
    found = []
    covered: list[Quarter] = [quarter]
    if codes:
        last = Quarter.parse(codes[-1])
        since = next(code for code in codes if Quarter.parse(code).year == last.year)
        quarters = quarters_from(since, last)
        covered += quarters
        count = duties_in_state(duties_over(quarters, duties), "DUT.overdue").count()
        found.append((count, _span(quarters), {"quarter": last.code, "since": since}))
    for year, owed_with in years_past_their_day().items():
        if owed_with not in covered:
            annual = duties_of_rhythm(duties_over([owed_with], duties), "annual").filter(period=year.code)
            count = duties_in_state(annual, "DUT.overdue").count()
            found.append((count, _("%s报表") % year.label, {"quarter": owed_with.code, "rhythm": "annual"}))
    page = reverse("records:duties")
    return [(n, what, f"{page}?{urlencode({**query, 'fact': 'DUT.overdue'})}") for n, what, query in found if n]


def _is_own(user: Actor) -> bool:
    """The person hands in for an enterprise, and looks at no other's."""
    scope = scope_of(user)
    return scope.is_enterprise and not scope.is_office


def _still_owed(user: Actor, quarter: Quarter) -> list[tuple[int, str, datetime.date, str]]:
    """What the person's enterprises owe with later quarters and can file now, which the list of one quarter hides: how many,
    with which quarter, the first day due, and the address of the list. One query."""
    later = open_duties(scope_of(user)).filter(quarter__gt=quarter.code).order_by("quarter")
    rows = later.values_list("quarter").annotate(n=Count("pk"), first=Min("due"))
    page = reverse("records:duties")
    return [(n, Quarter.parse(code).label, first, f"{page}?{urlencode({'quarter': code})}") for code, n, first in rows]


def _sitting_of(user: Actor, quarter: Quarter, duties: Sequence[Duty]) -> str:
    """The address where several returns of a quarter are filled in together; empty where there is one, or two enterprises."""
    returns = [duty for duty in duties if duty.quarter == quarter.code and kind_by_slug(duty.kind).is_return]
    codes = {duty.enterprise.credit_code for duty in returns}
    if len(returns) < 2 or len(codes) > 1:
        return ""
    return f"{reverse('records:sitting', args=[quarter.code])}?{urlencode({'enterprise': codes.pop()})}"


def duty_list(request: PortalRequest) -> HttpResponse:
    """What is owed for the quarter, or the year so far, by day due."""
    require(request.user, "records.view_duty")
    if is_export(request):
        return export_response(request, DutyExport())
    if chosen := with_region(request):
        return chosen
    quarters = asked_quarters(request.GET)
    filterset = duty_filter(request.user, request.GET, quarters)
    is_plain = len(quarters) == 1 and not request.GET.get("fact")
    earlier = _earlier_overdue(request.user, quarters[0]) if is_plain else []
    extra: dict[str, object] = {"earlier": earlier}
    table: Callable[..., PortalTable] = DutyTable
    if _is_own(request.user):
        mine = list(open_duties(scope_of(request.user)).filter(quarter__in=[quarter.code for quarter in quarters]))
        table = partial(OwnDutyTable, to_fill={duty.pk for duty in mine})
        extra["later"] = _still_owed(request.user, quarters[-1]) if is_plain else []
        extra["sitting_url"] = _sitting_of(request.user, quarters[-1], mine)
    return _page(request, filterset, table, quarters, "duties", "records:duty_urge", **extra)


@require_POST
def progress_urge(request: PortalRequest) -> HttpResponse:
    """Urge those ticked, or all of the list as filtered; of them those who are behind."""
    quarter, row = _urgeable(request)
    late = behind(progress_filter(request.user, request.GET, quarter).qs.active())
    ids = ticked(request)
    rows = late if ids is None else late.filter(pk__in=ids)
    return urge_page(
        request,
        matter=progress_matter(quarter),
        place_ids=list(rows.order_by("pk").values_list("pk", flat=True)),
        sentence=progress_sentence(row),
        back=reverse("records:progress"),
        nobody=_("没有要催办的单位：没有勾选，或选中的单位都填报过（或确认过）本季度，也没有应报未报的事项。"),
    )


@require_POST
def duty_urge(request: PortalRequest) -> HttpResponse:
    """Urge the enterprises of those ticked, or of all in the list as filtered, that are not handed in."""
    require(request.user, "records.view_duty")
    require(request.user, "notices.urge")
    quarter, is_annual = asked_quarter(request.GET), _is_annual(request.GET)
    if not (is_annual and takes_annual(quarter)):
        _urgeable(request)
    missing = duties_in_state(
        duty_filter(request.user, request.GET, [quarter]).qs.filter(enterprise__is_active=True), "DUT.missing"
    )
    ids = ticked(request)
    rows = missing if ids is None else missing.filter(pk__in=ids)
    enterprises = rows.order_by("enterprise_id").values_list("enterprise_id", flat=True).distinct()
    return urge_page(
        request,
        matter=duty_matter(quarter, is_annual=is_annual),
        place_ids=list(enterprises),
        sentence=duty_sentence(quarter, is_annual=is_annual),
        back=reverse("records:duties"),
        nobody=_("没有要催办的单位：没有勾选，或选中的应报事项都报过了。"),
    )


def _urgeable(request: PortalRequest) -> tuple[Quarter, ReportingQuarter]:
    """The quarter asked for, while it is open: nobody is urged about a closed one."""
    require(request.user, "records.view_duty")
    require(request.user, "notices.urge")
    quarter = asked_quarter(request.GET)
    row = open_row(quarter)
    if row is None:
        raise AccessDenied(_("%s没有开放填报，不能催办。需要补报请联系省产改办重新开放。") % quarter.label)
    return quarter, row
