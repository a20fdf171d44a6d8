"""Filing: create, edit, hand in, throw a draft away."""

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from foundation.access.rules import require, verdict, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.files.judging import ACCEPT, VIDEO_ACCEPT
from foundation.files.tokens import uuid_or_none
from foundation.places.models import Place
from foundation.refusals import NeedsConfirmation, Stale, says_something
from foundation.ui.forms import form_field
from foundation.ui.problems import problems_told, start_from_current
from records.core.actions import discard_record, file_record, not_reported_by, update_record
from records.core.forms import RecordForm
from records.core.kinds import RecordKind, Rhythm, kind_by_slug, kind_of
from records.core.models import Record, Status
from records.core.prefill import as_last_time, last_of, last_period, used_before, usual_values
from records.core.queries import clauses_of, comments_on, own_offices, standing_return
from records.core.shown import known_of
from records.core.transitions import untitled
from records.core.values import differences, label_of, stored, values_of
from records.core.views.detail import posted_version
from records.core.warnings import warnings_for

PICKER_LIMIT = 20


def kind_or_404(slug: str) -> RecordKind:
    try:
        return kind_by_slug(slug)
    except LookupError as error:
        raise Http404 from error


def _form_page(request: PortalRequest, form: RecordForm, **extra: object) -> HttpResponse:
    token = form["form_token"].value()
    record = form.record
    comments = comments_on(record) if record else {}
    form.show_remarks(comments)
    form.offer_words(used_before(request.user, form.kind, form.filer))
    form.refer_to_what_is_on_file()
    before = form["period"].value() if "period" in form.fields else ""
    if form.kind.is_return and (last := last_period(form.kind, form.filer, before=str(before or ""))):
        form.show_last_period(*last)
    context = {
        "form": form,
        # Handed in once more without a word: said, for the page would look as if nothing had been done.
        "lacks_reason": bool(request.POST.getlist("confirmed"))
        and not says_something(request.POST.get("confirm_reason", "")),
        "kind": form.kind,
        "filer": form.filer,
        "filer_query": filer_query(form.filer),
        "known": known_of(
            form.kind.shown, form.filer, str(form["period"].value() or "") if "period" in form.fields else ""
        ),
        "record": record,
        "form_token": token,
        "autosave_key": f"{request.user.pk}:{_draft_key(request, form.kind, form.filer, record)}",
        "accept": f"{ACCEPT},{VIDEO_ACCEPT}" if form.kind.takes_video else ACCEPT,
        "video_most": settings.VIDEO_MAX_BYTES // 1048576 if form.kind.takes_video else 0,
        "clauses": list(clauses_of(form.kind)),
        "remarks": [(label_of(form.kind, name), name, text) for name, text in comments.items()],
        "comments": comments,
        "confirm_reason": request.POST.get("confirm_reason", ""),
        **extra,
    }
    if record is None and "quick" in request.GET:
        context["short"], context["rest"] = form.short_and_rest()
        # What is folded away is empty: nobody hands in what they have not seen.
        context["rest_open"] = any(
            bound.errors or bound.value() not in (None, "", [])
            for _title, _help, fields in context["rest"]
            for bound in fields
        )
    if form.is_bound and "period" in form.errors:
        there = standing_return(form.kind, form.filer, str(form["period"].value() or ""), instead_of=record)
        context["there"], context["there_url"] = there, _address_of(request, there) if there else ""
    status = 409 if extra.get("conflict") is not None else 200
    return render(request, "records/form.html", context, status=status)


def _address_of(request: PortalRequest, record: Record) -> str:
    """Where the person goes on with a record that is there: to its form, or to its page where it cannot be changed."""
    return reverse(
        "records:edit" if verdict(request.user, "records.edit", record) else "records:detail", args=[record.pk]
    )


