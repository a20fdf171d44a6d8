"""Records by sets, as a province leaves them behind over some quarters: plan first, then base, kind, steps and feed.

The plan is one temporary table with a row for each record: whose it is, of which kind and quarter, which course it took and
when. Everything else follows from it by joins. Waiting records are mostly fresh, some are overdue; a few are drafts, were
returned, taken back, refused, appealed, entered late or had to be handed in twice.
"""

import datetime
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from backoffice.scale.people import PREFIX
from backoffice.scale.pool import STRATUM, TURNS, PooledKind
from backoffice.scale.sql import array, draw, insert_select, literal, make_table, make_table_of, next_keys
from enterprises.models import Enterprise
from foundation.access.models import Role
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.calendar.workdays import add_working_days
from foundation.facts.models import Change
from foundation.places.models import Level, Place
from records.core.kinds import Rhythm
from records.core.periods import counting_quarter, open_quarters
from records.models import (
    Appeal,
    AppealOutcome,
    QuarterStatement,
    Record,
    RecordStep,
    SampleCheck,
    SampleOutcome,
    Status,
)
from records.review.settings import STARTER_PHRASES, SettingsOf

#: At most this share of the records are returns; the rest are events.
RETURNS = 0.4
#: How many returns of a hundred are there once their day has come, and how many of the running quarter already.
FILED, FILED_EARLY = 0.85, 0.12
LATE = 0.012
#: How busy an enterprise is, by its size.
BUSY = "CASE size WHEN 'large' THEN 24 WHEN 'medium' THEN 11 WHEN 'small' THEN 5 ELSE 2 END"
#: How many of a hundred enterprises state a past quarter, and the running one.
STATED, STATED_EARLY = 0.8, 0.06

#: The day in the portal's time zone of a moment of the plan.
_LOCAL_DAY = "(plan.{} AT TIME ZONE 'Asia/Shanghai')::date"

_BEFORE = (
    *("", "", "", "装配车间", "冲压车间", "焊接班组", "质量部", "设备部", "仓储物流部", "技术中心", "一分厂", "二分厂"),
    *(
        "三季度",
        "年度",
        "“五一”",
        "“七一”",
        "国庆",
        "新员工",
        "青年职工",
        "女职工",
        "党支部",
        "工会小组",
        "安全月",
        "质量月",
    ),
    *("夜班", "维修工段", "电气组", "涂装车间", "热处理车间", "机加工车间", "总装线", "实验室", "数控班", "叉车班组"),
)
_AFTER = (
    *(
        "",
        "",
        "",
        "",
        "专场",
        "（上半场）",
        "（下半场）",
        "：动员会",
        "：总结会",
        "：现场观摩",
        "：经验交流",
        "：技能演示",
    ),
    *(
        "：班组长专题",
        "：劳模分享",
        "：师徒结对",
        "：问题答疑",
        "：案例讲解",
        "：线上回放",
        "——机器人焊接",
        "——精益管理",
    ),
    *("——节能降耗", "——设备点检", "——职业健康", "——工伤预防", "——劳动合同", "——数字孪生", "——工业互联网"),
)


class _Step(NamedTuple):
    """One step of a course. ``at``: SQL of its moment from a row of the plan; ``actor``: column of the plan's people."""

    action: str
    before: str
    after: str
    level: str
    actor: str
    at: str
    has_reason: bool = False


def _courses(levels: Sequence[str]) -> dict[str, list[_Step]]:
    """The ways a record of a kind decided at these levels goes, by name."""
    create = _Step("create", "", Status.DRAFT, "", "clerk_id", "created_at")
    submit = _Step("submit", Status.DRAFT, Status.SUBMITTED, "", "clerk_id", "first_submitted_at")
    again = _Step("submit", Status.RETURNED, Status.SUBMITTED, "", "clerk_id", "submitted_at")
    between = "first_submitted_at + (submitted_at - first_submitted_at) / 2"
    first, last = levels[0], levels[-1]
    decider = {"county": "county_officer_id", "city": "city_officer_id"}

    def by(level: str, action: str, after: str, at: str = "decided_at", has_reason: bool = True) -> _Step:
        return _Step(action, Status.SUBMITTED, after, level, decider[level], at, has_reason)

    middle = "submitted_at + (coalesce(decided_at, now()) - submitted_at) / 2"
    climbs = [by(level, "approve", Status.SUBMITTED, middle, False) for level in levels[:-1]]
    approve = by(last, "approve", Status.APPROVED, has_reason=False)
    courses = {
        "draft": [create],
        "waiting": [create, submit],
        "withdrawn": [
            create,
            submit,
            _Step(
                "withdraw", Status.SUBMITTED, Status.WITHDRAWN, first, "clerk_id", "submitted_at + interval '40 min'"
            ),
        ],
        "returned": [create, submit, by(first, "return", Status.RETURNED)],
        "rejected": [create, submit, by(first, "reject", Status.REJECTED)],
        "approved": [create, submit, *climbs, approve],
        "again": [create, submit, by(first, "return", Status.RETURNED, between), again, *climbs, approve],
    }
    if climbs:
        courses["above"] = [create, submit, *climbs]
    return courses


