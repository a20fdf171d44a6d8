"""The worklist of findings, a finding with its evidence, and the sizes from which on something is found."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access.rules import AccessDenied, require, verdict, visible_or_404
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import TableExport, export_response, is_export, register_export
from foundation.crud.lists import is_narrowed
from foundation.crud.regions import with_region
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.ui.tables import DateColumn, LinkColumn, PortalTable, StatusColumn, TickColumn, paginate
from reporting.quality.actions import (
    MOST_SETTLED,
    answer_question,
    ask_about,
    find_again,
    set_thresholds,
    settle_findings,
)
from reporting.quality.filters import FindingFilter, filter_for, is_above
from reporting.quality.models import LIVE, Finding, FindingQuerySet, FindingState, QualityThresholds
from reporting.quality.permissions import HandleFinding
from reporting.quality.queries import (
    RECORDS,
    answered_at_hand_in,
    list_behind,
    past_values,
    records_behind,
    what_was_changed,
)
from reporting.quality.sentences import fact_of, sentence, what

TONES = {
    FindingState.OPEN: "todo",
    FindingState.ASKED: "soon",
    FindingState.ANSWERED: "todo",
    FindingState.SETTLED: "done",
    FindingState.GONE: "quiet",
}


class FindingTable(PortalTable):
    """What an office works through, the heaviest first."""

    what = LinkColumn(verbose_name=gettext_lazy("数据项或记录"), empty_values=(), orderable=False)
    sort_name = tables.Column(verbose_name=gettext_lazy("疑点"), accessor="get_sort_display", orderable=False)
    enterprise = tables.Column(verbose_name=gettext_lazy("企业"), accessor="enterprise__name", orderable=False)
    county = tables.Column(verbose_name=gettext_lazy("县（市、区）"), accessor="county__full_name", orderable=False)
    period = tables.Column(verbose_name=gettext_lazy("报告期"), accessor="period_label", orderable=False)
    sentence = tables.Column(verbose_name=gettext_lazy("情况"), empty_values=(), orderable=False)
    state = StatusColumn(verbose_name=gettext_lazy("状态"), tones=TONES, orderable=False)
    found_at = DateColumn(verbose_name=gettext_lazy("发现日期"), orderable=False)

    phone: ClassVar[tuple[str, ...]] = ("what", "sort_name", "enterprise", "state")
    #: By the weight alone, which an index holds for each place.
    sorts = ()

    class Meta(PortalTable.Meta):
        model = Finding
        fields: tuple[str, ...] = (
            "what",
            "sort_name",
            "enterprise",
            "county",
            "period",
            "sentence",
            "state",
            "found_at",
        )
        sequence: tuple[str, ...] = fields

    def render_what(self, record: Finding) -> str:
        return what(record)

    def value_what(self, record: Finding) -> str:
        return what(record)

    def render_sentence(self, record: Finding) -> str:
        return sentence(record)

    def value_sentence(self, record: Finding) -> str:
        return sentence(record)


class TickedFindingTable(FindingTable):
    """With boxes to tick at what the person's own office settles."""

    tick = TickColumn(name="ids")

    phone = ("tick", *FindingTable.phone)

    class Meta(FindingTable.Meta):
        sequence = ("tick", *FindingTable.Meta.fields)

    def __init__(self, *args: Any, offices: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = offices
        self.columns["tick"].column.offered = self.is_offered

    def is_offered(self, finding: Finding) -> bool:
        return finding.state in LIVE and finding.held_by in self.offices

    @property
    def has_ticks(self) -> bool:
        """On the page: a city looks on where counties review."""
        return any(self.is_offered(row.record) for row in self.paginated_rows)


class OwnFindingTable(FindingTable):
    """What an enterprise was asked about: when, and what is to be said."""

    asked_at = DateColumn(verbose_name=gettext_lazy("询问日期"), orderable=False)
    question = tables.Column(verbose_name=gettext_lazy("询问"), orderable=False)

    phone = ("what", "question", "asked_at", "state")

    class Meta(FindingTable.Meta):
        fields = ("what", "sort_name", "period", "question", "asked_at", "state")
        sequence = fields
        exclude = ("enterprise", "county", "sentence", "found_at")


def _asked_findings(user: Actor, asked: QueryDict) -> FindingFilter:
    rows = Finding.objects.visible_to(user).select_related("enterprise", "county__city", "record")
    ordered = rows.most_pressing_first() if is_above(user) else rows.order_by("-asked_at", "-pk")
    return filter_for(user)(asked, queryset=ordered)


def _table_for(user: Actor, rows: FindingQuerySet) -> FindingTable:
    """As this person works with them."""
    if not is_above(user):
        return OwnFindingTable(rows)
    scope = scope_of(user)
    offices = [role for role in HandleFinding.roles if scope.has_role(role)]
    regions = scope.regions()
    # Whose place is one county does not read its name in every row.
    hidden = ("county",) if len(regions) == 1 and regions[0].is_county_level else ()
    if offices:
        return TickedFindingTable(rows, offices=offices, exclude=hidden)
    return FindingTable(rows, exclude=hidden)


@register_export
class FindingExport(TableExport):
    name, title, permission = "reporting.findings", gettext_lazy("数据疑点"), "reporting.view_finding"

    def form(self, user: Actor, asked: QueryDict) -> forms.Form:
        form: forms.Form = _asked_findings(user, asked).form
        return form

    def table(self, user: Actor, asked: QueryDict) -> FindingTable:
        table = OwnFindingTable if not is_above(user) else FindingTable
        return table(_asked_findings(user, asked).qs)


@require_GET
def finding_list(request: PortalRequest) -> HttpResponse:
    """What was found and is not over; to an enterprise what it was asked."""
    require(request.user, "reporting.view_finding")
    if is_export(request):
        return export_response(request, FindingExport())
    if chosen := with_region(request):
        return chosen
    filterset = _asked_findings(request.user, request.GET)
    above = is_above(request.user)
    regions = scope_of(request.user).regions()
    table = _table_for(request.user, filterset.qs)
    paginate(request, table)
    may_settle = isinstance(table, TickedFindingTable) and table.has_ticks
    if isinstance(table, TickedFindingTable) and not may_settle:
        table.columns.hide("tick")
    context = {
        "table": table,
        "filterset": filterset,
        "is_above": above,
        "is_filtered": is_narrowed(request),
        "may_settle": may_settle,
        "may_find": bool(regions) and bool(verdict(request.user, "reporting.find_again", regions[0])),
        "may_set": bool(verdict(request.user, "reporting.set_quality")),
        "thresholds": QualityThresholds.current() if above else None,
        "query": request.GET.urlencode(),
        "word": request.session.pop("finding-word", ""),
    }
    return render(request, "reporting/quality/findings.html", context)


@require_POST
def findings_settle(request: PortalRequest) -> HttpResponse:
    """The ticked findings, with one word for all."""
    require(request.user, "reporting.handle_finding")
    back = f"{reverse('reporting:findings')}?{request.POST.get('query', '')}".rstrip("?")
    ticked = [int(pk) for pk in request.POST.getlist("ids")[: MOST_SETTLED + 1] if pk.isdecimal() and len(pk) < 18]
    word = request.POST.get("word", "")
    if not ticked:
        request.session["finding-word"] = word
        messages.error(request, _("没有勾选疑点。请先在列表左侧勾选，再写了结的说明。"))
        return redirect(back)
    try:
        count = settle_findings(acting_user=request.user, finding_ids=ticked, word=word)
    except Refused as refusal:
        request.session["finding-word"] = word
        messages.error(request, str(refusal))
    else:
        messages.success(request, filled(_("已了结 %d 个疑点。"), count))
    return redirect(back)


@require_POST
def findings_again(request: PortalRequest) -> HttpResponse:
    """Have the findings of the office's region looked for now; leads to how far it is."""
    regions = scope_of(request.user).regions()
    if not regions:
        raise AccessDenied(_("只有产改办可以重新查找数据疑点。"))
    return redirect("jobs:detail", find_again(acting_user=request.user, place=regions[0]).pk)


@require_http_methods(["GET", "POST"])
def finding_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """What was found and what speaks for or against it; POST with ``do``: ``ask``, ``answer`` or ``settle``."""
    rows = Finding.objects.select_related("enterprise__place", "county__city", "record", "asked_by")
    finding = visible_or_404(rows, request.user, pk=pk)
    typed: Mapping[str, str] = {}
    refusal = ""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("question", "answer", "word")}
        try:
            done = _handled(request, finding, typed)
        except AccessDenied:
            raise
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, done)
            return redirect("reporting:finding", pk)
    records = list(records_behind(finding, request.user).select_related("enterprise")[: RECORDS + 1])
    fact = fact_of(finding)
    context = {
        "finding": finding,
        "what": what(finding),
        "sentence": sentence(finding),
        "tone": TONES[FindingState(finding.state)],
        "past": past_values(finding),
        "is_yearly": fact is not None and fact.year_basis is not None,
        "records": records[:RECORDS],
        "has_more": len(records) > RECORDS,
        "list_url": list_behind(finding),
        "said": answered_at_hand_in(records[:RECORDS]),
        "changes": what_was_changed(finding),
        "steps": finding.steps.select_related("actor"),
        "may_handle": bool(verdict(request.user, "reporting.handle_finding", finding)),
        "may_answer": bool(verdict(request.user, "reporting.answer_finding", finding)),
        "is_above": is_above(request.user),
        "typed": typed,
        "refusal": refusal,
    }
    return render(request, "reporting/quality/finding.html", context)


