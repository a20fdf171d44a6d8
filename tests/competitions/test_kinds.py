"""Competitions and workers' innovation: what is counted of them, what is asked, and what cannot be."""

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from competitions.models import ContestRole, ContestSort, Grant
from enterprises.organisations.resources import OrganisationResource
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record, update_record
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.lines import stored_rows
from records.core.models import listed_names
from records.core.values import stored
from records.models import Record, Status
from reporting.narrative import sections
from reporting.snapshot import build_snapshot
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db

CONTEST = "competitions.contest"


def file_it(cast, slug: str, **changes: Any) -> Record:
    """A draft of the factory's values with some changed; no two titles are alike."""
    kind = kind_by_slug(slug)
    if not kind.is_return:
        changes.setdefault("title", uuid.uuid4().hex)
    # A made-up name of a register is asked about.
    optional = {field.name: "" for field in listed_names(kind.model) if field.name not in kind.required}
    row = build_record(kind, enterprise=cast.enterprise, **{**optional, **changes})
    values = {name: stored(row, name) for name in (*kind.fields, "period")}
    values |= {lines.name: stored_rows(row, lines) for lines in kind.lines}
    return file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)


def submit(cast, record: Record) -> Record:
    return act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)


def approve(cast, record: Record) -> Record:
    record = submit(cast, record)
    return act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)


def test_a_contest_is_counted_where_it_is_held_and_people_wherever_they_take_part(cast):
    plain = {"sort": ContestSort.SKILLS, "number_of_people": 20, "frontline_contestants": 12, "orientation": "wisdom"}
    association = {"kind": "association", "name": "示例行业协会", "county": cast.places["320115"], "code": ""}
    OrganisationResource().save(acting_user=cast.county, values={**association, "contact": "", "is_active": True})
    approve(cast, file_it(cast, CONTEST, **plain, role=ContestRole.HOST, association="示例行业协会", sponsor=""))
    approve(cast, file_it(cast, CONTEST, **{**plain, "number_of_people": 5, "frontline_contestants": 5}, role="team"))
    catch_up()
    shown = figures(cast.places["320115"], Quarter.current())
    assert [shown[code].value for code in ("C01.sessions", "C11.wisdom", "C13.associations")] == [1, 1, 1]
    assert [shown[code].value for code in ("C01.contestants", "C01.frontline")] == [25, 17]
    assert shown["C12.drills"].value == 0 and shown["C12.drillers"].value is None


def test_who_sends_a_team_is_not_asked_for_sponsors_and_prizes_belong_to_innovation(cast):
    values = {"association": "示例行业协会", "sponsor": "示例公司", "awards": 2, "support": "bonus"}
    team = file_it(cast, CONTEST, role=ContestRole.TEAM, sort=ContestSort.SKILLS, **values).specific()
    assert (team.association, team.sponsor, team.awards, team.support) == ("", "", None, "")
    held = file_it(cast, CONTEST, role=ContestRole.ORGANISER, sort=ContestSort.SCIENCE, **values).specific()
    assert (held.association, held.sponsor, held.awards, held.support) == tuple(values.values())


def test_found_in_contests_are_some_of_the_reserve(cast):
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "competitions.reserve", has_pool=True, skilled=3, found_in_contests=4)
    assert "超过了“库中高技能后备人才”（3 人）" in caught.value.message_dict["found_in_contests"][0]


def test_what_is_adopted_may_have_been_raised_before(cast):
    """It is asked about, and not refused."""
    record = file_it(cast, "competitions.suggestion", raised=3, frontline_raised=1, adopted=5, carried_out=6)
    with pytest.raises(NeedsConfirmation) as asked:
        submit(cast, record)
    told = {question.field: question.message for question in asked.value.questions}
    assert "采纳（5 条）多于提出（3 条）" in told["adopted"] and "实施（6 条）多于采纳（5 条）" in told["carried_out"]
    moved = act(
        acting_user=cast.clerk,
        record_id=record.pk,
        action="submit",
        version=record.version,
        reason="含上季度提出的。",
        confirmed=asked.value.keys,
    )
    assert moved.status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("rewards", "rewarded", "field"), [("1.50", 0, "rewarded"), ("0", 3, "rewards"), ("1.50", 3, None), (None, 0, None)]
)
def test_rewards_and_who_was_rewarded_belong_together(cast, rewards, rewarded, field):
    record = file_it(cast, "competitions.innovation", rewards=rewards, rewarded=rewarded)
    if field is None:
        assert submit(cast, record).status == Status.SUBMITTED
        return
    with pytest.raises(NeedsConfirmation) as asked:
        submit(cast, record)
    assert [question.field for question in asked.value.questions] == [field]


