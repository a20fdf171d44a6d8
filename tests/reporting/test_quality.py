"""数据质量: what is found and what is not, once, and gone by itself; asked about, answered and settled."""

import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from enterprises.models import Enterprise
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.jobs.models import Job
from foundation.notify.models import Message
from foundation.refusals import Refused
from indicators.models import FactValue, ScatteredPlace
from records.core.actions import act, update_record
from records.duties.actions import ensure_quarter
from records.models import Record, ReportingQuarter
from reporting.quality import looking, panels
from reporting.quality.actions import ask_about, count_findings, look_through, set_thresholds, settle_findings
from reporting.quality.looking import Looking, quarters_to_look_at, watched
from reporting.quality.models import Act, Finding, FindingState, FindingStep, QualityThresholds, Sort
from reporting.quality.queries import past_values
from reporting.quality.sentences import sentence
from reporting.tasks import find_again, find_findings
from tests.cast import make_enterprise
from tests.confirming import confirm
from tests.indicators.helpers import LAST, lecture, reopen

pytestmark = pytest.mark.django_db

#: A sum of events, a sum of a quarterly return, how many there are by a quarterly return, one told once a year.
EVENTS, RETURN, MEMBERS, YEARLY = "B01.attendances", "B04.new_members", "B03.members", "C16.money"


def said(enterprise: Enterprise, fact: str, *values: float | None, last: Quarter = LAST) -> None:
    """What an enterprise's filled values say of a fact: of the last quarter and, before it, of earlier ones; None where
    nobody said."""
    FactValue.objects.bulk_create(
        FactValue(
            place_id=enterprise.pk,
            region=enterprise.county,
            quarter=last.shift(number + 1 - len(values)).code,
            fact=fact,
            value=value,
            records=1,
        )
        for number, value in enumerate(values)
        if value is not None
    )


def look(county, quarter: Quarter = LAST, **thresholds) -> Looking:
    row = ReportingQuarter.objects.get(code=quarter.code)
    return Looking(county, row, QualityThresholds(pk=1, **thresholds), with_years=True)


def found(county, **thresholds) -> list[tuple[str, str]]:
    return [(one.sort, one.fact) for one in look(county, **thresholds).everything()]


def made(cast, **values) -> Finding:
    """A finding of 江宁示例机械有限公司 as counting leaves it."""
    enterprise = values.pop("of", cast.enterprise)
    given = {
        "province_id": enterprise.province_id,
        "city_id": enterprise.city_id,
        "county_id": enterprise.county_id,
        "held_by": "county",
        "period": LAST.code,
        "quarter": LAST.code,
        "sort": Sort.HISTORY,
        "subject": EVENTS,
        "fact": EVENTS,
        "value": Decimal(900),
        "compared": Decimal(60),
        "details": {"quarters": 5},
        "seen": "900.00",
        "weight": 515,
        "found_at": timezone.now(),
        **values,
    }
    return Finding.objects.create(enterprise=enterprise, **given)


# --- what is found, and what is not -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((60, 60, 55, 65, 70, 900), [(Sort.HISTORY, EVENTS)]),
        # Exactly three times is not more than three times.
        ((50, 50, 60, 70, 70, 180), []),
        ((50, 50, 60, 70, 70, 181), [(Sort.HISTORY, EVENTS)]),
        # An even number of quarters: the mean of the two in the middle, 60.
        ((50, 50, 70, 70, 181), [(Sort.HISTORY, EVENTS)]),
        # Too few quarters for a history, and the last one is no third: nothing.
        ((60, 60, 70, 181), []),
        # Nobody said, and 0, are no history.
        ((None, 0, 60, None, 60, 70, 181), []),
        # Not worth asking.
        ((5, 5, 5, 5, 29), []),
        ((5, 5, 5, 5, 30), [(Sort.HISTORY, EVENTS)]),
        # What is filed as it happens may be less.
        ((600, 600, 600, 600, 10), []),
    ],
)
def test_far_from_the_own_history(cast, values, expected):
    said(cast.enterprise, EVENTS, *values)
    assert found(cast.places["320115"]) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((90, 90, 90, 90, 29), [(Sort.HISTORY, RETURN)]),
        ((90, 90, 90, 90, 30), []),
        # Below what is worth asking on the larger side.
        ((29, 29, 29, 29, 1), []),
    ],
)
def test_a_return_may_also_say_too_little(cast, values, expected):
    said(cast.enterprise, RETURN, *values)
    assert found(cast.places["320115"]) == expected