#: In which status each course ends.
_STATUS = {
    "draft": Status.DRAFT,
    "waiting": Status.SUBMITTED,
    "above": Status.SUBMITTED,
    "withdrawn": Status.WITHDRAWN,
    "returned": Status.RETURNED,
    "rejected": Status.REJECTED,
    "approved": Status.APPROVED,
    "again": Status.APPROVED,
}


def make_enterprises(cursor: CursorWrapper) -> None:
    """``scale_enterprise``: every active one with its stratum, how busy it is and who works for it; ``scale_officer``: who
    decides where."""
    key = ", ".join(STRATUM)
    make_table(
        cursor,
        "scale_enterprise",
        f"""
        SELECT place_id AS enterprise_id, province_id, city_id, county_id, headcount, clerk_id,
               dense_rank() OVER (ORDER BY {key})::int AS stratum,
               ceil({BUSY} * (0.4 + 2.4 * power(random(), 3)))::int AS weight
        FROM (SELECT *, pilot_tier <> 'none' AS is_pilot, industry_id ~ '^[BCD]' AS is_industrial
              FROM enterprises_enterprise WHERE is_active) enterprise
        JOIN (SELECT place_id, min(user_id) AS clerk_id FROM access_grant
              WHERE role IN ({literal(Role.CLERK)}, {literal(Role.LEAD)}) GROUP BY place_id) held USING (place_id)
        """,
    )
    make_table(
        cursor,
        "scale_officer",
        f"SELECT places_place.id AS place_id, accounts_user.id AS user_id FROM accounts_user JOIN places_place "
        f"ON username = {literal(PREFIX)} || code WHERE username LIKE {literal(PREFIX + '%')}",
    )


def _make_days(cursor: CursorWrapper, first: datetime.date) -> None:
    """``scale_day``: by when a record handed in on a day in a city is to be decided, until when one refused then may be
    appealed, and the share of the sample."""
    today = timezone.localdate()
    province, cities = Place.objects.get(level=Level.PROVINCE), list(Place.objects.cities())
    settings = SettingsOf({*(city.pk for city in cities), province.pk})
    days = [first + datetime.timedelta(days=number) for number in range((today - first).days + 1)]
    after: dict[tuple[datetime.date, int], datetime.date] = {}
    rows = []
    for city in cities:
        rules = settings.rules(city.pk, province.pk)
        for day in days:
            for count in {rules.review_days, rules.appeal_days}:
                if (day, count) not in after:
                    after[day, count] = add_working_days(day, count)
            decide_by, appeal_until = after[day, rules.review_days], after[day, rules.appeal_days]
            rows.append((city.pk, day, decide_by, appeal_until, rules.sample_percent / 100))
    make_table_of(
        cursor, "scale_day", "city_id bigint, day date, decide_by date, appeal_until date, sampled float", rows
    )


def _make_quarters(cursor: CursorWrapper, quarters: Sequence[Quarter]) -> None:
    """``scale_quarter``: the quarters to fill, with how many of their days are over."""
    today = timezone.localdate()
    rows = [
        (
            number,
            quarter.code,
            quarter.first_day,
            (min(quarter.last_day, today) - quarter.first_day).days + 1,
            quarter.last_day,
            quarter.last_day < today,
        )
        for number, quarter in enumerate(quarters)
    ]
    columns = "quarter_no int, quarter text, first_day date, days int, last_day date, is_over bool"
    make_table_of(cursor, "scale_quarter", columns, rows)


