"""Pages of pilots."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Cluster, Enterprise, Pilot
from enterprises.pilots.actions import (
    change_stage,
    correct_pilot,
    end_pilot,
    last_step,
    open_pilot,
    undo_step,
)
from enterprises.pilots.forms import CorrectForm, EndForm, PilotForm, StageForm
from enterprises.pilots.tables import state_badge
from foundation.access.rules import require, verdict, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.ui.forms import form_field
from foundation.ui.problems import add_problems


def _asked_subject(request: PortalRequest) -> Enterprise | Cluster | None:
    """The enterprise (by code) or the park or chain (by number) named in the address; 404 when out of reach."""
    if code := request.GET.get("enterprise"):
        return visible_or_404(
            Enterprise.objects.select_related("place", "county__city"), request.user, credit_code=code
        )
    if number := request.GET.get("cluster"):
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            raise Http404
        return visible_or_404(Cluster.objects.select_related("place__city"), request.user, pk=int(number))
    return None


def pilot_create(request: PortalRequest) -> HttpResponse:
    """A new pilot of the subject in the address, or of the enterprise chosen in the form."""
    require(request.user, "enterprises.keep_pilots")
    subject = _asked_subject(request)
    form = PilotForm(request.POST or None, user=request.user, subject=subject)
    if request.method == "POST" and form.is_valid():
        try:
            pilot = open_pilot(
                acting_user=request.user,
                subject=subject or form.cleaned_data["enterprise"],
                values=form.cleaned_data,
            )
        except ValidationError as problem:
            add_problems(form, problem)
        else:
            messages.success(request, _("试点已登记。"))
            return redirect(pilot)
    return render(request, "enterprises/pilots/form.html", {"form": form, "subject": subject})


def _read(request: PortalRequest, pk: int) -> Pilot:
    return visible_or_404(Pilot.objects.with_subject().prefetch_related("stages"), request.user, pk=pk)


def _page(request: PortalRequest, pilot: Pilot, **bound: forms.Form) -> HttpResponse:
    """The pilot with what may be done to it; a refused form keeps what was typed."""
    keeping = verdict(request.user, "enterprises.keep_pilots", pilot)
    correct = {"started_on": pilot.started_on, "document": pilot.document}
    context: dict[str, object] = {"pilot": pilot, "state": state_badge(pilot), "keeping": keeping}
    if keeping:
        stage_form = bound.get("stage") or StageForm(pilot=pilot)
        context |= {
            "stage_form": stage_form
            if form_field(stage_form, "stage", forms.ChoiceField).choices and not pilot.has_ended
            else None,
            "end_form": bound.get("end") or (None if pilot.ended_on else EndForm()),
            "correct_form": bound.get("correct") or CorrectForm(initial=correct),
            "last_step": last_step(pilot),
        }
    return render(request, "enterprises/pilots/detail.html", context, status=400 if bound else 200)


def pilot_detail(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _read(request, pk))


def _bound(request: PortalRequest, pilot: Pilot, step: str) -> tuple[forms.Form, Callable[..., Pilot]]:
    """The form of a step as sent, and the action that takes its values."""
    match step:
        case "stage":
            return StageForm(request.POST, pilot=pilot), change_stage
        case "end":
            return EndForm(request.POST), end_pilot
        case "correct":
            return CorrectForm(request.POST), lambda values, **given: correct_pilot(values=values, **given)
    raise Http404


@require_POST
def pilot_act(request: PortalRequest, pk: int, step: str) -> HttpResponse:
    """``step``: stage, end, correct. Back to the pilot's page."""
    pilot = _read(request, pk)
    require(request.user, "enterprises.keep_pilots", pilot)
    form, action = _bound(request, pilot, step)
    if not form.is_valid():
        return _page(request, pilot, **{step: form})
    given = {"acting_user": request.user, "pilot_id": pk, "version": _version(request)}
    values = {"values": form.cleaned_data} if step == "correct" else form.cleaned_data
    try:
        action(**given, **values)
    except ValidationError as problem:
        add_problems(form, problem)
        return _page(request, _read(request, pk), **{step: form})
    messages.success(request, _("“%s”已保存。") % pilot.subject)
    return redirect("enterprises:pilot", pk)


def _version(request: PortalRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@require_POST
def pilot_undo(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the last step back."""
    pilot = _read(request, pk)
    require(request.user, "enterprises.keep_pilots", pilot)
    try:
        left = undo_step(acting_user=request.user, pilot_id=pk, version=_version(request))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("enterprises:pilot", pk)
    if left is None:
        messages.success(request, _("误登的试点已删除，审计日志保留了原来的内容。"))
        return redirect("enterprises:pilots")
    messages.success(request, _("已撤销上一步。"))
    return redirect("enterprises:pilot", pk)
