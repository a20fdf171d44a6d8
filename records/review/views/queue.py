"""The review queue: what waits for an office, narrowed and sorted, and what can be asked for many at once."""

import datetime
from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from foundation.access.models import Role
from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.calendar.workdays import add_working_days
from foundation.crud.lists import hidden_columns, is_narrowed, list_tools, open_default
from foundation.refusals import Refused
from foundation.saved_views.actions import clean_query
from foundation.saved_views.pages import register_list
from foundation.saying import filled
from foundation.ui import formats
from foundation.ui.badges import badge_markup
from foundation.ui.tables import DateColumn, PortalTable, paginate
from records.core.columns import KindNumberColumn
from records.core.kinds import kind_by_slug
from records.core.models import Record
from records.review.actions import assign_records
from records.review.batches import freeze
from records.review.filters import SOON_DAYS, QueueFilter
from records.review.queries import batches_for, colleagues_of, held_for, queue_for, queue_order
from records.review.risk import reasons_of

LIST = "records.review"
register_list(LIST, "records:review")
#: What a row is made of.
_SHOWN = (
    "title",
    "kind",
    "quarter",
    "period",
    "attendances",
    "submitted_at",
    "decide_by",
    "risk",
    "risk_reasons",
    "is_flagged",
    "is_late_entry",
    "filed_on_behalf",
    "is_backfill",
    "assigned_to_id",
)
#: Ticked records of one page, and no more than a page can show.
_MOST_TICKED = 200


def attention_of(record: Record) -> SafeString | str:
    """Why a record is looked at twice, marked when it is much; a dash when for nothing."""
    if not record.risk:
        return "—"
    words = _("、").join(reasons_of(record))
    if not record.is_high_risk:
        return format_html('<span class="muted">{}</span>', words)
    return format_html("{} <span>{}</span>", badge_markup(_("重点"), tone="soon"), words)