_DRAFT_COLUMNS = """kind_no int, enterprise_id bigint, quarter text, period text, happened_on date, day date,
    title text, is_late bool, created_at timestamptz"""


def _draft_returns(cursor: CursorWrapper, pooled: Sequence[PooledKind], quarters: Sequence[Quarter], most: int) -> int:
    """Put returns into ``scale_draft``: each enterprise and period once, and none that is filed already."""
    planned = []
    for entry in pooled:
        if entry.kind.is_return:
            for period in dict.fromkeys(str(entry.kind.period_of(quarter)) for quarter in quarters):
                counted, _late = counting_quarter(entry.kind, happened_on=None, period=period)
                planned.append((entry, period, counted))
    cursor.execute("SELECT count(*) FROM scale_enterprise")
    possible = sum(FILED for _plan in planned) * cursor.fetchone()[0]
    share = min(1.0, most / possible) if possible else 0
    made = 0
    for entry, period, counted in planned:
        # A yearly return may count in an open quarter before those that are seeded.
        begun = max(counted, quarters[0])
        is_running = entry.kind.rhythm is Rhythm.QUARTERLY and counted == Quarter.current()
        filed = share * (FILED_EARLY if is_running else FILED)
        # Most come in the days around the quarter's end; some of a yearly return's much earlier.
        moment = "last_day - 6 + (random() * random() * 24)::int"
        if is_running or entry.kind.rhythm is Rhythm.ANNUAL:
            moment = "first_day + floor(random() * days)::int"
        cursor.execute(
            f"""
            INSERT INTO scale_draft
            SELECT {entry.number}, enterprise_id, {literal(counted.code)}, {literal(period)}, NULL::date, first_day,
                   {literal(entry.kind.title_for(period))}, false,
                   ({moment} + time '08:30' + random() * interval '9 hours') AT TIME ZONE 'Asia/Shanghai'
            FROM scale_enterprise e CROSS JOIN (SELECT * FROM scale_quarter WHERE quarter = {literal(begun.code)}) q
            WHERE stratum = ANY({array(entry.strata, "int")}) AND random() < {filed} AND NOT EXISTS (
                SELECT FROM records_record r WHERE r.kind = {literal(entry.kind.slug)}
                AND r.enterprise_id = e.enterprise_id AND r.period = {literal(period)})
            ORDER BY random() LIMIT {most - made}
            """
        )
        made += cursor.rowcount
    return made


def _draft_events(cursor: CursorWrapper, pooled: Sequence[PooledKind], quarters: Sequence[Quarter], count: int) -> int:
    """Put events into ``scale_draft``: who is busy has more of them, and common kinds come more often."""
    events = [entry for entry in pooled if not entry.kind.is_return]
    rows = []
    for stratum in {stratum for entry in events for stratum in entry.strata}:
        lots = [
            entry.number
            for entry in events
            if stratum in entry.strata
            for _turn in range(5 if entry.kind.is_common else 2)
        ]
        rows.append((stratum, lots))
    if not rows or not count:
        return 0
    make_table_of(cursor, "scale_stratum", "stratum int, kinds int[]", rows)
    make_table(
        cursor,
        "scale_ticket",
        "SELECT row_number() OVER () AS ticket, enterprise_id, stratum FROM scale_enterprise "
        "JOIN scale_stratum USING (stratum), generate_series(1, weight)",
    )
    cursor.execute("SELECT count(*) FROM scale_ticket")
    tickets = cursor.fetchone()[0]
    cursor.execute("SELECT sum(days) FROM scale_quarter")
    days = cursor.fetchone()[0]
    make_table(
        cursor,
        "scale_calendar",
        "SELECT row_number() OVER (ORDER BY first_day, n) - 1 AS day_no, quarter, (first_day + n)::date AS day "
        "FROM scale_quarter, generate_series(0, days - 1) n",
    )
    # Only what lies before the oldest open quarter is entered late, and counts in that one.
    before, late = quarters[0].previous(), LATE if quarters[0] == open_quarters()[0] else 0
    cursor.execute(
        f"""
        INSERT INTO scale_draft
        SELECT kind_no, enterprise_id, quarter, NULL, happened_on, happened_on,
               {draw(_BEFORE)} || '|' || {draw(_AFTER)}
                   || CASE WHEN random() < 0.35 THEN '第' || 1 + floor(random() * 40)::int || '期' ELSE '' END,
               is_late,
               (CASE WHEN is_late THEN {literal(quarters[0].first_day)}::date + floor(random() * 60)::int
                ELSE happened_on END - floor(ln(1 - random()) * 4)::int
                   + time '08:30' + random() * interval '9 hours') AT TIME ZONE 'Asia/Shanghai'
        FROM (
            SELECT s.kinds[1 + floor(lot * cardinality(s.kinds))::int] AS kind_no, t.enterprise_id, is_late,
                   CASE WHEN is_late THEN {literal(quarters[0].code)} ELSE c.quarter END AS quarter,
                   CASE WHEN is_late THEN {literal(before.first_day)}::date + floor(lot * 80)::int ELSE c.day END
                       AS happened_on
            FROM (SELECT 1 + floor(random() * {tickets})::int AS ticket, floor(random() * {days})::int AS day_no,
                         random() AS lot, random() < {late} AS is_late FROM generate_series(1, {count})) drawn
            JOIN scale_ticket t USING (ticket) JOIN scale_calendar c USING (day_no) JOIN scale_stratum s USING (stratum)
        ) event
        """
    )
    return int(cursor.rowcount)


