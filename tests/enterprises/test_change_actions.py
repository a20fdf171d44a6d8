"""What moving, renaming, merging, splitting, closing and reopening do, and what is said before."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from enterprises.change_actions import (
    close_enterprise,
    merge_enterprise,
    move_enterprise,
    rename_enterprise,
    reopen_enterprise,
    split_enterprise,
)
from enterprises.consequences import ChangeUnconfirmed, Weight
from enterprises.models import ChangeKind, Enterprise, EnterpriseEvent
from foundation.access.models import Grant
from foundation.access.rules import AccessDenied, verdict
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.notify.models import Message
from foundation.places.models import Place
from foundation.refusals import Stale
from indicators.fill import catch_up
from indicators.models import PlaceTotal
from records.core.actions import act
from records.duties.actions import generate_duties, make_statement
from records.models import Duty, DutyRule, QuarterStatement, Record
from tests.contracts.world import PARTY, filed
from tests.enterprises.test_register import NEW_CODE

pytestmark = pytest.mark.django_db

NOW = Quarter.current()


def agree(action, **arguments):
    """Read what would happen, agree, and have it done. Returns the effects that were read."""
    arguments = {"reason": "营业执照已变更。", "on": timezone.localdate(), **arguments}
    with pytest.raises(ChangeUnconfirmed) as asked:
        action(**arguments)
    action(**arguments, confirmed=asked.value.keys)
    return asked.value.foresight


def words(foresight) -> str:
    return "".join(effect.text for effect in foresight.effects)


def of(enterprise: Enterprise, who) -> dict:
    enterprise.refresh_from_db()
    return {"acting_user": who, "enterprise_id": enterprise.pk, "version": enterprise.version}


def total(place: Place, fact: str) -> int | None:
    row = PlaceTotal.objects.filter(place=place, quarter=NOW.code, fact=fact).first()
    return row and int(row.value)


def test_a_move_takes_along_what_is_open_and_leaves_what_was_filed(cast):
    DutyRule.objects.create(kind=PARTY)
    generate_duties(NOW)
    draft = filed(cast.clerk, cast.enterprise)
    waiting = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="安全生产")
    make_statement(acting_user=cast.clerk, enterprise=cast.enterprise, quarter=NOW, is_nil=False, asks=False)
    here, there = cast.places["320115"], cast.places["320106"]
    catch_up()
    assert (total(here, "REG.headcount"), total(there, "REG.headcount")) == (400, 200)

    foresight = agree(move_enterprise, **of(cast.enterprise, cast.city), county=there)

    for told in (
        "1 条记录留在提交时的",
        "1 条待审核的",
        "1 条没有提交过的草稿",
        "1 项应报事项随企业转走",
        "2 个账号照常使用",
        "改计入迁入地",
    ):
        assert told in words(foresight)
    cast.enterprise.refresh_from_db()
    place = Place.objects.get(pk=cast.enterprise.pk)
    assert (cast.enterprise.county, place.county, place.parent, cast.enterprise.version) == (there, there, there, 2)
    counties = dict(Record.objects.values_list("pk", "county_id"))
    assert counties == {draft.pk: there.pk, waiting.pk: here.pk}
    assert Duty.objects.get(enterprise=cast.enterprise).county == there
    assert QuarterStatement.objects.get(enterprise=cast.enterprise).county == there
    event = EnterpriseEvent.objects.get(enterprise=cast.enterprise)
    assert (event.from_county, event.to_county, event.made_by) == (here, there, cast.city)
    assert Entry.objects.get(event="enterprises.moved_away").county == here
    assert Entry.objects.get(event="enterprises.moved").changes == {
        "所在县（市、区）或功能区": ["南京市江宁区", "南京市鼓楼区"]
    }
    catch_up()
    assert (total(here, "REG.headcount"), total(there, "REG.headcount")) == (200, 400)
    act(acting_user=cast.county, record_id=waiting.pk, action="approve", version=waiting.version)
    new = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="迁移之后")
    assert new.county == there and verdict(cast.other_county, "records.review", new)


def test_only_an_office_above_both_ends_moves(cast):
    where = {"county": cast.places["320571"], "reason": "搬迁", "on": timezone.localdate()}
    with pytest.raises(AccessDenied, match="跨市的请由省产改办办理"):
        move_enterprise(**of(cast.enterprise, cast.city), **where)
    for who in (cast.county, cast.lead, cast.neighbour_city):
        with pytest.raises(AccessDenied):
            move_enterprise(**of(cast.enterprise, who), **where)
    agree(move_enterprise, **of(cast.enterprise, cast.province), county=cast.places["320571"])
    cast.enterprise.refresh_from_db()
    assert cast.enterprise.city == cast.places["3205"]
    assert verdict(cast.neighbour_county, "enterprises.view", cast.enterprise)
    assert not verdict(cast.county, "enterprises.view", cast.enterprise)


def test_a_former_name_is_kept_and_found(cast):
    old = cast.enterprise.name
    agree(rename_enterprise, **of(cast.enterprise, cast.lead), name="江宁智造机械股份有限公司")
    cast.enterprise.refresh_from_db()
    assert (cast.enterprise.name, cast.enterprise.place.name) == ("江宁智造机械股份有限公司",) * 2
    for asked in (old, "智造", "jnsljx"):
        assert cast.enterprise in Enterprise.objects.search(asked)
    assert Enterprise.objects.search("示例电气").get() == cast.second_enterprise
    assert Entry.objects.get(event="enterprises.renamed").changes["企业名称"] == [old, cast.enterprise.name]


def test_two_enterprises_of_two_cities_are_not_merged(cast):
    with pytest.raises(ValidationError, match="请先由省产改办把“江宁示例机械有限公司”迁移到苏州市，再合并"):
        merge_enterprise(
            **of(cast.enterprise, cast.province),
            successor=cast.neighbour_enterprise,
            reason="重组",
            on=timezone.localdate(),
        )
    assert cast.enterprise.is_active


def test_a_merger_closes_one_and_lets_its_people_work_for_the_other(cast):
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="安全生产大家谈")
    foresight = agree(merge_enterprise, **of(cast.enterprise, cast.county), successor=cast.second_enterprise)
    assert [effect.examples for effect in foresight.asks] == [("安全生产大家谈",)]
    cast.enterprise.refresh_from_db()
    assert (cast.enterprise.is_active, cast.enterprise.successor, cast.enterprise.closed_on) == (
        False,
        cast.second_enterprise,
        timezone.localdate(),
    )
    held = Grant.objects.in_force().filter(place=cast.second_enterprise.place)
    assert set(held.values_list("user__username", "role")) == {
        ("clerk", "clerk"),
        ("lead", "lead"),
        ("second_clerk", "clerk"),
    }
    assert set(EnterpriseEvent.objects.values_list("enterprise", "kind", "counterpart")) == {
        (cast.enterprise.pk, ChangeKind.MERGE, cast.second_enterprise.pk),
        (cast.second_enterprise.pk, ChangeKind.ABSORB, cast.enterprise.pk),
    }


def test_closing_a_enterprise_with_open_records_names_them_and_asks(cast):
    DutyRule.objects.create(kind=PARTY)
    generate_duties(NOW)
    draft = filed(cast.clerk, cast.enterprise)
    waiting = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="安全生产大家谈")
    catch_up()
    foresight = agree(close_enterprise, **of(cast.enterprise, cast.county))
    assert [(effect.weight, effect.examples) for effect in foresight.asks] == [
        (Weight.ASK, ("安全生产大家谈",)),
        (Weight.ASK, ()),
    ]
    for told in ("1 条记录待审核", "1 条草稿、退回或撤回", "1 项应报事项终止", "2 个账号不能再为这家企业填报"):
        assert told in words(foresight)
    assert not Duty.objects.filter(enterprise=cast.enterprise).exists()
    until = timezone.localdate() + datetime.timedelta(days=30)
    assert set(Grant.objects.filter(place=cast.enterprise.place).values_list("valid_until", flat=True)) == {until}
    draft.refresh_from_db()
    assert verdict(cast.clerk, "records.view", draft) and not verdict(cast.clerk, "records.edit", draft)
    assert verdict(cast.county, "records.review", Record.objects.get(pk=waiting.pk))
    catch_up()
    assert total(cast.places["320115"], "REG.enterprises") == 1
    generate_duties(NOW)
    assert not Duty.objects.filter(enterprise=cast.enterprise).exists()


def test_reopening_gives_back_what_closing_took(cast):
    agree(close_enterprise, **of(cast.enterprise, cast.county))
    agree(reopen_enterprise, **of(cast.enterprise, cast.county))
    cast.enterprise.refresh_from_db()
    assert (cast.enterprise.is_active, cast.enterprise.closed_on) == (True, None)
    assert set(Grant.objects.filter(place=cast.enterprise.place).values_list("valid_until", flat=True)) == {None}
    assert list(EnterpriseEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["close", "reopen"]


def test_a_split_registers_a_new_enterprise_beside_the_old(cast):
    values = {
        "name": "江宁示例轴承有限公司",
        "credit_code": NEW_CODE,
        "industry": cast.enterprise.industry,
        "ownership": "private",
        "size": "small",
        "pilot_tier": "none",
    }
    agree(split_enterprise, **of(cast.enterprise, cast.county), county=cast.places["320115"], values=values)
    new = Enterprise.objects.get(credit_code=NEW_CODE)
    assert new.is_active and Enterprise.objects.get(pk=cast.enterprise.pk).is_active
    assert set(EnterpriseEvent.objects.values_list("enterprise", "kind", "counterpart")) == {
        (cast.enterprise.pk, ChangeKind.SPLIT, new.pk),
        (new.pk, ChangeKind.SPLIT_OFF, cast.enterprise.pk),
    }


def test_what_changed_since_it_was_read_is_read_again(cast):
    arguments = {"reason": "停产", "on": timezone.localdate()}
    with pytest.raises(ChangeUnconfirmed) as asked:
        close_enterprise(**of(cast.enterprise, cast.county), **arguments)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    with pytest.raises(ChangeUnconfirmed) as again:
        close_enterprise(**of(cast.enterprise, cast.county), **arguments, confirmed=asked.value.keys)
    assert "1 条记录待审核" in words(again.value.foresight)
    assert Enterprise.objects.get(pk=cast.enterprise.pk).is_active
    with pytest.raises(Stale):
        close_enterprise(acting_user=cast.county, enterprise_id=cast.enterprise.pk, version=9, **arguments)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": " "}, "请写明原因"),
        ({"on": datetime.date(2199, 1, 1)}, "还没有到"),
        ({"on": datetime.date(1026, 1, 1)}, "核对年份"),
    ],
)
def test_a_reason_and_a_possible_day_are_asked_for(cast, changes, told):
    arguments = {"reason": "停产", "on": timezone.localdate(), **changes}
    with pytest.raises(ValidationError, match=told):
        close_enterprise(**of(cast.enterprise, cast.county), **arguments)


def test_who_is_concerned_is_told(cast):
    agree(move_enterprise, **of(cast.enterprise, cast.city), county=cast.places["320106"])
    told = Message.objects.get(event="enterprises.moved_in")
    assert (told.recipient, told.title) == (cast.other_county, "“江宁示例机械有限公司”迁入")
    agree(merge_enterprise, **of(cast.enterprise, cast.city), successor=cast.second_enterprise)
    merged = Message.objects.filter(event="enterprises.closed")
    assert {message.recipient for message in merged} == {cast.clerk, cast.lead}
    assert merged[0].title == "“江宁示例机械有限公司”已并入“江宁示例电气有限公司”"
