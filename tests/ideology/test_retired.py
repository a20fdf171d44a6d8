"""A retired kind: nothing new is filed or owed of it; what was filed stays, is decided, read and counted."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.calendar.periods import Quarter
from foundation.refusals import Refused
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act
from records.core.bulk import create_records
from records.core.factories import build_record
from records.core.kinds import all_kinds, in_groups, kind_by_slug
from records.duties.actions import generate_duties
from records.duties.calendar import save_duty_rule
from records.models import Duty, DutyRule, ReportingQuarter, Status
from tests.ideology.test_rules import file_it

pytestmark = pytest.mark.django_db
RETIRED = ("ideology.grouppost", "ideology.voiceguidance")
LET_GO = importlib.import_module("ideology.migrations.0012_retired_returns_are_not_owed").let_go


@pytest.fixture
def before(monkeypatch):
    """As things were before the returns were retired; called, it brings the day."""
    kinds = [type(kind_by_slug(slug)) for slug in RETIRED]
    was = [kind.retired_on for kind in kinds]
    for kind in kinds:
        monkeypatch.setattr(kind, "retired_on", None)

    def retire() -> None:
        for kind, day in zip(kinds, was, strict=True):
            monkeypatch.setattr(kind, "retired_on", day)

    return retire


def test_what_was_filed_before_stays_is_decided_and_counts(cast, sign_in, before):
    record = file_it(cast, "ideology.grouppost", holders=4, part_time=3, seconded=1, in_unions=2)
    draft = file_it(cast, "ideology.voiceguidance", sessions=2, concerns=5, settled=4)
    before()
    record = act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    draft = act(acting_user=cast.clerk, record_id=draft.pk, action="submit", version=draft.version)
    assert draft.status == Status.SUBMITTED
    catch_up()
    shown = figures(cast.places["3201"], Quarter.parse(record.quarter))
    assert [shown[f"B08.{name}"].value for name in ("holders", "part_time", "seconded")] == [4, 3, 1]
    clerk, city = sign_in(cast.clerk), sign_in(cast.city)
    assert "季末兼挂职的产业工人" in clerk.get(f"/records/{record.pk}/").content.decode()
    assert record.title in clerk.get("/records/", {"kind": record.kind}).content.decode()
    opened = {"fact": "B08.holders", "region": "3201", "quarter": record.quarter}
    assert record.title in city.get("/records/", opened).content.decode()
    assert clerk.get(f"/api/v1/records/{record.pk}/").json()["holders"] == 4


@pytest.mark.parametrize("slug", RETIRED)
def test_nothing_new_is_offered_or_taken(cast, sign_in, slug):
    kind, clerk = kind_by_slug(slug), sign_in(cast.clerk)
    assert kind not in [one for _heading, members in in_groups(all_kinds()) for one in members]
    assert reverse("records:create", args=[slug]) not in clerk.get("/").content.decode()
    answer = clerk.get(reverse("records:create", args=[slug]), follow=True)
    assert "不再填报，已报的记录照常保留" in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith(f"?kind={slug}")
    with pytest.raises(ValidationError, match="不再填报"):
        file_it(cast, slug)
    with pytest.raises(ValidationError, match="不再填报"):
        create_records(
            acting_user=cast.clerk, kind=kind, drafts=[build_record(kind, enterprise=cast.enterprise)], origin="test"
        )
    body = {"kind": slug, "enterprise": cast.enterprise.credit_code}
    refused = clerk.post("/api/v1/records/", body, content_type="application/json")
    assert refused.status_code == 400 and "不再填报" in refused.content.decode()
    described = clerk.get(f"/api/v1/kinds/{slug}/").json()
    assert described["retired_on"] == "2026-11-29"
    assert clerk.get("/api/v1/kinds/ideology.lecture/").json()["retired_on"] is None


def test_nothing_more_is_owed_and_closed_quarters_stand(cast, before):
    slug, now = RETIRED[0], Quarter.current()
    rule = DutyRule.objects.create(kind=slug)
    for quarter in (now, now.previous()):
        generate_duties(quarter)
    assert Duty.objects.filter(kind=slug, quarter=now.code).count() == 4
    met = Duty.objects.filter(kind=slug, quarter=now.code, enterprise=cast.enterprise)
    record = file_it(cast, slug, period=now.code)
    act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    ReportingQuarter.objects.filter(code=now.previous().code).update(is_open=False)
    before()
    LET_GO(apps, None)
    rule.refresh_from_db()
    assert not rule.is_active
    assert list(Duty.objects.filter(kind=slug, quarter=now.code)) == [met.get()]
    assert Duty.objects.filter(kind=slug, quarter=now.previous().code).count() == 4
    DutyRule.objects.filter(pk=rule.pk).update(is_active=True)
    assert generate_duties(now) == 0
    with pytest.raises(Refused, match="不再填报"):
        save_duty_rule(acting_user=cast.province, kind=slug)


def test_what_they_asked_is_asked_elsewhere(cast):
    for subject, channel, attendances in (
        ("voice", "on_site", 20),
        ("health", "online_class", 50),
        ("safety", "campaign", 70),
    ):
        record = file_it(
            cast,
            "ideology.literacyeducation",
            subject=subject,
            channel=channel,
            number_of_people=attendances,
            attendances=attendances,
            frontline_attendances=None,
        )
        record = act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
        act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    posts = file_it(
        cast,
        "ideology.delegates",
        congress_delegates=40,
        congress_workers=25,
        congress_frontline=24,
        party_delegates=None,
        party_workers=None,
        posts=3,
        seconded_posts=1,
        union_posts=2,
    )
    posts = act(acting_user=cast.clerk, record_id=posts.pk, action="submit", version=posts.version)
    act(acting_user=cast.county, record_id=posts.pk, action="approve", version=posts.version)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[f"F12.{name}"].value for name in ("attendances", "online", "campaign")] == [120, 50, 70]
    assert shown["B17.lessons"].value == 1
    assert [shown[f"B08.{name}"].value for name in ("posts", "posts_seconded", "posts_in_unions")] == [3, 1, 2]


def test_a_part_of_the_posts_stays_within_them(cast):
    with pytest.raises(ValidationError) as caught:
        file_it(cast, "ideology.delegates", posts=1, seconded_posts=2, union_posts=1)
    assert list(caught.value.message_dict) == ["seconded_posts"]
