"""What an office writes and sends."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access.rules import ScopedQuerySet, require, verdict, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.files.judging import ACCEPT
from foundation.files.tokens import uuid_or_none
from foundation.places.models import PLACE_NAMES, Place
from foundation.refusals import Stale
from foundation.stored_files.views import file_json
from foundation.ui.problems import problems_told, start_from_current
from foundation.ui.tables import paginate
from notices import actions
from notices.audience import chosen_units, level_choices, units_below
from notices.exporting import visible_deliveries
from notices.forms import NoticeForm, SentFilter, day_problem, place_label, question_forms, questions_of
from notices.models import PUBLIC, Notice, NoticeFile, State
from notices.queries import progress_by_region, progress_of, received
from notices.tables import SentTable

_OPTIONS = 20
_SHOWN = 12


def _issued() -> ScopedQuerySet[Notice]:
    return Notice.objects.select_related("office__city", "job", "follows", "sent_by")


@require_GET
def sent_list(request: PortalRequest) -> HttpResponse:
    """What was issued: one's own office's with its drafts, and that of the offices in one's place."""
    require(request.user, "notices.view_sent")
    issued = Notice.objects.allowing(request.user, "notices.view_sent").select_related("office__city")
    filters = SentFilter(request.GET)
    # Drafts have no moment yet: they stand first.
    table = SentTable(filters.narrow(issued).order_by("-pk"))
    context = {
        "table": paginate(request, table),
        "filters": filters,
        "filtered": bool(request.GET),
        "may_write": bool(verdict(request.user, "notices.edit")),
    }
    return render(request, "notices/sent_list.html", context)


@require_GET
def place_options(request: PortalRequest) -> JsonResponse:
    """Units below, for the picker."""
    require(request.user, "notices.edit")
    text, found = request.GET.get("q", "").strip(), Place.objects.none()
    for office in actions.offices_of(request.user):
        found = found | units_below(office)
    if text:
        beginning = Q(initials__startswith=text.lower()), Q(code__startswith=text.upper())
        found = found.filter(PLACE_NAMES.holding(text, *beginning))
    rows = found.select_related("city", "county").order_by("level", "code")[:_OPTIONS]
    return JsonResponse({"results": [{"value": row.code, "text": place_label(row)} for row in rows]})


@require_GET
def day_said(request: PortalRequest) -> HttpResponse:
    """What stands under a deadline as soon as it is entered: that the day has gone by; nothing for one that can still come,
    and for what is no day."""
    require(request.user, "notices.edit")
    try:
        day = parse_date(request.GET.get("receipt_due") or request.GET.get("feedback_due", ""))
    except ValueError:
        day = None
    return HttpResponse(format_html('<span class="hint-soon">{}</span>', found) if (found := day_problem(day)) else "")


def _office(request: PortalRequest) -> Place:
    """In whose name a new notice is written: the one named, else the person's first office."""
    offices = actions.offices_of(request.user)
    code = request.POST.get("office") or request.GET.get("office")
    return next((office for office in offices if office.code == code), offices[0])


def _write(request: PortalRequest, notice: Notice | None, office: Place, follows: Notice | None = None) -> HttpResponse:
    """The form of a draft, new or old: kept, shown again with what is wrong, or with room for more questions."""
    data = request.POST if request.method == "POST" else None
    more = data is not None and data.get("do") == "more"
    initial = {"title": _("关于“%s”的补充通知") % follows.title} if follows and not notice else None
    token = uuid_or_none(request.GET.get("token"))
    form = NoticeForm(data, office=office, notice=notice, token=token, **({"initial": initial} if initial else {}))
    questions = question_forms(data, notice.questions if notice else [], more=more)
    if data is not None and not more and form.is_valid() & questions.is_valid():
        try:
            notice = actions.save_notice(
                acting_user=request.user,
                office=office,
                notice=notice,
                places=list(form.cleaned_data["places"]),
                values={**form.values(), "questions": questions_of(questions), "follows": follows},
                version=form.cleaned_data["version"],
                form_token=form.cleaned_data["form_token"],
            )
        except ValidationError as problem:
            form.add_problems(problem)
        except Stale as stale:
            start_from_current(form, stale)
        else:
            return _kept(request, notice, data.get("do", ""))
    return _form_page(request, form, questions, notice=notice, office=office, follows=follows)


def _kept(request: PortalRequest, notice: Notice, do: str) -> HttpResponse:
    request.session["autosave_clear"] = f"notice-{notice.pk}" if notice.version > 1 else "notice-new"
    if do == "preview":
        return redirect("notices:send", pk=notice.pk)
    messages.success(request, _("草稿已保存。"))
    return redirect("notices:edit", pk=notice.pk)