def test_the_sizes_are_the_provinces(cast):
    said(cast.enterprise, EVENTS, 60, 60, 60, 60, 150)
    county = cast.places["320115"]
    assert found(county) == []
    assert found(county, times=Decimal(2)) == [(Sort.HISTORY, EVENTS)]
    assert found(county, times=Decimal(2), worth=151) == []
    assert found(county, times=Decimal(2), fewest_quarters=5) == [], "too short a history"


@pytest.mark.parametrize(
    ("fact", "values", "expected"),
    [
        (RETURN, (60, 181), [(Sort.JUMP, RETURN)]),
        (RETURN, (60, 180), []),
        (RETURN, (0, 181), []),
        (RETURN, (60, None, 181), []),
        # How much takes place differs from quarter to quarter.
        (EVENTS, (60, 181), []),
        (RETURN, (181, 60), [(Sort.JUMP, RETURN)]),
        (RETURN, (180, 60), []),
        (MEMBERS, (40, 130), [(Sort.JUMP, MEMBERS)]),
    ],
)
def test_a_jump_from_the_quarter_before(cast, fact, values, expected):
    said(cast.enterprise, fact, *values)
    assert found(cast.places["320115"]) == expected


def test_yearly_figures_are_held_against_the_year_before_and_belong_to_the_year(cast):
    fact = next(code for code in watched().yearly if code not in dict(watched().parts))
    said(cast.enterprise, fact, 40, *[40] * 3, 130)
    [one] = look(cast.places["320115"]).everything()
    assert (one.sort, one.fact, one.period) == (Sort.JUMP, fact, str(LAST.year))
    assert one.details == {"before": LAST.year_before().code}
    row = ReportingQuarter.objects.get(code=LAST.code)
    assert not Looking(cast.places["320115"], row, QualityThresholds(), with_years=False).everything()


@pytest.mark.parametrize(
    ("fact", "values", "expected"),
    [
        (EVENTS, (60, 60, 60, 60), [(Sort.CONSTANT, EVENTS)]),
        (EVENTS, (60, 60, 61, 60), []),
        (EVENTS, (None, 60, 60, 60), []),
        (EVENTS, (9, 9, 9, 9), []),
        (EVENTS, (10, 10, 10, 10), [(Sort.CONSTANT, EVENTS)]),
        # How many there are may stay as it is.
        (MEMBERS, (40, 40, 40, 40), []),
    ],
)
def test_the_same_again_and_again(cast, fact, values, expected):
    said(cast.enterprise, fact, *values)
    assert found(cast.places["320115"]) == expected


@pytest.mark.parametrize(("people", "expected"), [(201, [(Sort.PART, MEMBERS)]), (200, [])])
def test_more_people_than_staff_across_returns(cast, people, expected):
    """``parts_of_staff`` of a kind, held against what the register says of the same quarter."""
    said(cast.enterprise, MEMBERS, people)
    said(cast.enterprise, "REG.headcount", 200)
    assert found(cast.places["320115"]) == expected


def test_without_a_staff_figure_nothing_is_above_it(cast):
    said(cast.enterprise, MEMBERS, 500)
    said(cast.second_enterprise, "REG.headcount", 200)
    assert found(cast.places["320115"]) == []


def test_parts_follow_from_what_kinds_declare():
    parts = dict(watched().parts)
    assert parts[MEMBERS] == "REG.headcount" and parts["B04.new_frontline"] == "REG.frontline"
    assert "D10.trained" not in parts, "of a whole year there may have been more than are there at a quarter's end"
    assert EVENTS not in parts, "attendances of a quarter count people as often as they came"


