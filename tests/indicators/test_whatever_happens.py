"""Whatever enterprises and offices do, in whatever order: what the filler keeps by following the change feed is what a naive
recount says (``tests/indicators/recount.py``).

Everything is done through the actions that pages and API call. What an action refuses is left undone: that is as much part of
what happens as what it does."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.actions import update_enterprise
from enterprises.change_actions import close_enterprise, merge_enterprise, move_enterprise, reopen_enterprise
from enterprises.models import Enterprise, Ownership, PilotTier, YearlyProfile
from enterprises.profiles.actions import file_profile
from enterprises.profiles.queries import FIELDS, open_years
from foundation.access.models import Role
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter, Year
from foundation.facts import declaring
from foundation.facts.declaring import declared_facts
from foundation.places.models import Place
from foundation.refusals import NeedsConfirmation, Refused
from indicators.closing import close_quarter, reopen_quarter
from indicators.compliance.findings import Finding
from indicators.drift import check
from indicators.fill import catch_up
from indicators.models import Against, ComplianceResult, PairedTotal
from indicators.queries import COVERAGE_FACTS, Figure, by_unit, coverage, figures
from records.core.actions import act, discard_record, file_record, update_record
from records.core.kinds import kind_by_slug
from records.core.several import joined
from records.duties.actions import answer_applicability, ensure_quarter, generate_duties, make_statement, undo_statement
from records.duties.models import Circumstance
from records.models import Correction, DutyRule, Record, ReportingQuarter, Status
from records.review.corrections import ask_correction, decide_correction
from services.models import PlanTask
from tests.cast import Cast, make_person
from tests.confirming import confirm
from tests.indicators.helpers import LAST, NOW
from tests.indicators.recount import COUNTED, JUDGED, Recount, counties_below, pairs_of, recount

THEN = NOW.year_before()
QUARTERS = (THEN, LAST, NOW)
WHO = ("enterprise", "second_enterprise", "gulou_enterprise", "neighbour_enterprise")
COUNTIES = ("320115", "320106", "320571")
OFFICES = {"320115": "county", "320106": "other_county", "320571": "neighbour_county"}
SENT_BACK = (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN)


_T = TypeVar("_T")


class World:
    """Who can do what, and what a closed quarter was when it was closed. Each step has the numbers it was drawn with: ``who``
    of the enterprises, ``pick`` of what there is to choose from, ``number`` of people."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.places = list(cast.places.values())
        self.counties = counties_below(self.places)
        self.above = {place.pk: (place.pk, place.city_id, place.province_id) for place in self.places}
        self.kept: dict[Quarter, Recount] = {}
        self.done: Counter[str] = Counter()

    def step(self, name: str, who: int, pick: int, number: int) -> None:
        self.enterprise = Enterprise.objects.get(pk=self.cast.enterprises[WHO[who]].pk)
        self.pick, self.number = pick, number
        self.quarter = QUARTERS[pick % len(QUARTERS)]
        try:
            with transaction.atomic():
                STEPS[name](self)
        except (Refused, NeedsConfirmation, ValidationError, _Nothing):
            return
        self.done[name] += 1

    @property
    def clerk(self) -> User:
        name = next(name for name, one in self.cast.enterprises.items() if one.pk == self.enterprise.pk)
        return self.cast.people[CLERKS[name]]

    def chosen(self, found: Iterable[_T]) -> _T:
        among = list(found)
        if not among:
            raise _Nothing
        return among[self.pick % len(among)]

    def record(self, *statuses: str) -> Record:
        """A record that stands so; its enterprise is then the one that acts."""
        record = self.chosen(Record.objects.filter(status__in=statuses).select_related("enterprise").order_by("pk"))
        assert record.enterprise is not None
        self.enterprise = record.enterprise
        return record

    def officer(self, record: Record) -> User:
        return self.cast.people[OFFICES[record.county.code]]

    def day(self) -> datetime.date:
        """Long ago, in the last quarter and on its last day, in the running one."""
        days = (THEN.first_day, LAST.first_day, LAST.last_day, NOW.first_day)
        return days[self.number % len(days)]


class _Nothing(Exception):
    """There is nothing such a step could be made with."""


class _Undo(Exception):
    pass


CLERKS = dict(zip(WHO, ("clerk", "second_clerk", "gulou_clerk", "neighbour"), strict=True))


# --- what enterprises file ----------------------------------------------------------------------


