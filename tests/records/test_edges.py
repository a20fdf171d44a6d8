"""What clerks do besides the straight way: back after saving, another period, taken back, slips of the finger."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase

from foundation.calendar.periods import Quarter
from foundation.refusals import Refused
from foundation.stored_files.actions import store_file
from indicators.fill import catch_up
from indicators.queries import coverage
from records.core.actions import act, discard_record, file_record, update_record
from records.core.bulk import move_records
from records.core.kinds import kind_by_slug
from records.duties.actions import generate_duties
from records.models import Attachment, Duty, DutyRule, Record
from tests.contracts.world import LECTURE, PARTY, filed, upload, values_for

pytestmark = pytest.mark.django_db

NOW = Quarter.current()
BEFORE = NOW.previous()


@pytest.fixture
def owed(cast):
    """Both open quarters owe the return on party members."""
    DutyRule.objects.create(kind=PARTY)
    for quarter in (BEFORE, NOW):
        generate_duties(quarter)
    return lambda quarter: Duty.objects.get(enterprise=cast.enterprise, period=quarter.code)


def _figures(cast, quarter):
    catch_up()
    found = coverage(cast.places["320115"], quarter)
    return found.reported, found.done, found.on_time


def test_one_return_never_meets_two_duties(cast, owed):
    record = filed(
        cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"), slug=PARTY, period=BEFORE.code
    )
    assert owed(BEFORE).record_id == record.pk
    assert _figures(cast, BEFORE)[:2] == (1, 1)
    record = update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"period": NOW.code}
    )
    assert _figures(cast, BEFORE)[0] == 0, "what was handed in now speaks for the other quarter"
    act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    assert (owed(BEFORE).record_id, owed(BEFORE).fulfilled_at) == (None, None)
    assert owed(NOW).record_id == record.pk
    assert _figures(cast, BEFORE)[:2] == (0, 0)
    assert _figures(cast, NOW)[:2] == (1, 1)


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize(("who", "action"), [("clerk", "withdraw"), ("county", "reject")])
def test_a_return_taken_back_or_rejected_is_owed_again(cast, owed, who, action, bulk):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=PARTY, period=BEFORE.code)
    person = cast.people[who]
    if bulk:
        assert move_records(acting_user=person, record_ids=[record.pk], action=action, reason="请核对。")[0].ok
    else:
        act(acting_user=person, record_id=record.pk, action=action, version=record.version, reason="请核对。")
    assert owed(BEFORE).fulfilled_at is None
    assert _figures(cast, BEFORE)[1] == 0


def test_handed_in_again_the_first_day_still_counts(cast, owed):
    record = filed(
        cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.clerk, "withdraw"), slug=PARTY, period=NOW.code
    )
    first = record.first_submitted_at
    act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    assert owed(NOW).fulfilled_at == first


def _form(cast, **changes):
    return {
        **values_for(LECTURE, cast.enterprise, title="第一次"),
        "enterprise": cast.enterprise.credit_code,
        "form_token": str(uuid.uuid4()),
        "do": "draft",
        **changes,
    }


def test_back_after_saving_and_changed_loses_nothing(cast, sign_in):
    browser, form = sign_in(cast.clerk), _form(cast)
    address = f"/records/new/{LECTURE}/"
    browser.post(address, form)
    record = Record.objects.get()
    answer = browser.post(address, form)
    assert (answer.status_code, answer.url) == (302, f"/records/{record.pk}/")
    answer = browser.post(address, {**form, "title": "第二次"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "第一次" in page and 'value="第二次"' in page
    assert f'action="/records/{record.pk}/edit/"' in page
    saved = browser.post(f"/records/{record.pk}/edit/", {**form, "title": "第二次", "version": record.version})
    assert saved.status_code == 302
    assert Record.objects.get().title == "第二次"


def test_the_same_untitled_draft_sent_twice_is_no_conflict(cast, sign_in):
    browser, form = sign_in(cast.clerk), _form(cast, title="")
    for _time in range(2):
        assert browser.post(f"/records/new/{LECTURE}/", form).status_code == 302
    assert Record.objects.count() == 1


def test_the_number_of_another_persons_form_is_refused_with_words(cast, sign_in):
    form = _form(cast)
    assert sign_in(cast.clerk).post(f"/records/new/{LECTURE}/", form).status_code == 302
    theirs = {**form, "enterprise": cast.neighbour_enterprise.credit_code}
    answer = sign_in(cast.neighbour).post(f"/records/new/{LECTURE}/", theirs)
    assert answer.status_code == 200
    assert "请重新打开填报页面" in answer.content.decode()
    assert Record.objects.count() == 1


def test_a_discarded_draft_leaves_no_file(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    record = filed(cast.clerk, cast.enterprise)
    kept = store_file(Attachment, acting_user=cast.clerk, upload=upload(), owner=record).file
    assert kept.storage.exists(kept.name)
    with TestCase.captureOnCommitCallbacks(execute=True):
        discard_record(acting_user=cast.clerk, record_id=record.pk, version=record.version)
    assert not kept.storage.exists(kept.name)


def test_a_draft_thrown_away_in_another_window(cast):
    record = filed(cast.clerk, cast.enterprise)
    discard_record(acting_user=cast.clerk, record_id=record.pk, version=record.version)
    with pytest.raises(Refused, match="已被删除"):
        act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("attendances", 10**9, "请核对是否多打了数字"),
        ("attendances", 2**62, "请核对"),
        ("happened_on", datetime.date(1, 1, 1), "请核对年份"),
        ("happened_on", datetime.date(226, 3, 1), "请核对年份"),
    ],
)
def test_slips_of_the_finger_are_named(cast, field, value, words):
    with pytest.raises(ValidationError) as refused:
        file_record(
            acting_user=cast.clerk,
            kind=kind_by_slug(LECTURE),
            filer=cast.enterprise,
            values=values_for(LECTURE, cast.enterprise, **{field: value}),
        )
    assert words in " ".join(refused.value.message_dict[field])
