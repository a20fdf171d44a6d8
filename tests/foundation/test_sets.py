"""INSERT … SELECT by the ORM: what is there stays, and what was added comes back."""

import datetime

import pytest
from django.db.models import F, Value

from enterprises.models import Enterprise
from foundation.sets import insert_from
from records.models import Duty
from tests.cast import Cast

pytestmark = pytest.mark.django_db

COLUMNS = ("enterprise_id", "province_id", "city_id", "county_id", "kind", "period", "quarter", "due")


def _rows(enterprises):
    due = datetime.date(2026, 10, 10)
    told = (Value("ideology.partydevelopment"), Value("2026Q3"), Value("2026Q3"), Value(due))
    return enterprises.order_by().values_list("pk", "province_id", "city_id", "county_id", *told)


def test_rows_are_added_once(cast: Cast) -> None:
    one = Enterprise.objects.filter(pk=cast.enterprise.pk)
    assert insert_from(Duty, COLUMNS, _rows(one), returning="county_id") == [cast.enterprise.county_id]
    everybody = Enterprise.objects.filter(is_active=True)
    added = insert_from(Duty, COLUMNS, _rows(everybody))
    assert len(added) == everybody.count() - 1 == Duty.objects.filter(pk__in=added).count()
    assert set(Duty.objects.values_list("due", flat=True)) == {datetime.date(2026, 10, 10)}


def test_nothing_to_add_is_no_statement(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert insert_from(Duty, COLUMNS, _rows(Enterprise.objects.none())) == []


def test_a_reference_may_stay_empty(cast: Cast) -> None:
    rows = Enterprise.objects.filter(pk=cast.enterprise.pk).order_by()
    told = (Value("services.leadership"), Value("2026"), Value("2026Q4"), Value(datetime.date(2027, 1, 10)))
    values = rows.values_list("pk", "province_id", "city_id", "county_id", *told, F("township_id"))
    insert_from(Duty, [*COLUMNS, "record_id"], values)
    assert Duty.objects.get().record_id is None
