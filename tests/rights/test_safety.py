"""Safety at work: who is asked what, what is counted, and what stands as a breach."""

import pytest
from django.core.exceptions import ValidationError

from enterprises.models import Industry
from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from tests.rights.filing import approve, breaches, filed, hand_in

pytestmark = pytest.mark.django_db

SAFETY, CAMPAIGN, HAZARD = "rights.safety", "rights.safetycampaign", "rights.hazard"
#: A return that breaks no rule.
SOUND = {"reported_risks": True, "major_risks": 2, "has_exposed_posts": True, "exposed": 20, "examined": 20}
CLEAN = {"found": 10, "rectified": 9, "in_time": 9, "snapshots": 4, "major": 0, "reported": None, "still_open": 0}


def move_to_section(cast, section: str) -> None:
    industry, _made = Industry.objects.get_or_create(code=section, defaults={"level": "section", "name": "示例门类"})
    cast.enterprise.industry = industry
    cast.enterprise.save(update_fields=["industry"])


def test_only_industry_is_asked_for_the_report_of_risks(cast):
    kind = kind_by_slug(SAFETY)
    move_to_section(cast, "C")
    assert "reported_risks" in RecordForm(kind=kind, filer=cast.enterprise).fields
    with pytest.raises(ValidationError, match="工业企业请选"):
        hand_in(cast, filed(cast, SAFETY, **{**SOUND, "reported_risks": None}))
    move_to_section(cast, "G")
    assert not {"reported_risks", "major_risks"} & set(RecordForm(kind=kind, filer=cast.enterprise).fields)


def test_outside_industry_the_return_goes_in_without_it(cast):
    move_to_section(cast, "G")
    assert not breaches(cast, filed(cast, SAFETY, **{**SOUND, "reported_risks": None}))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"examined": 18}, {"examined": ("R55", False)}),
        ({"examined": None}, {"examined": ("R55", True)}),
        ({"has_exposed_posts": False}, {}),
        ({"reported_risks": False}, {"reported_risks": ("W02", False)}),
    ],
)
def test_whoever_is_exposed_is_examined(cast, changes, found):
    move_to_section(cast, "C")
    assert breaches(cast, filed(cast, SAFETY, **{**SOUND, **changes})) == found


def test_a_year_of_safety_is_counted(cast):
    move_to_section(cast, "C")
    numbers = {"pledged": 190, "has_system": True, "cup_teams": 6, "cup_workers": 72, "health_models": 2}
    record = filed(cast, SAFETY, **{**SOUND, **numbers})
    hand_in(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = (
        "F16.pledged",
        "F16.system",
        "F17.reported",
        "F17.risks",
        "C10.teams",
        "C10.workers",
        "F11.due",
        "F18.people",
    )
    assert [shown[code].value for code in codes] == [190, 1, 1, 2, 6, 72, 20, 2]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"in_time": 7}, {"in_time": ("R50", False)}),
        ({"major": 2, "reported": 1, "still_open": 1}, {"reported": ("R51", False)}),
        ({"major": 1, "reported": 1, "still_open": 1}, {}),
        ({"signed": False}, {"signed": ("R54", False)}),
    ],
)
def test_hazards_that_break_a_rule_stand_as_breaches(cast, changes, found):
    assert breaches(cast, filed(cast, HAZARD, **{**CLEAN, "signed": True, **changes})) == found


def test_a_major_hazard_says_whether_it_was_reported(cast):
    with pytest.raises(ValidationError, match="没有报告填 0"):
        hand_in(cast, filed(cast, HAZARD, **{**CLEAN, "major": 1, "signed": True}))


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ({"rectified": 11}, "发现一般隐患"),
        ({"in_time": 10}, "其中已整改"),
        ({"major": 1, "reported": 2}, "发现重大隐患"),
    ],
)
def test_parts_of_hazards_lie_within_their_wholes(cast, changes, whole):
    with pytest.raises(ValidationError, match=f"超过了“{whole}”"):
        filed(cast, HAZARD, **{**CLEAN, "signed": True, **changes})


def test_a_quarter_of_hazards_is_counted(cast):
    for slug, changes in ((HAZARD, {**CLEAN, "signed": True}), (CAMPAIGN, {"attendances": 25})):
        record = filed(cast, slug, **changes)
        hand_in(cast, record)
        approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = ("F09.found", "F09.mended", "F09.major", "F09.major_open", "F19.campaigns", "F19.attendances")
    assert [shown[code].value for code in codes] == [10, 9, 0, 0, 1, 25]
