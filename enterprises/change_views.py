"""Pages on which an enterprise is changed: asked, shown what will happen, confirmed; and its history."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.change_forms import ChangeForm, SplitForm
from enterprises.changing import CHANGES, Change, offered
from enterprises.consequences import ChangeRefused, ChangeUnconfirmed
from enterprises.models import Enterprise
from enterprises.queries import edits_of, events_of
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.crud.history import HistoryTable
from foundation.refusals import Stale
from foundation.ui.problems import start_from_current
from foundation.ui.tables import paginate


def _enterprise(request: PortalRequest, pk: int) -> Enterprise:
    return visible_or_404(Enterprise.objects.select_related("county__city"), request.user, pk=pk)


@require_GET
def enterprise_changes(request: PortalRequest, pk: int) -> HttpResponse:
    """Which changes there are to choose from."""
    enterprise = _enterprise(request, pk)
    require(request.user, "enterprises.edit" if enterprise.is_active else "enterprises.change", enterprise)
    context = {"enterprise": enterprise, "changes": offered(request.user, enterprise)}
    return render(request, "enterprises/changes.html", context)


def enterprise_change(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    """One change, in two steps: the form; then everything that will happen, to be confirmed."""
    if kind not in CHANGES:
        raise Http404
    enterprise, change = _enterprise(request, pk), CHANGES[kind]
    require(request.user, change.permission, enterprise)
    form = change.form(request.POST or None, enterprise=enterprise, user=request.user)
    if not form.is_valid() or request.POST.get("do") == "back":
        return _fill(request, enterprise, change, form)
    return _carry_on(request, enterprise, change, form)


def _carry_on(
    request: PortalRequest, enterprise: Enterprise, change: Change, form: ChangeForm | SplitForm
) -> HttpResponse:
    confirms = request.POST.get("do") == "confirm"
    try:
        result = change.act(
            acting_user=request.user,
            enterprise_id=enterprise.pk,
            **change.arguments(form),
            confirmed=request.POST.getlist("confirmed") if confirms else (),
        )
    except Stale as stale:
        start_from_current(form, stale)
        return _fill(request, enterprise, change, form, status=409)
    except (ChangeRefused, ChangeUnconfirmed) as asked:
        return _look(request, enterprise, change, form, asked, why_again(request))
    except ValidationError as problem:
        form.add_problems(problem)
        return _fill(request, enterprise, change, form)
    messages.success(request, str(change.done))
    return redirect("enterprises:detail", result.pk)


def why_again(request: PortalRequest) -> str:
    """Why the effects are shown again to somebody who has confirmed them; empty when they are shown first."""
    if request.POST.get("do") != "confirm":
        return ""
    if set(request.POST.getlist("asked")) - set(request.POST.getlist("confirmed")):
        return _("请在每一项后面勾选，表示已经知道。")
    return _("情况有了变化，请重新核对下面的内容再确认。")


def _fill(
    request: PortalRequest, enterprise: Enterprise, change: Change, form: forms.BaseForm, *, status: int = 200
) -> HttpResponse:
    context = {"enterprise": enterprise, "change": change, "form": form}
    return render(request, "enterprises/change_form.html", context, status=status)


def _look(
    request: PortalRequest,
    enterprise: Enterprise,
    change: Change,
    form: forms.BaseForm,
    asked: ChangeRefused | ChangeUnconfirmed,
    problem: str,
) -> HttpResponse:
    context = {
        "enterprise": enterprise,
        "change": change,
        "form": form,
        "given": [(field.label, _given(field)) for field in form.visible_fields()],
        "effects": asked.foresight.effects,
        "foresight": asked.foresight,
        "is_refused": isinstance(asked, ChangeRefused),
        "problem": problem,
    }
    return render(request, "enterprises/change_look.html", context)


def _given(field: forms.BoundField) -> object:
    """What was typed, in words."""
    value = field.form.cleaned_data.get(field.name)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in (None, ""):
        return _("未填报")
    choices = dict(getattr(field.field, "choices", ())) if isinstance(value, str) else {}
    if hasattr(value, "full_name"):
        return value.full_name()
    return choices.get(value, value)


@require_GET
def enterprise_history(request: PortalRequest, pk: int) -> HttpResponse:
    """Where the enterprise was, what it was called, and every edit."""
    enterprise = _enterprise(request, pk)
    visible = Enterprise.objects.visible_to(request.user)
    events = list(events_of(enterprise))
    others = {event.counterpart_id for event in events if event.counterpart_id}
    context = {
        "enterprise": enterprise,
        "events": events,
        "linked": set(visible.filter(pk__in=others).values_list("pk", flat=True)),
        "table": paginate(request, HistoryTable(edits_of(enterprise))),
    }
    return render(request, "enterprises/history.html", context)