def _make_plan(cursor: CursorWrapper, pooled: Sequence[PooledKind], count: int) -> None:
    """``scale_plan`` out of ``scale_draft``: the course of each record, its moments and its number, in order of time."""
    first = next_keys(cursor, Record, count)
    climbing = [entry.number for entry in pooled if len(entry.kind.review_levels) > 1]
    make_table(
        cursor,
        "scale_plan",
        f"""
        WITH begun AS (
            SELECT scale_draft.*, least(created_at, now() - random() * interval '40 hours' - interval '2 hours') AS begun_at,
                   random() AS lot, -ln(1 - random()) AS first_lag, -ln(1 - random()) AS second_lag,
                   floor(random() * {TURNS})::int AS turn, random() AS attention
            FROM scale_draft
        ), sent AS (
            SELECT begun.*, least(begun_at + first_lag * interval '7 hours', now() - interval '1 hour') AS sent_at,
                   extract(epoch FROM now() - begun_at)::float / 86400 AS age
            FROM begun
        ), gone AS (
            SELECT sent.*, CASE
                WHEN lot < 0.003 + 0.05 * exp(-age / 20) THEN 'draft'
                WHEN lot < 0.009 + 0.9 * exp(-age / 14) THEN
                    CASE WHEN attention < 0.3 AND kind_no = ANY({array(climbing, "int")}) THEN 'above' ELSE 'waiting' END
                WHEN attention < 0.004 THEN 'withdrawn'
                WHEN attention < 0.014 + 0.03 * exp(-age / 30) THEN 'returned'
                WHEN attention < 0.022 + 0.03 * exp(-age / 30) THEN 'rejected'
                WHEN attention > 0.94 AND age > 20 THEN 'again'
                ELSE 'approved' END AS course
            FROM sent
        ), handed AS (
            SELECT gone.*, CASE WHEN course = 'again' THEN least(sent_at + interval '2 days' + first_lag * interval '4 days',
                                                                 now() - interval '30 minutes') ELSE sent_at END AS handed_at
            FROM gone
        )
        SELECT {first} + row_number() OVER (ORDER BY begun_at) AS id, kind_no, turn, course, quarter, period, happened_on, day,
               title, is_late, begun_at AS created_at, attention, random() AS luck,
               CASE WHEN course <> 'draft' THEN sent_at END AS first_submitted_at,
               CASE WHEN course <> 'draft' THEN handed_at END AS submitted_at,
               CASE WHEN course IN ('returned', 'rejected', 'approved', 'again')
                    THEN least(handed_at + interval '1 hour' + second_lag * interval '3 days', now() - interval '1 minute')
                    END AS decided_at,
               e.enterprise_id, e.province_id, e.city_id, e.county_id, e.stratum, e.clerk_id,
               county.user_id AS county_officer_id, city.user_id AS city_officer_id
        FROM handed JOIN scale_enterprise e USING (enterprise_id)
        JOIN scale_officer county ON county.place_id = e.county_id JOIN scale_officer city ON city.place_id = e.city_id
        """,
    )
    make_table(
        cursor,
        "scale_first",
        "SELECT min(id) AS id FROM scale_plan WHERE course <> 'draft' AND enterprise_id NOT IN "
        "(SELECT enterprise_id FROM records_record WHERE first_submitted_at IS NOT NULL) GROUP BY enterprise_id",
    )