def _peers(cast, rates: list[int], fact: str = EVENTS) -> None:
    """Enterprises of the county and section, each of 100 workers."""
    for number, rate in enumerate(rates):
        peer = make_enterprise(county=cast.places["320115"], name=f"江宁同行{number}有限公司", code=f"peer-{number}")
        said(peer, fact, rate)
        said(peer, "REG.headcount", 100)


@pytest.mark.parametrize(
    ("others", "mine", "expected"),
    [
        ([20] * 5, 202, [(Sort.PEERS, EVENTS)]),  # 101 for every hundred of 200 workers
        ([20] * 5, 200, []),  # 100: exactly five times
        ([20] * 4, 400, []),  # of four others nothing is said
        ([2] * 5, 28, []),  # not worth asking
    ],
)
def test_far_from_the_peers(cast, others, mine, expected):
    _peers(cast, others)
    said(cast.enterprise, EVENTS, mine)
    said(cast.enterprise, "REG.headcount", 200)
    assert found(cast.places["320115"]) == expected


def test_peers_are_of_one_county_and_section(cast):
    _peers(cast, [20] * 5)
    said(cast.gulou_enterprise, EVENTS, 400)
    said(cast.gulou_enterprise, "REG.headcount", 200)
    assert found(cast.places["320106"]) == []


def test_one_number_is_spoken_of_once(cast):
    """Above the staff, above the history and above the last quarter: the first says it."""
    said(cast.enterprise, MEMBERS, 40, 40, 40, 40, 300)
    said(cast.enterprise, "REG.headcount", 200)
    assert found(cast.places["320115"]) == [(Sort.PART, MEMBERS)]


def test_of_a_whole_and_what_counts_some_of_it_the_whole_speaks(cast):
    said(cast.enterprise, RETURN, 60, 900)
    said(cast.enterprise, "B04.new_frontline", 40, 500)
    county = cast.places["320115"]
    assert found(county) == [(Sort.JUMP, RETURN)]
    FactValue.objects.filter(fact=RETURN).update(value=800)
    assert found(county) == [(Sort.JUMP, "B04.new_frontline")], "unless nothing is said of the whole"


def test_who_moved_within_the_quarter_or_left_the_register_is_left_out(cast):
    said(cast.enterprise, RETURN, 60, 900)
    county = cast.places["320115"]
    ScatteredPlace.objects.create(place=cast.enterprise.place, quarter=LAST.code)
    assert found(county) == []
    ScatteredPlace.objects.all().delete()
    assert found(county) == [(Sort.JUMP, RETURN)]
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(is_active=False)
    assert found(county) == []


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({"number_of_people": 41, "attendances": 41}, "day_and_title"),
        ({"title": "另一个题目"}, "day_and_numbers"),
        ({"day": LAST.first_day + datetime.timedelta(days=3)}, "title_and_numbers"),
        ({"day": LAST.first_day + datetime.timedelta(days=3), "title": "另一个题目"}, None),
        ({"title": "另一个题目", "attendances": 31}, None),
        ({"who": "second_enterprise"}, None),
    ],
)
def test_doubles(cast, other, alike):
    first = lecture(cast)
    second = lecture(cast, **other)
    seen = list(look(cast.places["320115"]).duplicates())
    assert [(one.record_id, one.details["twin"], one.details["alike"]) for one in seen] == (
        [(second.pk, first.pk, alike)] if alike else []
    )


def _again(cast, record: Record, **values) -> Record:
    """Reopened, changed (or not), handed in and approved again."""
    reopen(cast, record)
    record.refresh_from_db()
    own = record.specific()
    form = {name: getattr(own, name) for name in ("title", "happened_on", "form", "speaker", "number_of_people")}
    form |= {"attendances": own.attendances, **values}
    row = update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values=form)
    row = confirm(
        act, acting_user=cast.clerk, record_id=row.pk, action="submit", version=row.version, reason="已核对。"
    )
    return act(acting_user=cast.county, record_id=row.pk, action="approve", version=row.version)


