"""Staff figures: of the yearly profile that stood at the end of the quarter, else of the register's entry."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.facts import ENTERPRISES, PROFILES, RegisterSource
from enterprises.history import county_on, day_of, registered_on
from enterprises.models import Enterprise, YearlyProfile
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Counting, Fact, Nature, SpeaksOf, YearBasis, register_source

#: How many work in an enterprise: what rates per hundred or thousand are measured against, and how large it is.
HEADCOUNT = "REG.headcount"
_COLUMNS = {
    HEADCOUNT: "headcount",
    "REG.frontline": "frontline_count",
    "REG.industrial": "industrial_count",
    "REG.women": "women_count",
    "REG.union_members": "union_members",
    "H02.under35": "young_count",
}
#: Of a whole year: the profile of the year before the quarter's, and no other, says them.
_OF_THE_YEAR = {"H03.hired": "hired", "H03.young": "hired_young", "H03.graduates": "hired_graduates"}
#: What the entry itself carries; the rest is asked in the profile only.
_OF_THE_ENTRY = (HEADCOUNT, "REG.frontline")


def fact_of_staff(column: str) -> str:
    """The fact that says of every quarter what a column of the register says today. Raises ``LookupError`` where none does."""
    try:
        return next(code for code, name in _COLUMNS.items() if name == column)
    except StopIteration:
        raise LookupError(f"no fact of {column!r}") from None


def standing_profiles(quarter: Quarter) -> models.QuerySet[YearlyProfile]:
    """The newest profile of each enterprise that is not of a later year than the quarter."""
    profiles = YearlyProfile.objects.filter(year__lte=quarter.year).order_by()
    return profiles.filter(~Exists(profiles.filter(enterprise=OuterRef("enterprise"), year__gt=OuterRef("year"))))


def told_profiles(quarter: Quarter) -> models.QuerySet[YearlyProfile]:
    """The profiles of the year that was over when the quarter began."""
    [year] = YearBasis.CLOSED_YEAR.years(quarter)
    return YearlyProfile.objects.filter(year=year.year).order_by()


class ProfileFacts(RegisterSource):
    """Without a profile of that time the entry's own figures stand, as they are today."""

    code = PROFILES
    order = 22
    follows = (ENTERPRISES,)
    facts = (
        Fact(HEADCOUNT, _("职工人数"), _("人"), Nature.HEADCOUNT, speaks_of=SpeaksOf.REGISTER, extent=3),
        Fact("REG.frontline", _("一线职工人数"), _("人"), Nature.HEADCOUNT, speaks_of=SpeaksOf.REGISTER, extent=4),
        Fact("REG.industrial", _("产业工人人数"), _("人"), Nature.HEADCOUNT, speaks_of=SpeaksOf.REGISTER),
        Fact("REG.women", _("女职工人数"), _("人"), Nature.HEADCOUNT, speaks_of=SpeaksOf.REGISTER),
        Fact("REG.union_members", _("工会会员人数"), _("人"), Nature.HEADCOUNT, speaks_of=SpeaksOf.REGISTER),
        Fact("H02.under35", _("35岁以下职工人数"), _("人"), Nature.HEADCOUNT),
        Fact("H03.hired", _("新进职工"), _("人"), Nature.HEADCOUNT, year_basis=YearBasis.CLOSED_YEAR),
        Fact("H03.young", _("新进职工中35岁以下"), _("人"), Nature.HEADCOUNT, year_basis=YearBasis.CLOSED_YEAR),
        Fact(
            "H03.graduates", _("新进职工中应届高校毕业生"), _("人"), Nature.HEADCOUNT, year_basis=YearBasis.CLOSED_YEAR
        ),
    )

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        day = day_of(quarter)
        was_there = registered_on(day, enterprise="enterprise", is_active="enterprise__is_active")
        then = county_on(day, enterprise="enterprise_id", county="enterprise__county_id")
        profiles = standing_profiles(quarter).filter(was_there).annotate(county_then=then)
        rows = profiles.values("enterprise_id", "county_then", *_COLUMNS.values())
        yield Counting(rows, "enterprise_id", "county_then", {code: (name, "") for code, name in _COLUMNS.items()})
        told = told_profiles(quarter).filter(was_there).annotate(county_then=then)
        rows = told.values("enterprise_id", "county_then", *_OF_THE_YEAR.values())
        yield Counting(rows, "enterprise_id", "county_then", {code: (name, "") for code, name in _OF_THE_YEAR.items()})
        names = [_COLUMNS[code] for code in _OF_THE_ENTRY]
        without = self.base(quarter).filter(~Exists(standing_profiles(quarter).filter(enterprise=OuterRef("pk"))))
        rows = without.values("pk", "county_then", *names)
        yield Counting(rows, "pk", "county_then", {code: (_COLUMNS[code], "") for code in _OF_THE_ENTRY})

    def of_today(self, fact: Fact) -> str:
        return gettext("年度基本情况和名录里的人数后来改过的，按现在登记的。")

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Enterprise]:
        if column := _OF_THE_YEAR.get(fact.code):
            told = told_profiles(quarter).filter(enterprise=OuterRef("pk"), **{f"{column}__isnull": False})
            return self.base(quarter).filter(Exists(told))
        column = _COLUMNS[fact.code]
        mine = standing_profiles(quarter).filter(enterprise=OuterRef("pk"))
        said = Exists(mine.filter(**{f"{column}__isnull": False}))
        if fact.code in _OF_THE_ENTRY:
            return self.base(quarter).filter(Q(said) | ~Exists(mine) & Q(**{f"{column}__isnull": False}))
        return self.base(quarter).filter(said)


register_source(ProfileFacts())
