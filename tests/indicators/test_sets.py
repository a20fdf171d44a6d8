"""Counting by sets gives what counting row by row gives; zeros that are derived are those that could have been stored."""

import uuid
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Nature, all_sources, declared_facts, source_by_code, source_of_fact
from foundation.places.models import Place
from ideology.models import Lecture
from indicators import fill as filling
from indicators import sets
from indicators.drift import check
from indicators.fill import catch_up, fill
from indicators.models import FactValue, FillState, PlaceTotal, StaleMark
from indicators.queries import by_unit, enterprise_figures, figures, last_filled
from indicators.sets import Scope
from indicators.totals import added_up, store_totals
from records.core.facts import KindFacts
from records.core.kinds import all_kinds, kind_by_slug
from records.duties.actions import ensure_quarter, make_statement
from records.models import QuarterStatement, Record, Status
from tests.cast import Cast
from tests.indicators.helpers import LAST, NOW, lecture, party, totals, value
from tests.records.test_office_filing import approve, filed_by_office

COUNTIES = ("320115", "320106", "320571")
EVENT_FLOWS = [
    (kind, fact)
    for kind in all_kinds()
    if kind.is_for_enterprises and not kind.is_return
    for fact in kind.facts
    if fact.nature is Nature.FLOW
]
LECTURE = kind_by_slug("ideology.lecture")


def _row_by_row() -> dict[tuple[int, int, str], tuple[Decimal | None, int]]:
    """What the sources count, read into Python and taken apart there."""
    found = {}
    for source in all_sources():
        facts = {fact.code: fact for fact in source.facts}
        for counting in source.count(LAST):
            for row in counting.rows:
                for code, (column, records) in counting.values.items():
                    number = None if row[column] is None else Decimal(row[column]).quantize(Decimal("0.01"))
                    if number is not None or (counting.keeps_unsaid and facts[code].zero_with):
                        key = (row[counting.place], row[counting.region], code)
                        assert key not in found, "two sets of a source give the same value"
                        found[key] = (number, row[records] if records else 0)
    return found


def _stored() -> dict[tuple[int, int, str], tuple[Decimal | None, int]]:
    rows = FactValue.objects.filter(quarter=LAST.code).values_list("place", "region", "fact", "value", "records")
    return {(place, region, fact): (amount, records) for place, region, fact, amount, records in rows}


def test_what_the_database_stores_is_what_python_counts(cast: Cast) -> None:
    lecture(cast, attendances=30)
    lecture(cast, attendances=50)
    lecture(cast, who="neighbour_enterprise")
    party(cast)
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=LAST, is_nil=False, asks=False)
    fill(LAST)
    assert _stored() == _row_by_row() != {}
    assert fill(LAST) == 0, "nothing differs, nothing is written"
    FactValue.objects.filter(fact="B01.attendances").update(value=Decimal("1.5"))
    FactValue.objects.filter(fact="REG.enterprises").delete()
    FactValue.objects.create(
        place=cast.gulou_enterprise.place, region=cast.places["320106"], quarter=LAST.code, fact="B01.sessions", value=4
    )
    assert fill(LAST) == 2 + 4 + 1
    assert _stored() == _row_by_row()
    assert check(LAST) == []


def _lecture_row(enterprise: Enterprise, county: Place, attendances: int | None, by: object) -> None:
    Lecture.objects.create(
        title="一课",
        enterprise=enterprise,
        county=county,
        city_id=county.city_id,
        province_id=county.province_id,
        happened_on=LAST.first_day,
        quarter=LAST.code,
        status=Status.APPROVED,
        form="on_site",
        speaker="王师傅",
        attendances=attendances,
        created_by=by,
        submitted_at=timezone.now(),
        first_submitted_at=timezone.now(),
        form_token=uuid.uuid4(),
    )


