"""Several of a list are ticked, found, counted, written and read everywhere alike."""

import importlib
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.calendar.periods import Quarter
from foundation.fields import field_of
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import file_record, update_record
from records.core.forms import RecordForm
from records.core.kinds import all_kinds, kind_by_slug
from records.core.several import SeveralChoices, codes_of, joined
from records.models import Record
from rights.models import Incentive
from tests.contracts.world import values_for
from tests.records.exchange.books import changes, checked, confirmed, opened, saved
from tests.rights.filing import approve, hand_in

pytestmark = pytest.mark.django_db

INCENTIVE, VOICE = "rights.incentive", "rights.voice"
ALL = ",post,ability,innovation,performance,"


def filed(cast, slug: str = INCENTIVE, **changed) -> Record:
    kind = kind_by_slug(slug)
    plain = {"has_system": True, "measures": []} if slug == INCENTIVE else {}
    values = values_for(slug, cast.enterprise, **{**plain, **changed})
    return file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values).specific()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (["innovation", "post"], ",post,innovation,"),
        ("岗位价值、业绩贡献", ",post,performance,"),
        (",post,ability,", ",post,ability,"),
        ("none", ",none,"),
        ([], ""),
        (None, ""),
    ],
)
def test_what_is_chosen_is_kept_in_the_order_of_the_list(cast, sent, kept):
    kind = kind_by_slug(INCENTIVE)
    form = RecordForm({"has_system": "true", "elements": sent, "period": ""}, kind=kind, filer=cast.enterprise)
    form.full_clean()
    assert form.cleaned_data["elements"] == kept


@pytest.mark.parametrize(
    ("sent", "words"), [(["post", "none"], "就不能再选其他各项"), ("岗位价值、年龄", "“年龄”不在可选的范围内")]
)
def test_none_of_these_goes_with_no_other_and_unknown_words_are_named(cast, sent, words):
    form = RecordForm({"has_system": "true", "elements": sent}, kind=kind_by_slug(INCENTIVE), filer=cast.enterprise)
    assert words in str(form.errors["elements"])


def test_the_form_has_boxes_and_the_page_the_words(cast, sign_in):
    record = filed(cast, elements=",post,innovation,")
    clerk = sign_in(cast.clerk)
    form = clerk.get(reverse("records:edit", args=[record.pk])).content.decode()
    assert form.count('type="checkbox" name="elements"') == 5
    assert re.findall(r'name="elements" value="(\w+)"[^>]* checked', form) == ["post", "innovation"]
    page = clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "岗位价值、创新创造" in page


def test_a_field_behind_one_choice_is_asked_only_with_it(cast):
    record = filed(cast, VOICE, channels=",board,other,", disclosed_by="班组会")
    assert record.disclosed_by == "班组会"
    update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"channels": ",board,"})
    record.refresh_from_db()
    assert record.disclosed_by == ""


def test_the_list_is_narrowed_by_one_of_them_and_shows_the_words(cast, sign_in):
    filed(cast, elements=",post,innovation,")
    clerk = sign_in(cast.clerk)
    address = reverse("records:list")
    found = clerk.get(address, {"kind": INCENTIVE, "elements": "innovation"}).content.decode()
    assert "岗位价值、创新创造" in found
    assert "岗位价值、创新创造" not in clerk.get(address, {"kind": INCENTIVE, "elements": "ability"}).content.decode()


def test_history_says_it_in_words(cast, sign_in):
    record = filed(cast, elements=",post,")
    update_record(
        acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"elements": ",post,ability,"}
    )
    page = sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "岗位价值、能力素质" in page and ",post," not in page


def test_a_workbook_has_the_words(cast, sign_in):
    record = filed(cast, elements=",post,innovation,")
    clerk = sign_in(cast.clerk)
    workbook = opened(b"".join(clerk.get(reverse("records:export"), {"kind": INCENTIVE})))
    sheet = workbook["填报"]
    cell = sheet.cell(2, [one.value for one in sheet[1]].index("薪酬分配体现的要素") + 1)
    assert cell.value == "岗位价值、创新创造"
    assert checked(clerk, saved(workbook), kind=INCENTIVE, after="draft").counts["unchanged"] == 1
    cell.value = "业绩贡献，岗位价值"
    batch = checked(clerk, saved(workbook), kind=INCENTIVE, after="draft")
    [[change]] = changes(batch)
    assert (change["old"], change["new"]) == ("岗位价值、创新创造", "岗位价值、业绩贡献")
    confirmed(clerk, batch)
    record.refresh_from_db()
    assert codes_of(record.elements) == ["post", "performance"]


