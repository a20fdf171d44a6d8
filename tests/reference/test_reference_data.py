"""The reference data is the official one, whole, and loading it twice changes nothing."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from backoffice.reference import FIRST_QUARTER, load_reference_data
from enterprises.loading import read_industries
from enterprises.models import Industry, PilotTier
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.places.loading import read_regions
from foundation.places.models import Level, Place
from indicators.catalogue import shipped
from indicators.models import Indicator
from records.models import DutyRule, ReportingQuarter

DATA = Path(settings.BASE_DIR) / "data"
pytestmark = pytest.mark.django_db


def test_regions_are_complete_and_each_under_its_own() -> None:
    load_reference_data()
    counts = {
        level: Place.objects.filter(level=level).count()
        for level in (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.ZONE)
    }
    assert counts == {"province": 1, "city": 13, "county": 95, "zone": 11}
    for place in Place.objects.counties().select_related("parent", "city", "province", "county"):
        assert place.parent.code == place.code[:4]
        assert (place.city.code, place.province.code, place.county) == (place.code[:4], "32", place)
    assert Place.objects.get(code="320571").full_name() == "苏州市苏州工业园区"
    assert Place.objects.get(code="3201").initials == "njs"


def test_industries_are_those_of_the_file() -> None:
    load_reference_data()
    with (DATA / "industries_gbt4754_2017.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert Industry.objects.count() == len(rows) == 1771
    assert Industry.objects.filter(level="section").count() == 20
    assert Industry.objects.filter(level="division").count() == 97
    # In the file a class stands under the division of its two digits, whose section its letter names.
    codes = set(Industry.objects.values_list("code", flat=True))
    assert all(code[:3] in codes and code[0] in codes for code in codes if len(code) > 1)


def test_duties_and_quarters_have_their_first_settings() -> None:
    load_reference_data()
    rules = {rule.kind: rule.tiers for rule in DutyRule.objects.all()}
    assert rules["ideology.partydevelopment"] == []
    assert set(rules["services.leadership"]) == set(PilotTier.values) - {"none"}
    codes = sorted(ReportingQuarter.objects.values_list("code", flat=True))
    assert (codes[0], codes[-1]) == (FIRST_QUARTER.code, Quarter.current().code)
    assert ReportingQuarter.objects.get(code="2026Q3").enterprise_due.isoformat() == "2026-10-10"


def test_indicators_are_loaded_and_the_provinces_own_wording_stays() -> None:
    assert load_reference_data()["indicators"].created == len(shipped()) == Indicator.objects.count()
    Indicator.objects.filter(code="B05").update(name="省里改过的名称")
    assert load_reference_data()["indicators"].touched == 0
    assert Indicator.objects.get(code="B05").name == "省里改过的名称"


def test_second_load_changes_nothing_and_says_so() -> None:
    load_reference_data()
    entries = Entry.objects.count()
    out = io.StringIO()
    call_command("load_reference_data", stdout=out)
    assert "Nothing to change" in out.getvalue()
    assert "regions: 0 created, 0 changed, 120 unchanged" in out.getvalue()
    assert Entry.objects.count() == entries


def test_first_load_leaves_one_audit_entry() -> None:
    load_reference_data()
    entry = Entry.objects.get(event="backoffice.reference_loaded")
    assert "120 created" in entry.changes["regions"]


def test_what_the_province_set_is_not_set_back() -> None:
    load_reference_data()
    DutyRule.objects.filter(kind="services.leadership").update(is_active=False)
    quarter = ReportingQuarter.objects.get(code="2026Q2")
    quarter.is_open = False
    quarter.save()
    load_reference_data()
    assert not DutyRule.objects.get(kind="services.leadership").is_active
    assert not ReportingQuarter.objects.get(code="2026Q2").is_open


def test_a_renamed_region_is_mended() -> None:
    load_reference_data()
    Place.objects.filter(code="320115").update(name="旧名")
    results = load_reference_data()
    assert (results["regions"].changed, results["regions"].created) == (1, 0)
    assert Place.objects.get(code="320115").name == "江宁区"


def test_a_wrong_level_is_named_by_line(tmp_path: Path) -> None:
    regions = tmp_path / "regions.csv"
    regions.write_text("code,level,name,short_name\n32,province,江苏省,江苏\n3201,town,南京市,南京\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3: unknown level 'town'"):
        list(read_regions(regions))
    industries = tmp_path / "industries.csv"
    industries.write_text("code,level,name\nA,chapter,农业\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2: unknown level 'chapter'"):
        list(read_industries(industries))
