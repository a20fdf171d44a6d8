"""Filing: create, edit, hand in, throw a draft away, upload evidence."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.models import Enterprise
from foundation.access.rules import AccessDenied, require, visible_or_404
from foundation.audit.log import log
from records.actions import ActionRefused, StaleVersion, act, create_record, discard_draft, update_record
from records.attachments import ACCEPT, remove_attachment, store_attachment
from records.forms import RecordForm
from records.kinds import RecordKind, kind_by_slug, kind_of
from records.models import Attachment, Record
from records.values import differences, values_of
from records.views.detail import posted_version

PICKER_LIMIT = 20


def _kind_or_404(slug: str) -> RecordKind:
    try:
        return kind_by_slug(slug)
    except LookupError as error:
        raise Http404 from error


def _form_page(request: HttpRequest, form: RecordForm, **extra) -> HttpResponse:
    token = form["form_token"].value()
    record = form.record
    owner = Attachment.objects.visible_to(request.user)
    files = owner.filter(record=record) if record else owner.filter(record=None, form_token=_uuid_or_none(token))
    key = f"record-{record.pk}" if record else f"new-{form.kind.slug}-{form.enterprise.pk}"
    context = {
        "form": form,
        "kind": form.kind,
        "enterprise": form.enterprise,
        "record": record,
        "files": [_file_json(entry) for entry in files],
        "form_token": token,
        "autosave_key": f"{request.user.pk}:{key}",
        "accept": ACCEPT,
        **extra,
    }
    status = 409 if extra.get("conflict") is not None else 200
    return render(request, "records/form.html", context, status=status)


def _uuid_or_none(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def record_create(request: HttpRequest, kind: str) -> HttpResponse:
    """A new record of a kind, for the one enterprise of the person or the one chosen."""
    declared = _kind_or_404(kind)
    require(request.user, "records.create")
    candidates = Enterprise.objects.allowing(request.user, "records.create")
    chosen = request.POST.get("enterprise") or request.GET.get("enterprise")
    if chosen:
        enterprise = candidates.filter(credit_code=chosen).select_related("county", "place").first()
        if enterprise is None:
            raise Http404
    else:
        first_two = list(candidates.select_related("county", "place")[:2])
        if len(first_two) != 1:
            return _pick_enterprise(request, declared, candidates)
        enterprise = first_two[0]
    if request.method == "POST":
        return _save_new(request, declared, enterprise)
    form = RecordForm(kind=declared, enterprise=enterprise)
    if "period" in form.fields and request.GET.get("period") in dict(form.fields["period"].choices):
        form.initial["period"] = request.GET["period"]
    return _form_page(request, form)


def _pick_enterprise(request: HttpRequest, kind: RecordKind, candidates) -> HttpResponse:
    """A person of several enterprises, or an office filing on behalf, first says for whom."""
    words = request.GET.get("q", "").strip()
    found = candidates.select_related("county").search(words) if words else candidates.select_related("county")
    rows = list(found[: PICKER_LIMIT + 1])
    context = {"kind": kind, "enterprises": rows[:PICKER_LIMIT], "more": len(rows) > PICKER_LIMIT, "q": words}
    return render(request, "records/pick_enterprise.html", context)


def _save_new(request: HttpRequest, kind: RecordKind, enterprise: Enterprise) -> HttpResponse:
    submitting = request.POST.get("do") == "submit"
    token = _uuid_or_none(request.POST.get("form_token"))
    # The same form sent again (double click, back button): what it made already is the answer.
    twin = Record.objects.visible_to(request.user).filter(form_token=token, created_by=request.user).first()
    if twin is not None:
        messages.info(request, _("这张表已经保存过，没有重复新建。这里就是保存的内容。"))
        return redirect("records:detail", twin.pk)
    form = RecordForm(request.POST, kind=kind, enterprise=enterprise, submitting=submitting)
    if not form.is_valid():
        return _form_page(request, form)
    try:
        with transaction.atomic():
            record = create_record(
                acting_user=request.user, kind=kind, enterprise=enterprise, values=form.values(), form_token=token
            )
            if submitting:
                record = act(acting_user=request.user, record_id=record.pk, action="submit", version=record.version)
    except ValidationError as problem:
        form.add_problems(problem)
        return _form_page(request, form)
    return _saved(request, record, submitting, cleared=f"new-{kind.slug}-{enterprise.pk}")


def _saved(request: HttpRequest, record: Record, submitting: bool, *, cleared: str) -> HttpResponse:
    said = _("已提交，等待县级产改办审核。") if submitting else _("草稿已保存。填好后请记得提交审核。")
    messages.success(request, said)
    request.session["autosave_clear"] = f"{request.user.pk}:{cleared}"
    return redirect("records:detail", record.pk)


def record_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a draft, a returned or a withdrawn record."""
    base = visible_or_404(
        Record.objects.select_related("enterprise", "county", "enterprise__county"), request.user, pk=pk
    )
    require(request.user, "records.edit", base)
    record = base.specific()
    record.enterprise = base.enterprise
    kind = kind_of(record)
    if request.method != "POST":
        return _form_page(request, RecordForm(kind=kind, enterprise=record.enterprise, record=record))
    submitting = request.POST.get("do") == "submit"
    form = RecordForm(request.POST, kind=kind, enterprise=record.enterprise, record=record, submitting=submitting)
    if not form.is_valid():
        return _form_page(request, form)
    version = form.cleaned_data.get("version") or 0
    try:
        with transaction.atomic():
            record = update_record(acting_user=request.user, record_id=pk, version=version, values=form.values())
            if submitting:
                record = act(acting_user=request.user, record_id=pk, action="submit", version=record.version)
    except StaleVersion as stale:
        return _show_conflict(request, form, stale)
    except ValidationError as problem:
        form.add_problems(problem)
        return _form_page(request, form)
    return _saved(request, record, submitting, cleared=f"record-{pk}")