def _dense(cast: Cast) -> dict[tuple[str, str], tuple[Decimal | None, int]]:
    """The flows of events per region as they are when each silent enterprise has a zero of its own: {(region, fact):
    (value, reporting)}. Counted from records and statements in plain Python."""
    values: dict[tuple[str, Place, int], Decimal] = {}
    said = dict(QuarterStatement.objects.filter(quarter=LAST.code).values_list("enterprise", "enterprise__county"))
    counties = {place.pk: place for place in cast.places.values()}
    for kind, fact in EVENT_FLOWS:
        having: set[int] = set()
        for record in kind.model.objects.filter(status=Status.APPROVED, quarter=LAST.code).select_related("county"):
            having.add(record.enterprise_id)
            counted = kind.model.objects.filter(kind.counted(fact, LAST), pk=record.pk).exists()
            amount = (getattr(record, fact.amount) if fact.amount else 1) if counted else (None if fact.amount else 0)
            if amount is not None:
                key = (fact.code, counties[record.county_id], record.enterprise_id)
                values[key] = values.get(key, Decimal(0)) + amount
        for enterprise, county in said.items():
            if enterprise not in having:
                values[fact.code, counties[county], enterprise] = Decimal(0)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    who: dict[tuple[str, str], set[int]] = defaultdict(set)
    for (code, county, enterprise), amount in values.items():
        for region in (county.code, county.city.code, county.province.code):
            sums[region, code] += amount
            who[region, code].add(enterprise)
    return {key: (sums[key], len(who[key])) for key in who}


ENTERPRISES = ("enterprise", "second_enterprise", "gulou_enterprise", "neighbour_enterprise")
LECTURES = st.lists(
    st.tuples(st.sampled_from(ENTERPRISES), st.sampled_from(COUNTIES), st.one_of(st.none(), st.integers(0, 500))),
    max_size=6,
)


