"""The change feed: every change reaches a reader exactly once, in whatever order transactions commit."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.facts import feed
from foundation.facts.feed import append_changes, changes_appended, forget_read_changes, read_changes
from foundation.facts.models import Change, FeedCursor
from foundation.places.models import Place
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def _everything() -> list[int]:
    seen: list[int] = []
    while rows := read_changes("test"):
        seen += [row.pk for row in rows]
    return seen


def _make(pk: int, place: Place) -> None:
    Change.objects.create(pk=pk, source="test", place=place)


def test_a_reader_gets_each_change_once_and_readers_do_not_disturb_each_other(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(feed, "BATCH", 2)
    Change.objects.all().delete()
    append_changes(Change(source="test", place=cast.places["32"]) for _number in range(5))
    made = list(Change.objects.order_by("pk").values_list("pk", flat=True))
    assert _everything() == made and _everything() == []
    assert [row.pk for row in read_changes("other") or []] == made[:2]


def test_rows_that_commit_late_are_seen_when_they_appear(cast: Cast) -> None:
    Change.objects.all().delete()
    place, start = cast.places["32"], 10**6
    FeedCursor.objects.create(reader="test", position=start)
    for number in (3, 7):
        _make(start + number, place)
    assert _everything() == [start + 3, start + 7]
    for number in (5, 1):
        _make(start + number, place)
    assert _everything() == [start + 1, start + 5], "each in its gap, nothing a second time"
    _make(start + 2, place)
    assert _everything() == [start + 2]


def test_a_gap_is_given_up_after_a_while(cast: Cast) -> None:
    Change.objects.all().delete()
    place, start = cast.places["32"], 10**6
    FeedCursor.objects.create(reader="test", position=start)
    _make(start + 3, place)
    assert _everything() == [start + 3]
    cursor = FeedCursor.objects.get(reader="test")
    assert [gap[:2] for gap in cursor.gaps] == [[start + 1, start + 2]]
    long_ago = (timezone.now() - feed.GAP_PATIENCE - datetime.timedelta(seconds=1)).isoformat()
    FeedCursor.objects.update(gaps=[[*gap[:2], long_ago] for gap in cursor.gaps])
    assert _everything() == []
    assert FeedCursor.objects.get(reader="test").gaps == [], "the transaction was rolled back; nobody waits for ever"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(1, 30), max_size=6), min_size=1, max_size=6))
def test_whatever_order_they_commit_in_each_is_read_once(cast: Cast, waves: list[list[int]]) -> None:
    """Numbers become visible in waves; between the waves the reader reads."""
    Change.objects.all().delete()
    FeedCursor.objects.filter(reader="test").delete()
    FeedCursor.objects.create(reader="test", position=0)
    made: set[int] = set()
    seen: list[int] = []
    for wave in waves:
        for number in wave:
            if number not in made:
                _make(number, cast.places["32"])
                made.add(number)
        seen += _everything()
    assert sorted(seen) == sorted(made)


@pytest.mark.django_db(transaction=True)
def test_one_wake_up_a_transaction_and_none_when_it_fails() -> None:
    place = Place.objects.create(level="province", code="32", name="江苏省", short_name="江苏", initials="js")
    woken: list[object] = []

    def note(**kwargs: object) -> None:
        woken.append(kwargs["sender"])

    changes_appended.connect(note, dispatch_uid="test")
    try:
        with transaction.atomic():
            for _number in range(3):
                append_changes([Change(source="test", place=place)])
            assert woken == []
        assert woken == [Change]
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            append_changes([Change(source="test", place=place)])
            raise ZeroDivisionError
        assert woken == [Change] and Change.objects.count() == 3
    finally:
        changes_appended.disconnect(dispatch_uid="test")


def test_what_all_have_read_is_forgotten_after_a_month(cast: Cast) -> None:
    Change.objects.all().delete()
    append_changes(Change(source="test", place=cast.places["32"]) for _number in range(3))
    assert forget_read_changes() == 0
    _everything()
    assert forget_read_changes() == 0, "young"
    Change.objects.update(at=timezone.now() - datetime.timedelta(days=31))
    append_changes([Change(source="test", place=cast.places["32"])])
    assert forget_read_changes() == 3
    assert len(_everything()) == 1
