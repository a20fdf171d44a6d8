"""Facts that come from registers, statements and duties rather than from approved records.

They describe every enterprise in the register, so an answer "no" is a 0, not a gap; only a headcount nobody has filled
in is missing. Staff figures are those of the newest yearly profile. Until a quarter closes they follow the register as it stands; closing freezes them.

``DUT.due`` counts all duties of the quarter, also those whose day has not come: the completion rate (done ÷ due) then
grows through the quarter and never falls because of a date. ``DUT.on_time`` counts duties whose first hand-in lies on
or before the due day, Asia/Shanghai.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, PilotTier
from enterprises.profiles.queries import newest
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature
from records.core.kinds import all_facts
from records.models import Duty, QuarterStatement, Record, Status

REGISTER_FACTS: tuple[Fact, ...] = (
    Fact("REG.enterprises", _("在册企业"), _("家"), Nature.STOCK),
    Fact("REG.pilots", _("试点企业"), _("家"), Nature.STOCK),
    Fact("REG.headcount", _("职工人数"), _("人"), Nature.HEADCOUNT),
    Fact("REG.frontline", _("一线职工人数"), _("人"), Nature.HEADCOUNT),
    Fact("REG.industrial", _("产业工人人数"), _("人"), Nature.HEADCOUNT),
    Fact("REG.women", _("女职工人数"), _("人"), Nature.HEADCOUNT),
    Fact("REG.union_members", _("工会会员人数"), _("人"), Nature.HEADCOUNT),
    Fact("REG.party_orgs", _("已建党组织企业"), _("家"), Nature.STOCK),
    Fact("REG.unions", _("已建工会企业"), _("家"), Nature.STOCK),
    Fact("REG.instructors", _("指导员、联络员、观察员配齐的企业"), _("家"), Nature.STOCK),
    Fact("REP.reported", _("已填报企业"), _("家"), Nature.STOCK),
    Fact("STA.complete", _("确认已填完的企业"), _("家"), Nature.STOCK),
    Fact("STA.nil", _("零报告企业"), _("家"), Nature.STOCK),
    Fact("DUT.due", _("应报事项"), _("项"), Nature.FLOW),
    Fact("DUT.done", _("已报事项"), _("项"), Nature.FLOW),
    Fact("DUT.on_time", _("按时报送事项"), _("项"), Nature.FLOW),
)


class Counted(NamedTuple):
    """One counted value and where it belongs."""

    enterprise_id: int
    county_id: int
    city_id: int
    province_id: int
    fact: str
    value: Decimal
    records: int = 0


PLACES = ("enterprise_id", "county_id", "city_id", "province_id")


def declared_facts() -> dict[str, Fact]:
    """Every fact of the portal by code: those of the record kinds, then those of the registers."""
    return {fact.code: fact for fact in (*(fact for _kind, fact in all_facts()), *REGISTER_FACTS)}


def is_register_fact(code: str) -> bool:
    return any(fact.code == code for fact in REGISTER_FACTS)


def only_of(enterprise_ids: Collection[int] | None, column: str = "enterprise_id") -> Q:
    """The condition "of these enterprises", or none."""
    return Q() if enterprise_ids is None else Q(**{f"{column}__in": enterprise_ids})


def _reported_ids(quarter: Quarter, enterprise_ids: Collection[int] | None) -> set[int]:
    """Enterprises with at least one record handed in (and not taken back) in the quarter."""
    handed_in = Record.objects.filter(only_of(enterprise_ids), quarter=quarter.code, first_submitted_at__isnull=False)
    return set(handed_in.exclude(status=Status.WITHDRAWN).order_by().values_list("enterprise_id", flat=True).distinct())


def count_registers(quarter: Quarter, enterprise_ids: Collection[int] | None = None) -> Iterator[Counted]:
    """The REG, REP and STA facts of active enterprises: four queries however many there are."""
    reported = _reported_ids(quarter, enterprise_ids)
    statements = dict(
        QuarterStatement.objects.filter(only_of(enterprise_ids), quarter=quarter.code).values_list(
            "enterprise_id", "is_nil"
        )
    )
    profiles = newest(enterprise_ids)
    columns = (
        "pk",
        "county_id",
        "city_id",
        "province_id",
        "pilot_tier",
        "headcount",
        "frontline_count",
        "has_party_organisation",
        "has_union",
        "instructor",
        "liaison",
        "observer",
    )
    for enterprise in Enterprise.objects.active().filter(only_of(enterprise_ids, "pk")).order_by().values(*columns):
        said, profile = statements.get(enterprise["pk"]), profiles.get(enterprise["pk"])
        values = {
            "REG.enterprises": 1,
            "REG.pilots": enterprise["pilot_tier"] != PilotTier.NONE,
            "REG.headcount": enterprise["headcount"],
            "REG.frontline": enterprise["frontline_count"],
            "REG.industrial": profile and profile.industrial_count,
            "REG.women": profile and profile.women_count,
            "REG.union_members": profile and profile.union_members,
            "REG.party_orgs": enterprise["has_party_organisation"],
            "REG.unions": enterprise["has_union"],
            "REG.instructors": all(enterprise[name].strip() for name in ("instructor", "liaison", "observer")),
            "REP.reported": enterprise["pk"] in reported or said is not None,
            "STA.complete": said is False,
            "STA.nil": said is True,
        }
        for fact, value in values.items():
            if value is not None:
                place = (enterprise["pk"], enterprise["county_id"], enterprise["city_id"], enterprise["province_id"])
                yield Counted(*place, fact, Decimal(int(value)))


def count_duties(quarter: Quarter, enterprise_ids: Collection[int] | None = None) -> Iterator[Counted]:
    """The DUT facts of active enterprises that owe something in the quarter: one query."""
    duties = (
        Duty.objects.filter(only_of(enterprise_ids), quarter=quarter.code, enterprise__is_active=True)
        .annotate(done_on=TruncDate("fulfilled_at"))
        .order_by()
        .values(*PLACES)
        .annotate(
            due_count=Count("pk"),
            done_count=Count("pk", filter=Q(fulfilled_at__isnull=False)),
            on_time_count=Count("pk", filter=Q(done_on__lte=F("due"))),
        )
    )
    for row in duties:
        place = [row[name] for name in PLACES]
        for fact, column in (("DUT.due", "due_count"), ("DUT.done", "done_count"), ("DUT.on_time", "on_time_count")):
            yield Counted(*place, fact, Decimal(row[column]))