def _handled(request: PortalRequest, finding: Finding, typed: Mapping[str, str]) -> str:
    """Does what was asked for, and what to say of it."""
    wanted = request.POST.get("do", "")
    if wanted == "ask":
        ask_about(acting_user=request.user, finding_id=finding.pk, question=typed["question"])
        return _("已发给企业，企业答复后会通知您。")
    if wanted == "answer":
        answer_question(acting_user=request.user, finding_id=finding.pk, answer=typed["answer"])
        return _("答复已发给产改办。确实填错的，请到记录页申请更正。")
    if wanted == "settle":
        require(request.user, "reporting.handle_finding", finding)
        settle_findings(acting_user=request.user, finding_ids=[finding.pk], word=typed["word"])
        return _("已了结。")
    raise Refused(_("请选择询问企业、答复或者了结。"))


class ThresholdsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = QualityThresholds
        fields: Sequence[str] = ("times", "peer_times", "worth", "fewest_quarters", "same_quarters", "late_days")


@require_http_methods(["GET", "POST"])
def thresholds(request: PortalRequest) -> HttpResponse:
    """From which size on something is found: the province's."""
    row = QualityThresholds.current()
    require(request.user, "reporting.set_quality", row)
    form = ThresholdsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        set_thresholds(acting_user=request.user, values=form.cleaned_data)
        messages.success(request, _("数据质量标准已保存，今晚按新标准查找；也可以在列表上立即重新查找。"))
        return redirect("reporting:quality_thresholds")
    return render(request, "reporting/quality/thresholds.html", {"form": form})
