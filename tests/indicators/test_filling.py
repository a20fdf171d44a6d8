"""Following the feed: complete, once, and safe against a crash anywhere."""

import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts import feed
from foundation.facts.feed import changes_appended
from foundation.facts.models import Change, FeedCursor
from foundation.refusals import Refused
from indicators import fill as filling
from indicators import receivers, tasks
from indicators.drift import check
from indicators.fill import catch_up, fill
from indicators.models import FactValue, PlaceTotal, StaleMark
from indicators.queries import last_filled
from records.duties.actions import ensure_quarter
from records.models import Record, ReportingQuarter
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, lecture, party, totals, value

pytestmark = pytest.mark.usefixtures("few_kinds")


def test_a_change_is_taken_once(cast: Cast) -> None:
    lecture(cast)
    assert catch_up().units > 0
    assert catch_up().units == 0, "nothing new, nothing counted again"
    assert FeedCursor.objects.get(reader="figures").position == Change.objects.latest("pk").pk
    lecture(cast)
    assert catch_up().units == 2, "its own quarter, and compliance of the one after"
    assert value(cast.places["32"], "B01.sessions") == 2


def test_a_crash_while_counting_leaves_the_marks_and_the_next_run_completes(cast: Cast, monkeypatch) -> None:
    catch_up()
    before = totals()
    lecture(cast)

    def die(*args: object) -> None:
        raise ConnectionError("the worker was killed")

    with monkeypatch.context() as patch:
        patch.setattr(filling, "store_totals", die)
        with pytest.raises(ConnectionError):
            catch_up()
    assert totals() == before, "no half-written total"
    assert value(cast.enterprise.place, "B01.sessions") is None, "the values of the same transaction are gone too"
    assert StaleMark.objects.filter(place=cast.enterprise.place, quarter=LAST.code, source="ideology.lecture").exists()
    catch_up()
    assert value(cast.places["32"], "B01.sessions") == 1
    assert not StaleMark.objects.exists()


def test_a_crash_while_reading_the_feed_loses_nothing(cast: Cast, monkeypatch) -> None:
    catch_up()
    cursor = FeedCursor.objects.get(reader="figures").position
    lecture(cast)

    def die(pairs: object) -> None:
        raise ConnectionError("the worker was killed")

    with monkeypatch.context() as patch:
        patch.setattr(filling, "_mark", die)
        with pytest.raises(ConnectionError):
            catch_up()
    assert FeedCursor.objects.get(reader="figures").position == cursor
    catch_up()
    assert value(cast.places["32"], "B01.sessions") == 1


def test_a_change_that_commits_behind_a_later_one_is_still_counted(cast: Cast) -> None:
    """Two officers approve at once; the row with the lower number becomes visible second."""
    catch_up()
    lecture(cast)
    late = list(Change.objects.order_by("pk"))
    Change.objects.filter(pk__in=[row.pk for row in late]).delete()
    FeedCursor.objects.filter(reader="figures").update(position=late[0].pk - 1)
    Change.objects.create(
        pk=late[-1].pk + 10, source="statements", place=cast.second_enterprise.place, quarter=LAST.code
    )
    catch_up()
    assert value(cast.places["32"], "B01.sessions") is None
    Change.objects.bulk_create(late)
    catch_up()
    assert value(cast.places["32"], "B01.sessions") == 1


def test_a_long_feed_is_read_in_batches(cast: Cast, monkeypatch) -> None:
    catch_up()
    lecture(cast)
    lecture(cast, who="neighbour_enterprise")
    party(cast, who="second_enterprise")
    monkeypatch.setattr(feed, "BATCH", 2)
    monkeypatch.setattr(filling, "PLACES_AT_ONCE", 1)
    catch_up()
    assert check(LAST) == [] and value(cast.places["32"], "B01.sessions") == 2


def test_the_register_tells_by_the_same_feed(cast: Cast) -> None:
    catch_up()
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(headcount=300)
    Change.objects.create(source="enterprises", place=cast.enterprise.place)
    catch_up()
    assert value(cast.places["320115"], "REG.headcount") == 500


