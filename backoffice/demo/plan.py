"""What each enterprise files and what becomes of it, decided before anything is written."""

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from backoffice.demo.people import SHOWN_COUNTIES
from backoffice.demo.setting import SEED, Clock, Temper, pace_of, temper_of
from enterprises.models import Enterprise, PilotTier
from foundation.calendar.periods import Quarter
from records.core.factories import build_record
from records.core.kinds import RecordKind, Rhythm, kind_by_slug, kinds_to_fill
from records.models import Record

#: Owed by pilots since the last quarter that has ended: nearly all of them have filed.
OWED_LATELY = ("rights.hazard", "rights.relations")
LECTURE, PARTY, LEADERSHIP = "ideology.lecture", "ideology.partydevelopment", "services.leadership"
CONGRESS, CONTRACT, FUNDS = "rights.congresssession", "rights.contract", "skills.trainingfund"
#: What refers to topics of the congress is filed by who has sessions.
_REFERRING = (CONTRACT, FUNDS)

#: Why a lecture is sent back, and what is wrong with it.
_FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"frontline_attendances": None}, "“其中一线职工人次”没有填，请补上后再提交。"),
    ({"summary": ""}, "请补充内容摘要，写明讲了什么、效果如何，几句话即可。"),
    ({"venue": ""}, "活动地点没有填，请补上。"),
    (
        {"number_of_people": 15, "attendances": 150, "frontline_attendances": 90},
        "参加人次是参加人数的十倍，请对照签到表核对后重填。",
    ),
)
_PARTY_FAULT = "季末党员总数请与党建部门核对后再提交。"
_OTHER_FAULT = "请对照台账核对各项数字后再提交。"
_LEADERSHIP_FAULT = "请核对专题研究产改会议次数，只计本年度召开的。"
_CORRECTED = ("请核对参加人次后再提交。", "请与企业工会台账核对无误后再提交。", "请确认活动日期后再提交。")
_DUPLICATE = "与同一天的另一条记录是同一场活动，本条不计。"

#: So many enterprises at most file each of the other kinds, those shown to visitors among them: every list has rows, and
#: what the demonstration takes to load does not follow the number of kinds times that of enterprises.
_FILE_A_KIND = 12
#: How likely those are to file an event in a quarter.
_AN_EVENT_A_QUARTER = 0.5
#: How many of the activities that wait for review were handed in within the last week.
_LATELY_SENT = 0.8
#: The quarter in which the congress meets at the latest.
_MEETS_BY = 2

#: What some of those who file a kind tell that regulation finds wanting, or not applicable: of each kind one answer after the
#: other, beginning with the fourth of them. What depends on the day is asked with it.
_CASES: dict[str, tuple[dict[str, Any], ...]] = {
    CONGRESS: (
        {"form": "congress", "representatives": 60, "present": 35, "managers": 10},
        {"form": "congress", "representatives": 60, "managers": 15},
        {"secret_ballot": False},
        {"papers_sent_on": lambda day: day - datetime.timedelta(days=3)},
        {"heard_safety_report": False},
        {"agenda": [], "secret_ballot": None},
    ),
    "ideology.partyassessment": ({"included": False},),
    CONTRACT: (
        {"negotiated": False, "negotiated_on": None},
        {"covered": 0, "agreements": [], "performance_reported": None},
        {"agreements": lambda day: _agreed_in(day.year - 1, filed_after=24)},
        {"agreements": lambda day: _agreed_in(day.year - 1, sort="wages")},
        {"agreements": lambda day: _agreed_in(day.year - 3, years=3)},
        {"performance_reported": False},
    ),
    "rights.labourcontract": (
        {"due": 0, "signed": 0, "dispatched": 60},
        {"due": 24, "signed": 22, "dispatched": 0},
    ),
    "rights.insurance": (
        {"due": 0, "all_insured": True, "has_supplement": False},
        {"due": 24, "all_insured": False, "has_supplement": False},
    ),
    "rights.relations": (
        {"disputes": 3, "taken_up": 3, "in_time": 2},
        {"has_arrears": True, "in_arrears": 6},
    ),
    "rights.hazard": (
        {"major": 2, "reported": 1, "still_open": 1},
        {"found": 0, "rectified": 0, "in_time": 0, "snapshots": 0},
        {"major": 1, "reported": 1, "still_open": 0},
        {"signed": False},
    ),
    "rights.safety": (
        {"has_exposed_posts": True, "exposed": 30, "examined": 20, "reported_risks": False},
        {"has_exposed_posts": False, "exposed": 0, "examined": 0},
        {"reported_risks": False},
    ),
    FUNDS: (
        {"spent": Decimal(0), "frontline": Decimal(0), "accrued": Decimal(0), "spending": []},
        {"frontline": Decimal("1.00")},
    ),
}
_FIRST_CASE = 3