def _draft_key(request: PortalRequest, kind: RecordKind, filer: Enterprise | Place, record: Record | None) -> str:
    """What the browser keeps typed text under: a form begun from an older record, or opened for a period, has a key of its
    own."""
    if record is not None:
        return f"record-{record.pk}"
    key = f"new-{kind.slug}-{filer.pk}"
    if (period := request.GET.get("period", "")).isalnum():
        key += f"-for-{period}"
    for name, word in (("copy", "as"), ("after", "after")):
        if (other := request.GET.get(name, "")).isdecimal():
            return f"{key}-{word}-{other}"
    return key


def record_create(request: PortalRequest, kind: str) -> HttpResponse:
    """A new record of a kind, for the one enterprise of the person or the one chosen, or for the person's office."""
    declared = kind_or_404(kind)
    require(request.user, "records.create" if declared.is_for_enterprises else "records.create_own")
    if not declared.is_offered:
        messages.error(request, declared.retirement())
        return redirect(f"{reverse('records:list')}?{urlencode({'kind': kind})}")
    filer = _chosen_filer(request, declared)
    if filer is None:
        return _pick_filer(request, declared)
    if not declared.is_reported_by(filer):
        # Said before anything is typed.
        messages.error(request, not_reported_by(declared, filer))
        return redirect("records:list")
    if request.method == "POST":
        return _save_new(request, declared, filer)
    form = RecordForm(kind=declared, filer=filer)
    if "period" in form.fields and (filed := _choose_period(request, form)):
        return filed
    if token := uuid_or_none(request.GET.get("token")):
        # The page was loaded again: files already uploaded for it hang on its first token. A used one begins anew.
        if not Record.objects.visible_to(request.user).filter(form_token=token).exists():
            form.initial["form_token"] = token
    return _form_page(request, form, **_as_last_time(request, form))


def filer_query(filer: Enterprise | Place) -> tuple[str, str]:
    """The parameter by which an address names who reports, and its value."""
    return ("enterprise", filer.credit_code) if isinstance(filer, Enterprise) else ("office", filer.code)


def _chosen_filer(request: PortalRequest, kind: RecordKind) -> Enterprise | Place | None:
    """Who was named in the address or the form, else the only one it can be; None: the person has to say. One that is not
    theirs does not exist."""
    given = request.POST if {"office", "enterprise"} & request.POST.keys() else request.GET
    candidates = Enterprise.objects.allowing(request.user, "records.create").select_related("county", "place")
    offices = own_offices(request.user, kind)
    filer: Enterprise | Place | None
    if chosen := given.get("office"):
        filer = next((office for office in offices if office.code == chosen), None)
    elif chosen := given.get("enterprise"):
        filer = candidates.filter(credit_code=chosen).first() if kind.is_for_enterprises else None
    else:
        possible = [*offices, *(candidates[:2] if kind.is_for_enterprises else ())]
        return possible[0] if len(possible) == 1 else None
    if filer is None:
        raise Http404
    return filer


def _choose_period(request: PortalRequest, form: RecordForm) -> HttpResponse | None:
    """The period asked for, else the first that is not filed yet. One that is filed is opened: there is no second."""
    offered = [value for value, _label in _choices(form, "period")]
    rows = Record.objects.filed_by(form.filer).filter(kind=form.kind.slug, period__in=offered)
    filed = {record.period: record for record in rows.exclude(status=Status.REJECTED)}
    wanted = request.GET.get("period", "")
    if wanted not in offered:
        free = [value for value in offered if value not in filed]
        begun = [value for value in offered if value in filed and filed[value].is_editable]
        # The year that is being collected comes first, also when what is there came back.
        first = offered[:1] if form.kind.rhythm is Rhythm.ANNUAL and offered[:1] == begun[:1] else []
        wanted = next(iter([*first, *free, *begun, *offered]), "")
    if (there := filed.get(wanted)) is not None:
        messages.info(request, _("“%s”已经填过，这里就是已有的那一份。") % there.title)
        return redirect(_address_of(request, there))
    if wanted:
        form.initial["period"] = wanted
    if wanted == request.GET.get("period"):
        # What is shown beside the numbers is that of the period before: text kept by the browser brings no other one.
        form.fields["period"].widget.attrs["data-autosave-skip"] = True
    return None