def _form_page(
    request: PortalRequest, form: NoticeForm, questions: object, *, notice: Notice | None, **context: Any
) -> HttpResponse:
    token = uuid_or_none(form["form_token"].value())
    files = NoticeFile.objects.visible_to(request.user)
    mine = files.filter(notice=notice) if notice else files.none()
    pending = files.filter(notice=None, form_token=token, uploaded_by=request.user) if token else files.none()
    context |= {
        "notice": notice,
        "form": form,
        "questions": questions,
        "accept": ACCEPT,
        "files": [file_json(file) for file in (*mine, *pending)],
        "offices": actions.offices_of(request.user),
    }
    return render(request, "notices/form.html", context)


@require_http_methods(["GET", "POST"])
def notice_create(request: PortalRequest) -> HttpResponse:
    """``follows`` names the notice this one corrects or completes."""
    require(request.user, "notices.edit")
    number, follows = request.POST.get("follows") or request.GET.get("follows", ""), None
    if number.isdecimal() and len(number) < 19:
        follows = Notice.objects.visible_to(request.user).filter(pk=int(number), state__in=PUBLIC).first()
    return _write(request, None, _office(request), follows)


def _own(request: PortalRequest, pk: int, permission: str) -> Notice:
    notice = visible_or_404(_issued(), request.user, pk=pk)
    require(request.user, permission, notice)
    return notice


@require_http_methods(["GET", "POST"])
def notice_edit(request: PortalRequest, pk: int) -> HttpResponse:
    notice = _own(request, pk, "notices.edit")
    return _write(request, notice, notice.office)


@require_http_methods(["GET", "POST"])
def notice_send(request: PortalRequest, pk: int) -> HttpResponse:
    """The notice as the units will see it, how many they are, and the one button that sends it."""
    notice = _own(request, pk, "notices.edit")
    if request.method == "POST":
        version = request.POST.get("version", "")
        with problems_told(request):
            actions.send_notice(
                acting_user=request.user,
                notice=notice,
                version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            )
            messages.success(request, _("通知正在发出。"))
            return redirect("notices:detail", pk=pk)
        return redirect("notices:send", pk=pk)
    units = chosen_units(notice)
    by_level = dict(units.order_by().values_list("level").annotate(count=Count("pk")))
    context = {
        "notice": notice,
        "files": list(notice.files.all()),
        "units": sum(by_level.values()),
        "levels": [(str(Place(level=level).get_level_display()), count) for level, count in sorted(by_level.items())],
        "shown": list(units.order_by("level", "code")[:_SHOWN]),
    }
    return render(request, "notices/preview.html", context)


@require_POST
def notice_discard(request: PortalRequest, pk: int) -> HttpResponse:
    notice = _own(request, pk, "notices.edit")
    actions.discard_notice(acting_user=request.user, notice=notice)
    messages.success(request, _("草稿“%s”已删除。") % notice.title)
    return redirect("notices:sent")


@require_POST
def notice_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    notice = _own(request, pk, "notices.withdraw")
    try:
        actions.withdraw_notice(acting_user=request.user, notice=notice, reason=request.POST.get("reason", ""))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return _detail(request, notice, reason=request.POST.get("reason", ""))
    messages.success(request, _("通知已撤回，收到的单位会看到撤回原因。"))
    return redirect("notices:detail", pk=pk)


@require_GET
def notice_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """For a unit that received it the page on which it signs; for offices how far the units are."""
    notice = visible_or_404(_issued(), request.user, pk=pk)
    mine = list(received(request.user).filter(notice=notice).order_by("pk")[:2])
    if len(mine) == 1:
        return redirect(mine[0].get_absolute_url())
    if mine:
        return redirect("notices:list")
    return _detail(request, notice)


def _detail(request: PortalRequest, notice: Notice, reason: str = "") -> HttpResponse:
    deliveries = visible_deliveries(request.user, notice)
    context = {
        "notice": notice,
        "files": list(notice.files.all()),
        "reason": reason,
        "may_edit": bool(verdict(request.user, "notices.edit", notice)),
        "may_withdraw": bool(verdict(request.user, "notices.withdraw", notice)),
        "levels": [label for value, label in level_choices(notice.office) if value in notice.levels],
        "later": list(Notice.objects.visible_to(request.user).filter(follows=notice, state=State.SENT)),
    }
    if notice.state in PUBLIC:
        context |= {"progress": progress_of(deliveries), "regions": progress_by_region(deliveries, notice)}
    return render(request, "notices/detail.html", context)
