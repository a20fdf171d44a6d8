"""已填完 and 零报告: what is owed or has come back stands in their way, what may have been overlooked is asked, and what is
filed later takes them back."""

import re

import pytest
from django.db.models import F
from django.urls import reverse

from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation, Refused
from records.core.actions import act, update_record
from records.core.kinds import kind_by_slug
from records.duties.actions import generate_duties, make_statement
from records.duties.sitting import sitting
from records.models import Duty, DutyRule, QuarterStatement, Record, ReportingQuarter
from tests.contracts.world import filed

PARTY = kind_by_slug("ideology.partydevelopment")

pytestmark = pytest.mark.django_db


def _address(cast, quarter: Quarter) -> str:
    return f"{reverse('records:statement', args=[quarter.code])}?enterprise={cast.enterprise.credit_code}"


def say(browser, cast, quarter: Quarter, answer: str):
    """The answer as a person gives it: with the page open, confirming what it shows."""
    address = _address(cast, quarter)
    asked = re.findall(r'name="confirmed" value="([^"]+)"', browser.get(address).content.decode())
    return browser.post(address, {"answer": answer, "confirmed": asked})


def test_a_nil_return_takes_the_same_way_as_a_complete_one(cast, sign_in):
    DutyRule.objects.create(kind=PARTY.slug)
    quarter, clerk = Quarter.current(), sign_in(cast.clerk)
    generate_duties(quarter)
    refused = say(clerk, cast, quarter, "nil")
    page = refused.content.decode()
    assert refused.status_code == 409 and "还有 1 项应报事项没有报，不能确认“零报告”" in page
    assert f"period={quarter.code}" in page and "没有开展活动，零报告" not in page
    Duty.objects.filter(enterprise=cast.enterprise).update(fulfilled_at=F("due"))
    unseen = clerk.post(_address(cast, quarter), {"answer": "nil"})
    page = unseen.content.decode()
    assert unseen.status_code == 409 and "才结束，之后还可能有活动" in page and "没有开展任何活动，会计入统计" in page
    assert not QuarterStatement.objects.exists()
    assert say(clerk, cast, quarter, "nil").status_code == 302
    assert QuarterStatement.objects.get().is_nil


def test_nothing_is_called_nil_that_the_page_did_not_show(cast, sign_in):
    quarter, clerk = Quarter.current().previous(), sign_in(cast.clerk)
    assert clerk.post(_address(cast, quarter), {"answer": "nil"}).status_code == 409
    assert not QuarterStatement.objects.exists()
    assert say(clerk, cast, quarter, "nil").status_code == 302


def test_what_came_after_the_answer_is_named_and_nothing_is_said_twice(cast, sign_in):
    quarter, clerk = Quarter.current(), sign_in(cast.clerk)
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    assert say(clerk, cast, quarter, "complete").status_code == 302
    page = clerk.get(_address(cast, quarter)).content.decode()
    assert "这个季度已确认：填报完整" in page and "确认已填完" not in page and "取消确认" in page
    act(acting_user=cast.county, record_id=record.pk, action="return", version=record.version, reason="请改。")
    page = clerk.get(_address(cast, quarter)).content.decode()
    assert "确认以后退回 1 条，请修改" in page and "取消确认" in page
    assert "填报完整" not in page and "现在不能确认" not in page
    assert "确认以后又有退回或未报的" in clerk.get("/").content.decode()


@pytest.mark.parametrize("which", ["before", "closed", "to come"])
def test_a_quarter_that_takes_no_statement_says_so_and_has_no_button(cast, sign_in, which):
    quarter = {"before": Quarter(2024, 1), "closed": Quarter.current().previous(), "to come": Quarter.current().next()}
    address, clerk = _address(cast, quarter[which]), sign_in(cast.clerk)
    if which == "closed":
        ReportingQuarter.objects.filter(code=quarter[which].code).update(is_open=False)
    page = clerk.get(address).content.decode()
    assert "不能做季度确认" in page and 'name="answer"' not in page
    assert clerk.post(address, {"answer": "complete"}).status_code == 409
    assert not QuarterStatement.objects.exists()


def test_what_is_filed_once_a_year_is_not_missed_in_a_quarter(cast, sign_in):
    quarter, clerk = Quarter.current(), sign_in(cast.clerk)
    for kind in ("services.leadership", "ideology.lecture"):
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=kind)
    Record.objects.update(quarter=quarter.previous().code)
    lines = {line.kind.slug: line for line in sitting(cast.enterprise, quarter).kinds}
    assert {slug: (line.now, line.before) for slug, line in lines.items()} == {
        "services.leadership": (0, 1),
        "ideology.lecture": (0, 1),
    }
    page = clerk.get(_address(cast, quarter)).content.decode()
    assert page.count("本季度还没有") == 1 and page.count("按年填报，上季度已报") == 1


def test_the_closing_words_name_only_what_stands_in_the_way(cast, sign_in):
    quarter, clerk = Quarter.current(), sign_in(cast.clerk)
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    act(acting_user=cast.county, record_id=record.pk, action="return", version=record.version, reason="请改。")
    page = clerk.get(_address(cast, quarter)).content.decode()
    assert "还有 1 条退回的记录没有修改，现在不能确认" in page and "应报事项没有报" not in page
    DutyRule.objects.create(kind=PARTY.slug)
    generate_duties(quarter)
    page = clerk.get(_address(cast, quarter)).content.decode()
    assert "还有 1 项应报事项没有报、1 条退回的记录没有修改，现在不能确认" in page


def test_what_came_back_is_not_said_never_to_have_been_filed(cast, sign_in):
    quarter, clerk = Quarter.current(), sign_in(cast.clerk)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), happened_on=quarter.previous().last_day)
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    act(acting_user=cast.county, record_id=record.pk, action="return", version=record.version, reason="请改。")
    page = clerk.get(_address(cast, quarter)).content.decode()
    assert "另有 1 条退回、草稿或撤回，没有计在内" in page and "本季度还没有" not in page


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


def test_what_came_back_stands_in_the_way_until_it_is_mended(cast, sign_in):
    quarter = Quarter.current()
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"))
    page = sign_in(cast.clerk).get(_address(cast, quarter)).content.decode()
    assert page.index("现在不能确认") < page.index("退回还没有修改的"), "before the lists, not below them"
    assert "其中 0 条" not in page
    said = {"acting_user": cast.clerk, "enterprise": cast.enterprise, "quarter": quarter, "is_nil": False}
    with pytest.raises(Refused, match="1 条退回的记录没有修改"):
        make_statement(**said)
    mended = update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"title": "改过的标题"}
    )
    act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=mended.version)
    with pytest.raises(NeedsConfirmation) as asked:
        make_statement(**said)
    assert [question.code for question in asked.value.questions] == ["running"]
    make_statement(**said, confirmed=asked.value.keys)


def test_a_draft_of_what_is_owed_is_told_once(cast):
    quarter = Quarter.current()
    DutyRule.objects.create(kind=PARTY.slug)
    generate_duties(quarter)
    filed(cast.clerk, cast.enterprise, slug=PARTY.slug, period=quarter.code)
    filed(cast.clerk, cast.enterprise, title="没写完的一场")
    found = sitting(cast.enterprise, quarter)
    assert [duty.kind for duty in found.owed] == [PARTY.slug]
    assert [draft.title for draft in found.drafts] == ["没写完的一场"]


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
