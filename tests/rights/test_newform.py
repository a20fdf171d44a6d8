"""People in new forms of employment: carriers report their own, offices everybody else's."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from enterprises.models import Industry
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from tests.contracts.world import values_for
from tests.rights.filing import approve, filed, hand_in

pytestmark = pytest.mark.django_db

KIND = "rights.newform"


def line(trade: str, workers: int, contracts: int, members: int, covered: int) -> dict:
    return {"trade": trade, "workers": workers, "contracts": contracts, "members": members, "covered": covered}


def make_carrier(cast) -> None:
    cast.enterprise.industry, _made = Industry.objects.get_or_create(
        code="G60", defaults={"level": "division", "name": "邮政业"}
    )
    cast.enterprise.save(update_fields=["industry"])


def test_carriers_and_offices_add_up(cast):
    make_carrier(cast)
    own = filed(cast, KIND, services=2, trades=[line("courier", 120, 110, 80, 60)])
    hand_in(cast, own)
    approve(cast, own)
    kind, office = kind_by_slug(KIND), cast.places["320115"]
    lines = [line("courier", 30, 20, 10, 5), line("rides", 200, 90, 40, 0)]
    values = values_for(KIND, office, services=7, checks=3, trades=lines)
    filing = {"acting_user": cast.county, "kind": kind, "filer": office, "values": values, "hand_in": True}
    with pytest.raises(NeedsConfirmation) as asked:
        file_record(**filing)
    record = file_record(**filing, confirmed=asked.value.keys, reason="不含已单独填报的。")
    act(acting_user=cast.county_colleague, record_id=record.pk, action="approve", version=record.version)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = ("G10.workers", "G10.contracts", "G10.members", "G10.covered", "G10.services", "G10.checks")
    assert [shown[code].value for code in codes] == [350, 220, 130, 65, 9, 3]


def test_who_is_asked(cast, sign_in):
    """Carriers and platforms are, without the checks; a factory is not; an office is."""
    kind, address = kind_by_slug(KIND), reverse("records:create", args=[KIND])
    assert not kind.applies_to(cast.enterprise)
    with pytest.raises(ValidationError):
        filed(cast, KIND, trades=[line("courier", 10, 9, 0, 0)])
    make_carrier(cast)
    assert kind.applies_to(cast.enterprise)
    assert "checks" not in RecordForm(kind=kind, filer=cast.enterprise).fields
    page = sign_in(cast.county).get(address, {"office": "320115"})
    assert page.status_code == 200 and "规范用工检查" in page.content.decode()


def test_more_contracts_than_people_are_refused(cast):
    make_carrier(cast)
    with pytest.raises(ValidationError, match="超过了“从业人员”"):
        filed(cast, KIND, trades=[line("courier", 10, 11, 0, 0)])
    with pytest.raises(ValidationError, match="至少填 1 行"):
        hand_in(cast, filed(cast, KIND, trades=[]))