def test_a_late_edit(cast):
    county, record = cast.places["320115"], lecture(cast)
    today = timezone.localdate()
    quarter = ReportingQuarter.objects.filter(code=LAST.code)
    quarter.update(review_due=today + datetime.timedelta(days=5))
    assert not list(look(county).late_edits()), "approved once"
    _again(cast, record)
    assert not list(look(county).late_edits()), "approved again as it was"
    _again(cast, record, attendances=45)
    [one] = look(county).late_edits()
    assert one.record_id == record.pk and one.details["due"] == (today + datetime.timedelta(days=5)).isoformat()
    quarter.update(review_due=today + datetime.timedelta(days=6))
    assert not list(look(county).late_edits()), "six days before"
    quarter.update(enterprise_due=today - datetime.timedelta(days=9), review_due=today - datetime.timedelta(days=9))
    assert [one.record_id for one in look(county).late_edits()] == [record.pk], "after the day as well"


def test_only_quarters_that_are_over_and_open_are_looked_at(cast):
    assert [row.code for row in quarters_to_look_at()] == [LAST.code], "the running one still grows"
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    assert quarters_to_look_at() == []


# --- as rows ------------------------------------------------------------------------------------------


def test_found_again_is_the_same_row_and_what_is_mended_closes_itself(cast):
    county = cast.places["320115"]
    said(cast.enterprise, RETURN, 60, 900)
    assert look_through([county]) == (1, 0)
    assert look_through([county]) == (0, 0), "counted again"
    finding = Finding.objects.get()
    assert (finding.sort, finding.period, finding.state) == (Sort.JUMP, LAST.code, FindingState.OPEN)
    assert finding.value == 900 and finding.compared == 60 and finding.weight == 415
    FactValue.objects.filter(quarter=LAST.code, fact=RETURN).update(value=90)
    assert look_through([county]) == (0, 1)
    finding.refresh_from_db()
    assert finding.state == FindingState.GONE
    assert [step.act for step in finding.steps.all()] == [Act.GONE]
    assert look_through([county]) == (0, 0)
    FactValue.objects.filter(quarter=LAST.code, fact=RETURN).update(value=900)
    assert look_through([county]) == (1, 0), "and is there again"
    assert [step.act for step in finding.steps.all()] == [Act.GONE, Act.AGAIN]
    notes = Entry.objects.filter(event="reporting.findings_counted", county=county).values_list("note", flat=True)
    assert len(notes) == 3, "what changed nothing is not logged"


def test_a_double_is_gone_once_one_of_the_two_is_reopened(cast, sign_in):
    county, first = cast.places["320115"], lecture(cast)
    second = lecture(cast)
    assert look_through([county]) == (1, 0)
    finding = Finding.objects.get()
    assert finding.record_id == second.pk and finding.details["twin"] == first.pk
    page = sign_in(cast.county).get(finding.get_absolute_url()).content.decode()
    assert "填报时已经核对过" in page and "已核对。" in page, (
        "what was asked at the hand-in and answered stands beside it"
    )
    assert all(reverse("records:detail", args=[record.pk]) in page for record in (first, second))
    reopen(cast, second)
    assert look_through([county]) == (0, 1)
    page = sign_in(cast.county).get(finding.get_absolute_url()).content.decode()
    assert "疑点自动关闭" in page and "询问企业</button>" not in page


def test_what_was_settled_stays_settled_until_the_value_is_another(cast):
    county = cast.places["320115"]
    said(cast.enterprise, RETURN, 60, 900)
    look_through([county])
    finding = Finding.objects.get()
    settle_findings(acting_user=cast.county, finding_ids=[finding.pk], word="已电话核实。")
    assert look_through([county]) == (0, 0)
    finding.refresh_from_db()
    assert finding.state == FindingState.SETTLED
    FactValue.objects.filter(quarter=LAST.code, fact=RETURN).update(value=950)
    assert look_through([county]) == (1, 0)
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN and finding.value == 950