def _lecture(world: World) -> dict[str, object]:
    told = {"attendances": world.number, "number_of_people": world.number}
    front = {0: None, 1: 0}.get(world.pick % 3, world.number // 2)
    day = world.quarter.first_day + datetime.timedelta(days=world.number % 50)
    return {
        "title": f"第{world.number}课",
        "happened_on": day,
        "form": "on_site",
        "speaker": "王师傅",
        "frontline_attendances": front,
        **told,
    }


def _party(world: World) -> dict[str, object]:
    values: dict[str, object] = {
        "period": world.quarter.code,
        "new_members": world.number % 5,
        "new_frontline_members": world.number % 3,
        "total_members": world.number,
    }
    if world.enterprise.is_state_owned:
        due = NOW.last_day if world.pick % 2 else THEN.first_day
        values |= {"teams_without_members": world.number % 3, "clearing_plan": "年内消除", "clearing_due": due}
    return values


def _leadership(world: World) -> dict[str, object]:
    """Such a return is taken of a year that is over."""
    year = NOW.year - 1 - world.pick % 2
    has_body, has_plan, reviewed = world.number % 2 == 0, world.number % 3 != 0, world.number % 3 == 1
    return {
        "period": str(year),
        "has_leading_body": has_body,
        "led_by_principal": world.number % 4 == 0,
        "leader_post": "党委书记" if has_body else "",
        "has_plan": has_plan,
        "plan_issued_on": datetime.date(year, 3, 1) if has_plan else None,
        "tasks": joined([PlanTask.NONE]) if has_plan else "",
        "reviewed_by_congress": reviewed,
        "congress_on": datetime.date(year, 2, 1) if reviewed else None,
        "special_meetings": world.number % 7,
        "same_plan": world.number % 5 == 0,
        "union_led": world.number % 2 == 1,
        "budget": None if world.pick % 3 == 0 else Decimal(world.number) / 4,
        "staff": world.pick,
    }


VALUES: dict[str, Callable[[World], dict[str, object]]] = {
    "ideology.lecture": _lecture,
    "ideology.partydevelopment": _party,
    "services.leadership": _leadership,
}


def _file(slug: str, *, sent: bool = True, decided: bool = False) -> Callable[[World], None]:
    def step(world: World) -> None:
        kind, values = kind_by_slug(slug), VALUES[slug](world)
        record = file_record(acting_user=world.clerk, kind=kind, filer=world.enterprise, values=values)
        if sent:
            _move(record, "submit", world.clerk)
        if decided:
            _move(record, "approve", world.officer(record))

    return step


def _move(record: Record, action: str, by: User) -> None:
    record.refresh_from_db()
    confirm(act, acting_user=by, record_id=record.pk, action=action, version=record.version, reason="按签到表核对过。")


def _moved(action: str, *statuses: str, by_office: bool = False) -> Callable[[World], None]:
    def step(world: World) -> None:
        record = world.record(*statuses)
        _move(record, action, world.officer(record) if by_office else world.clerk)

    return step


def _edit(world: World) -> None:
    """Other numbers, and perhaps another day or period."""
    record = world.record(*SENT_BACK)
    values = VALUES[record.kind](world)
    confirm(
        update_record,
        acting_user=world.clerk,
        record_id=record.pk,
        version=record.version,
        values=values,
        hand_in=world.pick % 2 == 0,
        reason="按签到表更正。",
    )


def _discard(world: World) -> None:
    record = world.record(Status.DRAFT, Status.WITHDRAWN)
    discard_record(acting_user=world.clerk, record_id=record.pk, version=record.version)


def _ask(world: World) -> None:
    record = world.record(Status.APPROVED)
    ask_correction(acting_user=world.clerk, record_id=record.pk, version=record.version, reason="人次抄错了。")


def _answer(world: World) -> None:
    asked = world.chosen(Correction.objects.filter(outcome="open").order_by("pk"))
    decision = "decline" if world.pick % 3 == 0 else "reopen"
    officer = world.officer(asked.record)
    decide_correction(acting_user=officer, correction_id=asked.pk, decision=decision, answer="请按签到表更正。")


def _state(*, is_nil: bool) -> Callable[[World], None]:
    def step(world: World) -> None:
        confirm(
            make_statement,
            acting_user=world.clerk,
            enterprise=world.enterprise,
            quarter=world.quarter,
            is_nil=is_nil,
            # Who takes over older years is not asked what is still owed.
            asks=world.number % 3 == 0,
        )

    return step


def _unsay(world: World) -> None:
    undo_statement(acting_user=world.clerk, enterprise=world.enterprise, quarter=world.quarter)


def _circumstances(world: World) -> None:
    answers = {name: bool(world.number >> place & 1) for place, name in enumerate(Circumstance.values)}
    year = Year(world.quarter.year)
    answer_applicability(acting_user=world.clerk, enterprise=world.enterprise, year=year, answers=answers)


# --- what becomes of enterprises ----------------------------------------------------------------


def _told_of(world: World, **values: object) -> None:
    """An entry as it is, with other values; asked for by the province."""
    update_enterprise(
        acting_user=world.cast.province,
        enterprise_id=world.enterprise.pk,
        version=world.enterprise.version,
        values=values,
    )


def _headcount(world: World) -> None:
    _told_of(world, headcount=world.number + 10, frontline_count=world.number // 2)


def _entry(world: World) -> None:
    owners = (Ownership.STATE, Ownership.PRIVATE)
    named = {name: "张三" if world.number >> place & 1 else "" for place, name in enumerate(("instructor", "liaison"))}
    _told_of(
        world,
        ownership=owners[world.pick % 2],
        has_union=world.number % 3 == 0,
        has_party_organisation=world.number % 5 == 0,
        observer="李四" if world.pick % 3 else "",
        **named,
    )


def _profile(world: World) -> None:
    year = open_years()[world.pick % 3]
    before = YearlyProfile.objects.filter(enterprise=world.enterprise, year=year).first()
    told = {
        "headcount": world.number + 20,
        "frontline_count": world.number,
        "industrial_count": None if world.pick % 2 else world.number,
        "women_count": world.number // 3,
        "union_members": None if world.pick == 0 else world.number // 2,
        "hired": world.number // 4,
        "hired_young": None if world.pick % 2 else world.number // 8,
    }
    confirm(
        file_profile,
        acting_user=world.clerk,
        enterprise_id=world.enterprise.pk,
        year=year,
        version=before.version if before else 0,
        values={**dict.fromkeys(FIELDS), **told},
        reason="已核对。",
    )


def _changed(change: Callable[..., object], world: World, **more: object) -> None:
    confirm(
        change,
        acting_user=world.cast.province,
        enterprise_id=world.enterprise.pk,
        version=world.enterprise.version,
        reason="营业执照变更",
        on=world.day(),
        **more,
    )


def _away(world: World) -> None:
    _changed(move_enterprise, world, county=world.cast.places[COUNTIES[world.pick % len(COUNTIES)]])


def _merge(world: World) -> None:
    others = Enterprise.objects.filter(city=world.enterprise.city_id, is_active=True).exclude(pk=world.enterprise.pk)
    _changed(merge_enterprise, world, successor=world.chosen(others.order_by("pk")))


def _take_in(world: World) -> None:
    world.enterprise = world.chosen(Enterprise.objects.filter(is_active=False).order_by("pk"))
    _changed(reopen_enterprise, world)


# --- what the portal and the province do --------------------------------------------------------


def _hour(world: World) -> None:
    """What runs every hour."""
    for quarter in QUARTERS:
        if ReportingQuarter.objects.filter(code=quarter.code, is_open=True).exists():
            generate_duties(quarter)


def _shut(world: World) -> None:
    quarter = (THEN, LAST)[world.pick % 2]
    close_quarter(acting_user=world.cast.province, quarter=quarter)
    world.kept[quarter] = recount(quarter)


def _open_again(world: World) -> None:
    quarter = world.chosen(sorted(world.kept))
    reopen_quarter(acting_user=world.cast.province, quarter=quarter, reason="漏报一家")
    del world.kept[quarter]


LECTURE, PARTY, LEADERSHIP = VALUES
SOURCES = (*VALUES, "enterprises", "pilots", "profiles", "statements", "duties", "compliance")
STEPS: dict[str, Callable[[World], None]] = {
    "lecture": _file(LECTURE, decided=True),
    "lecture handed in": _file(LECTURE),
    "lecture drafted": _file(LECTURE, sent=False),
    "return": _file(PARTY, decided=True),
    "return handed in": _file(PARTY),
    "annual return": _file(LEADERSHIP, decided=True),
    "submit": _moved("submit", *SENT_BACK),
    "withdraw": _moved("withdraw", Status.SUBMITTED),
    "approve": _moved("approve", Status.SUBMITTED, by_office=True),
    "send back": _moved("return", Status.SUBMITTED, by_office=True),
    "reject": _moved("reject", Status.SUBMITTED, by_office=True),
    "reopen": _moved("reopen", Status.APPROVED, by_office=True),
    "edit": _edit,
    "discard": _discard,
    "ask for a correction": _ask,
    "answer a correction": _answer,
    "say nothing took place": _state(is_nil=True),
    "say complete": _state(is_nil=False),
    "take it back": _unsay,
    "circumstances": _circumstances,
    "headcount": _headcount,
    "entry": _entry,
    "profile": _profile,
    "move": _away,
    "merge": _merge,
    "close": lambda world: _changed(close_enterprise, world),
    "take in again": _take_in,
    "hour": _hour,
    "close the quarter": _shut,
    "open the quarter again": _open_again,
}
#: What goes on most of the time is drawn more often than what is rare.
DRAWN = (*STEPS, *("lecture", "lecture handed in", "return", "annual return", "hour") * 2, "move", "approve", "edit")
STEP = st.tuples(st.sampled_from(DRAWN), st.integers(0, 3), st.integers(0, 5), st.integers(1, 400))
STORY = st.lists(st.lists(STEP, min_size=6, max_size=14), min_size=2, max_size=4)
#: The world is taken back after each story, and a busy machine is no finding.
UNCHECKED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
#: A story in which each of these happens.
EVERYTHING = [
    [
        ("lecture", 0, 1, 30),
        ("lecture", 1, 4, 60),
        ("lecture", 0, 2, 20),
        ("return", 0, 0, 50),
        ("return", 0, 1, 60),
        ("return", 0, 2, 70),
        ("return", 1, 1, 30),
        ("annual return", 0, 0, 8),
        ("say complete", 0, 1, 3),
        ("say nothing took place", 3, 1, 3),
        ("hour", 0, 0, 1),
    ],
    [
        ("lecture handed in", 0, 1, 40),
        ("send back", 0, 0, 1),
        ("edit", 0, 0, 45),
        ("reject", 0, 0, 1),
        ("lecture handed in", 1, 2, 80),
        ("withdraw", 0, 0, 1),
        ("submit", 0, 0, 1),
        ("approve", 0, 0, 1),
        ("reopen", 0, 4, 1),
        ("ask for a correction", 0, 1, 1),
        ("answer a correction", 0, 1, 1),
        ("lecture drafted", 0, 0, 10),
        ("discard", 0, 0, 1),
        ("return handed in", 3, 2, 90),
        ("take it back", 3, 1, 1),
        ("circumstances", 0, 2, 21),
        ("headcount", 1, 0, 340),
        ("entry", 1, 1, 7),
        ("profile", 2, 1, 120),
    ],
    [
        ("close the quarter", 0, 0, 1),
        ("move", 0, 1, 3),
        ("move", 3, 0, 2),
        ("merge", 1, 0, 3),
        ("close", 2, 0, 2),
        ("lecture", 0, 0, 35),
    ],
    [
        ("take in again", 0, 0, 3),
        ("open the quarter again", 0, 0, 1),
        ("lecture", 0, 0, 90),
        ("hour", 0, 0, 1),
    ],
]


# --- what is held against what ------------------------------------------------------------------


def _told(figure: Figure) -> tuple[Decimal | None, int]:
    return figure.value, figure.reporting


def _agree(world: World) -> None:
    told = {quarter: world.kept.get(quarter) or recount(quarter) for quarter in QUARTERS}
    for quarter, expected in told.items():
        for place in world.places:
            _region_agrees(world, place, quarter, expected)
        for enterprise in world.cast.enterprises.values():
            found = figures(enterprise.place, quarter)
            for code in COUNTED:
                of_it = expected.of_enterprise(enterprise.pk, code)
                assert _told(found[code]) == of_it, (quarter.code, enterprise.name, code)
        _compliance_agrees(quarter, expected, world)
    for quarter, expected in told.items():
        pairs = {}
        for against in Against:
            if (before := told.get(against.before(quarter))) is not None:
                pairs |= pairs_of(expected, before, against, world.above)
        rows = PairedTotal.objects.filter(quarter=quarter.code)
        stored = {(row.place_id, row.fact, Against(row.against)): row for row in rows}
        assert {key: (row.before, row.value, row.enterprises) for key, row in stored.items()} == pairs, quarter.code


def _region_agrees(world: World, place: Place, quarter: Quarter, expected: Recount) -> None:
    found, counties = figures(place, quarter), world.counties[place.pk]
    where = (quarter.code, place.code)
    for code in declared_facts():
        if code in COUNTED:
            assert _told(found[code]) == expected.of_region(counties, code), (*where, code)
        else:
            assert not found[code].value, (*where, code, "counted, and nobody told it")
    parts = [sides for (_who, county), sides in expected.parts.items() if county in counties]
    share = tuple(map(sum, zip(*parts, strict=True))) if parts else None
    assert found["B01.frontline"].share == share, where
    covered = coverage(place, quarter)
    for name, code in COVERAGE_FACTS.items():
        assert getattr(covered, name) == (expected.of_region(counties, code)[0] or 0), (*where, name)
    _units_agree(world, place, quarter, expected)


def _units_agree(world: World, place: Place, quarter: Quarter, expected: Recount) -> None:
    """The rows below a region: of a county its enterprises, each with what it counts with there."""
    codes = ("B01.attendances", "B03.members", "REG.enterprises", "REP.reported")
    rows = by_unit(place, codes, quarter)
    for row in rows:
        for code in codes:
            if place.is_county_level:
                value = expected.dense.get((row.place.pk, place.pk, code))
            else:
                value = expected.of_region(world.counties[row.place.pk], code)[0]
            assert row.values[code] == value, (quarter.code, place.code, row.place.code, code)
        assert (row.enterprises, row.reported) == tuple(row.values[code] or 0 for code in codes[2:])
    if place.is_county_level:
        there = {who for who, where, fact in expected.dense if fact in codes and where == place.pk}
        assert there <= {row.place.pk for row in rows}, (quarter.code, place.code)


def _compliance_agrees(quarter: Quarter, expected: Recount, world: World) -> None:
    rows = list(ComplianceResult.objects.filter(quarter=quarter.code))
    earlier = ComplianceResult.objects.filter(quarter=quarter.previous().code)
    before = {(row.enterprise_id, row.rule): row.finding for row in earlier}
    assert {row.enterprise_id: row.county_id for row in rows} == expected.lies_in, quarter.code
    for row in rows:
        assert (row.county_id, row.city_id, row.province_id) == world.above[row.county_id]
        was_kept = before.get((row.enterprise_id, row.rule), Finding.BROKEN) != Finding.BROKEN
        assert row.is_new == (was_kept and row.finding == Finding.BROKEN), (quarter.code, row.enterprise_id, row.rule)
    found = {(row.enterprise_id, row.rule): row.finding for row in rows if row.rule in JUDGED}
    assert found == expected.findings, quarter.code


@pytest.fixture
def world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast, with a clerk for each enterprise, three open quarters, and two returns that are owed. Of the sources of
    figures only those that something happens to."""
    monkeypatch.setattr(declaring, "_sources", {code: declaring._sources[code] for code in SOURCES})
    gulou = cast.gulou_enterprise
    cast.people["gulou_clerk"] = make_person("gulou_clerk", "郭经办", Role.CLERK, gulou.place)
    Enterprise.objects.filter(pk=gulou.pk).update(pilot_tier=PilotTier.NONE)
    ensure_quarter(THEN)
    DutyRule.objects.create(kind=PARTY)
    DutyRule.objects.create(kind=LEADERSHIP, ownerships=[Ownership.PRIVATE])
    catch_up()
    return cast


def _play(cast: Cast, story: list[list[tuple[str, int, int, int]]]) -> Counter[str]:
    with pytest.raises(_Undo), transaction.atomic():
        world = World(cast)
        for steps in story:
            for step in steps:
                world.step(*step)
            assert catch_up().finished
            _agree(world)
        # And the rules that are not judged here once more are as judging everybody anew has them.
        assert not any(check(quarter) for quarter in QUARTERS)
        raise _Undo
    return world.done


def test_each_step_is_made_and_counted(world: Cast) -> None:
    assert set(_play(world, EVERYTHING)) == set(STEPS)


@settings(max_examples=2, suppress_health_check=UNCHECKED)
@given(STORY)
def test_what_is_filled_is_what_a_naive_recount_says(world: Cast, story: list) -> None:
    _play(world, story)


@pytest.mark.sweep
@settings(max_examples=10, suppress_health_check=UNCHECKED)
@given(STORY)
def test_what_is_filled_is_what_a_naive_recount_says_of_many_stories(world: Cast, story: list) -> None:
    _play(world, story)
