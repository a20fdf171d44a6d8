"""Changing many records ends as changing each of them does; who may not, or is too late, changes nothing."""

import pytest
from django.forms.models import model_to_dict

from foundation.audit.models import Entry
from ideology.models import Lecture
from records.core.actions import act, update_record
from records.core.bulk import Change, create_records, update_records
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.models import Record, RecordStep
from tests.confirming import confirm
from tests.records.exchange.books import LECTURE, PARTY

pytestmark = pytest.mark.django_db

_OWN = {"id", "record_ptr_id", "form_token", "enterprise_id", "county_id", "created_by_id", "filed_on_behalf"}
_TIMES = {"created_at", "updated_at"}


def made(cast, enterprise, kind=LECTURE, count=1) -> list[Record]:
    drafts = [build_record(kind, enterprise=enterprise) for _ in range(count)]
    return create_records(acting_user=cast.city, kind=kind, drafts=drafts, origin="test")


@pytest.mark.parametrize("slug", ["ideology.lecture", "ideology.partydevelopment", "services.leadership"])
def test_both_ways_end_in_the_same_state(cast, slug) -> None:
    kind = kind_by_slug(slug)
    [one], [other] = (made(cast, enterprise, kind) for enterprise in (cast.enterprise, cast.gulou_enterprise))
    wanted = build_record(kind, enterprise=cast.enterprise)
    values = model_to_dict(wanted, fields=kind.fields)
    update_record(acting_user=cast.city, record_id=one.pk, version=1, values=values)
    columns = {kind.model._meta.get_field(name).attname: value for name, value in values.items()}
    [outcome] = update_records(acting_user=cast.city, kind=kind, changes=[Change(other.pk, 1, columns)], origin="test")
    assert outcome.ok, outcome.message
    rows = [kind.model.objects.filter(pk=record.pk).values().get() for record in (one, other)]
    assert len({frozenset((k, v) for k, v in row.items() if k not in _OWN | _TIMES) for row in rows}) == 1
    steps = [
        RecordStep.objects.filter(record_id=r.pk, action="edit").values("from_status", "to_status", "version", "values")
        for r in (one, other)
    ]
    assert list(steps[0]) == list(steps[1])
    assert Entry.objects.filter(event="records.edited", enterprise_id=cast.gulou_enterprise.pk).exists()


def test_each_refusal_is_told_and_the_others_go_on(cast) -> None:
    records = made(cast, cast.enterprise, count=4)
    confirm(act, acting_user=cast.city, record_id=records[0].pk, action="submit", version=1, reason="已核对。")
    update_record(acting_user=cast.city, record_id=records[1].pk, version=1, values={"speaker": "周书记"})
    changes = [Change(record.pk, 1, {"speaker": "李工匠"}) for record in records]
    changes[2] = Change(records[2].pk, 1, {"attendances": 10**9})
    outcomes = update_records(
        acting_user=cast.city, kind=LECTURE, changes=[*changes, Change(10**9, 1, {})], origin="test"
    )
    assert [outcome.ok for outcome in outcomes] == [False, False, False, True, False]
    for words, outcome in zip(("待审核", "没有覆盖", "参加人次", "", "已被删除"), outcomes, strict=True):
        assert words in outcome.message
    assert list(Lecture.objects.filter(speaker="李工匠").values_list("pk", "version")) == [(records[3].pk, 2)]
    stranger = update_records(
        acting_user=cast.neighbour, kind=LECTURE, changes=[Change(records[3].pk, 2, {})], origin="test"
    )
    assert not stranger[0].ok
    assert not update_records(acting_user=cast.city, kind=PARTY, changes=[Change(records[3].pk, 2, {})], origin="test")[
        0
    ].ok


def test_a_hundred_take_few_statements(cast, django_assert_max_num_queries) -> None:
    records = made(cast, cast.enterprise, count=100)
    with django_assert_max_num_queries(40):
        update_records(
            acting_user=cast.city,
            kind=LECTURE,
            origin="test",
            changes=[Change(record.pk, 1, {"speaker": "李工匠"}) for record in records],
        )
    assert Lecture.objects.filter(speaker="李工匠").count() == 100