def _choices(form: RecordForm, name: str) -> list[tuple[str, str]]:
    """What the form's field lets choose."""
    return list(cast("Iterable[tuple[str, str]]", form_field(form, name, forms.ChoiceField).choices))


def _as_last_time(request: PortalRequest, form: RecordForm) -> dict[str, object]:
    """Fill the form from the record named in the address, or offer the latest one, if it would fill anything; what
    usually stays the same is filled in without a word."""
    if earlier := request.GET.get("after"):
        return _after(request, form, int(earlier) if earlier.isdecimal() else 0)
    wanted = request.GET.get("copy", "")
    if not wanted:
        last = last_of(request.user, form.kind, form.filer)
        source = last.specific() if last else None
        form.initial.update(usual_values(form.kind, source))
        fills = as_last_time(form.kind, source) if source else {}
        standing = [lines.label for lines in form.kind.lines if lines.stands_until and lines.name in fills]
        return {
            "last": source if fills.keys() & form.fields.keys() else None,
            "standing": "、".join(map(str, standing)),
        }
    source = visible_or_404(
        Record.objects.filed_by(form.filer).filter(kind=form.kind.slug),
        request.user,
        pk=int(wanted) if wanted.isdecimal() else 0,
    )
    form.initial.update(as_last_time(form.kind, source.specific()))
    return {"copied": source}


def _after(request: PortalRequest, form: RecordForm, pk: int) -> dict[str, object]:
    """The later record of two: what it takes over from the earlier, and which step it is."""
    steps = form.kind.steps
    if steps is None:
        raise Http404
    source = visible_or_404(Record.objects.filter(kind=form.kind.slug), request.user, pk=pk).specific()
    if not (step := steps.after(source)):
        raise Http404
    form.initial.update({name: stored(source, name) for name in steps.takes} | {steps.field: step})
    return {"after": source}


def _pick_filer(request: PortalRequest, kind: RecordKind) -> HttpResponse:
    """A person of several enterprises or offices, or an office that may also file on behalf, first says for whom."""
    words = request.GET.get("q", "").strip()
    candidates = Enterprise.objects.allowing(request.user, "records.create").select_related("county")
    if not kind.is_for_enterprises:
        candidates = candidates.none()
    rows = list((candidates.search(words) if words else candidates)[: PICKER_LIMIT + 1])
    context = {
        "kind": kind,
        "offices": own_offices(request.user, kind),
        "enterprises": rows[:PICKER_LIMIT],
        "more": len(rows) > PICKER_LIMIT,
        "q": words,
    }
    return render(request, "records/pick_filer.html", context)


def _save_new(request: PortalRequest, kind: RecordKind, filer: Enterprise | Place) -> HttpResponse:
    submitting = request.POST.get("do") == "submit"
    token = uuid_or_none(request.POST.get("form_token"))
    # The same form sent again (double click, back button): what it made already is the answer.
    mine = Record.objects.visible_to(request.user).filter(created_by=request.user)
    twin = mine.filter(form_token=token).first() if token is not None else None
    if twin is not None:
        if typed_on := _typed_on(request, twin):
            return typed_on
        messages.info(request, _("这张表已经保存过，没有重复新建。这里就是保存的内容。"))
        return redirect("records:detail", twin.pk)
    form = RecordForm(request.POST, kind=kind, filer=filer, submitting=submitting)
    if not form.is_valid():
        return _form_page(request, form)
    try:
        record = file_record(
            acting_user=request.user,
            kind=kind,
            filer=filer,
            values=form.values(),
            form_token=token,
            hand_in=submitting,
            **_answers(request),
        )
    except NeedsConfirmation as asked:
        return _form_page(request, form, warnings=asked.questions)
    except ValidationError as problem:
        form.add_problems(problem)
        return _form_page(request, form)
    return _saved(request, record, submitting, cleared=_draft_key(request, kind, filer, None))