def test_the_night_and_the_button_look_through_every_county_of_a_region(cast):
    said(cast.enterprise, RETURN, 60, 900)
    said(cast.neighbour_enterprise, RETURN, 60, 900)
    job = Job.objects.create(kind="reporting.find_again", parameters={"place": cast.places["3201"].pk}, unique_key="x")
    reports = []
    result = find_again(job, lambda percent, message="": reports.append((percent, message)))
    assert set(Finding.objects.values_list("enterprise", flat=True)) == {cast.enterprise.pk}
    assert "新发现 1 个" in result["label"] and reports == [
        (0, "正在查找鼓楼区（第 1 个，共 2 个）"),
        (50, "正在查找江宁区（第 2 个，共 2 个）"),
    ]
    find_findings()
    assert Finding.objects.count() == 2


def test_statements_do_not_grow_with_the_enterprises(cast):
    county, counts = cast.places["320115"], []
    for enterprise in (cast.enterprise, cast.second_enterprise):
        said(enterprise, RETURN, 60, 900)
        with CaptureQueriesContext(connection) as queries:
            count_findings(look(county))
        counts.append((Finding.objects.count(), len(queries)))
        Finding.objects.all().delete()
    assert counts == [(1, counts[0][1]), (2, counts[0][1])]


def test_sentences_say_of_what_and_against_what(cast):
    words = sentence(made(cast))
    assert words == (
        "“职工大讲堂参训人次”是 900 人次，此前两年中不为零的 5 个季度的中位数是 60 人次；前者是后者的 15.0 倍。"
    )
    part = made(
        cast, sort=Sort.PART, subject=MEMBERS, fact=MEMBERS, value=201, compared=200, details={"whole": "REG.headcount"}
    )
    assert sentence(part) == "“党员总数”是 201 人，超过同一季度的“职工人数”（200 人）。"
    gone = made(cast, sort=Sort.CONSTANT, subject="Z99.gone", fact="Z99.gone", details={"quarters": 4})
    assert "已停用的数据项" in sentence(gone)
    some = made(cast, subject="B01.frontline", fact="B01.frontline")
    assert sentence(some).startswith("“职工大讲堂参训人次：其中一线职工人次”是 900 人次")


def test_yearly_figures_are_said_of_years(cast, sign_in):
    """What is reported for a whole year stands in the quarters of the next: the year is named, and each once."""
    finding = made(
        cast,
        sort=Sort.JUMP,
        period=str(LAST.year),
        subject="D17.interns",
        fact="D17.interns",
        value=3,
        compared=58,
        details={"before": LAST.year_before().code},
    )
    told, before = LAST.year - 1, LAST.year - 2
    assert sentence(finding) == (f"“接收实习学生（{told}年度）”是 3 人，{before}年度是 58 人；后者是前者的 19.3 倍。")
    assert finding.period_label == f"{told}年度"
    for back in range(8):
        ensure_quarter(LAST.shift(-back))
    said(cast.enterprise, "D17.interns", *[58] * (8 - LAST.number), *[3] * LAST.number)
    rows = past_values(finding)
    assert [(row.label, row.value) for row in rows[:2]] == [(f"{told}年度", 3), (f"{before}年度", 58)]
    assert len({row.label for row in rows}) == len(rows) == (2 if LAST.number == 4 else 3)
    page = sign_in(cast.county).get(finding.get_absolute_url()).content.decode()
    assert "各年度" in page and "近八个季度" not in page and LAST.label not in page


def test_what_is_carried_forward_names_both_years_it_may_be_from(cast):
    fact = next(part for part, _whole in watched().parts if part in watched().yearly)
    finding = made(cast, sort=Sort.PART, subject=fact, fact=fact, compared=200, details={"whole": "REG.headcount"})
    assert finding.period_label == f"{LAST.year}或{LAST.year - 1}年度"
    assert f"超过{LAST.label}的“职工人数”" in sentence(finding)


# --- asked, answered, settled -------------------------------------------------------------------------