class QueueTable(PortalTable):
    title = tables.Column(verbose_name=gettext_lazy("标题"))
    kind = tables.Column(verbose_name=gettext_lazy("类型"), orderable=False)
    enterprise = tables.Column(
        verbose_name=gettext_lazy("填报单位"), accessor="filer__name", order_by="enterprise__name"
    )
    county = tables.Column(
        verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", order_by="county__code"
    )
    quarter = tables.Column(verbose_name=gettext_lazy("计入"), accessor="counted_label", order_by="quarter")
    attendances = KindNumberColumn("attendances", verbose_name=gettext_lazy("人次"))
    submitted_at = DateColumn(verbose_name=gettext_lazy("提交日期"))
    decide_by = tables.Column(verbose_name=gettext_lazy("审核期限"), default="—")
    risk = tables.Column(verbose_name=gettext_lazy("关注"), empty_values=())
    assigned_to = tables.Column(
        verbose_name=gettext_lazy("分派给"), accessor="assigned_to_id", default="—", orderable=False
    )

    #: Shown when the person asks for them.
    optional: tuple[str, ...] = ("county", "quarter", "attendances")
    phone = ("title", "enterprise", "decide_by", "risk")

    class Meta(PortalTable.Meta):
        model = Record
        fields = (
            "title",
            "kind",
            "enterprise",
            "county",
            "quarter",
            "attendances",
            "submitted_at",
            "decide_by",
            "risk",
            "assigned_to",
        )
        sequence = fields

    def __init__(
        self, *args: Any, query: str = "", tick: bool = False, colleagues: Sequence[models.Model] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.query, self.tick = f"?{query}" if query else "", tick
        self.names = {person.pk: str(person) for person in colleagues}

    @cached_property
    def soon(self) -> datetime.date:
        return add_working_days(timezone.localdate(), SOON_DAYS)

    @cached_property
    def today(self) -> datetime.date:
        return timezone.localdate()

    def render_title(self, record: Record) -> SafeString:
        chips = [
            words
            for holds, words in (
                (record.is_flagged, _("已标记")),
                (record.is_late_entry, _("补报")),
                (record.filed_on_behalf, _("代填")),
                (record.is_backfill, _("历史补录")),
            )
            if holds
        ]
        shown = format_html_join("", ' <span class="chip">{}</span>', ((words,) for words in chips))
        address = f"/review/{record.pk}/{self.query}"
        if not self.tick:
            return format_html('<a href="{}">{}</a>{}', address, record.title, shown)
        return format_html(
            '<label class="tick"><input class="form-check-input" type="checkbox" name="ids" value="{}" form="bulk">'
            '<span class="visually-hidden">{}</span></label><a href="{}">{}</a>{}',
            record.pk,
            record.title,
            address,
            record.title,
            shown,
        )

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label

    def render_assigned_to(self, value: int) -> str:
        return self.names.get(value, _("已不在本单位的人"))

    def render_decide_by(self, value: datetime.date) -> SafeString | str:
        if value < self.today:
            return badge_markup(_("%s 超期") % formats.day(value), tone="bad")
        return (
            badge_markup(_("%s 将到期") % formats.day(value), tone="soon") if value <= self.soon else formats.day(value)
        )

    def render_risk(self, record: Record) -> SafeString | str:
        return attention_of(record)

    def order_risk(
        self, queryset: models.QuerySet[Record], is_descending: bool
    ) -> tuple[models.QuerySet[Record], bool]:
        """Whichever way: the most risk first, then the longest waiting. Nobody looks for the least."""
        return queryset.order_by(*queue_order("-risk")), True


class CityQueueTable(QueueTable):
    """A city's records come from many counties."""

    optional = ("quarter", "attendances")


def asked_queue(user: Actor, asked: QueryDict, records: models.QuerySet[Record] | None = None) -> QueueFilter:
    """The queue as a query string narrows and sorts it."""
    queue = queue_for(user) if records is None else records
    return QueueFilter(asked, queryset=queue, user=user, colleagues=list(colleagues_of(scope_of(user))))


def _rows(user: Actor, hidden: Sequence[str]) -> models.QuerySet[Record]:
    """The waiting records with what the list shows of them, and no more."""
    related, shown = ["enterprise", "office"], [*_SHOWN, "enterprise__name", "office__name"]
    if "county" not in hidden:
        related.append("county__city")
        shown += ["county__name", "county__level", "county__city__name"]
    return queue_for(user).select_related(*related).only(*shown)


def review_queue(request: PortalRequest) -> HttpResponse:
    """What waits for this office, longest first."""
    require(request.user, "records.review")
    if response := open_default(request, LIST):
        return response
    colleagues = list(colleagues_of(scope_of(request.user)))
    table_class = CityQueueTable if scope_of(request.user).has_role(Role.CITY) else QueueTable
    hidden = hidden_columns(request, table_class)
    filterset = QueueFilter(request.GET, queryset=_rows(request.user, hidden), user=request.user, colleagues=colleagues)
    query = clean_query(request.GET.urlencode())
    table = table_class(filterset.qs, query=query, tick=True, colleagues=colleagues, exclude=hidden)
    table = paginate(request, table)
    rows = table.page.object_list
    has_more = table.page.has_next() or table.page.has_previous()
    context = {
        "table": table,
        "filterset": filterset,
        "tools": list_tools(request, LIST, table_class),
        "first": rows[0].record.pk if rows else None,
        "query": query,
        "count": filterset.qs.count() if has_more else len(rows),
        "has_more": has_more,
        "colleagues": colleagues,
        "is_filtered": is_narrowed(request),
        "batches": [] if is_narrowed(request) else batches_for(request.user),
    }
    return render(request, "records/review_queue.html", context)


def _selected(request: PortalRequest) -> models.QuerySet[Record]:
    """The ticked records, or everything the list's query string asks for; the person's own among it."""
    held = held_for(request.user)
    if request.POST.get("all"):
        asked: models.QuerySet[Record] = asked_queue(request.user, QueryDict(request.POST.get("query", "")), held).qs
        return asked
    ticked = [int(pk) for pk in request.POST.getlist("ids")[:_MOST_TICKED] if pk.isdecimal() and len(pk) < 18]
    return held.filter(pk__in=ticked).order_by("submitted_at", "pk")


def _asked_in_words(request: PortalRequest) -> str:
    """What the selection was narrowed by, as its result list repeats it."""
    if not request.POST.get("all"):
        return _("在列表中勾选")
    filterset = asked_queue(request.user, QueryDict(request.POST.get("query", "")))
    words = []
    for name, value in filterset.form.data.items():
        field = filterset.form.fields.get(name)
        if field is not None and value:
            shown = dict(flatten_choices(getattr(field, "choices", ()))).get(value, value)
            words.append(f"{field.label}：{shown}")
    return _("；").join(words) or _("全部待审核记录")


@require_POST
def review_select(request: PortalRequest) -> HttpResponse:
    """Many records at once: freeze them for a decision that is confirmed on the next page, or hand them to somebody."""
    require(request.user, "records.review")
    back = f"{reverse('records:review')}?{request.POST.get('query', '')}".rstrip("?")
    try:
        if request.POST.get("do") == "assign":
            count = assign_records(
                acting_user=request.user, records=_selected(request), assignee=request.POST.get("assignee", "")
            )
            messages.success(request, filled(_("已分派 %d 条。"), count))
            return redirect(back)
        batch = freeze(
            acting_user=request.user,
            action=request.POST.get("do", ""),
            records=_selected(request),
            asked=_asked_in_words(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect("records:batch", batch.pk)
