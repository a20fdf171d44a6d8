"""The sitting: returns that fall due together are filled in chapter by chapter and handed in as one."""

import pytest
from django.urls import reverse

from foundation.calendar.periods import Quarter, Year
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.values import stored
from records.duties.chapters import FIRST, LAST, returns_of
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


def test_nothing_has_changed_takes_the_last_return(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    ReportingQuarter.objects.get_or_create(
        code=quarter.previous().code, defaults=ReportingQuarter.default_dates(quarter.previous())
    )
    earlier = build_record(kind_by_slug(PARTY), enterprise=cast.enterprise, period=quarter.previous().code)
    values = {name: stored(earlier, name) for name in kind_by_slug(PARTY).fields if name != "title"}
    values = {name: value for name, value in values.items() if value is not None}
    clerk.post(reverse("records:create", args=[PARTY]), {**values, "period": quarter.previous().code, "do": "submit"})
    before = Record.objects.get().specific()
    page = clerk.get(address(quarter), {"chapter": key_of(PARTY, quarter)}).content.decode()
    assert f"无变化，照{quarter.previous().label}" in page
    clerk.post(address(quarter), {"chapter": key_of(PARTY, quarter), "do": "same"})
    now = Record.objects.exclude(pk=before.pk).get().specific()
    assert now.period == quarter.code and now.status == Status.DRAFT
    for name in kind_by_slug(PARTY).fields:
        if name != "title":
            assert getattr(now, name) == getattr(before, name), name


def test_the_year_s_questions_come_first_and_open_or_close_chapters(cast, sign_in):
    DutyRule.objects.create(kind=LEADERSHIP)
    DutyRule.objects.create(kind="competitions.patent", only_if=Circumstance.PATENTS)
    quarter = Quarter.current()
    year = Year(quarter.year).previous()
    Duty.objects.create(
        enterprise=cast.enterprise,
        province_id=cast.enterprise.province_id,
        city_id=cast.enterprise.city_id,
        county_id=cast.enterprise.county_id,
        kind=LEADERSHIP,
        period=year.code,
        quarter=quarter.code,
        due=quarter.last_day,
    )
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
