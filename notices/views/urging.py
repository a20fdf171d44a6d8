"""The page on which any list's urging is worded and confirmed.

The list's form posts its boxes as ``tick`` (or ``which=all``) to an address that carries the list's own query; that
view works out the units and hands over to ``urge_page``, twice: to ask, and when it was confirmed.
"""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.requests import PortalRequest
from foundation.jobs.models import Job
from foundation.notify.hours import is_working_time
from foundation.places.models import Place
from notices.models import Urge
from notices.urging import Matter, Urged, day_of_arrival, urge_or_enqueue

_DIGITS = 18
_SHOWN = 10


def ticked(request: PortalRequest) -> list[int] | None:
    """The keys of the ticked rows; None stands for all of the list."""
    if request.POST.get("which") == "all":
        return None
    return [int(pk) for pk in request.POST.getlist("tick") if pk.isdecimal() and len(pk) <= _DIGITS]


def urge_page(
    request: PortalRequest, *, matter: Matter, place_ids: Sequence[int], sentence: str, back: str, nobody: str = ""
) -> HttpResponse:
    """Ask first, with a ready sentence; do it when confirmed. ``back`` is the list, kept as it was filtered; ``nobody``
    is said where none of those chosen is behind, in the words of the list."""
    back = f"{back}?{request.GET.urlencode()}" if request.GET else back
    place_ids = list(dict.fromkeys(place_ids))
    if not place_ids:
        nothing = _("没有要催办的单位：没有勾选，或选中的单位都已完成。请勾选还没有完成的单位。")
        messages.warning(request, nobody or nothing)
        return redirect(back)
    error, text = "", request.POST.get("text", sentence)
    if request.POST.get("do") == "urge":
        try:
            outcome = urge_or_enqueue(acting_user=request.user, matter=matter, place_ids=place_ids, text=text)
        except ValidationError as problem:
            error = " ".join(problem.messages)
        else:
            return _done(request, outcome, back)
    day = day_of_arrival()
    already = Urge.objects.filter(subject=matter.subject, day=day, place_id__in=place_ids[:500]).count()
    context = {
        "matter": matter,
        "count": len(place_ids),
        "text": text,
        "error": error,
        "back": back,
        "already": already,
        "shown": list(Place.objects.filter(pk__in=place_ids[:_SHOWN]).order_by("code")),
        "day": day,
        "in_hours": is_working_time(timezone.now()),
        "ticks": request.POST.getlist("tick"),
        "which": request.POST.get("which", ""),
    }
    return render(request, "notices/urge.html", context)


def _done(request: PortalRequest, outcome: Urged | Job, back: str) -> HttpResponse:
    if isinstance(outcome, Job):
        messages.success(request, _("单位较多，正在逐批催办，完成后这里会显示结果。"))
        return redirect("jobs:detail", pk=outcome.pk)
    sentence = outcome.sentence()
    (messages.success if outcome.told else messages.warning)(request, sentence)
    return redirect(back)
