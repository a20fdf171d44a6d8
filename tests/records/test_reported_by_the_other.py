"""What enterprises and offices both report: one activity told by both is asked about, from either side."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competitions.models import ContestRole
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from records.core.warning_rules import OnFile
from records.core.warnings import ManyOnFile, ReportedByTheOther
from records.models import Record
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db

KIND = kind_by_slug("competitions.contest")
TITLE = "示例区职工焊接技能竞赛"


def told(cast, by, filer, **changes) -> Record:
    """A contest handed in, whatever is asked about it."""
    plain = {"title": TITLE, "happened_on": Quarter.current().first_day, "role": ContestRole.HOST}
    values = {**values_for(KIND.slug, cast.enterprise), **plain, **changes}
    record = file_record(acting_user=by, kind=KIND, filer=filer, values=values)
    try:
        act(acting_user=by, record_id=record.pk, action="submit", version=record.version)
    except NeedsConfirmation as questions:
        said = {"reason": "已核对。", "confirmed": questions.keys}
        act(acting_user=by, record_id=record.pk, action="submit", version=record.version, **said)
    return record.specific()


def asked(record: Record, on_file: OnFile | None = None) -> list[str]:
    return [question.message for question in ReportedByTheOther().check(record, on_file or OnFile())]


def test_an_enterprise_is_asked_about_what_its_office_reported_and_sees_nothing_of_it(cast):
    county = told(cast, cast.county, cast.places["320115"])
    own = told(cast, cast.clerk, cast.enterprise)
    [message] = asked(own)
    assert "江宁区产改办报过相似的活动" in message and TITLE not in message
    assert "江宁示例机械有限公司报过相似的活动" in asked(county)[0]
    assert asked(told(cast, cast.city, cast.places["3201"]))


def test_what_is_another_s_is_not_asked_about(cast):
    told(cast, cast.county, cast.places["320115"])
    day = Quarter.current().first_day + datetime.timedelta(days=1)
    for changes in ({"happened_on": day}, {"title": "钳工比武大赛"}, {"role": ContestRole.TEAM}):
        assert asked(told(cast, cast.clerk, cast.enterprise, **changes)) == [], changes
    assert asked(told(cast, cast.neighbour, cast.enterprises["neighbour_enterprise"])) == []


@pytest.mark.parametrize("number", [1, 3])
def test_many_records_ask_the_offices_once(cast, number):
    told(cast, cast.county, cast.places["320115"])
    records = [told(cast, cast.clerk, cast.enterprise, title=f"{TITLE}{one}") for one in range(number)]
    on_file = ManyOnFile(KIND)
    on_file.read(records)
    with CaptureQueriesContext(connection) as queries:
        assert all(asked(record, on_file) for record in records)
    assert len(queries) <= 3
