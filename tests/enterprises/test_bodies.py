"""Bodies and their meetings: whose they are, who reads what, what the law asks of seats, what is counted."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from enterprises.bodies.actions import save_meeting
from enterprises.bodies.business_rules import findings_of
from enterprises.bodies.facts import BodyFacts
from enterprises.bodies.resources import BodyResource
from enterprises.change_actions import Move, move_enterprises
from enterprises.consequences import ChangeUnconfirmed
from enterprises.models import Body, BodyMeeting, Enterprise
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change
from indicators.fill import count_source
from indicators.models import FactValue

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("enterprises:bodies"), reverse("enterprises:body_create")
#: After the law in its present words came into force.
DAY = datetime.date(2026, 3, 2)


def made(by, place, kind: str, name: str = "示例组织", **values) -> Body:
    values = {"kind": kind, "name": name, "place": place, "level": "", **values}
    body = BodyResource().save(acting_user=by, values=values)
    assert isinstance(body, Body)
    return body


def test_each_keeps_its_own_and_sees_what_lies_below(cast, sign_in):
    city = made(cast.city, cast.places["3201"], "joint", "南京市示例联席会议")
    own = made(cast.lead, cast.enterprise.place, "association", "示例摄影协会", member_count=12)
    assert (own.enterprise, own.county, own.level) == (cast.enterprise, cast.enterprise.county, "enterprise")
    entry = Entry.objects.get(event="enterprises.body_saved", target_id=str(own.pk))
    assert (entry.enterprise_id, entry.county_id) == (cast.enterprise.pk, cast.enterprise.county_id)
    for who, sees in (("clerk", [own]), ("county", [own]), ("city", [city, own]), ("auditor", [city, own])):
        assert set(Body.objects.visible_to(cast.people[who])) == set(sees), who
    for who in ("second_clerk", "neighbour", "other_county", "neighbour_city"):
        assert sign_in(cast.people[who]).get(own.get_absolute_url()).status_code == 404, who
    refused = sign_in(cast.clerk).post(
        NEW, {"kind": "association", "name": "别家协会", "place": cast.second_enterprise.pk, "level": ""}
    )
    assert "请从列表中选择您管辖的地区" in refused.content.decode()
    assert "示例摄影协会" in sign_in(cast.county).get(LIST, {"kind": "association"}).content.decode()


def test_what_is_asked_of_one_kind_is_not_said_of_another(cast, sign_in):
    browser = sign_in(cast.clerk)
    sent = {"kind": "joint", "name": "企业联席会议", "place": cast.enterprise.pk}
    assert "由产改办登记" in browser.post(NEW, sent).content.decode()
    sent |= {"kind": "innovation", "board_seats": 5, "member_count": 3}
    page = browser.post(NEW, sent).content.decode()
    assert "只有“董事会、监事会职工席位”填写这一项" in page and "会员人数只有职工文体协会填写" in page
    county = sign_in(cast.county)
    board = {"kind": "board", "name": "职工席位", "place": cast.places["320115"].pk}
    assert "由企业登记" in county.post(NEW, board).content.decode()
    assert not Body.objects.exists()
    seats = {
        "kind": "board",
        "name": "职工席位",
        "place": cast.enterprise.pk,
        "board_seats": 3,
        "employee_directors": 4,
    }
    assert "职工董事多于董事会席位" in browser.post(NEW, seats).content.decode()
    kept = made(cast.lead, cast.enterprise.place, "association")
    shown = browser.get(kept.get_absolute_url()).content.decode()
    assert "会员人数" in shown and "董事会席位" not in shown
    asked = browser.get(NEW).content.decode()
    assert 'data-field="member_count" data-show-when="kind=association"' in asked
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=kept.pk).update(board_seats=3)


def test_names_are_for_offices_and_the_bodys_own_people(cast, sign_in):
    body = made(cast.lead, cast.enterprise.place, "association")
    clerk = sign_in(cast.clerk)
    add = reverse("enterprises:body_member_create", args=[body.pk])
    assert clerk.post(add, {"name": "林会员", "unit": "工会", "post": "会长"}).status_code == 302
    assert "请修改已有的那一行" in clerk.post(add, {"name": "林会员", "unit": "工会"}).content.decode()
    for who in ("clerk", "county", "province"):
        assert "林会员" in sign_in(cast.people[who]).get(body.get_absolute_url()).content.decode(), who
    auditor = sign_in(cast.auditor)
    page = auditor.get(body.get_absolute_url()).content.decode()
    history = auditor.get(reverse("enterprises:body_history", args=[body.pk])).content.decode()
    assert "林会员" not in page + history and "1 人" in page and "变更组织成员" in history


def test_meetings_are_entered_mended_and_removed(cast, sign_in):
    body = made(cast.county, cast.places["320115"], "joint", founded_on=datetime.date(2026, 1, 5))
    county, add = sign_in(cast.county), reverse("enterprises:body_meeting_create", args=[body.pk])
    early = county.post(add, {"held_on": "2026-01-02", "topic": "筹备"})
    assert early.status_code == 400 and "早于成立日期 2026-01-05" in early.content.decode()
    later = timezone.localdate() + datetime.timedelta(days=1)
    assert "还没有到" in county.post(add, {"held_on": later.isoformat(), "topic": "下次"}).content.decode()
    assert county.post(add, {"held_on": "2026-03-02", "topic": "部署", "resolution": "通过"}).status_code == 302
    meeting = BodyMeeting.objects.get()
    edit, remove = (
        reverse(f"enterprises:body_meeting_{step}", args=[body.pk, meeting.pk]) for step in ("edit", "remove")
    )
    assert county.post(edit, {"held_on": "2026-03-03", "topic": "部署", "resolution": "通过"}).status_code == 302
    assert "2026-03-03" in county.get(body.get_absolute_url()).content.decode()
    assert sign_in(cast.other_county).post(remove).status_code == 404
    assert county.post(remove).status_code == 302 and not BodyMeeting.objects.exists()
    events = list(
        Entry.objects.filter(target_id=str(body.pk), target_type="enterprises.body").values_list("event", flat=True)
    )
    assert events.count("enterprises.body_meeting_saved") == 2 and "enterprises.body_meeting_removed" in events


def test_once_a_year_it_is_said_that_nothing_changed(cast, sign_in):
    body = made(cast.lead, cast.enterprise.place, "association")
    browser, confirm = sign_in(cast.clerk), reverse("enterprises:body_confirm", args=[body.pk])
    assert body.name in browser.get(LIST, {"confirmed": "no"}).content.decode()
    assert browser.post(confirm).status_code == 302
    body.refresh_from_db()
    assert (body.confirmed_for, body.confirmed_by) == (timezone.localdate().year, cast.clerk)
    assert body.get_absolute_url() not in browser.get(LIST, {"confirmed": "no"}).content.decode()
    assert "已经核对过" in browser.post(confirm, follow=True).content.decode()
    assert Entry.objects.filter(event="enterprises.body_confirmed").count() == 1


def test_seats_short_of_the_law_are_told_and_kept(cast, sign_in):
    seats = {"board_seats": 5, "employee_directors": 0, "supervisory_seats": 4, "employee_supervisors": 1}
    body = made(cast.lead, cast.enterprise.place, "board", **seats)
    [short] = findings_of(body, DAY)
    assert "不足三分之一，还差 1 人" in short.message and "第76条" in short.citation and not short.is_unstated
    assert "还差 1 人" in sign_in(cast.clerk).get(body.get_absolute_url()).content.decode()
    assert findings_of(body, datetime.date(2024, 6, 30)) == [], "before the law in its present words"
    body.employee_supervisors = 2
    assert findings_of(body, DAY) == []


def test_three_hundred_staff_want_an_employee_director_or_supervisor(cast):
    seats = {"board_seats": 5, "employee_directors": 0, "supervisory_seats": 0, "has_audit_committee": True}
    body = made(cast.lead, cast.enterprise.place, "board", **seats)
    assert findings_of(body, DAY) == [], "200 people"
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(headcount=300)
    body = Body.objects.get(pk=body.pk)
    [missing] = findings_of(body, DAY)
    assert "职工 300 人" in missing.message and "第68条" in missing.citation
    body.employee_directors = None
    assert [found.is_unstated for found in findings_of(body, DAY)] == [True]
    body.employee_directors = 1
    assert findings_of(body, DAY) == []


def values_of(quarter: Quarter) -> dict[tuple[str, str], int]:
    count_source(quarter, BodyFacts())
    rows = FactValue.objects.filter(quarter=quarter.code).select_related("place")
    return {(row.fact, row.place.code): int(row.value) for row in rows if row.value is not None}


def test_each_counts_where_it_is_and_unsaid_is_no_zero(cast):
    quarter = Quarter.current()
    joint = made(cast.city, cast.places["3201"], "joint", "联席会议")
    made(cast.county, cast.places["320115"], "five", "化解机制")
    made(cast.lead, cast.enterprise.place, "association", "摄影协会", member_count=12)
    made(cast.lead, cast.enterprise.place, "association", "合唱协会")
    made(cast.second_clerk, cast.second_enterprise.place, "board", "席位", board_seats=5, has_audit_committee=False)
    today = timezone.localdate()
    save_meeting(acting_user=cast.city, body_id=joint.pk, values={"held_on": today, "topic": "部署", "resolution": ""})
    found = values_of(quarter)
    code, second = cast.enterprise.credit_code, cast.second_enterprise.credit_code
    assert found == {
        ("A17.bodies", "3201"): 1,
        ("A17.meetings", "3201"): 1,
        ("G12.bodies", "320115"): 1,
        ("G13.associations", code): 2,
        ("G13.members", code): 12,
        ("F05.board", second): 5,
        ("F05.committee", second): 0,
    }
    assert Change.objects.filter(source="bodies", place=cast.places["3201"]).count() == 2


def test_a_figure_opens_the_bodies_it_was_made_of(cast, sign_in):
    joint = made(cast.city, cast.places["3201"], "joint", "联席会议")
    quiet = made(cast.city, cast.places["3201"], "joint", "没有开会的联席会议")
    body = made(cast.lead, cast.enterprise.place, "association", "摄影协会")
    today, quarter = timezone.localdate(), Quarter.current().code
    save_meeting(acting_user=cast.city, body_id=joint.pk, values={"held_on": today, "topic": "部署", "resolution": ""})

    def opened(fact: str, region: str) -> set[str]:
        asked = {"fact": fact, "region": region, "quarter": quarter}
        page = sign_in(cast.city).get(LIST, asked)
        return {row.record.name for row in page.context["table"].page.object_list}

    assert opened("A17.meetings", "3201") == {joint.name}
    assert opened("A17.bodies", "3201") == {joint.name, quiet.name}
    assert (
        opened("G13.associations", "320115") == opened("G13.associations", cast.enterprise.credit_code) == {body.name}
    )
    assert opened("G13.associations", "320106") == set()


def test_the_bodies_of_an_enterprise_move_with_it(cast):
    body = made(cast.lead, cast.enterprise.place, "association")
    move = {
        "acting_user": cast.city,
        "moves": [Move(cast.enterprise, cast.places["320106"])],
        "reason": "搬迁",
        "on": timezone.localdate(),
    }
    with pytest.raises(ChangeUnconfirmed) as asked:
        move_enterprises(**move, confirmed=[])
    move_enterprises(**move, confirmed=asked.value.foresight.keys)
    body.refresh_from_db()
    assert body.county == cast.places["320106"]
    assert body in Body.objects.visible_to(cast.other_county) and body not in Body.objects.visible_to(cast.county)
