"""People in new forms of employment that an enterprise and an office both tell of are asked about, from either side."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise, Industry
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from records.core.models import read_lines
from records.core.warning_rules import OnFile
from records.core.warnings import ManyOnFile
from records.models import Record
from rights.kinds.newform import PeopleOfTheOther
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db

KIND = kind_by_slug("rights.newform")


@pytest.fixture
def couriers(cast):
    """The enterprises of the cast are couriers."""
    Industry.objects.get_or_create(code="G60", defaults={"level": "division", "name": "邮政业"})
    Enterprise.objects.update(industry_id="G60")
    for enterprise in cast.enterprises.values():
        enterprise.refresh_from_db()
    return cast


def told(by, filer, *trades: tuple[str, int], hand_in=True, **changes) -> Record:
    lines = [
        {"trade": trade, "workers": people, "contracts": 0, "members": 0, "covered": 0} for trade, people in trades
    ]
    values = {**values_for(KIND.slug, filer), "trades": lines, "period": Quarter.current().code, **changes}
    record = file_record(acting_user=by, kind=KIND, filer=filer, values=values)
    if hand_in:
        try:
            act(acting_user=by, record_id=record.pk, action="submit", version=record.version)
        except NeedsConfirmation as asked:
            said = {"reason": "已核对。", "confirmed": asked.keys}
            act(acting_user=by, record_id=record.pk, action="submit", version=record.version, **said)
    return Record.objects.get(pk=record.pk).specific()


def asked(record: Record, on_file: OnFile | None = None) -> list[str]:
    return [one.message for one in PeopleOfTheOther().check(record, on_file or OnFile())]


def test_an_office_is_asked_about_each_trade_that_its_enterprises_told(couriers):
    cast = couriers
    told(cast.clerk, cast.enterprise, ("courier", 120))
    told(cast.second_clerk, cast.second_enterprise, ("courier", 1000))
    told(cast.neighbour, cast.neighbour_enterprise, ("courier", 7))
    office = told(cast.county, cast.places["320115"], ("courier", 300), ("takeaway", 50), hand_in=False)
    [message] = asked(office)
    assert "江宁示例机械有限公司、江宁示例电气有限公司本季度已经单独填报“快递”从业人员，共 1,120 人" in message
    with pytest.raises(NeedsConfirmation, match="没有单独填报的企业的人"):
        act(acting_user=cast.county, record_id=office.pk, action="submit", version=office.version)


def test_an_enterprise_is_asked_and_sees_no_number_of_the_office(couriers):
    cast = couriers
    told(cast.county, cast.places["320115"], ("courier", 300))
    told(cast.city, cast.places["3201"], ("courier", 31))
    [message] = asked(told(cast.clerk, cast.enterprise, ("courier", 120)))
    assert "江宁区、南京市产改办本季度也报了“快递”从业人员" in message and "300" not in message and "31" not in message
    assert asked(told(cast.neighbour, cast.neighbour_enterprise, ("courier", 7))) == []


def test_another_trade_another_quarter_a_draft_and_nobody_are_not_asked_about(couriers):
    cast = couriers
    told(cast.clerk, cast.enterprise, ("courier", 120), hand_in=False)
    told(cast.second_clerk, cast.second_enterprise, ("freight", 9))
    office = told(cast.county, cast.places["320115"], ("courier", 300), ("freight", 0))
    assert asked(office) == []
    other = told(cast.city, cast.places["3201"], ("freight", 5))
    other.period = Quarter.current().previous().code
    assert asked(other) == []


@pytest.mark.parametrize("number", [1, 2])
def test_many_are_asked_about_with_as_few_queries_as_one(couriers, number):
    cast = couriers
    told(cast.county, cast.places["320115"], ("courier", 300))
    filers = [(cast.clerk, cast.enterprise), (cast.second_clerk, cast.second_enterprise)]
    records = [told(by, filer, ("courier", 5), hand_in=False) for by, filer in filers][:number]
    on_file = ManyOnFile(KIND)
    on_file.read(records)
    read_lines(records)
    with CaptureQueriesContext(connection) as queries:
        assert all(asked(record, on_file) for record in records)
    assert len(queries) == 2


def test_one_enterprise_tells_a_trade_once(couriers):
    with pytest.raises(ValidationError, match="与第 1 行相同"):
        told(couriers.clerk, couriers.enterprise, ("courier", 1), ("courier", 2))