def test_ask_answer_settle(cast, sign_in):
    record = lecture(cast)
    said(cast.enterprise, EVENTS, 60, 60, 60, 60, 900)
    look_through([cast.places["320115"]])
    finding = Finding.objects.get()
    address = reverse("reporting:finding", args=[finding.pk])
    county, clerk, lead = sign_in(cast.county), sign_in(cast.clerk), sign_in(cast.lead)
    assert clerk.get(address).status_code == 404, "not asked yet"
    page = county.get(reverse("reporting:findings")).content.decode()
    assert "职工大讲堂参训人次" in page and "江宁示例机械有限公司" in page
    page = county.get(address).content.decode()
    assert record.title in page and LAST.previous().label in page and "询问企业" in page
    assert "1 个数据疑点待处理" in county.get("/").content.decode()

    page = county.post(address, {"do": "ask", "question": " 。"}).content.decode()
    assert "请写明要问企业什么" in page and Finding.objects.get().state == FindingState.OPEN
    county.post(address, {"do": "ask", "question": "是不是多填了一位？"})
    assert "数据疑点待处理" not in county.get("/").content.decode(), "it waits for the enterprise now"
    assert county.post(address, {"do": "ask", "question": "再问一次。"}).content.decode().count("还没有答复") == 2
    told = Message.objects.filter(event="reporting.finding_asked")
    assert {message.recipient for message in told} == {cast.clerk, cast.lead}

    home = clerk.get("/").content.decode()
    assert "产改办请您核实 1 个数" in home
    assert "是不是多填了一位？" in clerk.get(reverse("reporting:findings")).content.decode()
    page = clerk.get(address).content.decode()
    assert (
        "发送答复" in page and "询问企业</button>" not in page and reverse("records:detail", args=[record.pk]) in page
    )
    kept = clerk.post(address, {"do": "answer", "answer": "？"}).content.decode()
    assert "请写明情况" in kept and ">？</textarea>" in kept
    clerk.post(address, {"do": "answer", "answer": "当季集中办了三期。"})
    assert "请您核实" not in clerk.get("/").content.decode()
    again = lead.post(address, {"do": "answer", "answer": "我再答一次。"})
    assert again.status_code == 403 and "已经答复过" in again.content.decode()
    assert Message.objects.get(event="reporting.finding_answered").recipient == cast.county
    assert "1 个数据疑点待处理" in county.get("/").content.decode()

    county.post(address, {"do": "settle", "word": "已核实签到表。"})
    finding.refresh_from_db()
    assert finding.state == FindingState.SETTLED
    assert [(step.act, step.actor, step.text) for step in finding.steps.all()] == [
        (Act.ASK, cast.county, "是不是多填了一位？"),
        (Act.ANSWER, cast.clerk, "当季集中办了三期。"),
        (Act.SETTLE, cast.county, "已核实签到表。"),
    ]
    page = clerk.get(address).content.decode()
    assert "已了结" in page and "已核实签到表。" in page, "the enterprise reads how it ended"
    assert "是不是多填了一位？" in clerk.get(reverse("reporting:findings")).content.decode(), "in its list as well"
    assert Message.objects.filter(event="reporting.finding_settled", recipient=cast.clerk).exists()
    events = Entry.objects.filter(target_type="reporting.finding", target_id=finding.pk).order_by("pk")
    assert [entry.event for entry in events] == [
        "reporting.finding_asked",
        "reporting.finding_answered",
        "reporting.finding_settled",
    ]
    assert county.get(reverse("reporting:findings")).content.decode().count("职工大讲堂参训人次") == 0
    every = county.get(f"{reverse('reporting:findings')}?state=every").content.decode()
    assert "职工大讲堂参训人次" in every


def test_an_answer_may_be_followed_by_another_question(cast, sign_in):
    finding = made(cast)
    ask_about(acting_user=cast.county, finding_id=finding.pk, question="请核对。")
    with pytest.raises(Refused, match="还没有答复"):
        ask_about(acting_user=cast.county, finding_id=finding.pk, question="请核对。")
    sign_in(cast.clerk).post(finding.get_absolute_url(), {"do": "answer", "answer": "没有错。"})
    ask_about(acting_user=cast.county_colleague, finding_id=finding.pk, question="请附签到表。")
    finding.refresh_from_db()
    assert finding.state == FindingState.ASKED and finding.question == "请附签到表。"