def test_a_quarter_that_opens_is_counted_without_any_change(cast: Cast) -> None:
    catch_up()
    coming = NOW.next()
    ensure_quarter(coming)
    catch_up()
    assert value(cast.places["32"], "REG.enterprises", coming) == 4


def test_a_kind_that_is_gone_does_not_stop_the_feed(cast: Cast, caplog) -> None:
    Change.objects.create(source="ideology.gone", place=cast.enterprise.place, quarter=LAST.code)
    lecture(cast)
    with caplog.at_level(logging.WARNING):
        catch_up()
    assert "ideology.gone" in caplog.text
    assert value(cast.places["32"], "B01.sessions") == 1


def test_changes_in_a_closed_quarter_do_not_move_it(cast: Cast) -> None:
    lecture(cast)
    catch_up()
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    Record.objects.update(status="returned")
    Change.objects.create(source="ideology.lecture", place=cast.enterprise.place, quarter=LAST.code)
    catch_up()
    assert value(cast.places["32"], "B01.sessions") == 1
    with pytest.raises(Refused, match="重新开放"):
        fill(LAST)


def test_drift_is_found_named_and_mended(cast: Cast) -> None:
    lecture(cast)
    catch_up()
    assert check(LAST) == []
    FactValue.objects.filter(fact="B01.sessions", place=cast.enterprise.place).update(value=9)
    PlaceTotal.objects.filter(fact="REG.enterprises", place=cast.places["3205"]).delete()
    found = {(row.where, row.fact): (row.stored, row.expected) for row in check(LAST)}
    assert found[cast.enterprise.credit_code, "B01.sessions"] == (9, 1)
    assert found["3205", "REG.enterprises"] == (None, 1)
    fill(LAST)
    assert check(LAST) == []


def test_nightly_rebuild_mends_and_reports(cast: Cast, caplog) -> None:
    lecture(cast)
    catch_up()
    FactValue.objects.filter(fact="B01.sessions").update(value=9)
    assert tasks.nightly_rebuild() > 0
    assert "drifted" in caplog.text
    assert tasks.nightly_rebuild() == 0
    assert value(cast.places["32"], "B01.sessions") == 1


def test_command_checks_and_fills(cast: Cast) -> None:
    lecture(cast)
    out = StringIO()
    call_command("fill_indicators", stdout=out)
    call_command("fill_indicators", "--check", stdout=out)
    assert "一致" in out.getvalue()
    FactValue.objects.filter(fact="B01.sessions").update(value=9)
    with pytest.raises(CommandError, match="不一致"):
        call_command("fill_indicators", "--check", "--quarter", LAST.code, stdout=out)
    assert f"{cast.enterprise.credit_code} B01.sessions: stored 9.00, expected 1.00" in out.getvalue()
    call_command("fill_indicators", "--quarter", LAST.code, stdout=out)
    call_command("fill_indicators", "--check", stdout=out)
    with pytest.raises(CommandError, match="2026Q3"):
        call_command("fill_indicators", "--quarter", "third", stdout=out)


def test_last_filled_says_up_to_when_figures_are_known(cast: Cast) -> None:
    assert last_filled(LAST) is None
    catch_up()
    first = last_filled(LAST)
    catch_up()
    assert last_filled(LAST) > first, "followed to its end again: known up to now"
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    assert last_filled(LAST) <= first
    assert last_filled(Quarter(2031, 1)) is None


def test_a_nudge_sends_once_a_second_and_survives_a_dead_broker(monkeypatch, caplog) -> None:
    sent: list[dict] = []
    clock = [1000.0]
    monkeypatch.setattr(receivers, "monotonic", lambda: clock[0])
    monkeypatch.setattr(receivers, "_last_sent", 0.0)
    monkeypatch.setattr(tasks.catch_up, "apply_async", lambda **options: sent.append(options))
    for _change in range(50):
        changes_appended.send(sender=Change)
    assert len(sent) == 1 and sent[0]["countdown"] <= 1, "what follows within the delay is covered by the first"
    clock[0] += 1.0
    changes_appended.send(sender=Change)
    assert len(sent) == 2

    def dead(**options: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.catch_up, "apply_async", dead)
    clock[0] += 1.0
    changes_appended.send(sender=Change)
    assert "next tick" in caplog.text
