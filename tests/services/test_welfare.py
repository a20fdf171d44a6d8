"""Rest and recuperation, care for families, help in pairs: what is asked, of whom, and what it comes to."""

import pytest
from django.core.exceptions import ValidationError

from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act
from records.core.kinds import kind_by_slug
from records.models import Record, Status
from services.models import RecuperationOrganiser
from tests.services.filing import asked_about, file_it, refusal, submit

pytestmark = pytest.mark.django_db


def approve(cast, record: Record) -> None:
    record = submit(cast, record)
    act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)


def test_the_front_line_of_a_group_must_be_told(cast):
    record = file_it(cast, "services.recuperation", frontline_people=None)
    assert list(refusal(cast, record)) == ["frontline_people"]


def test_skilled_people_are_part_of_the_group_and_the_front_line_usually(cast):
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "services.recuperation", number_of_people=20, frontline_people=10, skilled_people=21)
    assert "“其中高技能人才”（21 人）超过了“参加人数”（20 人）" in caught.value.message_dict["skilled_people"][0]
    dispatched = file_it(cast, "services.recuperation", number_of_people=20, frontline_people=21, skilled_people=None)
    [question] = asked_about(cast, dispatched)
    assert question.field == "frontline_people"


def test_what_the_union_above_organised_is_asked_about(cast):
    record = file_it(cast, "services.recuperation", organiser=RecuperationOrganiser.UPPER_UNION)
    [question] = asked_about(cast, record)
    assert question.field == "organiser" and "重复计数" in question.message
    with pytest.raises(NeedsConfirmation):
        submit(cast, record, reason="上级工会没有填。", confirmed=[])
    handed_in = submit(cast, record, reason="上级工会没有填。", confirmed=[question.key])
    assert handed_in.status == Status.SUBMITTED


def test_groups_add_up_in_the_quarter(cast):
    for people, frontline, skilled in ((20, 15, 4), (30, 25, None)):
        approve(
            cast,
            file_it(
                cast,
                "services.recuperation",
                number_of_people=people,
                frontline_people=frontline,
                skilled_people=skilled,
            ),
        )
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    values = [shown[f"G01.{name}"].value for name in ("batches", "people", "frontline", "skilled")]
    assert values == [2, 50, 40, 4]


NOTHING = dict.fromkeys(("wedding", "birth", "moving", "hospital", "funeral", "spent", "counselled", "mental_lectures"))


def test_a_return_that_requires_nothing_says_something(cast):
    kind = kind_by_slug("services.care")
    assert kind.required == ()
    empty = file_it(cast, kind.slug, **NOTHING)
    assert refusal(cast, empty) == {"__all__": ["一项也没有填。没有开展的请填 0 或选“否”；暂时没有数据可先存草稿。"]}


def test_the_page_of_a_return_that_requires_nothing_names_the_cure(cast, sign_in):
    browser = sign_in(cast.clerk)
    record = file_it(cast, "services.care", **NOTHING)
    fields = dict.fromkeys(NOTHING, "")
    address = f"/records/{record.pk}/edit/"
    refused = browser.post(address, {**fields, "version": record.version, "period": record.period, "do": "submit"})
    assert refused.status_code == 200 and "一项也没有填" in refused.content.decode()
    sent = {**fields, "funeral": "0", "version": record.version, "period": record.period, "do": "submit"}
    assert browser.post(address, sent).status_code == 302
    record.refresh_from_db()
    assert record.status == Status.SUBMITTED


def test_what_is_not_said_of_care_is_no_zero(cast):
    approve(cast, file_it(cast, "services.care", **{**NOTHING, "wedding": 0, "hospital": 3}))
    catch_up()
    shown = figures(cast.places["3201"], Quarter.parse(Record.objects.latest("pk").quarter))
    assert (shown["G04.hospital"].value, shown["G04.wedding"].value) == (3, 0)
    assert shown["G04.funeral"].value is None and shown["B10.attendances"].value is None


def test_pairs_with_workers_in_hardship_are_part_of_all_pairs(cast):
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "services.pairing", pairs=5, hardship_pairs=6)
    assert "hardship_pairs" in caught.value.message_dict
