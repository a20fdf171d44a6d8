"""季度确认: what lies before the enterprise, its answer 已填完 or 零报告, and its undoing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from enterprises.models import Enterprise
from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation, Refused
from foundation.ui.problems import problems_told
from records.core.models.record import check_day
from records.core.periods import counting_quarter, first_quarter, first_quarters, said_before
from records.core.views.editing import kind_or_404
from records.duties.actions import make_statement, undo_statement
from records.duties.models import QuarterStatement
from records.duties.sitting import sitting, why_no_statement


def enterprise_and_quarter(request: PortalRequest, quarter: str) -> tuple[Enterprise, Quarter]:
    """The person's enterprise that is named, or the only one they have, and the quarter of the address; else 404."""
    try:
        wanted = Quarter.parse(quarter)
    except ValueError as error:
        raise Http404 from error
    mine = Enterprise.objects.allowing(request.user, "records.make_statement").select_related("county")
    given = request.POST if request.method == "POST" else request.GET
    if code := given.get("enterprise"):
        mine = mine.filter(credit_code=code)
    first_two = list(mine.order_by("pk")[:2])
    if len(first_two) != 1:
        raise Http404
    return first_two[0], wanted


@require_http_methods(["GET", "POST"])
def make(request: PortalRequest, quarter: str) -> HttpResponse:
    """The sitting, with the question whether it is complete or there was nothing. ``answer``: complete, nil or undo; ``confirmed``: the keys of
    what the page asked. ``enterprise`` may be left out by whoever has one only."""
    enterprise, wanted = enterprise_and_quarter(request, quarter)
    if request.method == "GET":
        return _page(request, enterprise, wanted)
    answer = request.POST.get("answer")
    if answer in {"complete", "nil"}:
        return _answer(request, enterprise, wanted, is_nil=answer == "nil")
    if answer != "undo":
        raise Http404
    with problems_told(request):
        undo_statement(acting_user=request.user, enterprise=enterprise, quarter=wanted)
        messages.success(request, _("已取消%s的季度确认。") % wanted.label)
    return redirect("backoffice:workbench")


def _answer(request: PortalRequest, enterprise: Enterprise, quarter: Quarter, *, is_nil: bool) -> HttpResponse:
    try:
        make_statement(
            acting_user=request.user,
            enterprise=enterprise,
            quarter=quarter,
            is_nil=is_nil,
            confirmed=request.POST.getlist("confirmed"),
        )
    except NeedsConfirmation:
        messages.warning(request, _("请看过下面列出的情况，再确认一次。"))
        return _page(request, enterprise, quarter, status=409)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, enterprise, quarter, status=409)
    done = _("%s已确认为零报告。") if is_nil else _("%s已确认填报完整。")
    messages.success(request, done % quarter.label)
    return redirect("backoffice:workbench")


def _page(request: PortalRequest, enterprise: Enterprise, quarter: Quarter, status: int = 200) -> HttpResponse:
    found = sitting(enterprise, quarter)
    context = {
        "why_not": why_no_statement(quarter),
        "sitting": found,
        "questions": list(found.questions()),
        "statement": QuarterStatement.objects.filter(enterprise=enterprise, quarter=quarter.code).first(),
        "before": quarter.previous(),
    }
    return render(request, "records/statement.html", context, status=status)


@require_GET
def counts_in(request: PortalRequest, kind: str) -> HttpResponse:
    """What stands under the day while the form is filled in: the quarter it will count in, as a late entry or not, or why
    it cannot be; and which quarter the enterprise (``enterprise``) had called complete. Nothing for what is no day yet."""
    declared = kind_or_404(kind)
    require(request.user, "records.create")
    context: dict[str, object] = {}
    try:
        day = parse_date(request.GET.get("happened_on", ""))
    except ValueError:
        day = None
    if day is not None:
        try:
            check_day(day)
            quarter, is_late = counting_quarter(declared, happened_on=day, period=None)
        except ValidationError as problem:
            context = {"refused": " ".join(problem.messages)}
        else:
            own = Quarter.of(day)
            mine = Enterprise.objects.allowing(request.user, "records.create")
            asked = list(mine.filter(credit_code=request.GET.get("enterprise", "")).values_list("pk", flat=True))
            said = QuarterStatement.objects.filter(
                enterprise__in=asked,
                quarter__in={own.code, quarter.code},
            )
            firsts = first_quarters(asked)
            context = {
                "own": own,
                "counted": quarter,
                "is_late": is_late,
                "said": said.order_by("quarter"),
                "before": said_before(own, first_quarter(), next(iter(firsts.values()), None)),
            }
    return render(request, "records/_counts_in.html", context)
