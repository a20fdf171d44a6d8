"""What an enterprise does best next: in which order, and what is a step at all."""

import datetime

import pytest
from django.utils import timezone

from enterprises.models import YearlyProfile
from enterprises.profiles.queries import this_year
from indicators.models import ComplianceResult
from records.core.actions import act
from records.core.periods import working_quarter
from records.duties.models import Duty, QuarterStatement
from records.models import ReportingQuarter
from reporting.enterprise import steps as steps_module
from reporting.enterprise.steps import Step, Urgency, in_order, next_steps, register_steps
from tests.cast import Cast
from tests.contracts.world import filed
from tests.indicators.helpers import LAST, NOW

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 30)


def step(title: str, due: datetime.date | None = None, *, closes: int = 1, returned: bool = False) -> Step:
    urgency = Urgency.RETURNED if returned else Urgency.of_day(due, TODAY) if due else Urgency.OPEN
    return Step(title=title, why="", urgency=urgency, url="/", button="去填报", closes=closes, due=due)


def day(days: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ([step("草稿"), step("退回", returned=True), step("逾期", day(-1))], "逾期 退回 草稿"),
        ([step("晚", day(8)), step("近", day(7)), step("退回", returned=True)], "退回 近 晚"),
        ([step("一项，逾期久", day(-40)), step("五项，刚逾期", day(-1), closes=5)], "五项，刚逾期 一项，逾期久"),
        ([step("五项，不急", day(30), closes=5), step("一项，逾期", day(-1))], "一项，逾期 五项，不急"),
        ([step("后", day(-1)), step("先", day(-2))], "先 后"),
        ([step("今天到期", day(0)), step("昨天到期", day(-1)), step("草稿", closes=9)], "昨天到期 今天到期 草稿"),
        ([step("乙"), step("甲")], "乙 甲"),
    ],
)
def test_the_most_pressing_first_then_what_closes_most(given: list[Step], order: str) -> None:
    assert " ".join(one.title for one in in_order(given)) == order


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """Nothing is open: the profile is filed, nothing owed, the quarter that ended confirmed."""
    Duty.objects.all().delete()
    YearlyProfile.objects.create(enterprise=cast.enterprise, year=this_year(), headcount=200, filed_by=cast.clerk)
    state(cast)
    return cast


def state(cast: Cast, code: str = LAST.code) -> None:
    QuarterStatement.objects.create(
        enterprise=cast.enterprise,
        **{level: getattr(cast.enterprise, level) for level in ("province", "city", "county")},
        quarter=code,
        is_nil=True,
        made_by=cast.clerk,
        made_at=timezone.now(),
    )


def owe(cast: Cast, kind: str, days: int, quarter: str = LAST.code) -> Duty:
    return Duty.objects.create(
        enterprise=cast.enterprise,
        **{level: getattr(cast.enterprise, level) for level in ("province", "city", "county")},
        kind=kind,
        period=quarter,
        quarter=quarter,
        due=timezone.localdate() + datetime.timedelta(days=days),
    )


def titles(cast: Cast, viewer: str = "clerk") -> list[str]:
    return [one.title for one in next_steps(cast.enterprise, cast.people[viewer])]


def test_nothing_open_is_no_step(quiet: Cast) -> None:
    assert titles(quiet) == []


def test_one_return_is_its_form_several_are_filled_in_together(quiet: Cast) -> None:
    duty = owe(quiet, "ideology.partydevelopment", -3)
    [one] = next_steps(quiet.enterprise, quiet.clerk)
    assert one.url == f"/records/new/{duty.kind}/?enterprise={quiet.enterprise.credit_code}&period={LAST.code}"
    assert (one.urgency, one.closes, one.state) == (Urgency.OVERDUE, 1, "已逾期 3 天")
    owe(quiet, "rights.voice", 5)
    [both] = next_steps(quiet.enterprise, quiet.clerk)
    assert both.url == f"/records/sitting/{LAST.code}/?enterprise={quiet.enterprise.credit_code}"
    assert both.closes == 2 and "其中 1 份已逾期" in both.why and len(both.urging.ticks) == 2


def test_the_quarters_statement_is_a_step_once_nothing_stands_in_its_way(quiet: Cast) -> None:
    QuarterStatement.objects.all().delete()
    assert titles(quiet) == [f"{LAST.label}季度确认"], "the running quarter is not asked about"
    owe(quiet, "ideology.partydevelopment", 4)
    assert f"{LAST.label}季度确认" not in titles(quiet)
    Duty.objects.all().delete()
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    assert titles(quiet) == [], "a closed quarter takes nothing more"


def test_what_came_back_is_mended_and_a_draft_handed_in(quiet: Cast) -> None:
    record = filed(quiet.clerk, quiet.enterprise, (quiet.clerk, "submit"), title="退回来的")
    act(acting_user=quiet.county, record_id=record.pk, action="return", version=record.version, reason="缺签到表")
    filed(quiet.clerk, quiet.enterprise, title="还没交的")
    found = next_steps(quiet.enterprise, quiet.clerk)
    assert [one.title for one in found] == ["退回来的", "还没交的"]
    assert "缺签到表" in found[0].why and found[0].url == f"/records/{record.pk}/edit/"
    assert titles(quiet, "county") == ["退回来的"], "an office sees no draft"


def test_a_return_that_is_begun_is_told_once(quiet: Cast) -> None:
    owe(quiet, "ideology.partydevelopment", 9)
    filed(quiet.clerk, quiet.enterprise, slug="ideology.partydevelopment", period=LAST.code)
    assert len(titles(quiet)) == 1


def test_a_closed_enterprise_has_nothing_to_do(quiet: Cast) -> None:
    owe(quiet, "ideology.partydevelopment", -3)
    quiet.enterprise.is_active = False
    assert titles(quiet) == []


def test_another_room_adds_steps_of_its_own(quiet: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_module, "_sources", dict(steps_module._sources))
    found = step("召开职代会", day(-1), closes=3)
    source = lambda enterprise, viewer: [found]  # noqa: E731
    register_steps("another", source)
    register_steps("another", source)
    owe(quiet, "ideology.partydevelopment", -3)
    assert titles(quiet)[0] == "召开职代会"
    with pytest.raises(ValueError, match="twice"):
        register_steps("another", lambda enterprise, viewer: [])


def test_the_yearly_profile_is_asked_for(quiet: Cast) -> None:
    YearlyProfile.objects.all().delete()
    assert titles(quiet) == [f"{this_year()}年度基本情况"]
    assert NOW.year == this_year()


def test_a_rule_that_is_broken_is_a_step_with_its_cure(quiet: Cast) -> None:
    places = {level: getattr(quiet.enterprise, level) for level in ("province", "city", "county")}
    cure_by = timezone.localdate() - datetime.timedelta(days=2)
    for code, finding in (("W01", "broken"), ("W03", "holds"), ("DUTY", "broken")):
        ComplianceResult.objects.create(
            enterprise=quiet.enterprise,
            **places,
            quarter=working_quarter().code,
            rule=code,
            version=1,
            finding=finding,
            said="还有 3 人没有参保。",
            cure="请补办参保。",
            cure_by=cure_by,
        )
    [one] = next_steps(quiet.enterprise, quiet.clerk)
    assert (one.urgency, one.due) == (Urgency.OVERDUE, cure_by)
    assert "还有 3 人没有参保。请补办参保。" in one.why and "/records/new/rights.insurance/" in one.url
    assert len(titles(quiet, "county")) == 1, "what is owed is told by its own returns"
