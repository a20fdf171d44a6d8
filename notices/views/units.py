"""How far each unit of a notice is, as a list, as a workbook, and urging those behind."""

from django.db import models
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require, verdict, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import export_response
from foundation.crud.regions import with_region
from foundation.ui.paging import COUNTED
from foundation.ui.tables import paginate
from notices import exporting
from notices.filters import UnitFilter, in_state
from notices.models import PUBLIC, Delivery, Notice, State
from notices.sending import matter_of, ready_sentence
from notices.tables import UnitTable
from notices.urging import with_urges
from notices.views.urging import ticked, urge_page


def _notice(request: PortalRequest, pk: int) -> Notice:
    """A notice that is out, seen from an office."""
    notice = visible_or_404(Notice.objects.select_related("office"), request.user, pk=pk)
    require(request.user, "notices.view_sent")
    if notice.state not in PUBLIC:
        raise Http404
    return notice


def _narrowed(request: PortalRequest, notice: Notice) -> UnitFilter:
    deliveries = exporting.visible_deliveries(request.user, notice).select_related("place", "county__city", "city")
    return UnitFilter(request.GET, queryset=with_urges(deliveries.order_by("pk"), notice.subject, "place_id"))


def _may_urge(request: PortalRequest, notice: Notice) -> bool:
    return notice.state == State.SENT and bool(verdict(request.user, "notices.urge"))


@require_GET
def unit_list(request: PortalRequest, pk: int) -> HttpResponse:
    notice = _notice(request, pk)
    if chosen := with_region(request):
        return chosen
    filterset, may_urge = _narrowed(request, notice), _may_urge(request, notice)
    hidden = [] if may_urge else ["tick"]
    hidden += [] if notice.receipt_due else ["receipted_at"]
    hidden += [] if notice.questions else ["answered_at"]
    table = paginate(request, UnitTable(filterset.qs, exclude=hidden, is_small=(notice.recipients or 0) <= COUNTED))
    for delivery in table.page.object_list:
        # One notice for all rows, read already.
        delivery.record.notice = notice
    context = {
        "notice": notice,
        "table": table,
        "filterset": filterset,
        "filtered": bool(request.GET),
        "may_urge": may_urge,
    }
    return render(request, "notices/units.html", context)


@require_GET
def unit_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """What one unit answered."""
    require(request.user, "notices.view_sent")
    found = Delivery.objects.select_related("notice__office__city", "place", "read_by", "receipted_by", "answered_by")
    delivery = visible_or_404(found, request.user, pk=pk)
    questions = delivery.notice.questions
    answers = [(q["label"], exporting.shown(q, delivery.answers.get(str(n)))) for n, q in enumerate(questions, 1)]
    context = {"delivery": delivery, "notice": delivery.notice, "answers": answers, "state": delivery.state_label()}
    return render(request, "notices/unit.html", context)


@require_POST
def unit_urge(request: PortalRequest, pk: int) -> HttpResponse:
    """Those ticked, or all of the list as it is filtered; of them those who are behind."""
    notice = _notice(request, pk)
    require(request.user, "notices.urge")
    behind: models.QuerySet[Delivery] = in_state(_narrowed(request, notice).qs, "behind")
    ids = ticked(request)
    rows = behind if ids is None else behind.filter(pk__in=ids)
    return urge_page(
        request,
        matter=matter_of(notice),
        place_ids=list(rows.order_by("place_id").values_list("place_id", flat=True)),
        sentence=ready_sentence(notice),
        back=redirect("notices:units", pk=pk).url,
    )


@require_GET
def unit_export(request: PortalRequest, pk: int) -> HttpResponse:
    """Who has read, signed and answered, as a workbook."""
    notice = _notice(request, pk)
    asked = QueryDict(mutable=True)
    asked["notice"] = str(notice.pk)
    return export_response(request, exporting.DeliveryExport(), asked)
