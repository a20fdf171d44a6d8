"""What the room knows beside a form: the ladder of the year before and the certificates won since."""

from collections.abc import Callable

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import label_of_field
from foundation.labels import Label
from foundation.ui.formats import amount
from records.core.shown import Asked, Shown, Told
from records.core.warning_rules import SPEAKS
from skills.models import Certificates, Ladder, SkillLevel


def _suggested_label(name: str) -> Label:
    label: Label = lazy(lambda: _("参考：%s") % label_of_field(Ladder, name), str)()
    return label


def _suggestion(name: str, level: SkillLevel) -> Callable[[Asked], Told]:
    def read(asked: Asked) -> Told:
        year = asked.last_day.year
        earlier = Ladder.objects.filter(
            enterprise=asked.enterprise, status__in=SPEAKS, period__lt=str(year), **{f"{name}__isnull": False}
        )
        last = earlier.order_by("-period").first()
        if last is None:
            return Told()
        won = Certificates.objects.filter(
            record__enterprise=asked.enterprise,
            record__status__in=SPEAKS,
            record__happened_on__year__gt=int(str(last.period)),
            record__happened_on__year__lte=year,
            level=level,
        ).aggregate(people=Sum("people"))["people"]
        number = getattr(last, name) + (won or 0)
        values = {
            "number": amount(number),
            "year": last.period,
            "before": amount(getattr(last, name)),
            "won": amount(won or 0),
        }
        text = _("%(number)s 人（%(year)s年末 %(before)s 人，加此后取证 %(won)s 人；升级、离职的请核减）") % values
        return Told(text, reverse("records:detail", args=[last.pk]), number)

    return read


#: For each level that everybody is asked for; nothing where there is no ladder of an earlier year.
LADDER_SUGGESTIONS = tuple(
    Shown(_suggested_label(name), gettext_lazy("上一年度"), _suggestion(name, level), fills=name, if_known=True)
    for name, level in zip(Ladder.LEVELS[:6], SkillLevel, strict=False)
)
