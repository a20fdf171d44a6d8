"""The page of a base's yearly review."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from enterprises.bases.reviews import file_base_review, questions_of
from enterprises.models import Base, BaseReview
from enterprises.profiles.queries import open_years, this_year
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.refusals import Stale
from foundation.ui.forms import mark
from foundation.ui.problems import add_problems, start_from_current


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Only what is asked of the base's sort. The row is made and checked by the action."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = BaseReview
        fields = ("chain", "users", "towns", "served", "shared", "built", "invested", "result")

    def __init__(self, *args: Any, base: Base, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version if self.instance.pk else 0
        self.asked = questions_of(base)
        for name in set(self.fields) - {"version", *self.asked}:
            del self.fields[name]
        for name in self.asked:
            mark(self.fields[name], needed=False)
            self.fields[name].error_messages["invalid"] = gettext_lazy("请填数字，不带单位和文字。")

    def _post_clean(self) -> None:
        """Nothing: the row on the page stays as it is."""


@require_http_methods(["GET", "HEAD", "POST"])
def base_review(request: PortalRequest, pk: int, year: int | None = None) -> HttpResponse:
    """File or change a year (the running one) of a base."""
    base = visible_or_404(Base.objects.select_related("sort", "enterprise"), request.user, pk=pk)
    require(request.user, "enterprises.review_bases", base)
    year = year or this_year()
    if year not in open_years():
        return redirect("enterprises:base_review", pk)
    form = ReviewForm(request.POST or None, instance=base.reviews.filter(year=year).first(), base=base)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version", None) or 0
        try:
            file_base_review(acting_user=request.user, base_id=base.pk, year=year, version=version, values=values)
        except Stale as stale:
            status = 409
            start_from_current(form, stale)
        except ValidationError as problem:
            add_problems(form, problem)
        else:
            messages.success(request, _("“%(base)s”%(year)d年度情况已保存。") % {"base": base, "year": year})
            return redirect(base)
    asked = [form[name] for name in form.asked]
    context = {"form": form, "asked": asked, "base": base, "year": year, "years": open_years()}
    return render(request, "enterprises/bases/review.html", context, status=status)