#: Events are titled by their sample, with what goes before and after it; a return's title is given.
_TITLE = (
    "CASE WHEN plan.period IS NOT NULL THEN plan.title ELSE left(split_part(plan.title, '|', 1) || pool.sample_title "
    f"|| split_part(plan.title, '|', 2), {Record._meta.get_field('title').max_length}) END"
)


def _write_bases(cursor: CursorWrapper, pooled: Sequence[PooledKind]) -> int:
    """The base rows of all kinds, in the order of their keys, as they would have come."""
    kinds = [
        (entry.number, entry.kind.slug, *entry.kind.review_levels[:1], *entry.kind.review_levels[-1:])
        for entry in pooled
    ]
    make_table_of(cursor, "scale_kind", "kind_no int, slug text, first_level text, last_level text", kinds)
    ends = [
        (entry.number, course, len(steps), _STATUS[course])
        for entry in pooled
        for course, steps in _courses(entry.kind.review_levels).items()
    ]
    make_table_of(cursor, "scale_end", "kind_no int, course text, version int, status text", ends)
    make_table(
        cursor,
        "scale_sample",
        " UNION ALL ".join(
            f"SELECT {entry.number} AS kind_no, stratum, turn, sample_title, people, times FROM {entry.table}"
            for entry in pooled
        ),
    )
    reasons = {
        "duplicate": (3, "luck < 0.02"),
        "times": (3, "luck BETWEEN 0.02 AND 0.026"),
        "part": (3, "luck BETWEEN 0.026 AND 0.03"),
        "late": (1, "is_late"),
        "first": (1, "first.id IS NOT NULL"),
        "again": (1, "course = 'again'"),
    }
    codes = ", ".join(f"CASE WHEN {when} THEN {literal(code)} END" for code, (_weight, when) in reasons.items())
    risk = " + ".join(f"CASE WHEN {when} THEN {weight} ELSE 0 END" for weight, when in reasons.values())
    phrase = draw([str(text) for text in STARTER_PHRASES])
    return insert_select(
        cursor,
        Record,
        {
            "id": "plan.id",
            "kind": "slug",
            "title": _TITLE,
            **{name: f"plan.{name}_id" for name in ("enterprise", "province", "city", "county")},
            "happened_on": "plan.happened_on",
            "quarter": "plan.quarter",
            "period": "plan.period",
            "is_late_entry": "plan.is_late",
            "number_of_people": "pool.people",
            "attendances": "pool.times",
            "status": "status",
            "held_by": "CASE course WHEN 'waiting' THEN first_level WHEN 'above' THEN last_level ELSE '' END",
            "reason": f"CASE WHEN course IN ('returned', 'rejected') THEN {phrase} ELSE '' END",
            "version": "version",
            "created_by": "plan.clerk_id",
            "submitted_by": "CASE WHEN course <> 'draft' THEN plan.clerk_id END",
            "created_at": "plan.created_at",
            "updated_at": "coalesce(plan.decided_at, plan.submitted_at, plan.created_at)",
            "first_submitted_at": "plan.first_submitted_at",
            "submitted_at": "plan.submitted_at",
            "decided_at": "plan.decided_at",
            "decide_by": "handed.decide_by",
            "appeal_until": "CASE WHEN course = 'rejected' THEN decided.appeal_until END",
            "risk": f"CASE WHEN course = 'draft' THEN 0 ELSE {risk} END",
            "risk_reasons": f"CASE WHEN course = 'draft' THEN '' ELSE concat_ws(',', {codes}) END",
            "is_flagged": "course IN ('approved', 'again') AND luck BETWEEN 0.5 AND 0.504",
            "is_sampled": "course IN ('approved', 'again') AND random() < coalesce(decided.sampled, 0)",
        },
        f"""
        FROM scale_plan plan JOIN scale_kind USING (kind_no) JOIN scale_end USING (kind_no, course)
        JOIN scale_sample pool USING (kind_no, stratum, turn)
        LEFT JOIN scale_first first ON first.id = plan.id
        LEFT JOIN scale_day handed ON handed.city_id = plan.city_id AND handed.day = {_LOCAL_DAY.format("submitted_at")}
        LEFT JOIN scale_day decided ON decided.city_id = plan.city_id AND decided.day = {_LOCAL_DAY.format("decided_at")}
        ORDER BY plan.id
        """,
    )