def _answers(request: PortalRequest) -> dict[str, Any]:
    """The keys of the questions the page showed, and the reason given for them."""
    return {"confirmed": request.POST.getlist("confirmed"), "reason": request.POST.get("confirm_reason", "")}


def _typed_on(request: PortalRequest, twin: Record) -> HttpResponse | None:
    """Back after saving, changed and sent again: both versions are shown, so that what was typed is not lost."""
    if not verdict(request.user, "records.edit", twin):
        return None
    record = twin.specific()
    form = RecordForm(request.POST, kind=kind_of(record), filer=record.filer, record=record)
    if not form.is_valid():
        return _form_page(request, form)
    typed = kind_of(record).model(**{name: getattr(record, name) for name in ("enterprise", "office", "period")})
    for name, value in form.values().items():
        setattr(typed, name, value)
    typed.title = typed.title or untitled(kind_of(record))
    now, then = values_of(record), values_of(typed)
    if all(now[name] == then[name] for name in form.values()):
        return None
    return _show_conflict(request, form, Stale(record))


def _submitted(record: Record) -> str:
    if not record.is_of_office:
        return _("已提交，等待县级产改办审核。")
    if record.office is not None and record.held_by == record.office.scope_column():
        return _("已提交，请本单位另一位同事确认。")
    return _("已提交，本单位没有其他人员，由上级产改办确认。")


def _saved(request: PortalRequest, record: Record, submitting: bool, *, cleared: str) -> HttpResponse:
    said = _submitted(record) if submitting else _("草稿已保存。填好后请记得提交审核。")
    messages.success(request, said)
    for words in record.told:
        messages.warning(request, words)
    request.session["autosave_clear"] = f"{request.user.pk}:{cleared}"
    address = reverse("records:detail", args=[record.pk])
    return redirect(f"{address}?filed" if submitting else address)


def record_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Mend a draft, a returned or a withdrawn record."""
    base = visible_or_404(Record.objects.select_related("enterprise__county", "office", "county"), request.user, pk=pk)
    require(request.user, "records.edit", base)
    record = base.specific()
    record.enterprise, record.office = base.enterprise, base.office
    kind = kind_of(record)
    if request.method != "POST":
        asked = "check" in request.GET
        form = RecordForm(kind=kind, filer=record.filer, record=record)
        return _form_page(request, form, warnings=warnings_for(record) if asked else [])
    submitting = request.POST.get("do") == "submit"
    form = RecordForm(request.POST, kind=kind, filer=record.filer, record=record, submitting=submitting)
    if not form.is_valid():
        return _form_page(request, form)
    version = form.cleaned_data.get("version") or 0
    try:
        record = update_record(
            acting_user=request.user,
            record_id=pk,
            version=version,
            values=form.values(),
            hand_in=submitting,
            **_answers(request),
        )
    except Stale as stale:
        return _show_conflict(request, form, stale)
    except NeedsConfirmation as asked:
        return _form_page(request, form, warnings=asked.questions)
    except ValidationError as problem:
        form.add_problems(problem)
        return _form_page(request, form)
    return _saved(request, record, submitting, cleared=f"record-{pk}")


def _show_conflict(request: PortalRequest, form: RecordForm, stale: Stale) -> HttpResponse:
    """Both versions side by side; what was typed stays in the form, now based on the newer version."""
    stored = values_of(stale.current)
    typed = form.blank()
    for name, value in form.values().items():
        setattr(typed, name, value)
    mine = {**stored, **{name: values_of(typed)[name] for name in form.values()}}
    start_from_current(form, stale)
    return _form_page(request, form, conflict=differences(form.kind, stored, mine))


@require_POST
def record_discard(request: PortalRequest, pk: int) -> HttpResponse:
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    require(request.user, "records.discard", record)
    with problems_told(request):
        discard_record(acting_user=request.user, record_id=pk, version=posted_version(request))
        messages.success(request, _("“%s”已删除。") % record.title)
        return redirect("records:list")
    return redirect("records:detail", pk)
