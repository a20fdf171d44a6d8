"""Who reported, what was stated and what was owed, as facts; and what the change feed is told of it.

``DUT.due`` counts all duties of the quarter, also those whose day has not come: the completion rate (done ÷ due) then
grows through the quarter and never falls because of a date. ``DUT.on_time`` counts duties whose first hand-in lies on
or before the due day, Asia/Shanghai.

All of these stand for the enterprises that were in the register on the quarter's last day, in the county where they then
lay.
"""

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from django.db import models
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.facts import ENTERPRISES, REGISTERED
from enterprises.history import county_on, day_of, register_on
from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, Counting, Fact, FactSource, Nature, SpeaksOf, register_source
from foundation.facts.feed import append_changes
from foundation.facts.models import Change
from records.core.facts import RECORDS, SAID
from records.duties.models import Applicability, Circumstance, Duty, QuarterStatement
from records.duties.progress import ANSWERS, duties_in_state, duties_of, in_state, with_progress

DUTIES, STATEMENTS = "duties", "statements"


def append_duty_changes(places: Collection[tuple[int, str]], *, is_below: bool = False) -> None:
    """Duties changed, as (place, quarter): an enterprise's, or with ``is_below`` those of everybody in a county."""
    append_changes(
        Change(source=DUTIES, place_id=place, is_below=is_below, quarter=quarter) for place, quarter in sorted(places)
    )


def append_statement_change(enterprise: Enterprise, quarter: Quarter) -> None:
    append_changes([Change(source=STATEMENTS, place_id=enterprise.pk, quarter=quarter.code)])


def _answers_to(one: Circumstance) -> tuple[Fact, Fact]:
    """How many said yes and how many no to a question of the year: who said no is not to be taken for one that has not
    reported."""
    return (
        Fact(
            f"APP.{one.value}",
            format_lazy(_("{asked}的企业"), asked=one.label),
            _("家"),
            Nature.STOCK,
            zero_with="APP.answered",
            speaks_of=SpeaksOf.COVERAGE,
        ),
        Fact(
            f"APP.{one.value}_none",
            format_lazy(_("不适用的企业（{asked}：无）"), asked=one.label),
            _("家"),
            Nature.STOCK,
            zero_with="APP.answered",
            speaks_of=SpeaksOf.COVERAGE,
        ),
    )


class StatementFacts(FactSource):
    code = STATEMENTS
    order = 30
    follows = (RECORDS, ENTERPRISES)
    facts = (
        Fact("REP.reported", _("已填报企业"), _("家"), Nature.STOCK, zero_with=REGISTERED, speaks_of=SpeaksOf.COVERAGE),
        Fact(
            "STA.complete",
            _("确认已填完的企业"),
            _("家"),
            Nature.STOCK,
            zero_with=REGISTERED,
            speaks_of=SpeaksOf.COVERAGE,
        ),
        Fact("STA.nil", _("零报告企业"), _("家"), Nature.STOCK, zero_with=REGISTERED, speaks_of=SpeaksOf.COVERAGE),
        Fact(
            "APP.answered",
            _("已填适用情况的企业"),
            _("家"),
            Nature.STOCK,
            zero_with=REGISTERED,
            speaks_of=SpeaksOf.COVERAGE,
        ),
        *(fact for one in Circumstance for fact in _answers_to(one)),
        Fact(SAID, _("做过季度确认的企业"), _("家"), Nature.STOCK, is_internal=True, speaks_of=SpeaksOf.COVERAGE),
    )

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        for fact in self.facts:
            if fact.code == SAID:
                # Also of an enterprise that has left since: what it said of the quarter stands.
                then = county_on(day_of(quarter), enterprise="enterprise_id", county="enterprise__county_id")
                said = QuarterStatement.objects.filter(quarter=quarter.code).order_by()
                statements = said.annotate(county_then=then, one=Value(1)).values("enterprise_id", "county_then", "one")
                yield Counting(statements, "enterprise_id", "county_then", {SAID: ("one", "")})
            elif fact.code in ANSWERS:
                continue
            else:
                rows = self.evidence(fact, quarter).annotate(one=Value(1)).values("pk", "county_then", "one")
                yield Counting(rows, "pk", "county_then", {fact.code: ("one", "")})

        yield self._answers(quarter)

    def _answers(self, quarter: Quarter) -> Counting:
        """All figures of 适用情况 in one set."""
        columns = {code: f"answer_{number}" for number, code in enumerate(ANSWERS)}
        counted = {columns[code]: Case(When(condition, then=1)) for code, condition in ANSWERS.items() if condition}
        then = county_on(day_of(quarter), enterprise="enterprise_id", county="enterprise__county_id")
        rows = Applicability.objects.filter(
            year=str(quarter.year), enterprise__in=register_on(day_of(quarter)).values("pk")
        )
        rows = rows.annotate(county_then=then, **{columns["APP.answered"]: Value(1)}, **counted).order_by()
        names = ("enterprise_id", "county_then", *columns.values())
        return Counting(
            rows.values(*names), "enterprise_id", "county_then", {code: (name, "") for code, name in columns.items()}
        )

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Enterprise]:
        return in_state(with_progress(register_on(day_of(quarter)), quarter), fact.code)

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('records:progress')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"


class DutyFacts(FactSource):
    code = DUTIES
    order = 31
    follows = (RECORDS, ENTERPRISES)
    facts = (
        Fact("DUT.due", _("应报事项"), _("项"), Nature.FLOW, is_owed=True, speaks_of=SpeaksOf.COVERAGE),
        Fact("DUT.done", _("已报事项"), _("项"), Nature.FLOW, is_owed=True, speaks_of=SpeaksOf.COVERAGE),
        Fact("DUT.on_time", _("按时报送事项"), _("项"), Nature.FLOW, is_owed=True, speaks_of=SpeaksOf.COVERAGE),
    )

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        then = county_on(day_of(quarter), enterprise="enterprise_id", county="enterprise__county_id")
        duties = duties_of(quarter).annotate(county_then=then, done_on=TruncDate("fulfilled_at")).order_by()
        rows = duties.values("enterprise_id", "county_then").annotate(
            due_count=Count("pk"),
            done_count=Count("pk", filter=models.Q(fulfilled_at__isnull=False)),
            on_time_count=Count("pk", filter=models.Q(done_on__lte=F("due"))),
        )
        columns = {"DUT.due": "due_count", "DUT.done": "done_count", "DUT.on_time": "on_time_count"}
        values = {code: (column, "") for code, column in columns.items()}
        yield Counting(rows, "enterprise_id", "county_then", values)

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Duty]:
        return duties_in_state(duties_of(quarter), fact.code)

    def amounts(self, fact: Fact, quarter: Quarter) -> list[Amounts]:
        return [Amounts(self.evidence(fact, quarter).order_by(), "pk", "")]

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('records:duties')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"


register_source(StatementFacts())
register_source(DutyFacts())
