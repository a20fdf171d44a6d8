"""报表填报: the returns that fall due together, filled in as one guided page and handed in together."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.requests import PortalRequest
from foundation.refusals import NeedsConfirmation, Refused, Stale, says_something
from foundation.saying import filled
from foundation.ui.problems import start_from_current
from records.core.actions import file_record, update_record
from records.core.forms import RecordForm
from records.core.prefill import last_period
from records.core.queries import comments_on
from records.core.shown import known_of
from records.duties.actions import answer_applicability, hand_in_together
from records.duties.chapters import FIRST, LAST, Chapter, Returns, checked, last_values, returns_of, tells_events
from records.duties.models import Circumstance
from records.duties.views.statements import enterprise_and_quarter


class CircumstancesForm(forms.Form):
    """The six questions of the year, each to be answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in Circumstance:
            self.fields[question.value] = forms.TypedChoiceField(
                label=question.label,
                choices=[("yes", _("有")), ("no", _("无"))],
                coerce=lambda word: word == "yes",
                widget=forms.RadioSelect,
                error_messages={"required": _("请选“有”或“无”。")},
            )


def _address(returns: Returns, key: str = "") -> str:
    query = {"enterprise": returns.enterprise.credit_code} | ({"chapter": key} if key else {})
    return f"{reverse('records:sitting', args=[returns.quarter.code])}?{urlencode(query)}"


@require_http_methods(["GET", "POST"])
def fill(request: PortalRequest, quarter: str) -> HttpResponse:
    """``chapter``: the one to show, else where to go on. ``do``: save, same (nothing has changed), nothing, first (the
    questions of the year), hand_in."""
    given = request.POST if request.method == "POST" else request.GET
    returns = returns_of(*enterprise_and_quarter(request, quarter))
    key = given.get("chapter") or returns.current
    if key not in returns.keys:
        raise Http404
    if request.method == "GET":
        return _show(request, returns, key)
    if key == LAST:
        return _hand_in(request, returns)
    if key == FIRST:
        return _answer(request, returns)
    chapter = returns.chapter(key)
    if chapter is None or not chapter.is_open:
        raise Http404
    return _save(request, returns, chapter)


def _answer(request: PortalRequest, returns: Returns) -> HttpResponse:
    form = CircumstancesForm(request.POST)
    if not form.is_valid():
        return _show(request, returns, FIRST, circumstances=form)
    answer_applicability(
        acting_user=request.user, enterprise=returns.enterprise, year=returns.year, answers=form.cleaned_data
    )
    # What is owed may be another list now.
    now = returns_of(returns.enterprise, returns.quarter)
    return redirect(_address(now, now.after(FIRST) if now.asks_first else now.current))


def _save(request: PortalRequest, returns: Returns, chapter: Chapter) -> HttpResponse:
    """The chapter as a draft; then on to the next."""
    period, do = chapter.duty.period, request.POST.get("do")
    if do in {"same", "nothing"}:
        values: dict[str, Any] = dict(chapter.kind.when_nothing)
        if do == "same":
            values = last_values(chapter.kind, returns.enterprise, before=period)
        if chapter.record is not None:
            # Pressed twice, or a colleague was faster: what is there is shown, nothing is written over it.
            messages.info(request, _("这一章已经有内容，请核对。"))
            return redirect(_address(returns, chapter.key))
        if not values:
            raise Http404
        if do == "same" and tells_events(chapter.kind, values):
            messages.error(request, _("上一期填有当期发生的数，不能照搬，否则会重复统计。请填写本期发生的数。"))
            return redirect(_address(returns, chapter.key))
        values["period"] = period
        try:
            made = file_record(acting_user=request.user, kind=chapter.kind, filer=returns.enterprise, values=values)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect(_address(returns, chapter.key))
        if lacking := replace(chapter, record=made).lacking_labels:
            # One click could not fill it all: going on, it would look as if the chapter were done.
            messages.warning(request, _("已存为草稿，还缺：%s。请补上再保存。") % lacking)
            return redirect(_address(returns, chapter.key))
        return redirect(_address(returns, returns.after(chapter.key)))
    record = chapter.record.specific() if chapter.record is not None else None
    data = request.POST.copy()
    data["period"] = period
    form = RecordForm(data, kind=chapter.kind, filer=returns.enterprise, record=record)
    if not form.is_valid():
        return _show(request, returns, chapter.key, form=form)
    try:
        if record is None:
            file_record(
                acting_user=request.user,
                kind=chapter.kind,
                filer=returns.enterprise,
                values=form.values(),
                form_token=form.cleaned_data.get("form_token"),
            )
        else:
            version = form.cleaned_data.get("version") or 0
            if not version and form.cleaned_data.get("form_token") == record.form_token:
                # The form that made the draft, sent once more; whoever changed the draft since is not run over.
                version = 1
            update_record(acting_user=request.user, record_id=record.pk, version=version, values=form.values())
    except Stale as stale:
        start_from_current(form, stale)
        messages.error(request, _("这一章刚才被别人改过。下面是您填的，再保存一次就以您填的为准。"))
        return _show(request, returns, chapter.key, form=form, status=409)
    except ValidationError as problem:
        form.add_problems(problem)
        return _show(request, returns, chapter.key, form=form)
    return redirect(_address(returns, returns.after(chapter.key)))


