"""The measuring seed adds what it was asked for, in filled figures, and says what it does not store."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from backoffice.reference import load_reference_data
from enterprises.models import Enterprise
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.drift import check
from indicators.queries import figures
from records.models import Record, Status

pytestmark = pytest.mark.django_db


def _seed(**options) -> str:
    out = StringIO()
    call_command("seed_scale", stdout=out, **options)
    return out.getvalue()


def test_it_adds_rows_and_fills(db) -> None:
    load_reference_data()
    said = _seed(enterprises=120, workers=50, records=200, quarters=2)
    assert "no register of workers" in said
    assert Enterprise.objects.count() == 120
    assert Record.objects.filter(status=Status.APPROVED).count() == Record.objects.count() == 200
    province = Place.objects.get(code="32")
    for quarter in (Quarter.current(), Quarter.current().previous()):
        assert check(quarter) == []
        assert figures(province, quarter)["B01.sessions"].value > 0
    assert not any(user.has_usable_password() for user in User.objects.all())

    _seed(enterprises=10, records=20, quarters=2)
    assert (Enterprise.objects.count(), Record.objects.count()) == (130, 220)
    assert len(set(Enterprise.objects.values_list("name", flat=True))) == 130


def test_it_needs_reference_data(db) -> None:
    with pytest.raises(CommandError, match="load_reference_data"):
        _seed(enterprises=1)


def test_records_need_enterprises(db) -> None:
    load_reference_data()
    with pytest.raises(CommandError, match="need enterprises"):
        _seed(records=10)
