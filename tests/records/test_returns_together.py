"""The sitting: returns that fall due together are filled in chapter by chapter and handed in as one."""

import re

import pytest
from django.urls import reverse

from enterprises.bases.sorts import STUDIO, load_base_sorts
from enterprises.models import Base, BaseSort
from foundation.calendar.periods import Quarter, Year
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.values import stored
from records.duties.chapters import FIRST, LAST, returns_of, tells_events
from records.duties.models import Applicability, Circumstance
from records.models import Duty, DutyRule, Record, ReportingQuarter, Status
from tests.records.returns import HAZARD, PARTY

pytestmark = pytest.mark.django_db
LEADERSHIP = "services.leadership"


def address(quarter: Quarter) -> str:
    return reverse("records:sitting", args=[quarter.code])


def key_of(kind: str, quarter: Quarter) -> str:
    return f"{kind}:{quarter.code}"


def values_of_chapter(cast, kind: str, period: str) -> dict:
    declared = kind_by_slug(kind)
    row = build_record(declared, enterprise=cast.enterprise, period=period)
    values = {name: stored(row, name) for name in declared.fields if name != "title"}
    return {name: value for name, value in values.items() if value is not None}


def fill(browser, cast, quarter: Quarter, kind: str, **changes):
    values = values_of_chapter(cast, kind, quarter.code) | changes
    return browser.post(address(quarter), {**values, "chapter": key_of(kind, quarter), "do": "save"})


def hand_in(browser, quarter: Quarter, **answers):
    page = browser.get(address(quarter), {"chapter": LAST})
    begun = page.context["returns"].begun
    shown = {"record": [one.record.pk for one in begun], "version": [one.record.version for one in begun]}
    return browser.post(address(quarter), {"chapter": LAST, "do": "hand_in", **shown, **answers})


