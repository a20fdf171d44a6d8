"""Who leads the reform, by what plan, with what people and means."""

import pytest

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act
from records.core.kinds import kind_by_slug
from tests.services.filing import file_it, refusal, submit

pytestmark = pytest.mark.django_db
KIND = "services.leadership"


def test_manager_party_and_union_each_say_theirs(cast):
    record = file_it(cast, KIND, same_plan=None, union_led=None)
    assert set(refusal(cast, record)) == {"same_plan", "union_led"}


def test_tasks_of_a_plan_are_asked_only_where_there_is_one(cast):
    values = {"has_plan": False, "reviewed_by_congress": False, "plan_issued_on": None, "congress_on": None}
    record = file_it(cast, KIND, **values, tasks=",skills,")
    assert record.tasks == ""


def test_a_return_of_before_these_were_asked_is_no_no(cast):
    """It stays approved; the share is taken of those that answered."""
    record = file_it(cast, KIND, same_plan=True, union_led=True, staff=3, budget=None)
    record = submit(cast, record)
    act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    old = submit(cast, file_it(cast, KIND, of="second_enterprise", by="second_clerk"), by="second_clerk")
    act(acting_user=cast.county, record_id=old.pk, action="approve", version=old.version)
    kind_by_slug(KIND).model.objects.filter(pk=old.pk).update(same_plan=None, union_led=None, staff=None, budget=None)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    names = ("same_plan", "reported", "union_led", "staff", "budgeted")
    assert [shown[f"A16.{name}"].value for name in names] == [1, 1, 1, 3, 0]
    assert shown["A16.budget"].value is None
    assert shown["A01.reported"].value == 2