def _hand_in(request: PortalRequest, returns: Returns) -> HttpResponse:
    """Everything begun, together; what is not begun stays owed."""
    versions = {chapter.record.pk: chapter.record.version for chapter in returns.begun if chapter.record is not None}
    if not versions:
        messages.error(request, _("还没有填好的报表可以提交。请先填写左侧各章。"))
        return redirect(_address(returns))
    shown = dict(zip(request.POST.getlist("record"), request.POST.getlist("version"), strict=False))
    if {pk: str(version) for pk, version in versions.items()} != {int(pk): shown[pk] for pk in shown if pk.isdecimal()}:
        messages.error(request, _("您打开这一页以后，有的报表又改过。请再看一遍，再提交。"))
        return _show(request, returns, LAST, status=409)
    try:
        done = hand_in_together(
            acting_user=request.user,
            versions=versions,
            confirmed=request.POST.getlist("confirmed"),
            reason=request.POST.get("confirm_reason", ""),
        )
    except NeedsConfirmation:
        return _show(request, returns, LAST, status=409)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _show(request, returns, LAST, status=409)
    messages.success(request, filled(_("已一并提交 %d 份报表，等待县级产改办审核。"), len(done)))
    return redirect(
        f"{reverse('records:statement', args=[returns.quarter.code])}?{urlencode({'enterprise': returns.enterprise.credit_code})}"
    )


def _form_of(request: PortalRequest, returns: Returns, chapter: Chapter) -> RecordForm:
    record = chapter.record.specific() if chapter.record is not None else None
    form = RecordForm(kind=chapter.kind, filer=returns.enterprise, record=record)
    form.initial["period"] = chapter.duty.period
    return form


def _show(
    request: PortalRequest,
    returns: Returns,
    key: str,
    *,
    form: RecordForm | None = None,
    circumstances: CircumstancesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    chapter = returns.chapter(key)
    context: dict[str, Any] = {
        "returns": returns,
        "key": key,
        "chapter": chapter,
        "links": [(one, _address(returns, one.key)) for one in returns.chapters],
        "first_url": _address(returns, FIRST),
        "last_url": _address(returns, LAST),
        "back_url": _address(returns, before) if (before := returns.before(key)) else "",
        "next_url": _address(returns, returns.after(key)),
    }
    if key == FIRST:
        answers = returns.circumstances
        initial = {one.value: "yes" if getattr(answers, one.value) else "no" for one in Circumstance} if answers else {}
        context["form"] = circumstances or CircumstancesForm(initial=initial)
    elif key == LAST:
        lines = [checked(one) for one in returns.chapters if one.is_open]
        context["lines"] = lines
        context["lacking"] = sum(bool(line.chapter.lacks) for line in lines)
        context["questions"] = [question for line in lines for question in line.questions]
        context["can_hand_in"] = bool(returns.begun) and not context["lacking"]
        if not context["can_hand_in"] and (missing := returns.first_incomplete):
            context["missing"], context["missing_url"] = missing, _address(returns, missing.key)
        context["confirm_reason"] = request.POST.get("confirm_reason", "")
        context["lacks_reason"] = bool(request.POST.getlist("confirmed")) and not says_something(
            request.POST.get("confirm_reason", "")
        )
    elif chapter is not None and chapter.is_open:
        shown = form or _form_of(request, returns, chapter)
        shown.refer_to_what_is_on_file()
        last = last_period(chapter.kind, returns.enterprise, before=chapter.duty.period)
        if last is not None:
            shown.show_last_period(*last)
        may_repeat = False
        if last is not None and chapter.record is None:
            values = last_values(chapter.kind, returns.enterprise, before=chapter.duty.period)
            may_repeat = not tells_events(chapter.kind, values)
        if chapter.record is not None:
            shown.show_remarks(comments_on(chapter.record))
        context |= {
            "form": shown,
            "kind": chapter.kind,
            "known": known_of(chapter.kind.shown, returns.enterprise, chapter.duty.period),
            "last_label": last[0] if last is not None and may_repeat else "",
            "autosave_key": f"{request.user.pk}:sitting-{returns.enterprise.pk}-{chapter.key}",
        }
    return render(request, "records/sitting.html", context, status=status)
