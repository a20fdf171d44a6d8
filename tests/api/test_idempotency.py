"""A write sent again is answered, not done again."""

import datetime

import pytest
from django.utils import timezone

from api.models import KEPT_FOR, LOST_AFTER, IdempotencyKey
from records.models import Record
from tests.api.conftest import assert_problem

pytestmark = pytest.mark.django_db


def test_the_same_request_twice_makes_one_record(call, lecture):
    clerk = call("clerk")
    first = clerk.post("records/", lecture, key="k-1")
    second = clerk.post("records/", dict(reversed(lecture.items())), key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert second["Location"] == first["Location"]
    assert Record.objects.count() == 1


def test_without_a_key_nothing_is_guessed(call, lecture):
    clerk = call("clerk")
    clerk.post("records/", lecture)
    clerk.post("records/", lecture)
    assert Record.objects.count() == 2
    assert not IdempotencyKey.objects.exists()


def test_a_move_sent_again_is_not_a_stale_version(call, lecture):
    clerk = call("clerk")
    number = clerk.post("records/", lecture).json()["id"]
    first = clerk.post(f"records/{number}/submit/", {"version": 1}, key="move")
    again = clerk.post(f"records/{number}/submit/", {"version": 1}, key="move")
    assert first.json() == again.json()
    assert Record.objects.get().version == 2


def test_the_key_of_another_request_is_refused(call, lecture):
    clerk = call("clerk")
    number = clerk.post("records/", lecture, key="k-1").json()["id"]
    other = clerk.post("records/", {**lecture, "title": "另一讲"}, key="k-1")
    assert_problem(other, 422, "idempotency-mismatch")
    elsewhere = clerk.post(f"records/{number}/submit/", {"version": 1}, key="k-1")
    assert_problem(elsewhere, 422, "idempotency-mismatch")
    assert call("lead").post("records/", lecture, key="k-1").status_code == 201


def test_a_refused_request_may_be_mended_under_its_key(call, lecture):
    clerk = call("clerk")
    assert_problem(clerk.post("records/", {**lecture, "attendances": -1}, key="k-1"), 400, "validation")
    assert clerk.post("records/", lecture, key="k-1").status_code == 201


def test_a_request_still_running_is_a_conflict_until_it_is_lost(cast, call, lecture):
    clerk = call("clerk")
    clerk.post("records/", lecture, key="k-1")
    row = IdempotencyKey.objects.get()
    IdempotencyKey.objects.update(status=None, body=None)
    busy = clerk.post("records/", lecture, key="k-1")
    assert_problem(busy, 409, "idempotency-conflict")
    assert busy["Retry-After"] == "1"
    long_ago = timezone.now() - LOST_AFTER - datetime.timedelta(seconds=1)
    IdempotencyKey.objects.filter(pk=row.pk).update(created_at=long_ago)
    taken = clerk.post("records/", lecture, key="k-1")
    assert taken.status_code == 201 and "Idempotency-Replayed" not in taken


def test_an_answer_is_forgotten_after_a_day(call, lecture):
    clerk = call("clerk")
    clerk.post("records/", lecture, key="k-1")
    IdempotencyKey.objects.update(created_at=timezone.now() - KEPT_FOR - datetime.timedelta(minutes=1))
    assert "Idempotency-Replayed" not in clerk.post("records/", lecture, key="k-1")
    assert IdempotencyKey.objects.count() == 1


def test_a_key_too_long_is_refused_with_the_limit(call, lecture):
    body = assert_problem(call("clerk").post("records/", lecture, key="k" * 201), 400, "validation")
    assert body["errors"][0]["field"] == "Idempotency-Key"
