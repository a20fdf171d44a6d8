"""Who has reported and what is owed, as lists: what the coverage figures of a dashboard open.

The conditions are those that count the figures of the same codes (``records.duties.facts``).
"""

from collections.abc import Sequence

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.history import county_on, day_of, registered_on
from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from records.core.kinds import annual_slugs
from records.core.models import Record, Status
from records.duties.models import Applicability, Circumstance, Duty, QuarterStatement

ENTERPRISE_STATES = [
    ("REP.reported", _("已填报")),
    ("REP.missing", _("还没有填报")),
    ("STA.complete", _("已确认填完")),
    ("STA.nil", _("零报告")),
    ("APP.answered", _("已填适用情况")),
    *((f"APP.{one.value}", format_lazy(_("适用情况：{asked}"), asked=one.label)) for one in Circumstance),
    *((f"APP.{one.value}_none", format_lazy(_("适用情况：无（{asked}）"), asked=one.label)) for one in Circumstance),
]
DUTY_STATES = [
    ("DUT.due", _("全部应报")),
    ("DUT.done", _("已报")),
    ("DUT.on_time", _("按期报送")),
    ("DUT.missing", _("还没有报")),
    ("DUT.overdue", _("逾期未报")),
]

#: What is owed with a quarter by how often it is said: the returns of a year have a day of their own.
DUTY_RHYTHMS = [("annual", _("年度报表")), ("other", _("其他应报事项"))]


def with_progress(
    enterprises: models.QuerySet[Enterprise], quarter: Quarter, *, is_page: bool = False
) -> models.QuerySet[Enterprise]:
    """Each enterprise with what it did in the quarter: ``handed_in``, ``said_complete``, ``said_nil``.

    ``is_page``: a few of them are wanted. PostgreSQL then looks at each enterprise by itself, where it would otherwise
    first gather all that handed anything in."""
    mine = {"enterprise_id": OuterRef("pk"), "quarter": quarter.code}
    handed_in = Record.objects.filter(**mine, first_submitted_at__isnull=False).exclude(status=Status.WITHDRAWN)
    said = QuarterStatement.objects.filter(**mine)
    found: dict[str, models.QuerySet[models.Model]] = {
        "handed_in": handed_in,
        "said_complete": said.filter(is_nil=False),
        "said_nil": said.filter(is_nil=True),
    }
    # The year whose answers of 适用情况 a state may ask for.
    enterprises = enterprises.annotate(answer_year=Value(str(quarter.year)))
    if is_page:
        # A subquery that gives a value is never turned into a set, as EXISTS is.
        return enterprises.annotate(
            **{name: IsNull(Subquery(rows.order_by().values("pk")[:1]), False) for name, rows in found.items()}
        )
    return enterprises.annotate(**{name: Exists(rows) for name, rows in found.items()})


def in_state(enterprises: models.QuerySet[Enterprise], state: str) -> models.QuerySet[Enterprise]:
    """Of enterprises ``with_progress``, those in one of ``ENTERPRISE_STATES``. Raises ``KeyError`` for another."""
    if state.startswith("APP."):
        return enterprises.filter(
            Exists(answered(state).filter(enterprise=OuterRef("pk"), year=OuterRef("answer_year")))
        )
    reported = Q(handed_in=True) | Q(said_complete=True) | Q(said_nil=True)
    conditions = {
        "REP.reported": reported,
        "REP.missing": ~reported,
        "STA.complete": Q(said_complete=True),
        "STA.nil": Q(said_nil=True),
    }
    return enterprises.filter(conditions[state])


def answered(code: str) -> models.QuerySet[Applicability]:
    """The answers of 适用情况 that a figure counts: all, those with yes, or those with no to a question. Raises ``KeyError``
    for an unknown code."""
    return Applicability.objects.filter(ANSWERS[code])


#: What the figures of 适用情况 count, by code.
ANSWERS = {
    "APP.answered": Q(),
    **{f"APP.{one}": Q(**{one: True}) for one in Circumstance.values},
    **{f"APP.{one}_none": Q(**{one: False}) for one in Circumstance.values},
}


def with_owed(enterprises: models.QuerySet[Enterprise], quarter: Quarter) -> models.QuerySet[Enterprise]:
    """Each enterprise with ``owed``: how many duties of the quarter it has not handed in."""
    mine = Duty.objects.filter(enterprise_id=OuterRef("pk"), quarter=quarter.code, fulfilled_at=None).order_by()
    return enterprises.annotate(
        owed=Coalesce(Subquery(mine.values("enterprise_id").annotate(n=Count("pk")).values("n")), 0)
    )


def behind(enterprises: models.QuerySet[Enterprise]) -> models.QuerySet[Enterprise]:
    """Of enterprises ``with_progress`` and ``with_owed``, those to be urged: they have neither filed nor confirmed
    anything, or still owe something."""
    return enterprises.filter(Q(handed_in=False, said_complete=False, said_nil=False) | Q(owed__gte=1))


def duties_of(quarter: Quarter, duties: models.QuerySet[Duty] | None = None) -> models.QuerySet[Duty]:
    """What is owed for the quarter (of these duties), by enterprises in the register on its last day."""
    rows = Duty.objects.all() if duties is None else duties
    was_there = registered_on(day_of(quarter), enterprise="enterprise", is_active="enterprise__is_active")
    return rows.filter(was_there, quarter=quarter.code)


def duties_over(quarters: Sequence[Quarter], duties: models.QuerySet[Duty]) -> models.QuerySet[Duty]:
    """What of these duties is owed for the quarters, each by those in the register on its last day, with ``county_then``:
    the key of the county they lay in on it. What a figure of the year counts."""
    wanted, counties = Q(pk__in=[]), []
    for quarter in quarters:
        day = day_of(quarter)
        was_there = registered_on(day, enterprise="enterprise", is_active="enterprise__is_active")
        wanted |= Q(quarter=quarter.code) & was_there
        counties.append(
            When(quarter=quarter.code, then=county_on(day, enterprise="enterprise_id", county="enterprise__county_id"))
        )
    return duties.filter(wanted).annotate(county_then=Case(*counties, output_field=models.BigIntegerField()))


def duties_in_state(duties: models.QuerySet[Duty], state: str) -> models.QuerySet[Duty]:
    """Duties in one of ``DUTY_STATES``. On time means handed in for the first time on or before the day due."""
    duties = duties.annotate(done_on=TruncDate("fulfilled_at"))
    conditions = {
        "DUT.due": Q(),
        "DUT.done": Q(fulfilled_at__isnull=False),
        "DUT.on_time": Q(done_on__lte=F("due")),
        "DUT.missing": Q(fulfilled_at=None),
        "DUT.overdue": Q(fulfilled_at=None, due__lt=timezone.localdate()),
    }
    return duties.filter(conditions[state])


def duties_of_rhythm(duties: models.QuerySet[Duty], rhythm: str) -> models.QuerySet[Duty]:
    """Of these duties the annual returns, or all others (``DUTY_RHYTHMS``)."""
    annual = Q(kind__in=annual_slugs())
    return duties.filter(annual if rhythm == "annual" else ~annual)
