"""What is made known of the reform: each piece once, counted by its form and by who made it known."""

import pytest

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act
from services.models import Medium, PublicityForm
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
