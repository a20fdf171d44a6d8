"""已填完: what is owed or has come back stands in its way, what may have been overlooked is asked, and what is filed later
takes it back."""

import pytest
from django.urls import reverse

from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation, Refused
from records.core.actions import act
from records.core.kinds import kind_by_slug
from records.duties.actions import generate_duties, make_statement
from records.duties.sitting import sitting
from records.models import Duty, DutyRule, QuarterStatement
from tests.contracts.world import filed

PARTY = kind_by_slug("ideology.partydevelopment")

pytestmark = pytest.mark.django_db


def _address(cast, quarter: Quarter) -> str:
    return f"{reverse('records:statement', args=[quarter.code])}?enterprise={cast.enterprise.credit_code}"


def test_what_is_owed_stands_in_the_way_and_is_linked(cast, sign_in):
    DutyRule.objects.create(kind=PARTY.slug)
    quarter = Quarter.current().previous()
    generate_duties(quarter)
    clerk = sign_in(cast.clerk)
    page = clerk.get(_address(cast, quarter)).content.decode()
    assert "还没有报的应报事项" in page and f"period={quarter.code}" in page
    assert "确认已填完" not in page
    refused = clerk.post(_address(cast, quarter), {"answer": "complete"})
    assert refused.status_code == 409 and "还有 1 项应报事项没有报" in refused.content.decode()
    assert not QuarterStatement.objects.exists()
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=PARTY.slug, period=quarter.code)
    assert Duty.objects.get(enterprise=cast.enterprise).fulfilled_at
    assert clerk.post(_address(cast, quarter), {"answer": "complete"}).status_code == 302
    assert not QuarterStatement.objects.get().is_nil


def test_what_came_back_stands_in_the_way_until_it_is_mended(cast):
    quarter = Quarter.current()
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"))
    said = {"acting_user": cast.clerk, "enterprise": cast.enterprise, "quarter": quarter, "is_nil": False}
    with pytest.raises(Refused, match="1 条退回的记录没有修改"):
        make_statement(**said)
    act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    with pytest.raises(NeedsConfirmation) as asked:
        make_statement(**said)
    assert [question.code for question in asked.value.questions] == ["running"]
    make_statement(**said, confirmed=asked.value.keys)


def test_drafts_are_asked_about_and_what_changed_since_is_asked_again(cast, sign_in):
    quarter, clerk = Quarter.current(), sign_in(cast.clerk)
    filed(cast.clerk, cast.enterprise, title="没写完的一场")
    page = clerk.get(_address(cast, quarter))
    assert "没写完的一场" in page.content.decode() and "1 条草稿没有提交" in page.content.decode()
    keys = [question.key for question in page.context["questions"]]
    assert len(keys) == 2
    filed(cast.clerk, cast.enterprise, title="另一场")
    again = clerk.post(_address(cast, quarter), {"answer": "complete", "confirmed": keys})
    assert again.status_code == 409 and "2 条草稿没有提交" in again.content.decode()
    keys = [question.key for question in again.context["questions"]]
    assert clerk.post(_address(cast, quarter), {"answer": "complete", "confirmed": keys}).status_code == 302
    assert QuarterStatement.objects.get().made_by == cast.clerk


def test_kinds_stand_beside_the_quarter_before(cast):
    now, before = Quarter.current(), Quarter.current().previous()
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="上季一场", happened_on=before.last_day)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="本季一场", happened_on=now.first_day)
    filed(
        cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="本季二场", happened_on=now.first_day, speaker="刘工"
    )
    found = sitting(cast.enterprise, now)
    assert [(line.kind.slug, line.now, line.before) for line in found.kinds] == [("ideology.lecture", 2, 1)]
    assert found.waiting == 2


def test_a_neighbour_and_an_office_do_not_get_the_page(cast, sign_in):
    address = _address(cast, Quarter.current())
    assert sign_in(cast.second_clerk).get(address).status_code == 404
    assert sign_in(cast.county).get(address).status_code == 404


@pytest.mark.parametrize("drafts", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_rows(cast, sign_in, django_assert_max_num_queries, drafts):
    for number in range(drafts):
        filed(cast.clerk, cast.enterprise, title=f"草稿{number}")
    clerk = sign_in(cast.clerk)
    with django_assert_max_num_queries(16):
        clerk.get(_address(cast, Quarter.current()))
