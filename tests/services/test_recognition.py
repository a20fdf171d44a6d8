"""What is made known of the reform: each piece once, counted by its form and by who made it known."""

import pytest
from django.core.exceptions import ValidationError

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act
from services.loading import HONOURS, load_honours
from services.models import Award, AwardLevel, Honoured, Medium, PublicityForm
from tests.services.filing import asked_about, file_it, submit

pytestmark = pytest.mark.django_db


def test_pieces_count_by_form_and_medium(cast):
    for medium, form in (
        (Medium.UNION, PublicityForm.COLUMN),
        (Medium.UNION, PublicityForm.REPORT),
        (Medium.CITY, PublicityForm.PROGRAMME),
    ):
        record = submit(cast, file_it(cast, "services.publicity", medium=medium, form=form))
        act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    names = ("items", "columns", "programmes", "union_media")
    assert [shown[f"A15.{name}"].value for name in names] == [3, 1, 1, 2]


def test_one_address_on_one_day_is_asked_about(cast):
    link = "https://example.com/news/1"
    submit(cast, file_it(cast, "services.publicity", link=link))
    [question] = asked_about(cast, file_it(cast, "services.publicity", link=link))
    assert question.field == "title" and "相似的记录" in question.message


def test_honours_are_counted_by_level_and_by_whom_they_were_given_to(cast):
    people, units = Honoured.PERSON, Honoured.TEAM
    for honoured, level, number, honour in (
        (people, AwardLevel.NATIONAL, 1, "model-worker"),
        (people, AwardLevel.CITY, 3, "craftsman"),
        (units, AwardLevel.CITY, 2, "craftsman"),
        (units, AwardLevel.COUNTY, 5, "model-worker"),
    ):
        given = {"honoured": honoured, "level": level, "number": number}
        record = file_it(cast, "services.award", frontline_number=0, **given)
        Award.objects.filter(pk=record.pk).update(honour=honour)
        record = submit(cast, record)
        act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[f"C09.people_{level}"].value for level in ("national", "provincial", "city")] == [1, None, 3]
    assert [shown[f"C09.units_{level}"].value for level in ("national", "provincial", "city")] == [None, None, 2]
    assert [shown[f"H07.{level}"].value for level in ("national", "provincial", "city")] == [None, None, 3], (
        "persons only"
    )


def test_the_front_line_is_asked_of_persons_only_and_is_part_of_them(cast):
    team = file_it(cast, "services.award", honoured=Honoured.TEAM, number=2, frontline_number=1)
    assert team.frontline_number is None
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "services.award", honoured=Honoured.PERSON, number=2, frontline_number=3)
    assert "frontline_number" in caught.value.message_dict


def test_the_province_settles_the_list_of_honours(cast, sign_in):
    province, clerk = sign_in(cast.province), sign_in(cast.clerk)
    assert province.get("/services/honours/").content.decode().count("待核定") >= len(HONOURS)
    values = {"name": "五一劳动奖状、奖章", "order": 2, "is_settled": "on", "is_active": "on"}
    assert province.post("/services/honours/may-day/edit/", values).status_code == 302
    assert "五一劳动奖状、奖章" in clerk.get("/records/new/services.award/").content.decode()
    assert province.post("/services/honours/may-day/edit/", {"name": "五一劳动奖", "order": 2}).status_code == 302
    assert "五一劳动奖" not in clerk.get("/records/new/services.award/").content.decode()
    assert clerk.get("/services/honours/").status_code == 403
    assert load_honours().touched == 0
