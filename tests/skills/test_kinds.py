"""Workers' skills: what is worked out, what is counted, what is asked only of some, and what cannot be."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from enterprises.organisations.resources import OrganisationResource
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.loading import load_indicators
from indicators.queries import figures, indicator_values
from records.core.actions import act, file_record, update_record
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.lines import stored_rows
from records.core.models import listed_names
from records.core.values import stored
from records.models import Record, Status
from reporting.narrative import sections
from reporting.snapshot import build_snapshot
from skills.business_rules.worked_out import credits_of
from skills.models import FusionStatus, Ladder, MatchingForm, Programme, SkillLevel
from skills.models.education import credit_of
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db

CLASS, LADDER = "skills.trainingclass", "skills.ladder"
#: One to seven of each level, from the lowest to the highest.
EIGHT = dict(zip(Ladder.LEVELS, range(1, 9), strict=True))


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


def shown(cast) -> dict[str, Any]:
    catch_up()
    found = figures(cast.places["320115"], Quarter.current())
    return {code: one.value for code, one in found.items()}


def test_hours_of_all_trainees_are_worked_out_and_follow_a_change(cast):
    record = file_it(cast, CLASS, programme=Programme.DIGITAL, number_of_people=30, hours_each=40, certified=28)
    assert record.specific().person_hours == 1200
    record = update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"hours_each": None}
    )
    assert record.specific().person_hours is None, "hours nobody knows are not none"
    record = update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"hours_each": 8}
    )
    approve(cast, record)
    found = shown(cast)
    assert (found["D10.classes"], found["D10.attendances"], found["D10.hours"]) == (1, 30, 240)
    assert (found["D14.trained"], found["H03.strong"]) == (30, None)


def test_who_began_in_manufacturing_is_asked_only_where_a_class_leads_there(cast):
    plain = {"number_of_people": 20, "frontline_trainees": 5, "placed": 12, "certified": 15}
    assert file_it(cast, CLASS, programme=Programme.POST, **plain).specific().placed is None
    assert file_it(cast, CLASS, programme=Programme.CASUAL, **plain).specific().placed == 12
    with pytest.raises(ValidationError) as caught:
        file_it(cast, CLASS, programme=Programme.CASUAL, **{**plain, "placed": 21})
    assert "超过了“参加人数”（20 人）" in caught.value.message_dict["placed"][0]


def test_the_eight_levels_stand_in_their_order():
    assert [str(Ladder._meta.get_field(name).verbose_name) for name in Ladder.LEVELS] == [
        "学徒工",
        "初级工（五级）",
        "中级工（四级）",
        "高级工（三级）",
        "技师（二级）",
        "高级技师（一级）",
        "特级技师",
        "首席技师",
    ]


def test_the_skilled_begin_with_junior_workers_and_the_highly_skilled_with_senior_ones(cast):
    record = file_it(cast, LADDER, **EIGHT, has_top_posts=True, special_posts=7, chief_posts=8).specific()
    assert (record.skilled, record.highly_skilled) == (2 + 3 + 4 + 5 + 6 + 7 + 8, 4 + 5 + 6 + 7 + 8)
    approve(cast, record)
    found = shown(cast)
    assert [found[f"D03.level{number}"] for number in range(1, 9)] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (found["D01.skilled"], found["D02.highly_skilled"]) == (35, 30)


def test_the_share_of_the_highly_skilled_is_an_indicator(cast):
    load_indicators()
    approve(cast, file_it(cast, LADDER, **EIGHT, has_top_posts=False))
    catch_up()
    found = {one.code: one for one in indicator_values(cast.places["3201"], Quarter.current())}["D02"]
    assert (found.numerator, found.denominator, found.value, found.target) == (15, 20, 75, 35)


def test_without_such_posts_nobody_holds_the_two_highest_levels(cast):
    record = file_it(cast, LADDER, **EIGHT, has_top_posts=False).specific()
    assert (record.special_technician, record.chief_technician) == (None, None)
    assert (record.skilled, record.highly_skilled) == (20, 15)


def test_a_level_that_is_not_known_leaves_the_sum_unknown(cast):
    record = file_it(cast, LADDER, **{**EIGHT, "intermediate": None}, has_top_posts=False).specific()
    assert (record.skilled, record.highly_skilled) == (None, 15)


def test_more_people_with_a_level_than_staff_is_asked_about(cast):
    staff = cast.enterprise.headcount
    record = file_it(cast, LADDER, **{**EIGHT, "learners": staff - 19}, has_top_posts=False)
    with pytest.raises(NeedsConfirmation) as asked:
        submit(cast, record)
    assert any("每人只按最高等级计一次" in question.message for question in asked.value.questions)
    fits = update_record(
        acting_user=cast.clerk,
        record_id=record.pk,
        version=record.version,
        values={"learners": staff - 20},
    )
    assert submit(cast, fits).status == Status.SUBMITTED


def test_certificates_are_counted_by_line_and_who_rose_through_a_contest_once(cast):
    """人数 of each level and trade; of a contest only who rose is its own figure."""
    lines = [
        {"level": SkillLevel.SENIOR, "trade": "焊工", "people": 12},
        {"level": SkillLevel.TECHNICIAN, "trade": "焊工", "people": 3},
    ]
    own = file_it(cast, "skills.evaluation", way="own", promoted=4, certificates=lines, contest_name="焊工技术比武")
    assert own.specific().contest_name == ""
    contest = file_it(cast, "skills.evaluation", way="contest", promoted=2, certificates=lines[1:], contest_name="")
    for record in (own, contest):
        approve(cast, record)
    found = shown(cast)
    assert [found[code] for code in ("D04.certified", "D05.own", "D04.promoted", "C02.promoted")] == [18, 15, 6, 2]


def test_more_promoted_than_certified_and_a_level_told_twice_are_refused(cast):
    line = {"level": SkillLevel.SENIOR, "trade": "焊工", "people": 12}
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "skills.evaluation", promoted=13, certificates=[line])
    assert "（13 人）超过了取证人数合计（12 人）" in caught.value.message_dict["promoted"][0]
    with pytest.raises(ValidationError, match="与第 1 行相同"):
        file_it(cast, "skills.evaluation", promoted=1, certificates=[line, line])


@pytest.mark.parametrize(("investment", "credit"), [("100", "30.00"), ("33.35", "10.01"), ("0", "0.00"), (None, None)])
def test_thirty_per_cent_of_the_investment_are_credited(investment, credit):
    found = credit_of(None if investment is None else Decimal(investment))
    assert found == (None if credit is None else Decimal(credit))


def test_who_is_not_listed_has_no_investment_to_credit(cast):
    plain = {"batch": "省级第三批", "investment": Decimal("200.00"), "surcharges": Decimal("90.00")}
    record = file_it(cast, "skills.fusion", identity=FusionStatus.NONE, **plain)
    fusion = record.specific()
    assert (fusion.batch, fusion.investment, fusion.surcharges, fusion.credit) == ("", None, None, None)
    values = {"identity": FusionStatus.LISTED, **plain}
    record = update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values=values)
    assert record.specific().credit == Decimal("60.00")


def test_students_count_when_a_class_begins_and_those_sent_to_work_when_it_ends(cast):
    school = {"kind": "technician", "name": "示例技师学院", "county": cast.places["320115"], "code": "", "contact": ""}
    OrganisationResource().save(acting_user=cast.county, values={**school, "is_active": True})
    plain = {"students": 30, "delivered": 26, "mode": "ordered", "school": "示例技师学院"}
    begun = file_it(cast, "skills.schoolclass", step="begun", **plain).specific()
    finished = file_it(cast, "skills.schoolclass", step="finished", **plain).specific()
    assert (begun.students, begun.delivered, finished.students, finished.delivered) == (30, None, None, 26)
    for record in (begun, finished):
        approve(cast, record)
    found = shown(cast)
    assert (found["D12.classes"], found["D12.students"], found["H04.delivered"]) == (1, 30, 26)


def test_what_is_made_and_what_is_held_are_asked_differently(cast):
    plain = {"schools": 3, "hired": 10, "graduates": 4, "projects": 2}
    project = file_it(cast, "skills.matching", form=MatchingForm.PROJECT, **plain).specific()
    assert (project.schools, project.hired, project.graduates, project.projects) == (None, None, None, 2)
    fair = file_it(cast, "skills.matching", form=MatchingForm.FAIR, **plain).specific()
    assert (fair.schools, fair.hired, fair.graduates, fair.projects) == (3, 10, 4, None)
    for record in (project, fair):
        approve(cast, record)
    found = shown(cast)
    assert [found[f"H09.{name}"] for name in ("events", "hired", "graduates", "projects")] == [1, 10, 4, 2]


def test_a_class_from_the_form_to_the_report(cast, sign_in):
    values = values_for(
        CLASS,
        cast.enterprise,
        title="工业机器人操作培训班",
        programme=Programme.DIGITAL,
        number_of_people=30,
        frontline_trainees=24,
        hours_each=40,
        certified=28,
    )
    values.pop("placed", None)
    address = reverse("records:create", args=[CLASS])
    page = sign_in(cast.clerk).get(address).content.decode()
    assert "每名学员全程的学时" in page and "person_hours" not in page
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
    assert "本季度举办职业技能培训班1个，培训30人次、1200人学时，其中一线职工24人次，占80.0%" in text
    assert "；数字技能培训30人次" in text


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([(2025, "30.00", "12.00")], {2025: ("0", "12.00", "18.00")}),
        ([(2024, "30.00", "12.00"), (2025, "6.00", "50.00")], {2025: ("18.00", "24.00", "0.00")}),
        ([(2024, "30.00", None), (2025, "6.00", "50.00")], {2024: None, 2025: None}),
    ],
)
def test_what_cannot_be_taken_off_is_carried_on(years, expected):
    found = credits_of((year, Decimal(given), None if due is None else Decimal(due)) for year, given, due in years)
    for year, values in expected.items():
        one = found[year]
        assert (one and (one.brought, one.taken, one.carried)) == (values and tuple(map(Decimal, values)))


def test_what_is_worked_out_stands_beside_the_record(cast, sign_in):
    def page(record: Record) -> str:
        return sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()

    amounts = {"investment": Decimal("100.00"), "surcharges": Decimal("12.00")}
    fusion = page(file_it(cast, "skills.fusion", identity=FusionStatus.LISTED, **amounts))
    assert "当年可抵免</dt><dd>12.00 万元" in fusion and "结转以后年度</dt><dd>18.00 万元" in fusion
    assert "财税〔2019〕46号" in fusion
    ladder = page(file_it(cast, LADDER, **EIGHT, has_top_posts=False))
    assert "高技能人才占技能人才</dt><dd>75.0%" in ladder
    hours = page(file_it(cast, CLASS, number_of_people=30, hours_each=40, certified=20, placed=None))
    assert "培训人学时</dt><dd>1,200 人学时" in hours
    assert "平台算出的数" not in page(file_it(cast, "skills.degree"))
