"""Which quarter a record counts in, and which periods a return may be filed for."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter, Year
from records.core.kinds import RecordKind, Rhythm
from records.core.models import ReportingQuarter


def open_quarters() -> list[Quarter]:
    """Open quarters that have begun, oldest first."""
    today = Quarter.of(timezone.localdate()).code
    codes = ReportingQuarter.objects.filter(is_open=True, code__lte=today).values_list("code", flat=True)
    return sorted(Quarter.parse(code) for code in codes)


def working_quarter() -> Quarter:
    """The quarter offices work on, and pages show until another is asked for: the one that ended last while it is being
    collected and reviewed, that is open and not past the day of its review; after that the running one."""
    last = Quarter.current().previous()
    in_work = ReportingQuarter.objects.filter(code=last.code, is_open=True, review_due__gte=timezone.localdate())
    return last if in_work.exists() else last.next()


def period_choices(kind: RecordKind) -> list[tuple[str, str]]:
    """(period, label) a return may be filed for now, the latest whose quarter has ended first."""
    quarters = open_quarters()
    if kind.rhythm is Rhythm.ANNUAL:
        years = sorted({Year(quarter.year) for quarter in quarters}, reverse=True)
        return [(year.code, year.label) for year in years]
    today = timezone.localdate()
    latest_first = sorted(quarters, reverse=True)
    ended_first = sorted(latest_first, key=lambda quarter: quarter.last_day >= today)
    return [(quarter.code, quarter.label) for quarter in ended_first]


def counting_quarter(
    kind: RecordKind,
    *,
    happened_on: datetime.date | None,
    period: str | None,
    quarters: Sequence[Quarter] | None = None,
) -> tuple[Quarter, bool]:
    """The quarter in which a record counts, and whether it is a late entry (补报).

    An event counts in its own quarter while that is open, else in the oldest open one and is marked. A return counts
    in its period; an annual one in the oldest open quarter of its year. Raises ``ValidationError`` when nothing is open.
    ``quarters``: what ``open_quarters()`` gave, when the caller asks for many records.
    """
    quarters = open_quarters() if quarters is None else quarters
    if not quarters:
        raise ValidationError(_("目前没有开放填报的季度。请联系省产改办。"))
    if kind.rhythm is Rhythm.QUARTERLY:
        wanted = Quarter.parse(period or quarters[-1].code)
        if wanted not in quarters:
            raise ValidationError({"period": _("%s没有开放填报。请选择仍开放的季度，或联系省产改办。") % wanted.label})
        return wanted, False
    if kind.rhythm is Rhythm.ANNUAL:
        of_year = [quarter for quarter in quarters if str(quarter.year) == (period or str(quarters[-1].year))]
        if not of_year:
            raise ValidationError({"period": _("%s年度没有开放填报。请选择仍开放的年度，或联系省产改办。") % period})
        return of_year[0], False
    own = Quarter.of(happened_on or timezone.localdate())
    if own in quarters:
        return own, False
    return quarters[0], True