def test_who_sees_and_who_may(cast, sign_in):
    finding = made(cast)
    ask_about(acting_user=cast.county, finding_id=finding.pk, question="请核对。")
    address, shown = finding.get_absolute_url(), {}
    for name in cast.people:
        browser = sign_in(cast.people[name])
        settled = browser.post(address, {"do": "settle", "word": "已核实。"}) if name != "county" else None
        shown[name] = (browser.get(address).status_code, settled and settled.status_code)
    sees = {name for name, (status, _settled) in shown.items() if status == 200}
    assert sees == {"clerk", "lead", "county", "county_colleague", "city", "province", "auditor"}
    assert {status for name, (status, _settled) in shown.items() if name not in sees} == {404}
    assert {name for name, (_status, settled) in shown.items() if settled == 302} == {"county_colleague"}
    assert {shown[name][1] for name in ("clerk", "lead", "city", "province", "auditor")} == {403}


def test_many_are_settled_with_one_word(cast, sign_in):
    mine = [made(cast), made(cast, sort=Sort.CONSTANT, subject=RETURN, fact=RETURN, details={"quarters": 4})]
    theirs = made(cast, of=cast.neighbour_enterprise)
    county, address = sign_in(cast.county), reverse("reporting:findings_settle")
    ids = [finding.pk for finding in (*mine, theirs)]
    page = county.post(address, {"ids": ids, "word": "。"}, follow=True).content.decode()
    assert "请写明为什么可以了结" in page and 'value="。"' in page and not FindingStep.objects.exists()
    page = county.post(address, {"word": "已核实。"}, follow=True).content.decode()
    assert "没有勾选疑点" in page and 'value="已核实。"' in page
    page = county.post(address, {"ids": ids, "word": "已逐一核实。", "query": "quarter=" + LAST.code}, follow=True)
    assert "已了结 2 个疑点" in page.content.decode()
    assert set(Finding.objects.filter(state=FindingState.SETTLED)) == set(mine), "the neighbour's stays"
    assert Entry.objects.filter(event="reporting.finding_settled", note="已逐一核实。").count() == 2
    assert sign_in(cast.clerk).post(address, {"ids": ids, "word": "已核实。"}).status_code == 403


# --- lists --------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_its_address(cast, sign_in):
    made(cast)
    made(cast, of=cast.gulou_enterprise, sort=Sort.CONSTANT, details={"quarters": 4}, weight=100)
    city, address = sign_in(cast.city), reverse("reporting:findings")

    def names(query: str) -> list[bool]:
        page = city.get(f"{address}?{query}").content.decode()
        return [f">{name}<" in page for name in ("江宁示例机械有限公司", "鼓楼示例软件有限公司")]

    assert names("all=1") == [True, True]
    assert names("region=320106") == [False, True]
    assert names("sort_of=history") == [True, False]
    assert names("q=软件") == [False, True]
    assert names("state=settled") == [False, False]
    assert names(f"quarter={LAST.next().code}") == [False, False]
    page = city.get(f"{address}?all=1").content.decode()
    assert page.index("江宁示例机械有限公司") < page.index("鼓楼示例软件有限公司"), "the heavier first"
    assert 'name="ids"' not in page, "a city looks on where the county reviews"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_lists(cast, sign_in, rows, django_assert_max_num_queries):
    for number in range(rows):
        finding = made(cast, subject=f"{EVENTS}{number}")
        ask_about(acting_user=cast.county, finding_id=finding.pk, question="请核对。")
    address = reverse("reporting:findings")
    for person, most in ((cast.county, 12), (cast.clerk, 10)):
        browser = sign_in(person)
        browser.get(address)
        with django_assert_max_num_queries(most):
            assert browser.get(address).status_code == 200