def test_the_api_has_a_list_of_codes(cast):
    client = APIClient()
    client.force_authenticate(cast.clerk)
    record = filed(cast, elements=",post,innovation,")
    address = f"/api/v1/records/{record.pk}/"
    assert client.get(address).json()["elements"] == ["post", "innovation"]
    shown = client.patch(address, {"version": 1, "elements": ["ability", "post"]}, format="json").json()
    assert shown["elements"] == ["post", "ability"]
    kept = client.patch(address, {"version": 2, "has_system": True}, format="json").json()
    assert kept["elements"] == ["post", "ability"]
    refused = client.patch(address, {"version": 2, "elements": "post"}, format="json").json()
    assert refused["errors"][0]["field"] == "elements" and "应是一个数组" in refused["errors"][0]["reason"]
    schema = client.get(f"/api/v1/kinds/{INCENTIVE}/").json()["schema"]["properties"]["elements"]
    assert schema["type"] == "array" and schema["items"]["enum"][:2] == ["post", "ability"] and schema["uniqueItems"]


def test_all_of_them_are_counted(cast):
    record = filed(cast, elements=ALL)
    hand_in(cast, record)
    approve(cast, record)
    catch_up()
    assert figures(cast.places["3201"], Quarter.current())["E12.all_elements"].value == 1


def test_the_model_and_the_database_refuse_what_is_none(cast):
    with pytest.raises(ValidationError, match="不在可选的范围内"):
        filed(cast, elements=joined(["post", "age"]))
    record = filed(cast, elements=",post,")
    with pytest.raises(IntegrityError), transaction.atomic():
        Incentive.objects.filter(pk=record.pk).update(elements="post")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("post", "“post”的写法不对，应为“,post,”"),
        (",post", "应为“,post,”"),
        (",post,post,", "应为“,post,”"),
        (",post,age,", "“age”不在可选的范围内。可选的有：post、ability"),
        ("[]", "“[]”不在可选的范围内"),
        (["post", "age"], "“age”不在可选的范围内"),
        (",post,none,", "就不能再选其他各项"),
    ],
)
def test_an_action_refuses_what_no_form_would_send(cast, sent, words):
    kind = kind_by_slug(INCENTIVE)
    values = {**values_for(INCENTIVE, cast.enterprise, has_system=True, measures=[]), "elements": sent}
    for hand_over in (False, True):
        with pytest.raises(ValidationError) as refused:
            file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values, hand_in=hand_over)
        assert words in refused.value.message_dict["elements"][0]
    record = filed(cast, elements=",post,")
    with pytest.raises(ValidationError, match=words.replace("[", r"\[").replace("]", r"\]")):
        update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"elements": sent})


@pytest.mark.parametrize(("sent", "kept"), [(["ability", "post"], ",ability,post,"), ([], ""), (None, "")])
def test_an_action_takes_a_list_of_codes(cast, sent, kept):
    record = filed(cast, elements=sent)
    assert Incentive.objects.get(pk=record.pk).elements == kept


def test_no_word_of_a_list_has_what_parts_the_words():
    fields = [field_of(kind.model, name) for kind in all_kinds() for name in kind.fields]
    listed = [field for field in fields if isinstance(field, SeveralChoices)]
    assert len(listed) >= 3
    assert not [
        str(label) for field in listed for _code, label in field.flatchoices if re.search("[、,，;；/]", str(label))
    ]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ((True, False, None, True), ",post,performance,"),
        ((False, False, None, False), ",none,"),
        ((None, None, None, None), ""),
    ],
)
def test_four_questions_become_one_list(said, kept):
    migration = importlib.import_module("rights.migrations.0014_elements_of_pay_as_a_list")
    assert migration.chosen(dict(zip(migration.ASKED, said, strict=True))) == kept
    told = tuple(bool(value) for value in migration.answers(kept).values())
    assert told == tuple(bool(value) for value in said)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("公开栏、班组长微信群", (",board,group,", "")),
        ("职代会，公告屏", (",congress,other,", "公告屏")),
        ("", ("", "")),
    ],
)
def test_a_text_of_channels_becomes_a_list(text, kept):
    migration = importlib.import_module("rights.migrations.0015_channels_of_disclosure_as_a_list")
    assert migration.channels_of(text) == kept