def _from_plan(entry: PooledKind) -> str:
    return (
        f"FROM scale_plan plan JOIN {entry.table} pool USING (stratum, turn) "
        f"WHERE plan.kind_no = {entry.number} ORDER BY plan.id"
    )


def _moved(entry: PooledKind, column: str) -> str:
    """A day of the sample, as far from the record's day as it was from the sample's; of a year's return the same day of
    its year."""
    current = Quarter.current()
    if entry.kind.rhythm is Rhythm.ANNUAL:
        sampled = literal(entry.kind.period_of(current))
        return f"""(pool."{column}" + (plan.period::int - {sampled}::int) * interval '1 year')::date"""
    return f'pool."{column}" + (plan.day - {literal(current.first_day)}::date)'


def _write_children(cursor: CursorWrapper, entry: PooledKind) -> None:
    values = {field.name: f'pool."{field.column}"' for field in entry.own_fields}
    values |= {field.name: _moved(entry, field.column) for field in entry.own_fields if field.column in entry.own_dates}
    insert_select(cursor, entry.kind.model, {entry.kind.model._meta.pk.name: "plan.id", **values}, _from_plan(entry))


def _write_lines(cursor: CursorWrapper, entry: PooledKind) -> None:
    """The lines of every record, as its sample has them among the values a step keeps."""
    for lines in entry.kind.lines:
        fields = lines.model.own_fields()
        cells = ", ".join(f"{literal(field.column)}, line.said -> {literal(field.name)}" for field in fields)
        insert_select(
            cursor,
            lines.model,
            {
                "record": "plan.id",
                "position": "line.position",
                **{field.name: f'own."{field.column}"' for field in fields},
            },
            f"FROM scale_plan plan JOIN {entry.table} pool USING (stratum, turn), "
            f"jsonb_array_elements(pool.said -> {literal(lines.name)}) WITH ORDINALITY AS line(said, position), "
            f'jsonb_populate_record(NULL::"{lines.model._meta.db_table}", jsonb_build_object({cells})) own '
            f"WHERE plan.kind_no = {entry.number} ORDER BY plan.id, line.position",
        )


def _write_steps(cursor: CursorWrapper, entry: PooledKind) -> None:
    """The steps of every record, each with the values that stood: they do not differ between the steps of the seed."""
    said = ["'period', plan.period"]
    said += [f"'{name}', plan.{name}" for name in ("happened_on",) if name in entry.kind.fields]
    said += [f"'title', {_TITLE}" for name in ("title",) if name in entry.kind.fields]
    said += [f"'{column}', {_moved(entry, column)}" for column in entry.own_dates]
    courses = _courses(entry.kind.review_levels)
    columns = ("action", "before", "after", "level", "actor", "at", "has_reason")
    rows = [
        (course, *([getattr(step, column) for step in steps] for column in columns))
        for course, steps in courses.items()
    ]
    types = ", ".join(f'"{column}s" {"bool" if column == "has_reason" else "text"}[]' for column in columns)
    make_table_of(cursor, "scale_course", f"course text, {types}", rows)
    steps = [step for course in courses.values() for step in course]
    moments = " ".join(f"WHEN {literal(at)} THEN {at}" for at in dict.fromkeys(step.at for step in steps))
    actors = " ".join(f"WHEN {literal(actor)} THEN {actor}" for actor in dict.fromkeys(step.actor for step in steps))
    # Steps get their keys in the order of the course: OFFSET 0 keeps the planner from unfolding the courses first.
    arrays = ", ".join(f'"{column}s"' for column in columns)
    insert_select(
        cursor,
        RecordStep,
        {
            "record": "filed.id",
            "action": "step.action",
            "from_status": "step.before",
            "to_status": "step.after",
            "level": "step.level",
            "actor": f"CASE step.actor {actors} END",
            "reason": f"CASE WHEN step.has_reason THEN {draw([str(text) for text in STARTER_PHRASES])} ELSE '' END",
            "version": "step.version",
            "values": "filed.said",
            "at": f"CASE step.at {moments} END",
        },
        f"FROM (SELECT plan.*, {arrays}, pool.said || jsonb_build_object({', '.join(said)}) AS said "
        f"FROM scale_plan plan JOIN {entry.table} pool USING (stratum, turn) JOIN scale_course USING (course) "
        f"WHERE plan.kind_no = {entry.number} ORDER BY plan.id OFFSET 0) filed, "
        f"unnest({arrays}) WITH ORDINALITY AS step({', '.join(columns)}, version)",
    )