def test_front_line_inventions_are_some_of_all_three_sorts(cast):
    granted = {"invention": 1, "utility": 2, "design": 0}
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "competitions.patent", **granted, frontline_first=4)
    assert "（4 件）超过了三类专利授权的合计（3 件）" in caught.value.message_dict["frontline_first"][0]
    unknown = file_it(cast, "competitions.patent", **{**granted, "design": None}, frontline_first=4, grants=[])
    assert submit(cast, unknown).status == Status.SUBMITTED, "what a sort nobody counted has may be any number"


def test_a_contest_from_the_form_to_the_report(cast, sign_in):
    values = values_for(
        CONTEST,
        cast.enterprise,
        title="焊工技术比武",
        role=ContestRole.HOST,
        sort=ContestSort.SKILLS,
        number_of_people=30,
        frontline_contestants=24,
        orientation="wisdom",
    )
    for name in ("awards", "support", "association", "sponsor"):
        values.pop(name, None)
    address = reverse("records:create", args=[CONTEST])
    page = sign_in(cast.clerk).get(address).content.decode()
    assert "派人参加别人办的竞赛，选“组队参赛”" in page
    assert sign_in(cast.clerk).post(address, {**values, "do": "submit"}).status_code == 302
    record = Record.objects.get()
    sign_in(cast.county).post(
        reverse("records:review_record", args=[record.pk]), {"do": "approve", "version": record.version}
    )
    catch_up()
    told = sections(build_snapshot(cast.places["32"], Quarter.current()))
    text = "".join(
        piece if isinstance(piece, str) else piece["text"]
        for section in told
        for group in section["groups"]
        for paragraph in group["paragraphs"]
        for piece in paragraph
    )
    assert "本季度举办劳动和技能竞赛1场，其中智力型和效益型竞赛1场" in text
    assert "；职工参赛30人次，其中一线职工24人次" in text


def test_each_step_of_a_project_counts_when_it_happens(cast):
    plain = {"scheme": "race", "workers": 8, "frontline_workers": 5, "benefit": "12.50"}
    begun = file_it(cast, "competitions.openproject", step="begun", **plain).specific()
    finished = file_it(cast, "competitions.openproject", step="finished", **plain).specific()
    assert (begun.workers, begun.benefit) == (8, None)
    assert (finished.workers, finished.frontline_workers, str(finished.benefit)) == (None, None, "12.50")
    approve(cast, begun)
    catch_up()
    shown = figures(cast.places["320115"], Quarter.current())
    assert [shown[f"C07.{name}"].value for name in ("projects", "workers", "finished")] == [1, 8, 0]


def test_patents_told_one_by_one_are_as_many_as_the_numbers_say(cast):
    """Whoever lists none, or all of them, is asked nothing."""
    numbers = {"invention": 1, "utility": 1, "design": 0, "frontline_first": 1}
    one = {"name": "一种焊接工装夹具", "number": "ZL202510000001.1", "sort": "invention", "by_frontline": True}
    other = {"name": "一种自动上料装置", "number": "ZL202510000002.2", "sort": "utility", "by_frontline": False}
    record = file_it(cast, "competitions.patent", **numbers, grants=[Grant(**one)])
    with pytest.raises(NeedsConfirmation) as asked:
        submit(cast, record)
    said = {question.field: question.message for question in asked.value.questions}
    assert set(said) == {"utility"} and "填了 1 件，授权明细里有 0 件" in said["utility"]
    record = update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"grants": [one, other]}
    )
    assert submit(cast, record).status == Status.SUBMITTED


def test_a_patent_of_another_year_is_asked_about(cast):
    one = {"name": "一种焊接工装夹具", "number": "ZL202510000001.1", "sort": "invention", "by_frontline": True}
    numbers = {"invention": 1, "utility": 0, "design": 0, "frontline_first": 1}
    record = file_it(cast, "competitions.patent", **numbers, grants=[Grant(**one)])
    year = int(record.period)
    record = update_record(
        acting_user=cast.clerk,
        record_id=record.pk,
        version=record.version,
        values={"grants": [{**one, "granted_on": datetime.date(year - 10, 12, 31)}]},
    )
    with pytest.raises(NeedsConfirmation) as asked:
        submit(cast, record)
    (question,) = asked.value.questions
    assert question.field == "grants.1.granted_on" and f"不在{year}年度" in question.message
    record = update_record(
        acting_user=cast.clerk,
        record_id=record.pk,
        version=record.version,
        values={"grants": [{**one, "granted_on": datetime.date(year, 12, 31)}]},
    )
    assert submit(cast, record).status == Status.SUBMITTED


def test_a_patent_stands_in_the_list_once(cast):
    one = {"name": "一种焊接工装夹具", "number": "ZL202510000001.1", "sort": "invention"}
    with pytest.raises(ValidationError, match="与第 1 行相同"):
        file_it(cast, "competitions.patent", invention=2, grants=[Grant(**one), Grant(**one)])
