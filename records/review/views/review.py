"""The page on which an office decides a record."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.access.rules import require, verdict, visible_or_404
from foundation.access.scope import scope_of
from foundation.accounts.requests import PortalRequest
from foundation.refusals import Question, Refused, Stale
from foundation.saying import in_marks
from foundation.ui.problems import problems_told
from records.core.actions import act
from records.core.kinds import kind_of
from records.core.models import Record, Status
from records.core.queries import history_of
from records.core.views.detail import posted_version, record_or_404, shown_fields
from records.core.warnings import warnings_for
from records.core.workflow import MOVES
from records.review.actions import assign_records, flag_record
from records.review.context import context_of
from records.review.presence import leave, note_presence
from records.review.queries import changes_since_last_review, colleagues_of, neighbours_in_queue, reason_of_hand_in
from records.review.risk import reasons_of
from records.review.sampling import sampled
from records.review.settings import phrases_for
from records.review.views.queue import asked_queue

#: Fields of the decision form that carry a remark: ``comment-attendances``.
_COMMENT = "comment-"


def _review_page(request: PortalRequest, record: Record, **extra: Any) -> HttpResponse:
    kind = kind_of(record)
    answer = verdict(request.user, "records.review", record)
    may_sample = not answer and bool(verdict(request.user, "records.sample", record))
    # What is looked at again stands among the others of its list.
    queue = sampled(request.user) if may_sample else asked_queue(request.user, request.GET).qs
    previous, following = neighbours_in_queue(queue, record)
    changed = changes_since_last_review(record)
    typed = extra.pop("typed", None) or {"comments": {}}
    context = {
        "record": record,
        "kind": kind,
        "judged": context_of(record, kind),
        "groups": shown_fields(kind, record, changed or (), typed["comments"]),
        "history": history_of(record),
        "warnings": _asked(record) if record.status == Status.SUBMITTED else [],
        "confirmed": reason_of_hand_in(record),
        "risk_reasons": reasons_of(record),
        "changed": changed,
        "unplaced": [change for change in changed or () if change.field not in kind.fields],
        "answer": answer,
        "may_sample": may_sample,
        "sample_note": request.session.pop(f"sample-note-{record.pk}", ""),
        "offers_flag": not may_sample and bool(verdict(request.user, "records.flag", record)),
        "may_comment": bool(answer),
        "is_overdue": record.status == Status.SUBMITTED and record.is_overdue,
        "colleagues": list(colleagues_of(scope_of(request.user))) if answer else [],
        "phrases": phrases_for(request.user) if answer else [],
        "others": note_presence(record.pk, request.user),
        "query": request.GET.urlencode(),
        "previous": previous,
        "following": following,
        "typed": typed,
        **extra,
    }
    return render(request, "records/review_record.html", context, status=409 if extra.get("stale") else 200)


def _asked(record: Record) -> list[Question]:
    """What was asked at the hand-in, as it was found then; and what looks like the same activity today."""
    last = record.steps.filter(action="submit").order_by("-pk").first()
    kept = last.questions if last is not None else []
    alike = [asked for asked in warnings_for(record) if asked.rows]
    then = [
        next((asked for asked in alike if asked.kept == one), Question("asked", one["field"], one["message"]))
        for one in kept
    ]
    return [*then, *(asked for asked in alike if asked.kept not in kept)]


def review_record(request: PortalRequest, pk: int) -> HttpResponse:
    """One waiting record, whole, with the buttons that decide it. A decided record shows its outcome instead."""
    require(request.user, "records.review")
    record = record_or_404(request, pk)
    if request.method == "POST":
        return _decide(request, record)
    return _review_page(request, record)


def _typed(request: PortalRequest) -> dict[str, Any]:
    """The reason and the remarks as they were sent."""
    comments = {
        name.removeprefix(_COMMENT): request.POST.get(name, "") for name in request.POST if name.startswith(_COMMENT)
    }
    return {"reason": request.POST.get("reason", ""), "comments": {k: v for k, v in comments.items() if v.strip()}}


def _decide(request: PortalRequest, record: Record) -> HttpResponse:
    move = MOVES.get(request.POST.get("do", ""))
    if move is None or not move.is_review:
        raise Http404
    typed = _typed(request)
    following = neighbours_in_queue(asked_queue(request.user, request.GET).qs, record)[1]
    try:
        act(
            acting_user=request.user,
            record_id=record.pk,
            action=move.action,
            version=posted_version(request),
            **typed,
        )
    except Stale:
        return _review_page(request, record_or_404(request, record.pk), typed=typed, stale=_stale_words(record))
    except Refused as refusal:
        return _review_page(request, record_or_404(request, record.pk), typed=typed, refusal=str(refusal))
    leave(record.pk, request.user)
    messages.success(request, _("%(title)s%(done)s。") % {"title": in_marks(record.title), "done": move.done})
    query = f"?{request.GET.urlencode()}".rstrip("?")
    if following:
        return redirect(reverse("records:review_record", args=[following]) + query)
    messages.info(request, _("待审核的记录都处理完了。") if not query else _("符合条件的待审核记录都处理完了。"))
    return redirect(reverse("records:review") + query)


def _stale_words(record: Record) -> str:
    last = record.steps.select_related("actor").order_by("-pk").first()
    if last is not None and record.status != Status.SUBMITTED:
        return _("%(who)s 刚刚已经处理了这条记录（%(status)s），您的操作没有生效。") % {
            "who": last.actor,
            "status": record.get_status_display(),
        }
    return _("这条记录在您打开之后有了变化，您的操作没有生效。下面是最新内容，请核对后再决定。")


def review_presence(request: PortalRequest, pk: int) -> HttpResponse:
    """Polled by the review page: who else is here, and has the record moved on meanwhile?"""
    record = visible_or_404(Record.objects.select_related("enterprise", "office"), request.user, pk=pk)
    require(request.user, "records.review")
    moved = str(record.version) != request.GET.get("version", "")
    context = {
        "record": record,
        "others": note_presence(pk, request.user),
        "stale": _stale_words(record) if moved else "",
    }
    return render(request, "records/_presence.html", context)


@require_POST
def review_leave(request: PortalRequest, pk: int) -> HttpResponse:
    """Sent when the page is closed."""
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    require(request.user, "records.review")
    leave(record.pk, request.user)
    return HttpResponse(status=204)


@require_POST
def review_assign(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a record, hand it to a colleague, or release it."""
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    require(request.user, "records.review", record)
    with problems_told(request):
        assign_records(
            acting_user=request.user, records=Record.objects.filter(pk=pk), assignee=request.POST.get("assignee", "")
        )
        messages.success(request, _("已改好分派。"))
    return _back_to(request, pk)


@require_POST
def review_flag(request: PortalRequest, pk: int) -> HttpResponse:
    """Mark the record for the city's sample, or take the mark away."""
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    record = flag_record(acting_user=request.user, record_id=record.pk, is_flagged=request.POST.get("flag") == "1")
    messages.success(request, _("已标记，市级抽查时会看到。") if record.is_flagged else _("已取消标记。"))
    return _back_to(request, pk)


def _back_to(request: PortalRequest, pk: int) -> HttpResponse:
    return redirect(reverse("records:review_record", args=[pk]) + f"?{request.POST.get('query', '')}".rstrip("?"))
