"""Which quarter a record counts in, and which periods a return may be filed for."""

import datetime
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent
from foundation.calendar.periods import Quarter, Year
from records.core.kinds import RecordKind, Rhythm
from records.core.models import Record, ReportingQuarter, ReportingYear


class OpenPeriods(list[Quarter]):
    """Open quarters that have begun, oldest first, with the years that annual returns are taken of. Years are read when
    they are first asked for: most records need none."""

    @cached_property
    def years(self) -> list[ReportingYear]:
        """Open years that have begun, oldest first."""
        now = Year.current().code
        return list(ReportingYear.objects.filter(is_open=True, code__lte=now).order_by("code"))


def first_quarter(rows: Iterable[ReportingQuarter] | None = None) -> Quarter | None:
    """The first quarter the province ever had reported here; None while there is none. ``rows``: all of them, when the caller
    has read them."""
    known = ReportingQuarter.objects.order_by("code")[:1] if rows is None else rows
    code = min((row.code for row in known), default="")
    return Quarter.parse(code) if code else None


def first_quarters(enterprises: Collection[int]) -> dict[int, Quarter]:
    """The first quarter of each enterprise here: in which it came into being by a split, else the earliest of what it handed in,
    and no later than the quarter that was being collected when it was entered in the register. One query."""
    born = EnterpriseEvent.objects.filter(enterprise=OuterRef("pk"), kind=ChangeKind.SPLIT_OFF).order_by("effective_on")
    told = Record.objects.filter(enterprise=OuterRef("pk"), first_submitted_at__isnull=False).order_by("quarter")
    rows = Enterprise.objects.filter(pk__in=enterprises).annotate(
        born=Subquery(born.values("effective_on")[:1]), told=Subquery(told.values("quarter")[:1])
    )
    found = {}
    for pk, entered, born_on, earliest in rows.values_list("pk", "created_at", "born", "told"):
        collected = Quarter.of(timezone.localtime(entered).date()).previous()
        told_first = min(collected, Quarter.parse(earliest)) if earliest else collected
        found[pk] = Quarter.of(born_on) if born_on else told_first
    return found


def said_before(own: Quarter, portal: Quarter | None, enterprise: Quarter | None) -> str:
    """That a day's quarter lies before the first of the portal, or of the enterprise; empty where it does not."""
    if portal is not None and own < portal:
        return _("，早于平台启用的第一个季度（%s）") % portal.label
    if enterprise is not None and own < enterprise:
        return _("，早于本企业在平台的第一个季度（%s）") % enterprise.label
    return ""


def since(first: Quarter | None, quarters: Iterable[Quarter]) -> list[Quarter]:
    """Those of the quarters that do not lie before the first of the portal: of what lies before it nobody was asked, and it is
    not said that nobody reported it."""
    return [quarter for quarter in quarters if first is None or quarter >= first]


def open_quarters() -> OpenPeriods:
    today = Quarter.of(timezone.localdate()).code
    codes = ReportingQuarter.objects.filter(is_open=True, code__lte=today).values_list("code", flat=True)
    return OpenPeriods(sorted(Quarter.parse(code) for code in codes))


def years_to_file(kind: RecordKind, rows: Iterable[ReportingYear]) -> list[Year]:
    """The years an annual return may be filed for, the one that is being collected first: it has ended and its day is
    still to come; then the running one, for kinds that tell how things stand, then the earlier ones."""
    today = timezone.localdate()
    taken = [row for row in rows if row.year.last_day < today or not kind.closes_year]

    def order(row: ReportingYear) -> tuple[bool, int]:
        return not (row.year.last_day < today <= row.enterprise_due), -row.year.year

    return [row.year for row in sorted(taken, key=order)]


def working_quarter(rows: Iterable[ReportingQuarter] | None = None) -> Quarter:
    """The quarter offices work on, and pages show until another is asked for: the one that ended last while it is being
    collected and reviewed, that is open and not past the day of its review; after that the running one. ``rows``: the open quarters, when the
    caller has read them."""
    last = Quarter.current().previous()
    if rows is None:
        rows = ReportingQuarter.objects.filter(code=last.code, is_open=True)
    in_work = any(row.code == last.code and row.review_due >= timezone.localdate() for row in rows)
    return last if in_work else last.next()


def period_choices(kind: RecordKind, quarters: OpenPeriods | None = None) -> list[tuple[str, str]]:
    """(period, label) a return may be filed for now, the latest whose quarter has ended first. ``quarters``: what
    ``open_quarters()`` gave, when the caller asks for many kinds."""
    quarters = open_quarters() if quarters is None else quarters
    if kind.rhythm is Rhythm.ANNUAL:
        return [(year.code, year.label) for year in years_to_file(kind, quarters.years)]
    today = timezone.localdate()
    latest_first = sorted(quarters, reverse=True)
    ended_first = sorted(latest_first, key=lambda quarter: quarter.last_day >= today)
    return [(quarter.code, quarter.label) for quarter in ended_first]


def first_period(kind: RecordKind, quarters: OpenPeriods) -> str:
    """The period of a return that names none: the running quarter or the year that is being collected."""
    if kind.rhythm is Rhythm.ANNUAL:
        years = years_to_file(kind, quarters.years)
        return (years[0] if years else Year.current().previous()).code
    return (quarters[-1] if quarters else Quarter.current()).code


def counting_quarter(
    kind: RecordKind,
    *,
    happened_on: datetime.date | None,
    period: str | None,
    quarters: OpenPeriods | None = None,
) -> tuple[Quarter, bool]:
    """The quarter in which a record counts, and whether it is a late entry (补报).

    An event counts in its own quarter while that is open, else in the oldest open one and is marked. A quarterly return
    counts in its period. An annual one counts in its year (``RecordKind.counted_in``); the quarter, the oldest open one
    that does not lie before the year, says with which it was filed. Raises ``ValidationError`` when nothing is open.
    ``quarters``: what ``open_quarters()`` gave, when the caller asks for many records.
    """
    quarters = open_quarters() if quarters is None else quarters
    if not quarters:
        raise ValidationError(_("目前没有开放填报的季度。请联系省产改办。"))
    if kind.is_return and period is None:
        period = first_period(kind, quarters)
    if kind.rhythm is Rhythm.QUARTERLY:
        wanted = Quarter.parse(str(period))
        if wanted not in quarters:
            raise ValidationError({"period": _("%s没有开放填报。请选择仍开放的季度，或联系省产改办。") % wanted.label})
        return wanted, False
    if kind.rhythm is Rhythm.ANNUAL:
        year = Year.parse(str(period))
        if year not in years_to_file(kind, quarters.years):
            raise ValidationError({"period": _why_not(kind, year)})
        return next((quarter for quarter in quarters if quarter.year >= year.year), quarters[-1]), False
    own = Quarter.of(happened_on or timezone.localdate())
    if own in quarters:
        return own, False
    return quarters[0], True


def _why_not(kind: RecordKind, year: Year) -> str:
    if kind.closes_year and year.last_day >= timezone.localdate():
        return _("%(year)s还没有结束，全年的数字请在 %(day)s 以后填报。") % {
            "year": year.label,
            "day": year.last_day,
        }
    return _("%s没有开放填报。请选择仍开放的年度，或联系省产改办。") % year.label