def _write_feed(cursor: CursorWrapper, pooled: Sequence[PooledKind]) -> None:
    """The change feed: of each record handed in its last move."""
    kinds = " ".join(f"WHEN {entry.number} THEN {literal(entry.kind.slug)}" for entry in pooled)
    insert_select(
        cursor,
        Change,
        {
            "source": f"CASE kind_no {kinds} END",
            "place": "enterprise_id",
            "quarter": "quarter",
            "subject": "id",
            "action": "CASE course WHEN 'waiting' THEN 'submit' WHEN 'withdrawn' THEN 'withdraw' "
            "WHEN 'returned' THEN 'return' WHEN 'rejected' THEN 'reject' ELSE 'approve' END",
            "at": "coalesce(decided_at, submitted_at)",
        },
        "FROM scale_plan WHERE course <> 'draft' ORDER BY id",
    )


def _write_review(cursor: CursorWrapper) -> None:
    """What cities looked at of their sample, and what became of appeals."""
    insert_select(
        cursor,
        SampleCheck,
        {
            "record": "r.id",
            "version": "r.version",
            "outcome": literal(SampleOutcome.PASSED),
            "checked_by": "officer.user_id",
            "checked_at": "least(r.decided_at + interval '1 day' + random() * interval '20 days', now())",
        },
        "FROM records_record r JOIN scale_plan plan USING (id) JOIN scale_officer officer ON officer.place_id = r.city_id "
        "WHERE r.status = 'approved' AND (r.is_sampled OR r.is_flagged OR r.risk >= 3) "
        "AND random() < CASE WHEN r.decided_at < now() - interval '30 days' THEN 0.7 ELSE 0.2 END",
    )
    fresh = "plan.decided_at > now() - interval '12 days'"
    insert_select(
        cursor,
        Appeal,
        {
            "record": "plan.id",
            **{name: f"plan.{name}_id" for name in ("province", "city", "county", "enterprise")},
            "rejected_by_level": literal("county"),
            "rejected_by": "plan.county_officer_id",
            "held_by": literal("city"),
            "decide_by": "day.decide_by",
            "reason": literal("活动确已开展，签到表和照片可以提供，请求复核。"),
            "made_by": "plan.clerk_id",
            "made_at": "least(plan.decided_at + interval '1 day', now())",
            "outcome": f"CASE WHEN {fresh} THEN {literal(AppealOutcome.OPEN)} ELSE {literal(AppealOutcome.UPHELD)} END",
            "answer": f"CASE WHEN {fresh} THEN '' ELSE '经复核，材料不能证明活动当日开展，维持驳回。' END",
            "decided_by": f"CASE WHEN NOT {fresh} THEN plan.city_officer_id END",
            "decided_at": f"CASE WHEN NOT {fresh} THEN plan.decided_at + interval '4 days' END",
        },
        "FROM scale_plan plan JOIN scale_day day ON day.city_id = plan.city_id "
        f"AND day.day = {_LOCAL_DAY.format('decided_at')} "
        "WHERE course = 'rejected' AND luck < 0.15",
    )
    for action, at, actor, level, reason in (
        ("appeal", "made_at", "made_by_id", "held_by", "reason"),
        ("uphold", "decided_at", "decided_by_id", "held_by", "answer"),
    ):
        insert_select(
            cursor,
            RecordStep,
            {
                "record": "r.id",
                "action": literal(action),
                "from_status": literal(Status.REJECTED),
                "to_status": literal(Status.REJECTED),
                "level": f"appeal.{level}",
                "actor": f"appeal.{actor}",
                "reason": f"appeal.{reason}",
                "version": "r.version",
                "values": "last.values",
                "at": f"appeal.{at}",
            },
            "FROM records_appeal appeal JOIN scale_plan plan ON plan.id = appeal.record_id "
            "JOIN records_record r ON r.id = appeal.record_id JOIN records_recordstep last "
            f"ON last.record_id = r.id AND last.action = 'reject' WHERE appeal.{actor} IS NOT NULL",
        )


