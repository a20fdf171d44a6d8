"""A program, too, is asked before it hands in what looks unusual, and confirms what it was shown."""

import pytest

from records.models import Record, RecordStep
from tests.api.conftest import assert_problem, hand_in

pytestmark = pytest.mark.django_db


def _twice(clerk, lecture, people: int = 500) -> tuple[int, int]:
    """Two drafts of one day and title; the second has more people than the enterprise."""
    first = clerk.post("records/", lecture).json()["id"]
    return first, clerk.post("records/", lecture | {"number_of_people": people, "attendances": people}).json()["id"]


def test_what_looks_unusual_is_listed_and_confirmed_by_its_keys_and_a_reason(call, lecture):
    clerk = call("clerk")
    first, second = _twice(clerk, lecture)
    body = assert_problem(clerk.post(f"records/{second}/submit/", {"version": 1}), 409, "needs-confirmation")
    assert {error["field"] for error in body["errors"]} == {"title", "number_of_people"}
    assert all("confirmed" in error["cure"] for error in body["errors"])
    assert body["similar_records"] == [first] and body["needs_reason"] is True
    keys = [error["key"] for error in body["errors"]]
    for answer in (
        {"confirmed": keys, "reason": "  "},
        {"confirmed": keys[:1], "reason": "全市直播。"},
        {"reason": "全市直播。"},
    ):
        again = clerk.post(f"records/{second}/submit/", {"version": 1, **answer})
        assert_problem(again, 409, "needs-confirmation")
    done = clerk.post(f"records/{second}/submit/", {"version": 1, "confirmed": keys, "reason": "全市直播。"})
    assert done.status_code == 200 and done.json()["status"] == "submitted"
    assert RecordStep.objects.get(record_id=second, action="submit").reason == "全市直播。"


@pytest.mark.parametrize("name", ["reason", "confirm_reason"])
def test_a_reason_sent_first_answers_nothing(call, lecture, name):
    clerk = call("clerk")
    _first, second = _twice(clerk, lecture)
    refused = clerk.post(f"records/{second}/submit/", {"version": 1, name: "全市直播。"})
    assert_problem(refused, 409, "needs-confirmation")
    assert Record.objects.get(pk=second).status == "draft"


def test_the_keys_of_other_questions_do_not_count(call, lecture):
    clerk = call("clerk")
    _first, second = _twice(clerk, lecture)
    shown = clerk.post(f"records/{second}/submit/", {"version": 1}).json()
    keys = [error["key"] for error in shown["errors"]]
    changed = clerk.patch(f"records/{second}/", {"version": 1, "number_of_people": 900, "attendances": 900})
    assert changed.status_code == 200
    stale = {"version": 2, "confirmed": keys, "reason": "全市直播。"}
    asked = assert_problem(clerk.post(f"records/{second}/submit/", stale), 409, "needs-confirmation")
    assert set(keys) != {error["key"] for error in asked["errors"]}, "another figure is another question"
    now = stale | {"confirmed": [error["key"] for error in asked["errors"]]}
    assert clerk.post(f"records/{second}/submit/", now).status_code == 200


def test_a_record_that_appeared_meanwhile_is_asked_about_again(call, lecture):
    clerk = call("clerk")
    _first, second = _twice(clerk, lecture, people=20)
    shown = clerk.post(f"records/{second}/submit/", {"version": 1}).json()
    clerk.post("records/", lecture)
    answer = {"version": 1, "confirmed": [error["key"] for error in shown["errors"]], "reason": "上、下午各一场。"}
    assert_problem(clerk.post(f"records/{second}/submit/", answer), 409, "needs-confirmation")
    assert hand_in(clerk, second, "上、下午各一场。").status_code == 200


def test_a_reason_where_nothing_was_asked_is_not_kept(call, lecture):
    clerk = call("clerk")
    only = clerk.post("records/", lecture).json()["id"]
    assert clerk.post(f"records/{only}/submit/", {"version": 1, "reason": "全市直播。"}).status_code == 200
    assert RecordStep.objects.get(record_id=only, action="submit").reason == ""


def test_the_schema_says_which_fields_depend_on_others(call):
    described = call("clerk").get("kinds/services.leadership/").json()
    schema = next(value for value in described.values() if isinstance(value, dict) and "properties" in value)
    assert schema["properties"]["plan_issued_on"]["x-shown-when"] == {"field": "has_plan", "values": [True]}
