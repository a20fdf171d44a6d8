"""What looks unusual in a yearly profile: asked, not refused. The word given for it is kept with the profile."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from enterprises.models import YearlyProfile
from enterprises.profiles.queries import FIELDS, OF_THE_YEAR
from foundation.fields import field_of, label_of_field, unit_of
from foundation.refusals import Question
from foundation.ui.formats import amount, quantity

#: How many times last year's figure is asked about, and from which figure on it is worth asking.
TIMES = 3
WORTH_ASKING = 10


def questions_about(profile: YearlyProfile, last: YearlyProfile | None) -> list[Question]:
    """Everything worth a second look, compared with the year before."""
    return [*_beyond_staff(profile), *_against(profile, last)]


def _beyond_staff(profile: YearlyProfile) -> Iterator[Question]:
    members, staff = profile.union_members, profile.headcount
    if members is not None and members > staff:
        words = {"members": amount(members), "staff": amount(staff)}
        message = _("工会会员（%(members)s 人）多于职工（%(staff)s 人）。") % words
        yield Question("staff", "union_members", message, advice=_("有劳务派遣工等入会的请说明，否则请核对。"))


def _against(profile: YearlyProfile, last: YearlyProfile | None) -> Iterator[Question]:
    if last is None:
        return
    for name in FIELDS:
        if name in OF_THE_YEAR:
            continue
        now, before = getattr(profile, name), getattr(last, name)
        if now is None or not before:
            continue
        label = label_of_field(YearlyProfile, name)
        unit = unit_of(field_of(YearlyProfile, name))
        words = {"label": label, "now": quantity(now, unit), "year": last.year, "before": quantity(before, unit)}
        if now >= WORTH_ASKING and now > TIMES * before:
            yield Question(
                "times",
                name,
                _("“%(label)s”%(now)s，是 %(year)d 年（%(before)s）的三倍以上。") % words,
                advice=_("请核对有没有多填一位。"),
            )
        elif name == "headcount" and before >= WORTH_ASKING and now * TIMES < before:
            yield Question(
                "less",
                name,
                _("“%(label)s”%(now)s，不到 %(year)d 年（%(before)s）的三分之一。") % words,
                advice=_("请核对有没有少填一位。"),
            )