def _write_statements(cursor: CursorWrapper) -> None:
    """季度确认 of most enterprises for the quarters that are over; 零报告 where nothing happened."""
    insert_select(
        cursor,
        QuarterStatement,
        {
            **{name: f"e.{name}_id" for name in ("enterprise", "province", "city", "county")},
            "quarter": "q.quarter",
            "is_nil": "filed.quarter IS NULL",
            "made_by": "e.clerk_id",
            "made_at": "least(((last_day - 3 + (random() * 14)::int) + time '10:00' + random() * interval '6 hours') "
            "AT TIME ZONE 'Asia/Shanghai', now() - random() * interval '10 days')",
        },
        f"""
        FROM scale_enterprise e CROSS JOIN scale_quarter q
        LEFT JOIN (SELECT DISTINCT enterprise_id, quarter FROM records_record
                   WHERE period IS NULL AND status NOT IN ('rejected', 'withdrawn')) filed
            ON filed.enterprise_id = e.enterprise_id AND filed.quarter = q.quarter
        WHERE random() < CASE WHEN is_over THEN {STATED} ELSE {STATED_EARLY} END AND NOT EXISTS (
            SELECT FROM records_quarterstatement s WHERE s.enterprise_id = e.enterprise_id AND s.quarter = q.quarter)
        ORDER BY q.quarter_no, e.enterprise_id
        """,
    )


def _write_audit(cursor: CursorWrapper, origin: str) -> None:
    """One entry for each enterprise, as the bulk actions leave it."""
    insert_select(
        cursor,
        Entry,
        {
            "actor_label": literal("system"),
            "event": literal("records.created"),
            "target_type": literal(Enterprise._meta.label_lower),
            "target_id": "e.place_id::text",
            "label": "e.name",
            **{name: f"e.{name}_id" for name in ("province", "city", "county")},
            "enterprise": "e.place_id",
            "note": f"count || ' 条。' || {literal(origin)}",
        },
        "FROM (SELECT enterprise_id AS place_id, count(*) FROM scale_plan GROUP BY enterprise_id) made "
        "JOIN enterprises_enterprise e USING (place_id)",
    )


#: The tables a seed of records writes, besides those of the kinds.
WRITTEN = (Record, RecordStep, Change, QuarterStatement, SampleCheck, Appeal)


def plan_records(cursor: CursorWrapper, pooled: Sequence[PooledKind], quarters: Sequence[Quarter], count: int) -> int:
    """Make the plan of that many records over these open quarters. Returns how many there are: fewer only where no kind
    applies."""
    _make_days(cursor, quarters[0].first_day)
    _make_quarters(cursor, quarters)
    cursor.execute(
        f"DROP TABLE IF EXISTS scale_draft; CREATE TEMPORARY TABLE scale_draft ({_DRAFT_COLUMNS}) ON COMMIT DROP"
    )
    returns = _draft_returns(cursor, pooled, quarters, int(count * RETURNS))
    made = returns + _draft_events(cursor, pooled, quarters, count - returns)
    cursor.execute("ANALYZE scale_draft")
    _make_plan(cursor, pooled, made)
    return made


def write_records(cursor: CursorWrapper, pooled: Sequence[PooledKind], say: Callable[[str], None]) -> None:
    """The planned records: base rows, then each kind's rows and steps."""
    say(f"records: {_write_bases(cursor, pooled)} base rows")
    for entry in pooled:
        _write_children(cursor, entry)
        _write_lines(cursor, entry)
        _write_steps(cursor, entry)
    say("records: rows of the kinds and steps")


def write_trail(cursor: CursorWrapper, pooled: Sequence[PooledKind], origin: str) -> None:
    """What stands beside the records: feed, samples, appeals, statements, audit log."""
    _write_feed(cursor, pooled)
    _write_statements(cursor)
    _write_audit(cursor, origin)


def write_review(cursor: CursorWrapper) -> None:
    """Looked up by record: once the indexes are back."""
    _write_review(cursor)