def test_a_quarter_is_filled_in_and_handed_in_together(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    bench = clerk.get("/").content.decode()
    assert f"{quarter.label}报表" in bench and "开始填报" in bench
    first = clerk.get(address(quarter))
    page = first.content.decode()
    assert "已开始 0 / 2 章" in page and "剩下的约" in page
    order = [chapter.key for chapter in first.context["returns"].chapters]
    assert first.context["key"] == order[0], "it begins with the first"
    answer = fill(clerk, cast, quarter, PARTY)
    assert answer.status_code == 302
    assert Record.objects.get().status == Status.DRAFT
    assert "已开始 1 / 2 章" in clerk.get(answer.url).content.decode()
    fill(clerk, cast, quarter, HAZARD)
    last = clerk.get(address(quarter))
    assert last.context["key"] == LAST and last.context["can_hand_in"], last.content.decode()
    keys = [question.key for question in last.context["questions"]]
    done = hand_in(clerk, quarter, confirmed=keys, confirm_reason="已与台账核对。")
    assert done.status_code == 302 and reverse("records:statement", args=[quarter.code]) in done.url
    assert set(Record.objects.values_list("status", flat=True)) == {Status.SUBMITTED}
    assert not Duty.objects.filter(enterprise=cast.enterprise, quarter=quarter.code, fulfilled_at=None).exists()


def test_what_is_missing_is_named_before_the_hand_in_and_nothing_goes(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    fill(clerk, cast, quarter, HAZARD)
    fill(clerk, cast, quarter, PARTY, total_members="")
    page = clerk.get(address(quarter), {"chapter": LAST})
    assert "还缺：" in page.content.decode() and not page.context["can_hand_in"]
    refused = hand_in(clerk, quarter)
    assert refused.status_code == 409
    assert set(Record.objects.values_list("status", flat=True)) == {Status.DRAFT}


def test_a_mistake_stays_on_the_chapter_with_what_was_typed(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    answer = fill(clerk, cast, quarter, PARTY, new_members="-3", total_members="91")
    page = answer.content.decode()
    assert answer.status_code == 200 and 'value="-3"' in page and 'value="91"' in page and not Record.objects.exists()


def test_nothing_happened_is_one_click(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    page = clerk.get(address(quarter), {"chapter": key_of(HAZARD, quarter)}).content.decode()
    assert "无事项，都是 0" in page
    clerk.post(address(quarter), {"chapter": key_of(HAZARD, quarter), "do": "nothing"})
    record = Record.objects.get().specific()
    for name, value in kind_by_slug(HAZARD).when_nothing.items():
        assert getattr(record, name) == value, name
    assert (record.in_time, record.snapshots) == (0, 0), "parts of none are none"
    assert record.still_open is None, "found in earlier quarters, perhaps: that is not said for them"


def test_one_click_that_leaves_something_open_stays_on_the_chapter(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    key = key_of(HAZARD, quarter)
    answer = clerk.post(address(quarter), {"chapter": key, "do": "nothing"}, follow=True)
    page = answer.content.decode()
    assert answer.context["key"] == key and "已存为草稿，还缺：主要负责人已签字。请补上再保存。" in page
    assert "草稿，还缺 1 项" in page and "，已填好" not in page
    assert [chapter.mark for chapter in answer.context["returns"].chapters if chapter.key == key] == ["◐"]
    fill(clerk, cast, quarter, PARTY)
    page = clerk.get(address(quarter), {"chapter": key_of(PARTY, quarter)}).content.decode()
    assert "草稿，已填好" in page and "草稿，还缺 1 项" in page


def test_the_end_leads_to_what_is_missing_and_names_it_once(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    fill(clerk, cast, quarter, PARTY)
    clerk.post(address(quarter), {"chapter": key_of(HAZARD, quarter), "do": "nothing"}, follow=True)
    end = clerk.get(address(quarter), {"chapter": LAST})
    page = end.content.decode()
    assert page.count("主要负责人已签字") == 1 and "暂时没有数据可先存草稿" not in page
    blue = re.findall(r'<a class="btn btn-primary" href="([^"]+)"', page)
    assert len(blue) == 1 and f"chapter={HAZARD}%3A{quarter.code}" in blue[0]
    record = Record.objects.get(kind=HAZARD)
    fill(clerk, cast, quarter, HAZARD, version=record.version)
    page = clerk.get(address(quarter), {"chapter": LAST}).content.decode()
    assert '<a class="btn btn-primary"' not in page and "一并提交 2 份" in page


def test_pressed_twice_nothing_is_lost_and_nobody_blamed(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    for _press in range(2):
        answer = clerk.post(address(quarter), {"chapter": key_of(HAZARD, quarter), "do": "nothing"})
        assert answer.status_code == 302
    assert Record.objects.filter(kind=HAZARD).count() == 1
    token = "7e0f7a52-29a6-4c5e-9a57-0e35b1a4a009"
    for _press in range(2):
        assert fill(clerk, cast, quarter, PARTY, form_token=token, total_members="55").status_code == 302
    record = Record.objects.get(kind=PARTY).specific()
    assert record.total_members == 55
    Record.objects.filter(pk=record.pk).update(version=2)
    assert fill(clerk, cast, quarter, PARTY, form_token=token, total_members="66").status_code == 409


def file_quarter_before(clerk, cast, quarter: Quarter, **changes) -> Record:
    """The return on party members of the quarter before, handed in."""
    before = quarter.previous()
    ReportingQuarter.objects.get_or_create(code=before.code, defaults=ReportingQuarter.default_dates(before))
    values = values_of_chapter(cast, PARTY, before.code) | changes
    clerk.post(reverse("records:create", args=[PARTY]), {**values, "period": before.code, "do": "submit"})
    return Record.objects.get(period=before.code, status=Status.SUBMITTED).specific()


def test_nothing_has_changed_takes_the_last_return(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    before = file_quarter_before(clerk, cast, quarter, new_members=0, new_frontline_members=0)
    page = clerk.get(address(quarter), {"chapter": key_of(PARTY, quarter)}).content.decode()
    assert f"无变化，照{quarter.previous().label}" in page
    clerk.post(address(quarter), {"chapter": key_of(PARTY, quarter), "do": "same"})
    now = Record.objects.exclude(pk=before.pk).get().specific()
    assert now.period == quarter.code and now.status == Status.DRAFT
    for name in kind_by_slug(PARTY).fields:
        if name != "title":
            assert getattr(now, name) == getattr(before, name), name


def test_what_happened_last_quarter_is_not_taken_over(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    file_quarter_before(clerk, cast, quarter, new_members=3, new_frontline_members=0)
    page = clerk.get(address(quarter), {"chapter": key_of(PARTY, quarter)}).content.decode()
    assert "无变化，照" not in page and f"{quarter.previous().label}" in page, (
        "what was filed before stands beside the fields"
    )
    answer = clerk.post(address(quarter), {"chapter": key_of(PARTY, quarter), "do": "same"}, follow=True)
    assert "上一期填有当期发生的数，不能照搬" in answer.content.decode()
    assert answer.context["key"] == key_of(PARTY, quarter)
    assert not Record.objects.filter(period=quarter.code).exists()


def owe_for_the_year_before(cast, quarter: Quarter) -> None:
    Duty.objects.create(
        enterprise=cast.enterprise,
        province_id=cast.enterprise.province_id,
        city_id=cast.enterprise.city_id,
        county_id=cast.enterprise.county_id,
        kind=LEADERSHIP,
        period=Year(quarter.year).previous().code,
        quarter=quarter.code,
        due=quarter.last_day,
    )


def test_the_year_s_questions_come_first_and_open_or_close_chapters(cast, sign_in):
    DutyRule.objects.create(kind=LEADERSHIP)
    DutyRule.objects.create(kind="competitions.patent", only_if=Circumstance.PATENTS)
    quarter = Quarter.current()
    owe_for_the_year_before(cast, quarter)
    clerk = sign_in(cast.clerk)
    page = clerk.get(address(quarter))
    assert page.context["key"] == FIRST and "适用情况" in page.content.decode()
    some = clerk.post(address(quarter), {"chapter": FIRST, "patents": "no"})
    assert some.status_code == 200 and "请选“有”或“无”" in some.content.decode()
    answers = dict.fromkeys(Circumstance.values, "no")
    answer = clerk.post(address(quarter), {"chapter": FIRST, **answers})
    assert answer.status_code == 302 and LEADERSHIP in answer.url.replace("%3A", ":")
    assert Applicability.objects.get().closed == set(Circumstance.values)
    found = returns_of(cast.enterprise, quarter)
    assert [chapter.kind.slug for chapter in found.chapters] == [LEADERSHIP]


def test_what_is_told_of_a_base_s_year_stands_beside_the_returns_of_the_year(cast, sign_in, quarter):
    """Once, until somebody has told it; not in the sitting of a quarter alone, and never a neighbour's."""
    load_base_sorts()
    county = cast.enterprise.county
    where = {
        "place": county,
        "county": county,
        "city": county.city,
        "province": county.province,
        "address": "示例路1号",
    }
    studio = BaseSort.objects.get(code=STUDIO)
    own = Base.objects.create(sort=studio, name="李师傅工作室", enterprise=cast.enterprise, **where)
    Base.objects.create(sort=studio, name="别家的工作室", enterprise=cast.second_enterprise, **where)
    clerk, year = sign_in(cast.clerk), quarter.year - 1
    link = reverse("enterprises:base_review_of", args=[own.pk, year])
    assert link not in clerk.get(address(quarter), {"chapter": LAST}).content.decode()
    owe_for_the_year_before(cast, quarter)
    page = clerk.get(address(quarter), {"chapter": LAST}).content.decode()
    assert link in page and "李师傅工作室" in page and "别家的工作室" not in page
    assert clerk.post(link, {"version": 0, "served": 300}).status_code == 302
    assert link not in clerk.get(address(quarter), {"chapter": LAST}).content.decode()


@pytest.mark.parametrize(("trained", "repeats"), [(80, False), (0, True)])
def test_what_a_whole_year_came_to_is_not_repeated_for_the_next(trained, repeats):
    """A state may be as it was; how many were trained in a year was not the same again, unless it was nobody."""
    kind = kind_by_slug("skills.trainingfund")
    values = {"spent": 0, "frontline": 0, "accrued": 0, "trained": trained, "spending": []}
    assert tells_events(kind, values) is not repeats


def test_a_colleague_s_change_is_not_run_over(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    fill(clerk, cast, quarter, PARTY)
    record = Record.objects.get()
    Record.objects.filter(pk=record.pk).update(version=record.version + 1)
    answer = fill(clerk, cast, quarter, PARTY, version=record.version, total_members="77")
    assert answer.status_code == 409 and 'value="77"' in answer.content.decode()
    stale = clerk.post(
        address(quarter), {"chapter": LAST, "do": "hand_in", "record": record.pk, "version": record.version}
    )
    assert stale.status_code == 409 and Record.objects.get().status == Status.DRAFT


def test_strangers_find_no_sitting(cast, sign_in, quarter):
    query = {"enterprise": cast.enterprise.credit_code}
    for stranger in (cast.second_clerk, cast.neighbour, cast.county, cast.province, cast.auditor):
        assert sign_in(stranger).get(address(quarter), query).status_code in {403, 404}, stranger
    assert sign_in(cast.lead).get(address(quarter), query).status_code == 200


def test_a_chapter_costs_few_queries(cast, sign_in, quarter, django_assert_max_num_queries):
    clerk = sign_in(cast.clerk)
    clerk.get(address(quarter))
    fill(clerk, cast, quarter, HAZARD)
    for key in (key_of(PARTY, quarter), key_of(HAZARD, quarter)):
        with django_assert_max_num_queries(12):
            assert clerk.get(address(quarter), {"chapter": key}).status_code == 200
