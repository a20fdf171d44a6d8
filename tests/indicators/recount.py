"""A naive recount of what is shown of a quarter: every row is read as it lies, everything else is plain Python.

It knows the kinds of ``tests/indicators/conftest.py`` that enterprises report and nothing of how the portal counts: what a
figure is stands here once more, in words of its own.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent, YearlyProfile
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from ideology.models import Lecture, PartyDevelopment
from indicators.models import Against
from records.duties.models import Applicability, Circumstance
from records.models import Duty, QuarterStatement, Record
from services.models import Leadership

#: A place and a region of which something is told: an enterprise, and the county in which it then lay or filed.
Told = tuple[int, int]

REGISTERED, SAID, ANSWERED = "REG.enterprises", "STA.said", "APP.answered"
_LECTURES = ("B01.sessions", "B01.attendances", "B01.frontline")
_PARTY = {
    "B04.new_members": "new_members",
    "B04.new_frontline": "new_frontline_members",
    "B03.members": "total_members",
    "B05.empty_teams": "teams_without_members",
}
_PROFILE = {
    "REG.headcount": "headcount",
    "REG.frontline": "frontline_count",
    "REG.industrial": "industrial_count",
    "REG.women": "women_count",
    "REG.union_members": "union_members",
    "H02.under35": "young_count",
}
_HIRED = {"H03.hired": "hired", "H03.young": "hired_young", "H03.graduates": "hired_graduates"}
_ANSWERS = [code for one in Circumstance.values for code in (f"APP.{one}", f"APP.{one}_none")]
#: Zeros that follow: whoever has the first and no row of the others has 0 of them.
_ZEROS = {
    SAID: _LECTURES,
    REGISTERED: (
        *("REG.party_orgs", "REG.unions", "REG.instructors", "REG.pilots"),
        *("REP.reported", "STA.complete", "STA.nil", ANSWERED),
    ),
    ANSWERED: tuple(_ANSWERS),
}
#: What is said anew each quarter, and what is said once a year of a whole year: compared over those who said it twice.
EVERY_QUARTER = {*_PARTY, *_PROFILE}
_OF_THE_YEAR_BEFORE = ("A04.meetings", "A16.same_plan", "A16.reported", "A16.budgeted", "A16.budget")
ONCE_A_YEAR = {*_OF_THE_YEAR_BEFORE, *_HIRED}
_AS_IT_STANDS = ("A01.led_by_principal", "A02.plan_reviewed", "A01.reported", "A16.union_led", "A16.staff")
COUNTED = {
    *_LECTURES,
    *_PARTY,
    *_PROFILE,
    *_HIRED,
    *_OF_THE_YEAR_BEFORE,
    *_AS_IT_STANDS,
    *("DUT.due", "DUT.done", "DUT.on_time", REGISTERED),
    *(code for codes in _ZEROS.values() for code in codes),
}
#: The rules of compliance that are judged here once more.
JUDGED = ("DUTY", "A05", "R18", "R17", "P02", "A06", "A01", "A02")


@dataclass
class Recount:
    """``values``: what each enterprise told or was counted with, None where it has a row that says no number; ``dense``: the
    same with the zeros that follow, and without the None. ``parts``: attendances of which it is told how many were of the
    front line, with these. ``findings``: by enterprise and rule. ``lies_in``: the county of each in the register."""

    values: dict[tuple[int, int, str], Decimal | None] = field(default_factory=dict)
    dense: dict[tuple[int, int, str], Decimal] = field(default_factory=dict)
    parts: dict[Told, tuple[Decimal, Decimal]] = field(default_factory=dict)
    findings: dict[tuple[int, str], str] = field(default_factory=dict)
    lies_in: dict[int, int] = field(default_factory=dict)

    def of_region(self, counties: set[int], code: str) -> tuple[Decimal | None, int]:
        """The sum over these counties, and how many enterprises are behind it."""
        found = [(who, value) for (who, where, fact), value in self.dense.items() if fact == code and where in counties]
        return (
            (sum((value for _who, value in found), Decimal(0)), len({who for who, _ in found})) if found else (None, 0)
        )

    def of_enterprise(self, enterprise: int, code: str) -> tuple[Decimal | None, int]:
        found = [value for (who, _where, fact), value in self.dense.items() if (who, fact) == (enterprise, code)]
        return (sum(found, Decimal(0)), 1) if found else (None, 0)


def recount(quarter: Quarter) -> Recount:
    found = Recount()
    day, today = min(quarter.last_day, timezone.localdate()), timezone.localdate()
    enterprises = list(Enterprise.objects.order_by("pk"))
    events = list(EnterpriseEvent.objects.order_by("effective_on", "pk"))
    county = {one.pk: _county_then(one, events, day, today) for one in enterprises}
    there = {one.pk for one in enterprises if _was_there(one, events, day, today)}
    found.lies_in = {pk: county[pk] for pk in sorted(there)}
    _count_records(found, quarter)
    _count_register(found, [one for one in enterprises if one.pk in there], quarter, county)
    _count_duties(found, quarter, county, there)
    _add_zeros(found)
    _judge(found, [one for one in enterprises if one.pk in there], quarter, today)
    return found


def _county_then(one: Enterprise, events: list[EnterpriseEvent], day: datetime.date, today: datetime.date) -> int:
    """Where it lay on the day: where the first move after it came from."""
    for event in events:
        if day < today and event.enterprise_id == one.pk and event.kind == ChangeKind.MOVE and event.effective_on > day:
            assert event.from_county_id is not None
            return event.from_county_id
    return one.county_id


def _was_there(one: Enterprise, events: list[EnterpriseEvent], day: datetime.date, today: datetime.date) -> bool:
    """Whether it was in the register on the day: what came first after it says what was before."""
    leaves, comes = (ChangeKind.CLOSE, ChangeKind.MERGE), (ChangeKind.REOPEN, ChangeKind.SPLIT_OFF)
    for event in events:
        if day < today and event.enterprise_id == one.pk and event.effective_on > day:
            if event.kind in leaves:
                return True
            if event.kind in comes:
                return False
    return one.is_active


def _plus(values: Iterable[int | Decimal | None]) -> Decimal | None:
    told = [Decimal(value) for value in values if value is not None]
    return sum(told, Decimal(0)) if told else None


def _count_records(found: Recount, quarter: Quarter) -> None:
    lectures: dict[Told, list[Lecture]] = defaultdict(list)
    for lecture in Lecture.objects.filter(status="approved", quarter=quarter.code):
        lectures[lecture.enterprise_id, lecture.county_id].append(lecture)
    for key, held in lectures.items():
        found.values[*key, "B01.sessions"] = Decimal(len(held))
        found.values[*key, "B01.attendances"] = _plus(one.attendances for one in held)
        found.values[*key, "B01.frontline"] = _plus(one.frontline_attendances for one in held)
        both = [one for one in held if None not in (one.attendances, one.frontline_attendances)]
        if both:
            found.parts[key] = (
                Decimal(sum(one.frontline_attendances for one in both)),
                Decimal(sum(one.attendances for one in both)),
            )
    for party in PartyDevelopment.objects.filter(status="approved", quarter=quarter.code):
        for code, name in _PARTY.items():
            found.values[party.enterprise_id, party.county_id, code] = _plus([getattr(party, name)])
    for stands in _standing(quarter).values():
        key = (stands.enterprise_id, stands.county_id)
        found.values[*key, "A01.reported"] = Decimal(1)
        found.values[*key, "A01.led_by_principal"] = Decimal(bool(stands.led_by_principal))
        found.values[*key, "A02.plan_reviewed"] = Decimal(bool(stands.has_plan and stands.reviewed_by_congress))
        found.values[*key, "A16.union_led"] = Decimal(bool(stands.union_led))
        found.values[*key, "A16.staff"] = _plus([stands.staff])
    for told in Leadership.objects.filter(status="approved", period=str(quarter.year - 1)):
        key = (told.enterprise_id, told.county_id)
        found.values[*key, "A04.meetings"] = _plus([told.special_meetings])
        found.values[*key, "A16.same_plan"] = Decimal(bool(told.same_plan))
        found.values[*key, "A16.reported"] = Decimal(told.same_plan is not None)
        found.values[*key, "A16.budgeted"] = Decimal(bool(told.budget and told.budget > 0))
        found.values[*key, "A16.budget"] = _plus([told.budget])


def _standing(quarter: Quarter) -> dict[int, Leadership]:
    """The return on leadership that speaks for the quarter: of its own year, else of the year before."""
    rows = Leadership.objects.filter(status="approved").order_by("period")
    return {one.enterprise_id: one for one in rows if one.period in (str(quarter.year - 1), str(quarter.year))}


def _profiles(quarter: Quarter) -> dict[int, YearlyProfile]:
    """The newest profile of each that is not of a later year."""
    return {one.enterprise_id: one for one in YearlyProfile.objects.order_by("year") if one.year <= quarter.year}


def _count_register(found: Recount, there: list[Enterprise], quarter: Quarter, county: dict[int, int]) -> None:
    profiles = _profiles(quarter)
    hired = {one.enterprise_id: one for one in YearlyProfile.objects.filter(year=quarter.year - 1)}
    said = {one.enterprise_id: one for one in QuarterStatement.objects.filter(quarter=quarter.code)}
    answers = {one.enterprise_id: one for one in Applicability.objects.filter(year=str(quarter.year))}
    filed = {
        one.enterprise_id
        for one in Record.objects.filter(quarter=quarter.code).exclude(enterprise=None)
        if one.first_submitted_at is not None and one.status != "withdrawn"
    }
    for pk in said:
        # What it said stands, whether or not it is still there.
        found.values[pk, county[pk], SAID] = Decimal(1)
    for one in there:
        profile = profiles.get(one.pk)
        of_staff = {code: _plus([getattr(profile or one, name, None)]) for code, name in _PROFILE.items()}
        of_hired = {code: _plus([getattr(hired.get(one.pk), name, None)]) for code, name in _HIRED.items()}
        statement, answer = said.get(one.pk), answers.get(one.pk)
        marks = {
            REGISTERED: True,
            "REG.party_orgs": one.has_party_organisation,
            "REG.unions": one.has_union,
            "REG.instructors": bool(one.instructor and one.liaison and one.observer),
            # None of these tests has a pilot row: the tier of the entry stands.
            "REG.pilots": one.pilot_tier != "none",
            "REP.reported": one.pk in filed or statement is not None,
            "STA.complete": statement is not None and not statement.is_nil,
            "STA.nil": statement is not None and statement.is_nil,
            ANSWERED: answer is not None,
        }
        for name in Circumstance.values:
            marks[f"APP.{name}"] = getattr(answer, name, None) is True
            marks[f"APP.{name}_none"] = getattr(answer, name, None) is False
        for code, value in (*of_staff.items(), *of_hired.items()):
            if value is not None:
                found.values[one.pk, county[one.pk], code] = value
        for code, holds in marks.items():
            if holds:
                found.values[one.pk, county[one.pk], code] = Decimal(1)


def _count_duties(found: Recount, quarter: Quarter, county: dict[int, int], there: set[int]) -> None:
    owed: dict[int, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(quarter=quarter.code):
        owed[duty.enterprise_id].append(duty)
    for pk in sorted(owed.keys() & there):
        done = [_day(duty) for duty in owed[pk]]
        on_time = [day for duty, day in zip(owed[pk], done, strict=True) if day is not None and day <= duty.due]
        counts = {"DUT.due": len(done), "DUT.done": len(done) - done.count(None), "DUT.on_time": len(on_time)}
        found.values.update({(pk, county[pk], code): Decimal(count) for code, count in counts.items()})


def _day(duty: Duty) -> datetime.date | None:
    return None if duty.fulfilled_at is None else timezone.localtime(duty.fulfilled_at).date()


def _add_zeros(found: Recount) -> None:
    having = {(who, code) for who, _where, code in found.values}
    found.dense = {key: value for key, value in found.values.items() if value is not None}
    for witness, codes in _ZEROS.items():
        for who, where in [(who, where) for who, where, code in found.values if code == witness]:
            for code in codes:
                if (who, code) not in having:
                    found.dense[who, where, code] = Decimal(0)
            if witness == SAID and (who, "B01.sessions") not in having:
                found.parts[who, where] = (Decimal(0), Decimal(0))


def _judge(found: Recount, there: list[Enterprise], quarter: Quarter, today: datetime.date) -> None:
    profiles, stands = _profiles(quarter), _standing(quarter)
    parties = {
        one.enterprise_id: one for one in PartyDevelopment.objects.filter(status="approved", quarter=quarter.code)
    }
    day = min(quarter.last_day, today)
    for one in there:
        profile = profiles.get(one.pk)
        owed = list(Duty.objects.filter(enterprise=one, quarter=quarter.code))
        verdicts = {
            "DUTY": _on_time(owed, today),
            "A05": _named(one),
            "R18": _union(one, profile),
            "R17": _director(one, profile),
            "P02": _teams(one, parties.get(one.pk), day),
            "A06": "not_stated" if one.has_party_organisation else "not_applicable",
            **_led(one, stands.get(one.pk)),
        }
        found.findings.update({(one.pk, rule): finding for rule, finding in verdicts.items()})


def _on_time(owed: list[Duty], today: datetime.date) -> str:
    if not owed:
        return "not_applicable"
    missing = [duty for duty in owed if duty.fulfilled_at is None]
    late = [duty for duty in owed if duty.fulfilled_at is not None and (_day(duty) or today) > duty.due]
    if late or any(duty.due < today for duty in missing):
        return "broken"
    return "not_stated" if missing else "holds"


def _named(one: Enterprise) -> str:
    if one.pilot_tier == "none":
        return "not_applicable"
    named = [bool(name.strip()) for name in (one.instructor, one.liaison, one.observer)]
    return "holds" if all(named) else "broken" if any(named) else "not_stated"


def _union(one: Enterprise, profile: YearlyProfile | None) -> str:
    if one.has_union:
        return "holds"
    if profile is None or profile.union_members is None:
        return "not_stated"
    return "broken" if profile.union_members >= 25 else "not_applicable"


def _director(one: Enterprise, profile: YearlyProfile | None) -> str:
    """Nobody of these tests has told who sits on its board."""
    headcount = one.headcount if profile is None else profile.headcount
    return "not_applicable" if headcount is not None and headcount < 300 else "not_stated"


def _teams(one: Enterprise, party: PartyDevelopment | None, day: datetime.date) -> str:
    if one.ownership != "state":
        return "not_applicable"
    if party is None or party.teams_without_members is None:
        return "not_stated"
    if party.teams_without_members == 0:
        return "holds"
    if not party.clearing_plan or not party.clearing_due:
        return "not_stated"
    return "broken" if party.clearing_due <= day else "holds"


def _led(one: Enterprise, stands: Leadership | None) -> dict[str, str]:
    if stands is None:
        return dict.fromkeys(("A01", "A02"), "not_applicable" if one.pilot_tier == "none" else "not_stated")
    led = "holds" if stands.led_by_principal else "broken"
    if stands.has_leading_body is not True:
        led = "broken" if stands.has_leading_body is False else "not_stated"
    reviewed = "holds" if stands.reviewed_by_congress else "broken"
    return {"A01": led, "A02": reviewed if stands.has_plan else "not_applicable"}


def pairs_of(
    now: Recount, before: Recount, against: Against, above: dict[int, tuple[int, ...]]
) -> dict[tuple[int, str, Against], tuple[Decimal, Decimal, int]]:
    """What those that told it both times, in the same county, told then and now; for each region with those above it."""
    facts = EVERY_QUARTER if against is Against.QUARTER else EVERY_QUARTER | ONCE_A_YEAR
    found: dict[tuple[int, str, Against], tuple[Decimal, Decimal, int]] = {}
    for (who, where, code), value in now.values.items():
        earlier = before.values.get((who, where, code))
        if code in facts and value is not None and earlier is not None:
            for region in above[where]:
                then, since, number = found.get((region, code, against), (Decimal(0), Decimal(0), 0))
                found[region, code, against] = (then + earlier, since + value, number + 1)
    return found


def counties_below(places: Iterable[Place]) -> dict[int, set[int]]:
    """The counties of each region, itself among them where it is one."""
    found: dict[int, set[int]] = defaultdict(set)
    for place in places:
        if place.is_county_level:
            for pk in (place.pk, place.city_id, place.province_id):
                if pk is not None:
                    found[pk].add(place.pk)
    return found