def _agreed_in(year: int, *, sort: str = "general", years: int = 2, filed_after: int = 6) -> list[Any]:
    """The one collective contract in force, signed in August of that year."""
    signed = datetime.date(year, 8, 1)
    lines = kind_by_slug(CONTRACT).lines_named("agreements")
    if lines is None:
        raise LookupError("contracts have lost their lines")
    line: type[Any] = lines.model
    return [
        line(
            sort=sort,
            signed_on=signed,
            ends_on=signed.replace(year=year + years) - datetime.timedelta(days=1),
            people=5,
            filed_on=signed + datetime.timedelta(days=filed_after),
            discussed=True,
        )
    ]


def _issued_in(year: int) -> dict[str, Any]:
    """A plan that the year's congress dealt with before it was issued; the day stands where no session is on file."""
    issued = datetime.date(year, 12, 20)
    return {
        "has_leading_body": True,
        "has_plan": True,
        "reviewed_by_congress": True,
        "plan_issued_on": issued,
        "congress_on": issued - datetime.timedelta(days=9),
    }


#: Of so many enterprises without a congress one states each quarter that everything is filed.
_COMPLETE = 5
#: Of so many state-owned enterprises one has not cleared its teams by the day of its plan.
_OVERDUE = 6
_CLEARING_PLAN = "从车间骨干中培养入党积极分子，逐个班组消除。"

#: What the enterprises shown to visitors have in hand in the open quarters, newest last.
_SHOWN_FATES = ("approve", "approve", "correct", "approve", "return", "approve", "draft", "wait")


@dataclass
class Planned:
    """One record to be: the row, when it is made, sent and decided, and its end.

    ``fate``: draft, wait, withdraw, approve, correct (returned, sent again, approved), return, reject.
    """

    draft: Record
    made: datetime.datetime
    sent: datetime.datetime
    decided: datetime.datetime
    fate: str
    reason: str = ""
    #: What it tells is to be seen by a rule: it is decided.
    is_case: bool = False
    sent_again: datetime.datetime | None = None
    decided_again: datetime.datetime | None = None

    @property
    def is_sent(self) -> bool:
        return self.fate != "draft"


@dataclass
class Statement:
    enterprise: Enterprise
    quarter: Quarter
    is_nil: bool
    at: datetime.datetime


@dataclass
class Wave:
    """What is filed while the same quarters are open."""

    records: list[Planned] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


@dataclass
class _Party:
    """Party members of an enterprise, carried from quarter to quarter."""

    members: int
    empty_teams: int


