"""Pages of the yearly profile."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from enterprises.profiles.actions import file_profile
from enterprises.profiles.forms import ProfileForm
from enterprises.profiles.queries import FIELDS, before, open_years, this_year
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.refusals import NeedsConfirmation
from foundation.ui.problems import add_problems


def profile_edit(request: PortalRequest, pk: int, year: int | None = None) -> HttpResponse:
    """File or change a year (the running one) of an enterprise; ``?same`` fills in the year before."""
    enterprise = visible_or_404(Enterprise.objects.select_related("county__city"), request.user, pk=pk)
    require(request.user, "enterprises.file_profile", enterprise)
    year = year or this_year()
    if year not in open_years():
        return redirect("enterprises:profile", pk)
    profile, last = enterprise.profiles.filter(year=year).first(), before(enterprise, year)
    form = ProfileForm(
        request.POST or None, enterprise=enterprise, profile=profile, last=last, same="same" in request.GET
    )
    if request.method == "POST" and form.is_valid() and _filed(request, enterprise, year, form):
        messages.success(request, _("%d年度基本情况已保存，平台各处都用这些数字。") % year)
        return redirect("enterprises:detail", pk)
    context = {
        "form": form,
        "asked": [form[name] for name in FIELDS],
        "enterprise": enterprise,
        "year": year,
        "years": open_years(),
        "profile": profile,
        "last": last,
    }
    return render(request, "enterprises/profiles/form.html", context)


def _filed(request: PortalRequest, enterprise: Enterprise, year: int, form: ProfileForm) -> bool:
    """Whether it was saved; otherwise the form says why not, or asks."""
    values = form.cleaned_data
    try:
        file_profile(
            acting_user=request.user,
            enterprise_id=enterprise.pk,
            year=year,
            version=values["version"] or 0,
            values=values,
            confirmed=form.confirmed,
            reason=values["word"],
        )
    except NeedsConfirmation as asked:
        form.ask(asked.questions)
        return False
    except ValidationError as problem:
        add_problems(form, problem)
        return False
    return True
