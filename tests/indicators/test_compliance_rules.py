"""Vectors of every rule of compliance: what holds, what is broken, what it does not apply to, what nobody stated.

No database: a rule judges what its inputs gave. What a business rule finds at hand-in is found here by that rule itself."""

import datetime
from decimal import Decimal

import pytest

from enterprises.models import Body, BodyKind, Enterprise, Ownership, PilotTier
from foundation.calendar.periods import Quarter
from indicators.compliance.declaring import Case, Deadlines, all_rules, rule_by_code
from indicators.compliance.inputs import Broken, Filed, Owed, StaffFigures
from records.core.business_rules import found_by
from records.core.kinds import kind_by_slug

Q3 = Quarter(2026, 3)
TODAY = datetime.date(2026, 11, 30)
PK = 7
HOLDS, BROKEN, NOT_APPLICABLE, NOT_STATED = "holds", "broken", "not_applicable", "not_stated"


def enterprise(**values) -> Enterprise:
    given = {
        "place_id": PK,
        "name": "江宁示例机械有限公司",
        "ownership": Ownership.PRIVATE,
        "industry_id": "C",
        "headcount": 200,
        "has_union": True,
        "has_party_organisation": True,
    }
    return Enterprise(**{**given, **values})


def told(slug: str, *, of: Enterprise, period: str = "2025", lines: tuple[dict, ...] = (), **values) -> Filed:
    """An approved record with the breaches that its kind's rules find of it."""
    kind = kind_by_slug(slug)
    record = kind.model(enterprise=of, period=None if "happened_on" in values else period, **values)
    for declared in kind.lines:
        setattr(record, declared.name, tuple(declared.model(**line) for line in lines))
    found = [one for one in found_by(kind.rules, record) if not one.problem.is_gap]
    breaches = tuple(Broken(one.rule.code, one.problem.message, one.problem.is_unstated) for one in found)
    kept = {name: getattr(record, name, None) for name in kind.fields}
    return Filed(1, record.period or "", record.happened_on, kept, breaches, lines)


def judge(
    code: str,
    *filed: Filed,
    of: Enterprise | None = None,
    today: datetime.date = TODAY,
    tier: str = PilotTier.CITY,
    quarter: Quarter = Q3,
    given: dict | None = None,
):
    """The rule's outcome. ``filed``: what its record input gives (one return, or the year's events)."""
    rule = rule_by_code(code)
    of = of or enterprise()
    found: dict = {}
    for source in rule.reads:
        name = type(source).__name__
        if name == "Return" and filed:
            found[source] = {PK: filed[-1]}
        elif name in ("Returns", "Events") and filed:
            found[source] = {PK: list(filed)}
        elif given and name in given:
            found[source] = {PK: given[name]}
        else:
            found[source] = {}
    deadlines = Deadlines(datetime.date(2026, 10, 10), {"2025": datetime.date(2026, 3, 31)})
    day = min(quarter.last_day, today)
    return rule.judge(Case(of, tier, quarter, day, today, deadlines, found))


SESSION = {
    "title": "职代会",
    "happened_on": datetime.date(2026, 5, 20),
    "form": "congress",
    "sort": "regular",
    "representatives": 61,
    "present": 50,
    "managers": 10,
    "papers_sent_on": datetime.date(2026, 5, 10),
    "secret_ballot": True,
    "heard_safety_report": True,
}
VOTED = ({"topic": "集体合同草案", "sort": "approve", "votes_for": 31, "result": "passed"},)


def session(*, of: Enterprise | None = None, lines: tuple[dict, ...] = VOTED, **values) -> Filed:
    return told("rights.congresssession", of=of or enterprise(), lines=lines, **{**SESSION, **values})


def _return(slug: str, **values):
    return lambda of: (told(slug, of=of, **values),)


def _sessions(**values):
    return lambda of: (session(of=of, **values),)


def _nothing(of):
    return ()


STATE, NO_PARTY = {"ownership": Ownership.STATE}, {"has_party_organisation": False}
SERVICE = {"industry_id": "I"}
LEADER = {"has_leading_body": True, "led_by_principal": True, "leader_post": "党委书记", "has_plan": True}
AGREED = {
    "sort": "general",
    "signed_on": datetime.date(2025, 6, 1),
    "ends_on": datetime.date(2027, 5, 31),
    "people": 150,
    "filed_on": datetime.date(2025, 6, 8),
}
OUTSIDER = {"tier": PilotTier.NONE}

