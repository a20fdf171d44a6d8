"""One's own messages, how one likes to be told, and the administrator's page of e-mails that did not go out."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.notify import actions
from foundation.notify.forms import MessageFilter, PreferenceForm
from foundation.notify.models import Message
from foundation.notify.tables import MailTable, MessageTable
from foundation.saying import filled
from foundation.ui.faults import noted_if_possible
from foundation.ui.tables import paginate

_DIGITS = 18


@require_GET
def message_list(request: PortalRequest) -> HttpResponse:
    require(request.user, "notify.own_messages")
    own = Message.objects.visible_to(request.user).select_related("place")
    filters = MessageFilter(request.GET)
    table = paginate(request, MessageTable(filters.narrow(own)))
    return render(request, "notify/list.html", {"table": table, "filters": filters, "filtered": bool(request.GET)})


@require_GET
def message_open(request: PortalRequest, pk: int) -> HttpResponse:
    """Opening is reading: to the page the message is about, or to its text when there is none."""
    message = visible_or_404(Message.objects.select_related("place"), request.user, pk=pk)
    if message.read_at is None:
        with noted_if_possible("message read"):
            actions.mark_read(acting_user=request.user, message_ids=[message.pk])
    return redirect(message.url) if message.url else render(request, "notify/message.html", {"message": message})


@require_POST
def message_read(request: PortalRequest) -> HttpResponse:
    """Mark the ticked ones read, or all."""
    everything = request.POST.get("which") == "all"
    ticked = [int(pk) for pk in request.POST.getlist("tick") if pk.isdecimal() and len(pk) <= _DIGITS]
    count = actions.mark_read(acting_user=request.user, message_ids=None if everything else ticked)
    if not everything and not ticked:
        messages.warning(request, _("没有选中消息。请先勾选，再点“把选中的标为已读”。"))
    else:
        messages.success(request, filled(_("已把 %d 条消息标为已读。"), count))
    return redirect("notify:list")


@require_http_methods(["GET", "POST"])
def preferences(request: PortalRequest) -> HttpResponse:
    require(request.user, "notify.own_messages")
    form = PreferenceForm(request.POST or None, user=request.user)
    if request.method == "POST" and settings.MAIL_IS_SET and form.is_valid():
        try:
            actions.set_preferences(
                acting_user=request.user, email=form.cleaned_data["email"], channels=form.channels()
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("接收方式已保存。"))
            return redirect("notify:preferences")
    start, end = (f"{time:%H:%M}" for time in settings.WORKING_HOURS)
    context = {"form": form, "mail_is_set": settings.MAIL_IS_SET, "start": start, "end": end}
    return render(request, "notify/preferences.html", context)


@require_GET
def mail_list(request: PortalRequest) -> HttpResponse:
    """E-mails that could not be sent, and why."""
    require(request.user, "notify.oversee_mail")
    unsent = Message.objects.allowing(request.user, "notify.oversee_mail").select_related("recipient")
    table = paginate(request, MailTable(unsent.order_by("mail", "-pk")))
    return render(request, "notify/mail.html", {"table": table, "mail_is_set": settings.MAIL_IS_SET})


@require_POST
def mail_retry(request: PortalRequest) -> HttpResponse:
    count = actions.retry_mails(acting_user=request.user)
    messages.success(request, _("%d 封邮件已重新排队，工作时间内几分钟后发送。") % count)
    return redirect("notify:mail")