def test_the_workbench_counts_no_further_than_it_says(cast, sign_in, monkeypatch):
    for number in range(3):
        made(cast, subject=f"{EVENTS}{number}")
    monkeypatch.setattr(panels, "MOST", 2)
    assert "2+ 个数据疑点待处理" in sign_in(cast.county).get("/").content.decode()


def test_the_list_as_a_workbook(cast, sign_in):
    made(cast)
    answer = sign_in(cast.city).get(f"{reverse('reporting:findings')}?_export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    [head, row] = list(sheet.iter_rows(values_only=True))
    assert head == ("数据项或记录", "疑点", "企业", "县（市、区）", "报告期", "情况", "状态", "发现日期")
    assert row[:4] == ("职工大讲堂参训人次", "与自身历史相差悬殊", "江宁示例机械有限公司", "南京市江宁区")
    assert row[5].startswith("“职工大讲堂参训人次”是 900 人次")


def test_what_the_peers_say_is_shown_from_five_others_on(cast, sign_in):
    finding = made(cast)
    said(cast.enterprise, EVENTS, 60, 900)
    _peers(cast, [20, 20, 30, 40])
    page = sign_in(cast.county).get(finding.get_absolute_url()).content.decode()
    assert "4 家" not in page
    said(cast.second_enterprise, EVENTS, 50)
    page = sign_in(cast.county).get(finding.get_absolute_url()).content.decode()
    assert "5 家" in page and ">30 <" in page


def test_the_past_of_a_finding_begins_with_the_portal_and_with_the_entry(cast, sign_in):
    """Of quarters before the portal there is no row; where the enterprise was not in the register it was not silent."""
    finding = made(cast)
    ReportingQuarter.objects.filter(code__lt=LAST.shift(-3).code).delete()
    for back in range(4):
        ensure_quarter(LAST.shift(-back))
    said(cast.enterprise, EVENTS, 900)
    said(cast.enterprise, "REG.enterprises", 1, 1, 1)
    rows = past_values(finding)
    assert [row.quarter for row in rows] == [LAST.shift(-back) for back in range(4)]
    assert [row.was_there for row in rows] == [True, True, True, False]
    page = sign_in(cast.county).get(finding.get_absolute_url()).content.decode()
    assert page.count("未纳入统计") == 1 and page.count(">未填报<") == 2


def test_the_province_sets_the_sizes(cast, sign_in):
    address = reverse("reporting:quality_thresholds")
    given = {"times": 2, "peer_times": 4, "worth": 50, "fewest_quarters": 3, "same_quarters": 5, "late_days": 0}
    assert sign_in(cast.city).post(address, given).status_code == 403
    province = sign_in(cast.province)
    page = province.post(address, {**given, "times": 1}).content.decode()
    assert "相差几倍算悬殊" in page and "2" in page and QualityThresholds.current().times == 3
    assert QualityThresholds.current().times == 3
    assert province.post(address, given).status_code == 302
    assert QualityThresholds.current().times == 2 and QualityThresholds.current().worth == 50
    assert "相差几倍算悬殊" in str(Entry.objects.get(event="reporting.quality_set").changes)
    set_thresholds(acting_user=cast.province, values={"times": Decimal(2)})
    assert Entry.objects.filter(event="reporting.quality_set").count() == 1, "nothing changed"


def test_the_button_asks_for_a_job(cast, sign_in):
    answer = sign_in(cast.county).post(reverse("reporting:findings_again"))
    job = Job.objects.get(kind="reporting.find_again")
    assert answer.url == reverse("jobs:detail", args=[job.pk]) and job.parameters["place"] == cast.places["320115"].pk
    assert sign_in(cast.clerk).post(reverse("reporting:findings_again")).status_code == 403


def test_a_history_of_eight_quarters(cast):
    assert looking.HISTORY == 8
    said(cast.enterprise, EVENTS, 1000, *[60] * 8, 181)
    [one] = look(cast.places["320115"]).everything()
    assert one.details == {"quarters": 8} and one.compared == 60
