"""Keeping and changing one's own views of lists. Each answer leads back to the list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.access.rules import visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.saved_views import actions
from foundation.saved_views.models import SavedView
from foundation.saved_views.pages import list_address


def _list(page: str, query: str) -> HttpResponse:
    return redirect(f"{list_address(page)}?{query or 'all=1'}")


def _refuse(request: PortalRequest, problem: ValidationError) -> None:
    for message in problem.messages:
        messages.error(request, message)


@require_POST
def view_save(request: PortalRequest) -> HttpResponse:
    """Keep the list as it now stands, under a name."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    try:
        list_address(page)
    except LookupError as error:
        raise Http404 from error
    try:
        view = actions.save_view(acting_user=request.user, page=page, name=request.POST.get("name", ""), query=query)
        if request.POST.get("default"):
            actions.make_default(acting_user=request.user, view=view, is_default=True)
    except ValidationError as problem:
        _refuse(request, problem)
        return _list(page, actions.clean_query(query))
    messages.success(request, _("视图“%s”已保存，点列表上方的名字即可打开。") % view.name)
    return _list(page, view.query)


def _own(request: PortalRequest, pk: int) -> SavedView:
    return visible_or_404(SavedView.objects.all(), request.user, pk=pk)


@require_POST
def view_rename(request: PortalRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    try:
        actions.rename_view(acting_user=request.user, view=view, name=request.POST.get("name", ""))
    except ValidationError as problem:
        _refuse(request, problem)
    return _list(view.page, view.query)


@require_POST
def view_default(request: PortalRequest, pk: int) -> HttpResponse:
    """Open the list with this view from now on (``default=1``), or no longer."""
    view = _own(request, pk)
    actions.make_default(acting_user=request.user, view=view, is_default=request.POST.get("default") == "1")
    return _list(view.page, view.query)


@require_POST
def view_delete(request: PortalRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    page, name = view.page, view.name
    actions.delete_view(acting_user=request.user, view=view)
    messages.success(request, _("视图“%s”已删除。") % name)
    return _list(page, "")
