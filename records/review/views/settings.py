"""How an office reviews: its ready-made phrases; for city and province the share of the sample and the days."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES
from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.accounts.requests import PortalRequest
from foundation.fields import label_of_field
from foundation.places.models import Place
from foundation.saying import filled
from foundation.ui.problems import problems_in
from records.review.actions import NUMBERS_SET_BY, save_review_settings
from records.review.models import ReviewSettings
from records.review.settings import LONGEST_PHRASE, MOST_DAYS, MOST_PHRASES, SettingsOf, phrases_of

_HELP = {
    "review_days": gettext_lazy("企业提交后，审核单位应在这么多个工作日内办理。"),
    "appeal_days": gettext_lazy("驳回后，企业可在这么多个工作日内申诉一次。"),
    "sample_percent": gettext_lazy("县级通过的记录中随机抽给市级复查的比例；标记的和有重点提示的另外全部抽查。"),
}


class ReviewSettingsForm(forms.Form):
    phrases = forms.CharField(
        label=gettext_lazy("退回、驳回常用语"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("每行一条，前九条可用数字键 1–9 填入。清空后恢复建议的常用语。"),
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        self.place = place
        row = ReviewSettings.objects.filter(pk=place.pk).first() or ReviewSettings(place=place)
        numbers = NUMBERS_SET_BY.get(place.level, ())
        kwargs["initial"] = {
            **{name: getattr(row, name) for name in numbers},
            "phrases": "\n".join(phrases_of(place.pk)),
        }
        super().__init__(*args, **kwargs)
        # Without its own row: what holds from above.
        above = SettingsOf([place.province_id or 0]).rules(place.province_id or 0)
        for name in numbers:
            most = 100 if name == "sample_percent" else MOST_DAYS
            least = 0 if name == "sample_percent" else 1
            state = _("待核定") if name in above.proposed else _("省里已定")
            if place.level == "province":
                state = _("待核定")
            hint = _("不填时为 %(value)d（%(state)s）。") % {"value": getattr(above, name), "state": state}
            field = forms.IntegerField(
                label=label_of_field(ReviewSettings, name),
                required=False,
                help_text=f"{_HELP[name]}{hint}",
                validators=[MinValueValidator(least), MaxValueValidator(most)],
            )
            field.error_messages["invalid"] = _("请填整数，例如 5。")
            self.fields[name] = field
        self.order_fields([*numbers, "phrases"])

    def clean_phrases(self) -> list[str] | None:
        lines = [line.strip() for line in self.cleaned_data["phrases"].splitlines() if line.strip()]
        if len(lines) > MOST_PHRASES:
            raise forms.ValidationError(
                filled(
                    _("常用语有 %(count)d 条，最多 %(most)d 条。请删去不常用的。"),
                    {"count": len(lines), "most": MOST_PHRASES},
                )
            )
        for number, line in enumerate(lines, 1):
            if len(line) > LONGEST_PHRASE:
                raise forms.ValidationError(
                    filled(
                        _("第 %(number)d 条有 %(size)d 个字，最多 %(most)d 个。请写短些。"),
                        {"number": number, "size": len(line), "most": LONGEST_PHRASE},
                    )
                )
        return lines or None

    def numbers(self) -> dict[str, int | None]:
        return {name: value for name, value in self.cleaned_data.items() if name != "phrases"}


def review_settings(request: PortalRequest) -> HttpResponse:
    """The settings of this person's office."""
    require(request.user, "records.set_review")
    place = scope_of(request.user).places(*OFFICE_ROLES)[0]
    form = ReviewSettingsForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid():
        with problems_in(form):
            save_review_settings(
                acting_user=request.user, place=place, numbers=form.numbers(), phrases=form.cleaned_data["phrases"]
            )
            messages.success(request, _("审核设置已保存，对之后提交和办理的记录生效。"))
            return redirect("records:review_settings")
    return render(request, "records/review_settings.html", {"form": form, "place": place})