class _Undo(Exception):
    pass


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(places=[7, 3]), Scope(regions=[5]), Scope(places=[3], regions=[5, 9])]
)
def test_a_kept_statement_is_the_one_put_together_anew(
    cast: Cast, scope: Scope, django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every plain source, whose sets are made without looking anything up; asked for twice, the second time kept."""
    monkeypatch.setattr(KindFacts, "has_rows", lambda source: True)
    quarters = Quarter.current().trailing(3)
    plain = [source for source in all_sources() if source.is_plain]
    assert {kind.slug for kind in all_kinds()} <= {source.code for source in plain}
    for source in plain:
        for quarter in quarters:
            with django_assert_num_queries(0):
                anew = sets._put_together(source, quarter, scope)
                assert sets.counted(source, quarter, scope) == anew
                assert sets.counted(source, quarter, scope) == anew


@pytest.mark.usefixtures("few_kinds")
def test_of_a_kind_without_records_nothing_is_counted_and_nothing_stays(cast: Cast, django_assert_num_queries) -> None:
    source = source_by_code("ideology.lecture")
    everybody = Scope()
    assert not Record.objects.exists() and not source.has_rows()
    with django_assert_num_queries(1):
        assert sets.counted(source, LAST, everybody) is None
    enterprise = cast.enterprise
    fact = source.facts[0].code
    FactValue.objects.create(
        place_id=enterprise.pk, region_id=enterprise.county_id, quarter=LAST.code, fact=fact, value=3, records=1
    )
    assert sets.store(source, LAST, everybody) == 1, "what stood there of records that are gone"
    assert not FactValue.objects.filter(fact=fact).exists()


@pytest.mark.usefixtures("few_kinds")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LECTURES, st.sets(st.sampled_from(ENTERPRISES)))
def test_reading_sparse_is_reading_dense(cast: Cast, lectures: list, silent: set[str]) -> None:
    """Enterprises with lectures in one county or several, that say how many came or do not, with and without a
    statement: no zero is stored for silence, and every region and enterprise reads as if it were."""
    flows = [fact for _kind, fact in EVENT_FLOWS if fact.code in declared_facts()]
    with pytest.raises(_Undo), transaction.atomic():
        for name, county, attendances in lectures:
            _lecture_row(cast.enterprises[name], cast.places[county], attendances, cast.clerk)
        for name in silent:
            enterprise = cast.enterprises[name]
            where = {"province": enterprise.province, "city": enterprise.city, "county": enterprise.county}
            QuarterStatement.objects.create(
                enterprise=enterprise,
                quarter=LAST.code,
                is_nil=False,
                made_by=cast.clerk,
                made_at=timezone.now(),
                **where,
            )
        fill(LAST)
        dense = _dense(cast)
        assert check(LAST) == []
        for code, place in cast.places.items():
            found = figures(place, LAST)
            for fact in flows:
                figure = found[fact.code]
                expected = dense.get((code, fact.code), (None, 0))
                assert (figure.value, figure.reporting) == expected, (code, fact.code)
        codes = [fact.code for fact in flows]
        for county in COUNTIES:
            rows = by_unit(cast.places[county], codes, LAST)
            for code in codes:
                told = [row.values[code] for row in rows if row.values[code] is not None]
                assert (sum(told) if told else None, len(told)) == dense.get((county, code), (None, 0))
        singly = enterprise_figures([enterprise.pk for enterprise in cast.enterprises.values()], LAST)
        for fact in flows:
            told = [row[fact.code].value for row in singly.values() if row[fact.code].value is not None]
            assert (sum(told) if told else None, len(told)) == dense.get(("32", fact.code), (None, 0))
        names = set(FactValue.objects.filter(value=0).values_list("fact", flat=True))
        assert names <= {fact.code for fact in LECTURE.facts}, "a zero is stored only where there are records"
        raise _Undo


def test_of_what_offices_report_enterprises_are_not_silent(cast: Cast) -> None:
    """Nobody said nothing of it: a statement is an enterprise's."""
    where = {"province": cast.enterprise.province, "city": cast.enterprise.city, "county": cast.enterprise.county}
    QuarterStatement.objects.create(
        enterprise=cast.enterprise,
        quarter=LAST.code,
        is_nil=False,
        made_by=cast.clerk,
        made_at=timezone.now(),
        **where,
    )
    filed_by_office(cast.county, cast.places["320115"], happened_on=LAST.first_day)
    fill(LAST)
    assert figures(cast.places["32"], LAST)["A12.studies"].reporting == 0
    for record in Record.objects.filter(office__isnull=False):
        approve(cast.county_colleague, record)
    fill(LAST)
    assert figures(cast.places["32"], LAST)["A12.studies"].reporting == 1


def test_an_enterprise_that_moved_counts_once_where_both_its_counties_lie(cast: Cast) -> None:
    for county in ("320115", "320106", "320571"):
        _lecture_row(cast.enterprise, cast.places[county], 10, cast.clerk)
    fill(LAST)
    assert {code: figures(place, LAST)["B01.sessions"].reporting for code, place in cast.places.items()} == {
        **dict.fromkeys(COUNTIES, 1),
        **{"3201": 1, "3205": 1, "32": 1},
    }
    assert value(cast.places["32"], "B01.sessions") == 3 and check(LAST) == []


def test_a_region_has_values_of_its_own_and_totals_are_own_plus_below(cast: Cast) -> None:
    """What an office files counts at its place."""
    lecture(cast, attendances=30)
    fill(LAST)
    for code, amount in (("320115", 1), ("3201", 10), ("32", 100)):
        place = cast.places[code]
        FactValue.objects.create(place=place, region=place, quarter=LAST.code, fact="B01.sessions", value=amount)
    store_totals(LAST, {"B01.sessions"}, {cast.places["320115"].pk, cast.places["3201"].pk})
    found = {code: figures(place, LAST)["B01.sessions"] for code, place in cast.places.items()}
    assert {code: (row.value, row.reporting) for code, row in found.items()} == {
        "320115": (2, 2),
        "320106": (None, 0),
        "3201": (12, 3),
        "320571": (None, 0),
        "3205": (None, 0),
        "32": (112, 4),
    }
    assert added_up(LAST) == {
        (row.place_id, row.fact): (row.value, row.reporting, row.witnessed)
        for row in PlaceTotal.objects.filter(quarter=LAST.code)
    }


def test_a_change_marks_its_source_and_what_follows_it_and_nothing_else(cast: Cast) -> None:
    catch_up()
    lecture(cast)
    filling._take_feed()
    marked = set(StaleMark.objects.values_list("place", "is_below", "quarter", "source"))
    assert marked == {
        *((cast.enterprise.pk, False, LAST.code, source) for source in ("ideology.lecture", "statements", "duties")),
        # What a rule of compliance reads may speak for other quarters of the year.
        *((cast.enterprise.pk, False, quarter.code, "compliance") for quarter in (LAST, NOW)),
    }


@pytest.mark.usefixtures("few_kinds")
def test_a_fresh_approval_goes_before_the_wave_of_a_new_quarter(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(filling, "WHOLE_UP_TO", 0)
    catch_up()
    ensure_quarter(NOW.next())
    filling._begin_new_quarters()
    wave = StaleMark.objects.filter(is_below=True)
    assert set(wave.values_list("place__code", flat=True)) == {*COUNTIES, "3201", "3205", "32"}
    before = wave.count()
    lecture(cast)
    filling._take_feed()
    filling._count_next(set())
    assert value(cast.places["32"], "B01.sessions") == 1, "counted, and added up to the top"
    assert wave.count() == before
    assert catch_up().finished and not StaleMark.objects.exists()
    by_county = totals()
    monkeypatch.setattr(filling, "WHOLE_UP_TO", 2000)
    for quarter in (LAST, NOW, NOW.next()):
        fill(quarter)
        assert check(quarter) == []
    assert totals() == by_county


@pytest.mark.usefixtures("few_kinds")
def test_a_run_ends_when_its_time_is_up_and_the_next_goes_on(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(filling, "WHOLE_UP_TO", 0)
    lecture(cast)
    runs = 0
    while not catch_up(seconds=0).finished:
        runs += 1
        assert runs < 100
    assert runs > 3 and value(cast.places["32"], "B01.sessions") == 1


@pytest.mark.skipif(not connection.features.has_select_for_update_skip_locked, reason="SQLite knows no row locks")
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_quarter_that_another_process_counts() -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from tests.cast import make_cast

    cast = make_cast()
    catch_up()
    lecture(cast)
    held, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            assert filling.lock_quarter(LAST, wait=True)
            held.set()
            assert done.wait(60)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(60)
        lecture(cast, day=NOW.first_day)
        followed = catch_up()
        assert not followed.finished
        assert value(cast.places["32"], "B01.sessions", NOW) == 1, "the other quarter is counted meanwhile"
        assert value(cast.places["32"], "B01.sessions") is None
        done.set()
        holding.result()
    assert catch_up().finished and value(cast.places["32"], "B01.sessions") == 1


@pytest.mark.skipif(not connection.features.has_select_for_update_skip_locked, reason="SQLite knows no row locks")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_below", [False, True], ids=["a place", "a region"])
def test_marks_in_other_hands_are_something_left(is_below: bool) -> None:
    """Whoever counts a source of a whole quarter holds its marks: the other quarters go on, and nobody says that the
    figures are known up to now."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from tests.cast import make_cast

    cast = make_cast()
    catch_up()
    known = last_filled(NOW)
    place = cast.places["320115"] if is_below else cast.enterprise.place
    StaleMark.objects.create(
        place=place, is_below=is_below, quarter=LAST.code, source="ideology.lecture", asked_at=timezone.now()
    )
    FactValue.objects.filter(quarter=NOW.code, fact="REG.headcount").update(value=9)
    StaleMark.objects.create(
        place=place,
        is_below=is_below,
        quarter=NOW.code,
        source=source_of_fact("REG.headcount").code,
        asked_at=timezone.now(),
    )
    held, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            filling.lock_quarter(LAST, wait=True)
            StaleMark.objects.filter(quarter=LAST.code, source="ideology.lecture").delete()
            held.set()
            assert done.wait(60)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(60)
        followed = catch_up()
        assert (followed.units, followed.finished) == (1, False)
        assert value(cast.enterprise.place, "REG.headcount", NOW) == 200, "the other quarter is counted meanwhile"
        assert FillState.objects.get(name=filling.READER).done_at <= known
        done.set()
        holding.result()
    assert catch_up().finished and last_filled(NOW) > known
