"""Pages of a body's members and meetings, and the yearly word."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from enterprises.bodies.actions import confirm_body, remove_meeting, remove_member, save_meeting, save_member
from enterprises.bodies.forms import MeetingForm, MemberForm
from enterprises.models import Body
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.labels import Label
from foundation.ui.problems import add_problems


@dataclass(frozen=True)
class Part:
    """Rows of a body that are entered one by one: ``name`` is the relation, and the argument the actions take."""

    name: str
    row: str
    new: Label
    edit: Label
    form: type["forms.ModelForm[Any]"]
    save: Callable[..., Any]
    remove: Callable[..., None]


MEMBERS = Part(
    "members", "member", gettext_lazy("加入成员"), gettext_lazy("修改成员"), MemberForm, save_member, remove_member
)
MEETINGS = Part(
    "meetings", "meeting", gettext_lazy("登记会议"), gettext_lazy("修改会议"), MeetingForm, save_meeting, remove_meeting
)


def _read(request: PortalRequest, pk: int) -> Body:
    """The body, for somebody who keeps it."""
    body = visible_or_404(Body.objects.select_related("place"), request.user, pk=pk)
    require(request.user, "enterprises.keep_bodies", body)
    return body


def _row(body: Body, part: Part, row_pk: int) -> Any:
    found = getattr(body, part.name).filter(pk=row_pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def part_edit(request: PortalRequest, pk: int, part: Part, row_pk: int | None = None) -> HttpResponse:
    """Enter a member or a meeting (no ``row_pk`` in the address), or mend one."""
    body = _read(request, pk)
    row = None if row_pk is None else _row(body, part, row_pk)
    form = part.form(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = part.save(acting_user=request.user, body_id=body.pk, values=form.cleaned_data, **{part.row: row})
        except ValidationError as problem:
            add_problems(form, problem)
        else:
            messages.success(request, _("“%s”已保存。") % saved)
            return redirect(body)
    context = {"body": body, "form": form, "heading": part.new if row is None else part.edit}
    return render(request, "enterprises/bodies/part_form.html", context, status=400 if form.errors else 200)


@require_POST
def part_remove(request: PortalRequest, pk: int, part: Part, row_pk: int) -> HttpResponse:
    body = _read(request, pk)
    row = _row(body, part, row_pk)
    said = str(row)
    part.remove(acting_user=request.user, body_id=body.pk, **{part.row: row})
    messages.success(request, _("“%s”已删除。") % said)
    return redirect(body)


@require_POST
def body_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything on the page is right this year."""
    body = _read(request, pk)
    try:
        confirmed = confirm_body(acting_user=request.user, body_id=body.pk)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        said = {"body": confirmed, "year": confirmed.confirmed_for}
        messages.success(request, _("“%(body)s”%(year)s年的情况已核对。") % said)
    return redirect(body)