#: (rule, what it is, the finding, what was filed, of which enterprise, what else)
VECTORS = [
    ("A06", "纳入考核", HOLDS, _return("ideology.partyassessment", included=True, basis="考核办法"), {}, {}),
    ("A06", "没有纳入", BROKEN, _return("ideology.partyassessment", included=False), {}, {}),
    ("A06", "没有党组织", NOT_APPLICABLE, _nothing, NO_PARTY, {}),
    ("A06", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("P02", "没有空白班组", HOLDS, _return("ideology.partydevelopment", teams_without_members=0), STATE, {}),
    (
        "P02",
        "有计划",
        HOLDS,
        _return(
            "ideology.partydevelopment",
            teams_without_members=2,
            clearing_plan="结对",
            clearing_due=datetime.date(2026, 10, 1),
        ),
        STATE,
        {},
    ),
    (
        "P02",
        "计划到期",
        BROKEN,
        _return(
            "ideology.partydevelopment",
            teams_without_members=2,
            clearing_plan="结对",
            clearing_due=datetime.date(2026, 9, 30),
        ),
        STATE,
        {},
    ),
    ("P02", "没有写计划", NOT_STATED, _return("ideology.partydevelopment", teams_without_members=2), STATE, {}),
    ("P02", "不是国有", NOT_APPLICABLE, _nothing, {}, {}),
    ("P02", "没有填报", NOT_STATED, _nothing, STATE, {}),
    ("R02", "有支出", HOLDS, _return("skills.trainingfund", spent=Decimal(95), frontline=Decimal(60)), {}, {}),
    ("R02", "没有支出", BROKEN, _return("skills.trainingfund", spent=Decimal(0), frontline=Decimal(0)), {}, {}),
    ("R02", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R03", "正好60%", HOLDS, _return("skills.trainingfund", spent=Decimal(100), frontline=Decimal(60)), {}, {}),
    ("R03", "差一分", BROKEN, _return("skills.trainingfund", spent=Decimal(100), frontline=Decimal("59.99")), {}, {}),
    ("R03", "没有支出", NOT_APPLICABLE, _return("skills.trainingfund", spent=Decimal(0), frontline=Decimal(0)), {}, {}),
    ("R03", "没有填一线", NOT_STATED, _return("skills.trainingfund", spent=Decimal(100)), {}, {}),
    ("R01", "限额以内", HOLDS, _return("skills.trainingfund", spent=Decimal(70)), {}, {"Wages": {2025: Decimal(1000)}}),
    (
        "R01",
        "没有支出",
        NOT_APPLICABLE,
        _return("skills.trainingfund", spent=Decimal(0)),
        {},
        {"Wages": {2025: Decimal(1000)}},
    ),
    ("R01", "不知道工资总额", NOT_STATED, _return("skills.trainingfund", spent=Decimal(95)), {}, {}),
    ("A01", "一把手任组长", HOLDS, _return("services.leadership", **LEADER), {}, {}),
    ("A01", "不是一把手", BROKEN, _return("services.leadership", **{**LEADER, "led_by_principal": False}), {}, {}),
    (
        "A01",
        "没有领导机构",
        BROKEN,
        _return("services.leadership", **{**LEADER, "has_leading_body": False, "led_by_principal": None}),
        {},
        {},
    ),
    ("A01", "不是试点", NOT_APPLICABLE, _nothing, {}, OUTSIDER),
    ("A01", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("A02", "经审议", HOLDS, _return("services.leadership", **LEADER, reviewed_by_congress=True), {}, {}),
    ("A02", "没有审议", BROKEN, _return("services.leadership", **LEADER, reviewed_by_congress=False), {}, {}),
    (
        "A02",
        "没有方案",
        NOT_APPLICABLE,
        _return("services.leadership", **{**LEADER, "has_plan": False}, reviewed_by_congress=False),
        {},
        {},
    ),
    ("A02", "没有填", NOT_STATED, _return("services.leadership", **LEADER), {}, {}),
    ("R10", "开过", HOLDS, _sessions(), {}, {}),
    ("R10", "还没有记录", NOT_STATED, _nothing, {}, {}),
    ("R10", "上年确认没有", BROKEN, _nothing, {}, {"Statements": frozenset({"2025Q1", "2025Q2", "2025Q3", "2025Q4"})}),
    ("R10", "上年只确认三个季度", NOT_STATED, _nothing, {}, {"Statements": frozenset({"2025Q1", "2025Q2", "2025Q3"})}),
    ("R11", "61 人到 41 人", HOLDS, _sessions(present=41), {}, {}),
    ("R11", "61 人到 40 人", BROKEN, _sessions(present=40), {}, {}),
    ("R11", "确认没有开会", NOT_APPLICABLE, _nothing, {}, {"Statements": frozenset({"2026Q1", "2026Q2", "2026Q3"})}),
    ("R11", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R12", "61 人中 31 票", HOLDS, _sessions(), {}, {}),
    (
        "R12",
        "60 人到 45 人 30 票",
        BROKEN,
        _sessions(representatives=60, present=45, lines=({**VOTED[0], "votes_for": 30},)),
        {},
        {},
    ),
    ("R12", "没有表决", NOT_APPLICABLE, _sessions(lines=({"topic": "安全", "sort": "oversee"},)), {}, {}),
    ("R12", "没有填表决方式", NOT_STATED, _sessions(secret_ballot=None), {}, {}),
    ("R13", "提前七日", HOLDS, _sessions(papers_sent_on=datetime.date(2026, 5, 13)), {}, {}),
    ("R13", "提前六日", BROKEN, _sessions(papers_sent_on=datetime.date(2026, 5, 14)), {}, {}),
    ("R13", "没有填日期", NOT_STATED, _sessions(papers_sent_on=None), {}, {}),
    ("R13", "确认没有开会", NOT_APPLICABLE, _nothing, {}, {"Statements": frozenset({"2026Q1", "2026Q2", "2026Q3"})}),
    ("R14", "管理人员 20%", HOLDS, _sessions(representatives=60, managers=12), {}, {}),
    ("R14", "管理人员过多", BROKEN, _sessions(representatives=60, managers=13), {}, {}),
    ("R14", "百人以上开职工大会", BROKEN, _sessions(form="general"), {"headcount": 100}, {}),
    ("R14", "不足百人开职工大会", HOLDS, _sessions(form="general"), {"headcount": 99}, {}),
    ("R14", "没有填管理人员", NOT_STATED, _sessions(managers=None), {}, {}),
    ("R14", "确认没有开会", NOT_APPLICABLE, _nothing, {}, {"Statements": frozenset({"2026Q1", "2026Q2", "2026Q3"})}),
    ("F13", "听取", HOLDS, _sessions(), {}, {}),
    ("F13", "没有听取", BROKEN, _sessions(heard_safety_report=False), {}, {}),
    ("F13", "没有填", NOT_STATED, _sessions(heard_safety_report=None), {}, {}),
    ("F13", "确认没有开会", NOT_APPLICABLE, _nothing, {}, {"Statements": frozenset({"2026Q1", "2026Q2", "2026Q3"})}),
    ("R35", "有效", HOLDS, _return("rights.contract", covered=150, lines=(AGREED,)), {}, {}),
    (
        "R35",
        "已经期满",
        BROKEN,
        _return("rights.contract", covered=150, lines=({**AGREED, "ends_on": datetime.date(2026, 9, 29)},)),
        {},
        {},
    ),
    (
        "R35",
        "当天期满仍有效",
        HOLDS,
        _return("rights.contract", covered=150, lines=({**AGREED, "ends_on": datetime.date(2026, 9, 30)},)),
        {},
        {},
    ),
    ("R35", "没有合同", BROKEN, _return("rights.contract", covered=0), {}, {}),
    ("R35", "没有写期限", NOT_STATED, _return("rights.contract", covered=20), {}, {}),
    ("R35", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R38", "协商过", HOLDS, _return("rights.contract", negotiated=True), {}, {}),
    ("R38", "没有协商", BROKEN, _return("rights.contract", negotiated=False), {}, {}),
    ("R38", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R31", "已报送", HOLDS, _return("rights.contract", lines=(AGREED,)), {}, {}),
    ("R31", "没有填报送日期", NOT_STATED, _return("rights.contract", lines=({**AGREED, "filed_on": None},)), {}, {}),
    ("R31", "没有合同", NOT_APPLICABLE, _return("rights.contract", covered=0), {}, {}),
    (
        "R35-filing",
        "十日内",
        HOLDS,
        _return("rights.contract", lines=({**AGREED, "filed_on": datetime.date(2025, 6, 11)},)),
        {},
        {},
    ),
    (
        "R35-filing",
        "第十一日",
        BROKEN,
        _return("rights.contract", lines=({**AGREED, "filed_on": datetime.date(2025, 6, 12)},)),
        {},
        {},
    ),
    ("R35-filing", "没有合同", NOT_APPLICABLE, _return("rights.contract", covered=0), {}, {}),
    ("R35-filing", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R35-term", "两年", HOLDS, _return("rights.contract", lines=(AGREED,)), {}, {}),
    ("R35-term", "工资合同两年", BROKEN, _return("rights.contract", lines=({**AGREED, "sort": "wages"},)), {}, {}),
    ("R35-term", "没有合同", NOT_APPLICABLE, _return("rights.contract", covered=0), {}, {}),
    ("R35-term", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R35-report", "报告过", HOLDS, _return("rights.contract", performance_reported=True, lines=(AGREED,)), {}, {}),
    ("R35-report", "没有报告", BROKEN, _return("rights.contract", performance_reported=False, lines=(AGREED,)), {}, {}),
    ("R35-report", "没有合同", NOT_APPLICABLE, _return("rights.contract", covered=0), {}, {}),
    ("R35-report", "没有填", NOT_STATED, _return("rights.contract", lines=(AGREED,)), {}, {}),
    ("W03", "全部签订", HOLDS, _return("rights.labourcontract", due=200, signed=200), {}, {}),
    ("W03", "差一人", BROKEN, _return("rights.labourcontract", due=200, signed=199), {}, {}),
    ("W03", "没有应签的", NOT_APPLICABLE, _return("rights.labourcontract", due=0, signed=0), {}, {}),
    ("W03", "没有填", NOT_STATED, _return("rights.labourcontract", due=200), {}, {}),
    ("W01", "全员参保", HOLDS, _return("rights.insurance", due=200, all_insured=True), {}, {}),
    ("W01", "没有全员参保", BROKEN, _return("rights.insurance", due=200, all_insured=False, pension=190), {}, {}),
    ("W01", "没有应参保的", NOT_APPLICABLE, _return("rights.insurance", due=0, all_insured=True), {}, {}),
    ("W01", "没有填", NOT_STATED, _return("rights.insurance", due=200), {}, {}),
    ("W04", "没有拖欠", HOLDS, _return("rights.relations", has_arrears=False, in_arrears=0), {}, {}),
    ("W04", "有拖欠", BROKEN, _return("rights.relations", has_arrears=True, in_arrears=3), {}, {}),
    ("W04", "没有填", NOT_STATED, _return("rights.relations"), {}, {}),
    ("R40", "都按期", HOLDS, _return("rights.relations", taken_up=4, in_time=4), {}, {}),
    ("R40", "一件超期", BROKEN, _return("rights.relations", taken_up=4, in_time=3), {}, {}),
    ("R40", "没有受理", NOT_APPLICABLE, _return("rights.relations", taken_up=0), {}, {}),
    ("R40", "没有填按期", NOT_STATED, _return("rights.relations", taken_up=4), {}, {}),
    ("R50", "按期整改", HOLDS, _return("rights.hazard", found=5, rectified=5, in_time=5), {}, {}),
    ("R50", "有超期", BROKEN, _return("rights.hazard", found=5, rectified=5, in_time=4), {}, {}),
    ("R50", "没有整改的", NOT_APPLICABLE, _return("rights.hazard", found=0, rectified=0), {}, {}),
    ("R50", "没有填按期", NOT_STATED, _return("rights.hazard", found=5, rectified=5), {}, {}),
    ("R51", "都报告了", HOLDS, _return("rights.hazard", major=2, reported=2), {}, {}),
    ("R51", "一条没有报告", BROKEN, _return("rights.hazard", major=2, reported=1), {}, {}),
    ("R51", "没有重大隐患", NOT_APPLICABLE, _return("rights.hazard", major=0), {}, {}),
    ("R51", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R51-closed", "都销号了", HOLDS, _return("rights.hazard", major=2, still_open=0), {}, {}),
    ("R51-closed", "还有未销号", BROKEN, _return("rights.hazard", major=0, still_open=1), {}, {}),
    ("R51-closed", "没有重大隐患", NOT_APPLICABLE, _return("rights.hazard", major=0, still_open=0), {}, {}),
    ("R51-closed", "没有填未销号", NOT_STATED, _return("rights.hazard", major=2), {}, {}),
    ("R54", "签了字", HOLDS, _return("rights.hazard", signed=True), {}, {}),
    ("R54", "没有签字", BROKEN, _return("rights.hazard", signed=False), {}, {}),
    ("R54", "没有填", NOT_STATED, _return("rights.hazard"), {}, {}),
    ("W02", "报送了", HOLDS, _return("rights.safety", reported_risks=True), {}, {}),
    ("W02", "没有报送", BROKEN, _return("rights.safety", reported_risks=False), {}, {}),
    ("W02", "不是工业", NOT_APPLICABLE, _return("rights.safety"), SERVICE, {}),
    ("W02", "没有填报", NOT_STATED, _nothing, {}, {}),
    ("R55", "都检查了", HOLDS, _return("rights.safety", has_exposed_posts=True, exposed=30, examined=30), {}, {}),
    ("R55", "一人没有检查", BROKEN, _return("rights.safety", has_exposed_posts=True, exposed=30, examined=29), {}, {}),
    (
        "R55",
        "没有接害岗位",
        NOT_APPLICABLE,
        _return("rights.safety", has_exposed_posts=False, exposed=0, examined=0),
        {},
        {},
    ),
    ("R55", "没有填已检", NOT_STATED, _return("rights.safety", has_exposed_posts=True, exposed=30), {}, {}),
    ("R18", "有工会", HOLDS, _nothing, {}, {"Staff": StaffFigures(2025, 200, 150)}),
    ("R18", "25 人没有工会", BROKEN, _nothing, {"has_union": False}, {"Staff": StaffFigures(2025, 200, 25)}),
    ("R18", "24 人", NOT_APPLICABLE, _nothing, {"has_union": False}, {"Staff": StaffFigures(2025, 200, 24)}),
    ("R18", "不知道会员数", NOT_STATED, _nothing, {"has_union": False}, {}),
    ("R17", "有职工董事", HOLDS, _nothing, {"headcount": 300}, {"Board": {"employee_directors": 1, "board_seats": 5}}),
    (
        "R17",
        "300 人没有职工董事",
        BROKEN,
        _nothing,
        {"headcount": 300},
        {"Board": {"employee_directors": 0, "employee_supervisors": 0, "supervisory_seats": 3}},
    ),
    ("R17", "299 人", NOT_APPLICABLE, _nothing, {"headcount": 299}, {}),
    ("R17", "没有登记席位", NOT_STATED, _nothing, {"headcount": 300}, {}),
    ("R17", "不知道人数", NOT_STATED, _nothing, {"headcount": None}, {}),
    ("R17-third", "三席一人", HOLDS, _nothing, {}, {"Board": {"supervisory_seats": 3, "employee_supervisors": 1}}),
    ("R17-third", "四席一人", BROKEN, _nothing, {}, {"Board": {"supervisory_seats": 4, "employee_supervisors": 1}}),
    ("R17-third", "没有监事会", NOT_APPLICABLE, _nothing, {}, {"Board": {"supervisory_seats": 0}}),
    ("R17-third", "没有登记", NOT_STATED, _nothing, {}, {}),
    ("A05", "三员齐全", HOLDS, _nothing, {"instructor": "张某", "liaison": "李某", "observer": "王某"}, {}),
    ("A05", "缺观察员", BROKEN, _nothing, {"instructor": "张某", "liaison": "李某"}, {}),
    ("A05", "不是试点", NOT_APPLICABLE, _nothing, {}, OUTSIDER),
    ("A05", "不是试点，登记了一员", NOT_APPLICABLE, _nothing, {"instructor": "张某"}, OUTSIDER),
    ("A05", "都没有填", NOT_STATED, _nothing, {}, {}),
    (
        "DUTY",
        "按期",
        HOLDS,
        _nothing,
        {},
        {"Duties": [Owed("rights.hazard", "2026Q3", datetime.date(2026, 10, 10), datetime.date(2026, 10, 10))]},
    ),
    (
        "DUTY",
        "迟报",
        BROKEN,
        _nothing,
        {},
        {"Duties": [Owed("rights.hazard", "2026Q3", datetime.date(2026, 10, 10), datetime.date(2026, 10, 11))]},
    ),
    (
        "DUTY",
        "逾期未报",
        BROKEN,
        _nothing,
        {},
        {"Duties": [Owed("rights.hazard", "2026Q3", datetime.date(2026, 10, 10), None)]},
    ),
    ("DUTY", "没有应报", NOT_APPLICABLE, _nothing, {}, {}),
    ("DUTY", "没有到期", NOT_STATED, _nothing, {}, {"Duties": [Owed("rights.hazard", "2026Q4", TODAY, None)]}),
]


@pytest.mark.parametrize(
    ("code", "what", "finding", "filed", "of", "given"),
    VECTORS,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_vector(code, what, finding, filed, of, given):
    firm = enterprise(**of)
    given = dict(given)
    tier = given.pop("tier", PilotTier.CITY)
    if "Board" in given:
        given["Board"] = Body(kind=BodyKind.BOARD, **given["Board"])
    outcome = judge(code, *filed(firm), of=firm, tier=tier, given=given)
    assert outcome.finding == finding, f"{what}: {outcome.said}"
    assert bool(outcome.cure) == (finding in (BROKEN, NOT_STATED)), "what is not in order says what to do"
    assert finding == HOLDS or outcome.said


#: What cannot be found, and why.
NEVER = {
    "R01": {BROKEN: "what is above the limit is carried on, which nothing forbids"},
    "R02": {NOT_APPLICABLE: "every enterprise sets funds aside"},
    "R10": {NOT_APPLICABLE: "every enterprise holds a congress or a general meeting"},
    "R31": {BROKEN: "without a day of filing it is not known whether it was filed"},
    "R35": {NOT_APPLICABLE: "the law exempts no enterprise that the portal could tell"},
    "R38": {NOT_APPLICABLE: "the law exempts no enterprise that the portal could tell"},
    "R54": {NOT_APPLICABLE: "it is signed in a quarter without hazards as well"},
    "W04": {NOT_APPLICABLE: "whoever employs pays"},
}


def test_every_rule_has_vectors_of_everything_it_can_find():
    shown: dict[str, set[str]] = {}
    for code, _what, finding, *_rest in VECTORS:
        shown.setdefault(code, set()).add(finding)
    everything = {HOLDS, BROKEN, NOT_APPLICABLE, NOT_STATED}
    missing = {
        rule.code: everything - shown.get(rule.code, set()) - set(NEVER.get(rule.code, {})) for rule in all_rules()
    }
    assert {code: found for code, found in missing.items() if found} == {}


def test_the_deduction_is_worked_out_with_what_former_years_carried():
    """10 000 000 of wages and 950 000 spent, then 12 000 000 and 700 000: cap 960 000, deduct 850 000, carry nothing."""
    firm = enterprise()
    first = told("skills.trainingfund", of=firm, period="2024", spent=Decimal(95))
    second = told("skills.trainingfund", of=firm, period="2025", spent=Decimal(70))
    alone = judge("R01", first, of=firm, given={"Wages": {2024: Decimal(1000)}}, quarter=Quarter(2025, 3))
    assert (alone.values["cap"], alone.values["deducted"], alone.values["carried"]) == ("80.00", "80.00", "15.00")
    both = judge("R01", first, second, of=firm, given={"Wages": {2024: Decimal(1000), 2025: Decimal(1200)}})
    assert (both.values["cap"], both.values["deducted"], both.values["carried"]) == ("96.00", "85.00", "0.00")


def test_one_bad_session_of_the_year_breaks_the_rule_and_is_named():
    good, bad = (
        session(),
        session(present=40, happened_on=datetime.date(2026, 8, 1), papers_sent_on=datetime.date(2026, 7, 1)),
    )
    outcome = judge("R11", good, bad)
    assert (outcome.finding, outcome.values["present"], outcome.values["held"]) == (BROKEN, 40, 2)


def test_a_year_that_is_over_and_was_stated_had_no_congress():
    stated = {"Statements": frozenset({"2026Q1", "2026Q2", "2026Q3", "2026Q4"})}
    outcome = judge("R10", given=stated, quarter=Quarter(2026, 4), today=datetime.date(2027, 1, 5))
    assert outcome.finding == BROKEN
    assert judge("R10", given=stated, quarter=Quarter(2026, 4), today=datetime.date(2026, 12, 31)).finding == NOT_STATED


def test_a_rule_names_its_source_and_words():
    for rule in all_rules():
        assert rule.citation, rule.code
        assert rule.title.endswith("。"), rule.code
        assert rule.form, rule.code
        assert rule.remedy or "broken" in NEVER[rule.code], rule.code


def test_a_cure_has_a_day_only_while_it_lies_ahead():
    late = judge("A06")
    assert late.cure_by is None, "the day of 2025's returns is over"
    early = judge("A06", today=datetime.date(2026, 3, 1), quarter=Quarter(2026, 1))
    assert early.cure_by == datetime.date(2026, 3, 31)


def test_an_unknown_rule_is_an_error():
    with pytest.raises(LookupError):
        rule_by_code("R99")
