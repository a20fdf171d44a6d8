"""A program, too, is asked before it hands in what looks unusual."""

import pytest

from records.models import RecordStep
from tests.api.conftest import assert_problem

pytestmark = pytest.mark.django_db


def test_what_looks_unusual_is_listed_and_confirmed_with_a_word(call, lecture):
    clerk = call("clerk")
    first = clerk.post("records/", lecture).json()["id"]
    second = clerk.post("records/", lecture | {"number_of_people": 500, "attendances": 500}).json()["id"]
    refused = clerk.post(f"records/{second}/submit/", {"version": 1})
    body = assert_problem(refused, 409, "needs-confirmation")
    assert {error["field"] for error in body["errors"]} == {"title", "number_of_people"}
    assert all("confirm_reason" in error["cure"] for error in body["errors"])
    assert body["similar_records"] == [first]
    again = clerk.post(f"records/{second}/submit/", {"version": 1, "confirm_reason": "  "})
    assert_problem(again, 409, "needs-confirmation")
    done = clerk.post(f"records/{second}/submit/", {"version": 1, "confirm_reason": "全市直播。"})
    assert done.status_code == 200 and done.json()["status"] == "submitted"
    assert RecordStep.objects.get(record_id=second, action="submit").reason == "全市直播。"


def test_the_schema_says_which_fields_depend_on_others(call):
    described = call("clerk").get("kinds/services.leadership/").json()
    schema = next(value for value in described.values() if isinstance(value, dict) and "properties" in value)
    assert schema["properties"]["plan_issued_on"]["x-shown-when"] == {"field": "has_plan", "values": [True]}