def _show_conflict(request: HttpRequest, form: RecordForm, stale: StaleVersion) -> HttpResponse:
    """Both versions side by side; what was typed stays in the form, now based on the newer version."""
    stored = values_of(stale.current)
    typed = form.kind.model(enterprise=form.enterprise)
    for name, value in form.values().items():
        setattr(typed, name, value)
    mine = {**stored, **{name: values_of(typed)[name] for name in form.values()}}
    form.data = form.data.copy()
    form.data["version"] = str(stale.current.version)
    form.add_error(None, str(stale))
    return _form_page(request, form, conflict=differences(form.kind, stored, mine))


@require_POST
def record_discard(request: HttpRequest, pk: int) -> HttpResponse:
    record = visible_or_404(Record.objects.all(), request.user, pk=pk)
    try:
        discard_draft(acting_user=request.user, record_id=pk, version=posted_version(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("records:detail", pk)
    messages.success(request, _("草稿“%s”已删除。") % record.title)
    return redirect("records:list")


def _file_json(attachment: Attachment) -> dict:
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "size": attachment.size,
        "url": reverse("records:attachment", args=[attachment.pk]),
        "remove_url": reverse("records:attachment_remove", args=[attachment.pk]),
    }


@require_POST
def attachment_upload(request: HttpRequest) -> JsonResponse:
    """One file, for a record (``record``) or for a form not yet saved (``form_token``)."""
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": _("没有收到文件。请重新选择。")}, status=400)
    record, token = None, _uuid_or_none(request.POST.get("form_token"))
    if number := request.POST.get("record", ""):
        record = visible_or_404(Record.objects.all(), request.user, pk=int(number) if number.isdecimal() else 0)
    else:
        require(request.user, "records.create")
        if token is None:
            return JsonResponse({"error": _("页面已过期。请刷新后重新选择文件。")}, status=400)
    try:
        attachment = store_attachment(acting_user=request.user, upload=upload, record=record, form_token=token)
    except (ActionRefused, AccessDenied) as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse(_file_json(attachment), status=201)


@require_POST
def attachment_remove(request: HttpRequest, pk: int) -> JsonResponse:
    attachment = visible_or_404(Attachment.objects.select_related("record"), request.user, pk=pk)
    try:
        remove_attachment(acting_user=request.user, attachment=attachment)
    except (ActionRefused, AccessDenied) as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"removed": pk})


@require_GET
def attachment_open(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself: pictures and PDF in the browser, the rest as a download. Opening by an office is logged."""
    attachment = visible_or_404(Attachment.objects.select_related("record"), request.user, pk=pk)
    if attachment.record is not None and attachment.uploaded_by_id != request.user.pk:
        log("records.attachment_opened", by=request.user, on=attachment.record, note=attachment.name)
    inline = attachment.content_type.startswith("image/") or attachment.content_type == "application/pdf"
    try:
        handle = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        handle, as_attachment=not inline, filename=attachment.name, content_type=attachment.content_type
    )
    # An uploaded file must never run as part of the portal.
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    return response
