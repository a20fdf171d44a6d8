"""What came to one's unit: read, signed, answered."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require, verdict, visible_or_404
from foundation.access.scope import scope_of
from foundation.accounts.requests import PortalRequest
from foundation.notify.actions import mark_told
from foundation.ui.faults import noted_if_possible
from foundation.ui.tables import paginate
from notices import receiving
from notices.filters import ReceivedFilter
from notices.forms import AnswerForm, as_initial
from notices.models import Delivery, Notice
from notices.permissions import own_places
from notices.queries import received
from notices.tables import ReceivedTable


@require_GET
def received_list(request: PortalRequest) -> HttpResponse:
    require(request.user, "notices.view")
    filterset = ReceivedFilter(request.GET, queryset=received(request.user))
    scope = scope_of(request.user)
    places = own_places(scope)
    exclude = ("place",) if len(places) < 2 else ()
    table = ReceivedTable(filterset.qs, exclude=exclude)
    context = {
        "table": paginate(request, table),
        "filterset": filterset,
        "filtered": bool(request.GET),
        "has_unit": bool(places),
        "sees_sent": scope.is_office or scope.is_auditor,
        "may_write": bool(verdict(request.user, "notices.edit")),
    }
    return render(request, "notices/received_list.html", context)


def _mine(request: PortalRequest, pk: int) -> Delivery:
    """A delivery to one's own unit, or 404: for others there is the page of the units."""
    return visible_or_404(received(request.user), request.user, pk=pk)


def _page(request: PortalRequest, delivery: Delivery, form: AnswerForm | None, status: int = 200) -> HttpResponse:
    notice = delivery.notice
    later = Notice.objects.visible_to(request.user).filter(follows=notice, state="sent").order_by("sent_at")
    context = {
        "delivery": delivery,
        "notice": notice,
        "files": list(notice.files.all()),
        "form": form,
        "later": list(later),
        "state": delivery.state_label(),
        "may_answer": bool(verdict(request.user, "notices.answer", delivery)),
    }
    return render(request, "notices/received.html", context, status=status)


def _form(delivery: Delivery, data: object = None) -> AnswerForm | None:
    notice = delivery.notice
    if not notice.takes_answers:
        return None
    return AnswerForm(data, questions=notice.questions, initial=as_initial(notice.questions, delivery.answers))


@require_GET
def received_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """Opening is reading, for the whole unit."""
    delivery = _mine(request, pk)
    with noted_if_possible("notice read"):
        if delivery.read_at is None and verdict(request.user, "notices.answer", delivery):
            receiving.note_read(acting_user=request.user, delivery=delivery)
        mark_told(acting_user=request.user, event="notices.received", key=delivery.notice.subject)
    delivery = _mine(request, pk)
    return _page(request, delivery, _form(delivery))


@require_POST
def received_receipt(request: PortalRequest, pk: int) -> HttpResponse:
    delivery = _mine(request, pk)
    try:
        receiving.receipt(acting_user=request.user, delivery=delivery)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, _("已签收“%s”。") % delivery.notice.title)
    return redirect(delivery.get_absolute_url())


@require_POST
def received_answer(request: PortalRequest, pk: int) -> HttpResponse:
    """What was typed stays in the form when it is refused."""
    delivery = _mine(request, pk)
    require(request.user, "notices.answer", delivery)
    form = AnswerForm(request.POST, questions=delivery.notice.questions)
    if form.is_valid():
        try:
            receiving.answer(acting_user=request.user, delivery=delivery, answers=form.answers())
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("反馈已提交。截止日期前还可以修改。"))
            return redirect(delivery.get_absolute_url())
    return _page(request, delivery, form)
