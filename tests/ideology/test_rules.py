"""What policy asks of the kinds of ideological guidance, and what cannot be."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.refusals import NeedsConfirmation
from foundation.stored_files.actions import store_file
from ideology.models import RepresentativeCategory, RepresentativeStep
from records.core.actions import act, file_record
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.values import stored
from records.models import Attachment, Record, Status
from tests.contracts.world import picture

pytestmark = pytest.mark.django_db


def file_it(cast, slug, *, of="enterprise", by="clerk", token=None, **changes) -> Record:
    """A draft of the factory's values with some changed; no two titles are alike, so none looks like another."""
    kind, enterprise = kind_by_slug(slug), getattr(cast, of)
    if not kind.is_return:
        changes.setdefault("title", uuid.uuid4().hex)
    row = build_record(kind, enterprise=enterprise, **changes)
    values = {name: stored(row, name) for name in (*kind.fields, "period") if name != "category"}
    if "category" in kind.fields:
        values["category"] = row.category
    return file_record(acting_user=getattr(cast, by), kind=kind, filer=enterprise, values=values, form_token=token)


def submit(cast, record: Record) -> Record:
    return act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)


def refusal(cast, record: Record) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        submit(cast, record)
    return caught.value.message_dict


def test_a_micro_work_is_a_link_or_a_file(cast):
    nothing = file_it(cast, "ideology.microwork", link="")
    assert "二者至少有一样" in refusal(cast, nothing)["link"][0]
    assert submit(cast, file_it(cast, "ideology.microwork")).status == Status.SUBMITTED


def test_a_file_chosen_before_the_first_save_counts(cast):
    token = uuid.uuid4()
    upload = SimpleUploadedFile("作品.png", picture(), content_type="image/png")
    store_file(Attachment, acting_user=cast.clerk, upload=upload, form_token=token)
    record = file_it(cast, "ideology.microwork", link="", token=token)
    assert submit(cast, record).status == Status.SUBMITTED


@pytest.mark.parametrize("address", ["http://example.com/a", "ftp://example.com/a", "javascript:alert(1)", "看这里"])
def test_a_link_is_https(cast, sign_in, address):
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "ideology.microwork", link=address)
    assert "https://" in caught.value.message_dict["link"][0]


def test_party_work_in_the_assessment_names_its_basis(cast):
    record = file_it(cast, "ideology.partyassessment", included=True, basis=" ")
    assert "文件名称或文号" in refusal(cast, record)["basis"][0]


def test_state_owned_enterprises_do_not_file_what_is_asked_of_others(cast, sign_in):
    kind = kind_by_slug("ideology.partyunionbuilding")
    assert kind.applies_to(cast.enterprise) and not kind.applies_to(cast.second_enterprise)
    with pytest.raises(ValidationError, match="不适用于这家企业"):
        file_it(cast, kind.slug, of="second_enterprise", by="second_clerk")
    assert kind.label not in sign_in(cast.second_clerk).get("/").content.decode()
    assert kind.label in sign_in(cast.clerk).get("/").content.decode()


@pytest.mark.parametrize(
    ("step", "missing"), [("selection", "chosen"), ("politics", "attendances"), ("duties", "attendances")]
)
def test_selection_and_training_say_how_many(cast, step, missing):
    record = file_it(cast, "ideology.representativeactivity", step=step, **{missing: None})
    assert list(refusal(cast, record)) == [missing]


def test_a_part_stays_within_its_whole(cast):
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "ideology.delegates", congress_delegates=30, congress_workers=31)
    assert caught.value.message_dict["congress_workers"] == [
        "“职代会代表中产业工人”（31 人）超过了“职代会代表”（30 人）。请核对两个数。"
    ]


def test_money_has_two_decimals_everywhere(cast, sign_in):
    record = file_it(cast, "ideology.studioupgrade", benefit=Decimal("1234.5"))
    page = sign_in(cast.clerk)
    assert "1,234.50" in page.get(f"/records/{record.pk}/").content.decode()
    assert "1,234.50" in page.get("/records/", {"kind": record.kind}).content.decode()
    assert record.steps.get().values["benefit"] == "1234.50"


def test_a_category_is_chosen_listed_filtered_and_kept(cast, sign_in):
    category = RepresentativeCategory.objects.get(code="cppcc")
    record = file_it(
        cast, "ideology.representativeactivity", step=RepresentativeStep.SELECTION, category_id="cppcc", chosen=0
    )
    browser = sign_in(cast.clerk)
    narrowed = {"kind": record.kind, "category": "cppcc"}
    assert record.title in browser.get("/records/", narrowed).content.decode()
    assert record.title not in browser.get("/records/", {**narrowed, "category": "people-congress"}).content.decode()
    assert "政协委员" in browser.get(f"/records/{record.pk}/").content.decode()
    RepresentativeCategory.objects.filter(pk=category.pk).update(is_active=False)
    form = browser.get(f"/records/new/{record.kind}/").content.decode()
    assert "政协委员" not in form and "人大代表" in form


@pytest.mark.parametrize(("frontline", "is_asked"), [(14, True), (15, False), (31, True)])
def test_the_front_line_is_the_main_body_of_the_congress(cast, frontline, is_asked):
    """Less than half is asked about with its source; more than there are delegates as well."""
    record = file_it(
        cast, "ideology.delegates", congress_delegates=30, congress_workers=20, congress_frontline=frontline
    )
    if not is_asked:
        assert submit(cast, record).status == Status.SUBMITTED
        return
    with pytest.raises(NeedsConfirmation) as unusual:
        submit(cast, record)
    [warning] = unusual.value.questions
    assert warning.field == "congress_frontline"
    assert ("总工发〔2012〕12号" in warning.message) is (frontline < 15)
    handed_in = act(
        acting_user=cast.clerk,
        record_id=record.pk,
        action="submit",
        version=record.version,
        reason="已核对。",
        confirmed=unusual.value.keys,
    )
    assert handed_in.status == Status.SUBMITTED
