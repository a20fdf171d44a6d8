"""What offices report of services: visits, hardship, linked members, conditions of honours, plans for talents."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.calendar.periods import Quarter, Year
from foundation.places.models import Place
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from records.core.shown import known_of
from records.models import Record, Status
from services.loading import AID_PROJECTS, load_aid_projects
from services.models import AidProject, CaseStep, Honour, RecuperationOrganiser
from tests.cast import Cast
from tests.contracts.world import values_for
from tests.services.filing import file_it

pytestmark = pytest.mark.django_db
LAST_YEAR = Year(Quarter.current().year).previous().code


def of_county(cast: Cast, slug: str, *, hand_in: bool = True, **changes: Any) -> Record:
    return of_office(cast, slug, "320115", "county", hand_in=hand_in, **changes)


def of_office(cast: Cast, slug: str, place: str, by: str, *, hand_in: bool = True, **changes: Any) -> Record:
    office = cast.places[place]
    values = values_for(slug, office, **changes)
    return file_record(
        acting_user=getattr(cast, by), kind=kind_by_slug(slug), filer=office, values=values, hand_in=hand_in
    )


def approve(cast: Cast, record: Record, by: str = "county_colleague") -> None:
    act(acting_user=getattr(cast, by), record_id=record.pk, action="approve", version=record.version)


def test_visits_and_runs_of_the_direct_line_count_apart(cast):
    for form, people, questions, answered in (
        ("instructor", None, 3, 2),
        ("member", 20, 2, 2),
        ("bus_park", 50, 4, 1),
    ):
        record = of_county(
            cast,
            "services.outreach",
            title=f"走访{form}",
            form=form,
            visited=cast.enterprise.name,
            attendances=people,
            questions=questions,
            answered=answered,
            passed_on=0,
        )
        approve(cast, record)
    catch_up()
    shown = figures(cast.places["320115"], Quarter.current())
    codes = ("A09.visits", "A11.runs", "A11.attendances", "A09.questions", "A09.answered")
    assert [shown[code].value for code in codes] == [2, 1, 50, 9, 5]


def test_answers_are_part_of_the_questions(cast):
    with pytest.raises(ValidationError) as caught:
        of_county(cast, "services.outreach", hand_in=False, questions=2, answered=3, passed_on=0)
    assert list(caught.value.message_dict) == ["answered"]


def test_programmes_of_help_count_by_project_and_households_stand(cast):
    programmes = [
        {"project": AidProject(code="medicine"), "helped": 12, "amount": "3.50"},
        {"project": AidProject(code="dream"), "helped": 5, "amount": None},
        {"project": AidProject(code="other"), "helped": 9, "amount": "1.25"},
    ]
    record = of_county(cast, "services.hardship", households=80, recovered=2, not_on_file=6, programmes=programmes)
    assert record.status == Status.SUBMITTED
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["320115"], Quarter.parse(record.quarter))
    codes = ("G02.files", "G02.out", "G11.medicine", "G11.dream", "G11.newform", "G11.unfiled")
    assert [shown[code].value or 0 for code in codes] == [80, 2, 12, 5, 0, 6]
    assert str(shown["G11.amount"].value) == "4.75"


def test_a_project_stands_in_one_line(cast):
    programmes = [{"project": AidProject(code="dream"), "helped": 1, "amount": None}] * 2
    with pytest.raises(ValidationError) as caught:
        of_county(cast, "services.hardship", hand_in=False, programmes=programmes)
    assert "相同" in str(caught.value)


def test_member_units_and_their_enterprises_count_by_line(cast):
    units = [
        {"unit": "人力资源社会保障局", "enterprises": 4, "names": ""},
        {"unit": "教育局", "enterprises": 2, "names": cast.enterprise.name},
    ]
    empty = of_county(cast, "services.linkedmembers", hand_in=False, units=[], period=LAST_YEAR)
    with pytest.raises(ValidationError, match="至少填 1 行"):
        act(acting_user=cast.county, record_id=empty.pk, action="submit", version=empty.version)
    Record.objects.filter(pk=empty.pk).delete()
    approve(cast, of_county(cast, "services.linkedmembers", units=units, solved=7, period=LAST_YEAR))
    catch_up()
    shown = figures(cast.places["320115"], Quarter.current())
    assert [shown[f"A10.{name}"].value for name in ("units", "enterprises", "solved")] == [2, 6, 7]


def test_visits_of_member_units_are_shown_from_their_records_and_not_asked(cast, sign_in):
    county, year = cast.places["320115"], str(int(LAST_YEAR) + 1)

    def shown(office: Place, period: str = year) -> dict[str, str]:
        return {one.label: one.value for one in known_of(kind_by_slug("services.linkedmembers").shown, office, period)}

    visits, questions = "本级全年成员单位走访", "本级全年走访和直通车收到问题"
    assert shown(county) == {visits: "", questions: ""}, "nobody told of one: not known, and no 0"
    said = {"visited": cast.enterprise.name, "attendances": 9, "answered": 0, "passed_on": 0}
    for title, form, asked, handed_in in (
        ("教育局送课上门", "member", 2, True),
        ("人社局问需解难", "member", 0, True),
        ("直通车开进软件园", "bus_park", 4, True),
        ("住建局还没有写完", "member", 5, False),
    ):
        values = {**said, "title": title, "form": form, "questions": asked}
        of_county(cast, "services.outreach", hand_in=handed_in, **values)
    assert shown(county) == {visits: f"2 次（{year}年度）", questions: f"6 个（{year}年度3条）"}, "no drafts, no runs"
    assert shown(county, LAST_YEAR)[visits] == "", "those of another year"
    assert shown(cast.places["3201"])[visits] == "", "a city's own members went nowhere"
    kind = kind_by_slug("services.linkedmembers")
    assert "visits" not in kind.fields and visits not in {str(field.verbose_name) for field in kind.model._meta.fields}
    page = sign_in(cast.county).get(reverse("records:create", args=[kind.slug]) + f"?office={county.code}")
    assert visits in page.content.decode() and "走访与产改直通车" in page.content.decode()


def test_what_counts_is_the_condition_and_not_the_honour(cast):
    conditions = [
        {"honour": Honour(code="may-day"), "is_condition": True, "document": "", "since_year": 2024},
        {"honour": Honour(code="workers-home"), "is_condition": False, "document": "", "since_year": None},
    ]
    record = of_office(cast, "services.awardrule", "3201", "city", conditions=conditions, remarks="")
    approve(cast, record, by="province")
    catch_up()
    assert figures(cast.places["3201"], Quarter.current())["C18.awards"].value == 1


def test_talents_are_told_by_cities_and_the_province(cast):
    kind = kind_by_slug("services.talentplan")
    assert not kind.is_reported_by(cast.places["320115"]) and not kind.is_reported_by(cast.enterprise)
    with pytest.raises(ValidationError) as caught:
        of_office(cast, kind.slug, "3201", "city", hand_in=False, linked=2, linked_national=3)
    assert list(caught.value.message_dict) == ["linked_national"]
    approve(cast, of_office(cast, kind.slug, "3201", "city", applied=9, chosen=4, linked=6), by="province")
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[f"H10.{name}"].value for name in ("applied", "chosen", "linked")] == [9, 4, 6]


def test_a_case_is_told_by_who_did_it_and_taken_up_by_the_offices(cast):
    with pytest.raises(ValidationError, match="由推广的产改办填报"):
        file_it(cast, "services.goodcase", step=CaseStep.ADOPTED)
    case = file_it(cast, "services.goodcase", step=CaseStep.CASE, adopters=5, promoted_by="city")
    assert (case.adopters, case.promoted_by) == (None, "")
    taken_up = of_county(cast, "services.goodcase", step=CaseStep.ADOPTED, promoted_by="county", adopters=5, summary="")
    approve(cast, taken_up)
    catch_up()
    shown = figures(cast.places["320115"], Quarter.current())
    assert [shown[f"A14.{name}"].value for name in ("cases", "promoted", "adopted")] == [0, 1, 5]


def test_the_union_above_reports_the_groups_it_sent(cast):
    record = of_county(cast, "services.recuperation", organiser=RecuperationOrganiser.UPPER_UNION)
    assert record.status == Status.SUBMITTED


def test_the_list_of_projects_is_the_provinces(cast, sign_in):
    province = sign_in(cast.province)
    assert province.get("/services/aid-projects/").content.decode().count("待核定") >= len(AID_PROJECTS)
    assert sign_in(cast.county).get("/services/aid-projects/").status_code == 403
    assert load_aid_projects().touched == 0