class Planner:
    """Draws everybody's year. One planner serves all waves, so that stocks and habits carry over."""

    def __init__(self, enterprises: Sequence[Enterprise], chance: random.Random) -> None:
        self.enterprises = enterprises
        self.chance = chance
        self.clock = Clock(chance)
        self.ended = Quarter.of(self.clock.today).previous()
        self.tempers: dict[int, Temper] = {enterprise.pk: temper_of(enterprise, chance) for enterprise in enterprises}
        self.led: set[tuple[int, str]] = set()
        told = (LECTURE, PARTY, LEADERSHIP)
        self.filed_periods: set[tuple[str, int, str]] = set()
        first_of_county = {enterprise.county_id: enterprise.pk for enterprise in reversed(enterprises)}
        self.shown = {
            first_of_county[enterprise.county_id]
            for enterprise in enterprises
            if enterprise.county.code in SHOWN_COUNTIES
        }
        self._first_of_county = first_of_county
        # The others file lectures and what is told of here: some quarters are empty with them.
        self.lively = self.shown | {enterprise.pk for enterprise in enterprises[1::3]}
        #: Who tells of a year only while the last quarters are open, so that something of it is in hand.
        self.tardy: set[tuple[str, int]] = set()
        #: The answers of who tells something regulation finds wanting, by kind and enterprise.
        self.cases: dict[tuple[str, int], dict[str, Any]] = {}
        #: Who has sessions of the congress, and of which years.
        self.congress = {enterprise.pk for enterprise in self.who_files(kind_by_slug(CONGRESS))}
        self.met: set[tuple[int, int]] = set()
        self.is_open = False
        self.others: dict[int, list[RecordKind]] = {enterprise.pk: [] for enterprise in enterprises}
        for kind in kinds_to_fill():
            if kind.slug not in told:
                for number, enterprise in enumerate(self.who_files(kind)):
                    self.others[enterprise.pk].append(kind)
                    cases = _CASES.get(kind.slug, ())
                    if 0 <= (place := number - _FIRST_CASE) < len(cases):
                        self.cases[kind.slug, enterprise.pk] = cases[place]
                    if kind.rhythm is Rhythm.ANNUAL and number % 2:
                        self.tardy.add((kind.slug, enterprise.pk))
        # State-owned enterprises whose teams without members have outlasted their plan.
        overdue = [
            enterprise for enterprise in enterprises if enterprise.is_state_owned and enterprise.pk not in self.shown
        ]
        self.cases |= {(PARTY, enterprise.pk): {} for enterprise in overdue[::_OVERDUE]}
        #: Others of them never tell of their teams.
        self.untold = {enterprise.pk for enterprise in overdue[1::_OVERDUE]}
        # Who states every quarter to be complete and has no session on file has held no congress.
        others = [one for one in enterprises if one.pilot_tier == PilotTier.NONE and not one.is_state_owned]
        without = [one.pk for one in others if one.pk not in self.congress | self.shown]
        self.complete = set(without[::_COMPLETE])
        self.cases |= {(PARTY, pk): {} for pk in self.complete}
        self.party = {enterprise.pk: self._party_at_first(enterprise) for enterprise in enterprises}
        #: Those with something a rule is to find leave no quarter empty.
        self.steady = self.shown | {pk for _slug, pk in self.cases}

    def wave(self, quarters: Sequence[Quarter], *, earlier: Quarter | None = None) -> Wave:
        """Everything filed while these quarters are open. ``earlier`` is a closed quarter to file late entries of."""
        wave = Wave()
        self.is_open = earlier is not None
        for enterprise in self.enterprises:
            lectures: list[Planned] = []
            for quarter in quarters:
                lectures.extend(self._quarter(enterprise, quarter, wave))
            if earlier and lectures and self.chance.random() < 0.12:
                lectures.append(self._late_entry(enterprise, earlier, quarters[0]))
            if enterprise.pk in self.shown and earlier:
                self._show(enterprise, lectures, quarters)
            wave.records.extend(lectures)
            wave.records.extend(self._leadership(enterprise, quarters))
        if earlier:
            self._leave_unfinished(wave)
            self._leave_waiting(wave, quarters[-1])
        self._no_nil_beside_activities(wave, quarters)
        return wave

    def _no_nil_beside_activities(self, wave: Wave, quarters: Sequence[Quarter]) -> None:
        """Who has filed something, a late entry too, did not have nothing."""
        busy: set[tuple[int, Quarter]] = set()
        for planned in wave.records:
            if planned.draft.happened_on is not None:
                own = Quarter.of(planned.draft.happened_on)
                busy.add((planned.draft.filer_id, own if own in quarters else quarters[0]))
        for said in wave.statements:
            said.is_nil = said.is_nil and (said.enterprise.pk, said.quarter) not in busy

    # --- one enterprise, one quarter ---------------------------------------------------------------

    def _quarter(self, enterprise: Enterprise, quarter: Quarter, wave: Wave) -> list[Planned]:
        """Lectures are returned; the return and the statement go into the wave. Some quarters stay empty."""
        temper, chance = self.tempers[enterprise.pk], self.chance
        values = self._party_values(enterprise)
        if enterprise.pk not in self.steady and chance.random() > temper.diligence + 0.12:
            return []
        lively = min(temper.lectures * pace_of(enterprise, quarter, self.ended), 0.9)
        count = sum(chance.random() < lively for _ in range(6))
        lectures = [self._lecture(enterprise, self.clock.day_in(quarter)) for _ in range(count)]
        lectures += [self._duplicate(found) for found in lectures if chance.random() < 0.012]
        wave.records.extend(self._others(enterprise, quarter))
        if quarter.last_day >= self.clock.today:
            return lectures
        tells = chance.random() < temper.diligence or (PARTY, enterprise.pk) in self.cases
        if tells and enterprise.pk not in self.untold:
            wave.records.append(self._return(enterprise, quarter, values))
        if chance.random() < (temper.diligence if count else 0.6 * temper.diligence) or enterprise.pk in self.complete:
            at = min(self.clock.after(self.clock.during(quarter.last_day), 1, 14), self.clock.now)
            wave.statements.append(Statement(enterprise, quarter, is_nil=not lectures, at=at))
        return lectures

    def _planned(
        self, kind: RecordKind, enterprise: Enterprise, made: datetime.datetime, wait: int, **values: Any
    ) -> Planned:
        """A row with its moments; ``wait`` days at most before it is sent. What has not come yet has not happened."""
        clock, chance = self.clock, self.chance
        row = build_record(kind, enterprise=enterprise, **values)
        sent = clock.after(made, 0, wait)
        decided = clock.after(sent, 1, 9)
        fate = chance.choices(("approve", "correct", "withdraw"), (90, 8, 2))[0]
        planned = Planned(row, made, sent, decided, fate, is_case=(kind.slug, enterprise.pk) in self.cases)
        if planned.is_case:
            planned.fate = fate = "approve"
        if fate == "correct":
            planned.reason = chance.choice(_CORRECTED)
            planned.sent_again = clock.after(decided, 1, 4)
            planned.decided_again = clock.after(planned.sent_again, 1, 4)
        self._not_yet(planned)
        return planned

    def _not_yet(self, planned: Planned) -> None:
        now = self.clock.now
        if planned.sent > now:
            planned.fate = "draft"
        elif planned.decided > now:
            planned.fate = "wait"
        elif planned.fate == "correct" and planned.decided_again is not None and planned.decided_again > now:
            self._send_back(planned)

    def _send_back(self, planned: Planned) -> None:
        """Returned and not corrected yet, for a fault that is there to see."""
        planned.fate = "return"
        if planned.draft.kind_slug() == LECTURE:
            faults, planned.reason = self.chance.choice(_FAULTS)
            for name, value in faults.items():
                setattr(planned.draft, name, value)
        else:
            faults = {PARTY: _PARTY_FAULT, LEADERSHIP: _LEADERSHIP_FAULT}
            planned.reason = faults.get(planned.draft.kind_slug(), _OTHER_FAULT)

    def _lecture(self, enterprise: Enterprise, day: datetime.date) -> Planned:
        made = self.clock.during(min(day + datetime.timedelta(days=self.chance.randint(0, 6)), self.clock.today))
        return self._planned(kind_by_slug(LECTURE), enterprise, made, 4, day=day)

    def _duplicate(self, planned: Planned) -> Planned:
        """The same lecture entered twice; the office rejects the second."""
        kind, first = kind_by_slug(LECTURE), planned.draft
        values = {name: getattr(first, name) for name in kind.fields if name != "happened_on"}
        made = min(planned.sent, self.clock.now)
        twin = self._planned(kind, first.filing_enterprise, made, 1, day=first.happened_on, **values)
        if twin.decided <= self.clock.now:
            twin.fate, twin.reason = "reject", _DUPLICATE
        return twin

    def _late_entry(self, enterprise: Enterprise, earlier: Quarter, filed_in: Quarter) -> Planned:
        planned = self._lecture(enterprise, self.clock.day_in(earlier))
        made = self.clock.during(filed_in.first_day + datetime.timedelta(days=self.chance.randint(12, 40)))
        planned.made, planned.sent = made, self.clock.after(made, 0, 3)
        planned.decided, planned.fate = self.clock.after(planned.sent, 1, 6), "approve"
        self._not_yet(planned)
        return planned

    # --- the other kinds ---------------------------------------------------------------------------

    def _others(self, enterprise: Enterprise, quarter: Quarter) -> Iterator[Planned]:
        """A few records of the kinds without a story of their own, as their factories make them."""
        is_over = quarter.last_day < self.clock.today
        for kind in self.others[enterprise.pk]:
            if kind.rhythm is Rhythm.EVENT:
                is_due = kind.slug == CONGRESS and (enterprise.pk, quarter.year) not in self.met
                if self.chance.random() < _AN_EVENT_A_QUARTER or (is_due and quarter.number == _MEETS_BY):
                    day = self.clock.day_in(quarter)
                    said = self._said(kind, enterprise, day)
                    if is_due and "agenda" not in said:
                        said["is_yearly"] = True
                    self.met |= {(enterprise.pk, quarter.year)} if is_due else set()
                    yield self._planned(kind, enterprise, self.clock.during(day), 4, day=day, **said)
            elif not self.is_open and (kind.slug in OWED_LATELY or (kind.slug, enterprise.pk) in self.tardy):
                continue
            elif is_over and self._first_of_its_period(kind, enterprise, quarter):
                day = quarter.last_day
                said = self._said(kind, enterprise, day)
                yield self._planned(kind, enterprise, self.clock.during(day), 2, day=day, **said)

    def _said(self, kind: RecordKind, enterprise: Enterprise, day: datetime.date) -> dict[str, Any]:
        """What is not left to the factory."""
        found = self.cases.get((kind.slug, enterprise.pk), {})
        return {name: value(day) if callable(value) else value for name, value in found.items()}

    def who_files(self, kind: RecordKind) -> list[Enterprise]:
        """Those shown to visitors and others by lot, of the lively ones that may file the kind. The lot is the kind's own:
        a further kind changes nothing for those there are."""
        able = [enterprise for enterprise in self.enterprises if kind.applies_to(enterprise)]
        if kind.slug in OWED_LATELY:
            return [enterprise for enterprise in able if enterprise.pilot_tier != PilotTier.NONE]
        able = [enterprise for enterprise in able if enterprise.pk in self.lively] or able
        random.Random(f"{SEED} {kind.slug}").shuffle(able)
        first = self.congress if kind.slug in _REFERRING else set()
        return sorted(able, key=lambda one: (one.pk not in self.shown, one.pk not in first))[:_FILE_A_KIND]

    def _first_of_its_period(self, kind: RecordKind, enterprise: Enterprise, quarter: Quarter) -> bool:
        """A return is filed once a period."""
        key = (kind.slug, enterprise.pk, kind.period_of(quarter) or "")
        if key in self.filed_periods:
            return False
        self.filed_periods.add(key)
        return True

    # --- returns -----------------------------------------------------------------------------------

    def _party_at_first(self, enterprise: Enterprise) -> _Party:
        if not enterprise.has_party_organisation:
            return _Party(self.chance.randint(0, 2), 0)
        share = self.chance.uniform(0.05, 0.14)
        empty_teams = self.chance.randint(0, 3) if enterprise.is_state_owned else 0
        if (PARTY, enterprise.pk) in self.cases:
            empty_teams = 2
        return _Party(max(3, int((enterprise.headcount or 80) * share)), empty_teams)

    def _party_values(self, enterprise: Enterprise) -> dict[str, Any]:
        """The quarter's figures; they move on whether or not the enterprise reports them."""
        state, chance = self.party[enterprise.pk], self.chance
        new = chance.choices((0, 1, 2, 4), (40, 35, 18, 7))[0] if enterprise.has_party_organisation else 0
        state.members += new
        if state.empty_teams and (PARTY, enterprise.pk) not in self.cases and chance.random() < 0.35:
            state.empty_teams -= 1
        return {
            "new_members": new,
            "new_frontline_members": sum(chance.random() < 0.6 for _ in range(new)),
            "total_members": state.members,
            "teams_without_members": state.empty_teams if enterprise.is_state_owned else None,
        }

    def _return(self, enterprise: Enterprise, quarter: Quarter, values: dict[str, Any]) -> Planned:
        """Mostly by the tenth of the next month; some later."""
        late = self.chance.random() > self.tempers[enterprise.pk].diligence
        days = self.chance.randint(11, 30) if late else self.chance.randint(0, 6)
        made = self.clock.during(min(quarter.next().first_day + datetime.timedelta(days=days), self.clock.today))
        if values["teams_without_members"] and (PARTY, enterprise.pk) in self.cases:
            # The day came, and they are still there.
            due = quarter.first_day + datetime.timedelta(days=30)
            values = {**values, "clearing_plan": _CLEARING_PLAN, "clearing_due": due}
        return self._planned(kind_by_slug(PARTY), enterprise, made, 2, day=quarter.last_day, **values)

    def _leadership(self, enterprise: Enterprise, quarters: Sequence[Quarter]) -> Iterator[Planned]:
        """Once a year, of the year before, by pilots mostly, in the first of these quarters of a year."""
        for year in sorted({quarter.year for quarter in quarters}):
            first = next(quarter for quarter in quarters if quarter.year == year)
            likely = self.tempers[enterprise.pk].diligence if enterprise.is_pilot else 0.2
            period = str(year - 1)
            if (enterprise.pk, period) in self.led or self.chance.random() > likely * 0.85:
                continue
            self.led.add((enterprise.pk, period))
            last = min(first.last_day, self.clock.today) - datetime.timedelta(days=12)
            start = min(first.first_day + datetime.timedelta(days=32), max(last, first.first_day))
            made = start + datetime.timedelta(days=self.chance.randint(0, max((last - start).days, 0)))
            said = _issued_in(year - 1) if enterprise.pk in self.congress else {}
            yield self._planned(
                kind_by_slug(LEADERSHIP),
                enterprise,
                self.clock.during(made),
                5,
                day=first.first_day,
                period=period,
                **said,
            )

    # --- what visitors find ------------------------------------------------------------------------

    def _show(self, enterprise: Enterprise, lectures: list[Planned], quarters: Sequence[Quarter]) -> None:
        """An enterprise with something of everything: approved, returned, waiting, a draft."""
        while len(lectures) < len(_SHOWN_FATES):
            lectures.append(self._lecture(enterprise, self.clock.day_in(quarters[-2])))
        lectures.sort(key=lambda planned: planned.made)
        for planned, fate in zip(lectures[-len(_SHOWN_FATES) :], _SHOWN_FATES, strict=True):
            planned.fate, planned.reason = fate, ""
            planned.sent = min(planned.sent, self.clock.now)
            planned.decided = min(planned.decided, self.clock.now)
            if fate == "correct":
                planned.reason = self.chance.choice(_CORRECTED)
                planned.sent_again = min(self.clock.after(planned.decided, 1, 2), self.clock.now)
                planned.decided_again = min(self.clock.after(planned.sent_again, 1, 2), self.clock.now)
            if fate == "return":
                self._send_back(planned)
            if fate == "wait":
                planned.sent = max(planned.made, self.clock.now - datetime.timedelta(hours=3))

    def _leave_unfinished(self, wave: Wave) -> None:
        """Of each of the other kinds the latest record has come back and the one before is a draft: no list is all done."""
        decided: dict[str, list[Planned]] = {kind.slug: [] for kinds in self.others.values() for kind in kinds}
        for planned in wave.records:
            if planned.fate == "approve" and not planned.is_case and planned.draft.kind_slug() in decided:
                decided[planned.draft.kind_slug()].append(planned)
        for latest in decided.values():
            latest.sort(key=lambda planned: planned.decided)
            if len(latest) > 1:
                self._send_back(latest[-1])
                latest[-2].fate = "draft"

    def _leave_waiting(self, wave: Wave, running: Quarter) -> None:
        """In every county one to five records wait, the latest sent. Whatever else came in is decided; of the latest
        decisions some are returns not corrected yet."""
        of_county: dict[int, list[Planned]] = {enterprise.county_id: [] for enterprise in self.enterprises}
        for planned in wave.records:
            if planned.fate in ("approve", "wait"):
                of_county[planned.draft.filing_enterprise.county_id].append(planned)
        enterprises = {enterprise.pk: enterprise for enterprise in self.enterprises}
        lately = self.clock.now - datetime.timedelta(days=30)
        for county_id, sent in of_county.items():
            if not sent:
                sent.append(self._lecture(enterprises[self._first_of_county[county_id]], self.clock.day_in(running)))
                wave.records.append(sent[0])
            sent.sort(key=lambda planned: (not planned.is_case, planned.sent))
            keep = self.chance.randint(1, 5)
            for planned in sent[:-keep]:
                planned.fate, planned.decided = "approve", min(planned.decided, self.clock.now)
                if planned.decided > lately and not planned.is_case and self.chance.random() < 0.12:
                    self._send_back(planned)
            for planned in sent[-keep:]:
                planned.fate, planned.sent = "wait", min(planned.sent, self.clock.now)
                if planned.draft.period is None and self.chance.random() < _LATELY_SENT:
                    ago = datetime.timedelta(days=self.chance.randint(0, 6))
                    planned.sent = max(planned.sent, self.clock.during(self.clock.today - ago))
