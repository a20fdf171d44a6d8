"""What the portal knows stands beside the form, with where it is kept, and is never asked again."""

import pytest
from django.urls import reverse
from django.utils import timezone

from enterprises.bases.sorts import LEGAL_AID, STUDIO, load_base_sorts
from enterprises.models import Base, BaseSort, Organisation, YearlyProfile
from records.core.actions import place_columns
from records.core.kinds import all_kinds, kind_by_slug
from records.core.models import Status
from records.core.shown import Known, known_of
from records.duties.burden import weight_of

pytestmark = pytest.mark.django_db
LADDER = "skills.ladder"


def profile(cast, year: int, **values) -> YearlyProfile:
    return YearlyProfile.objects.create(enterprise=cast.enterprise, year=year, filed_by=cast.clerk, **values)


def test_the_profile_of_the_period_s_year_or_the_newest_before_is_shown(cast):
    kind = kind_by_slug(LADDER)
    nothing = known_of(kind.shown, cast.enterprise, "2025")
    assert [(one.label, one.value) for one in nothing] == [("职工人数", ""), ("产业工人人数", "")], "and no suggestions"
    profile(cast, 2024, headcount=1180, industrial_count=900)
    profile(cast, 2026, headcount=1300)
    of_2025, of_2026 = (known_of(kind.shown, cast.enterprise, year) for year in ("2025", "2026"))
    assert [one.value for one in of_2025] == ["1,180 人（2024年度）", "900 人（2024年度）"]
    assert [one.value for one in of_2026] == ["1,300 人（2026年度）", ""], "what that year does not say is not known"
    assert all(one.url == reverse("enterprises:profile", args=[cast.enterprise.pk]) for one in of_2025)
    assert known_of(kind.shown, cast.places["3201"], "2025") == []


def test_the_form_shows_it_with_its_source_and_asks_nothing_of_it(cast, sign_in):
    profile(cast, timezone.localdate().year - 1, headcount=1180, industrial_count=900)
    page = sign_in(cast.clerk).get(reverse("records:create", args=[LADDER])).content.decode()
    assert "1,180 人" in page and "年度基本情况" in page
    assert weight_of(kind_by_slug(LADDER)).shown == 8


def test_nothing_that_is_shown_is_a_field_of_its_kind_as_well():
    for kind in all_kinds():
        labels = {str(kind.model._meta.get_field(name).verbose_name) for name in kind.fields}
        assert not labels & {str(one.label) for one in kind.shown}, kind.slug


def known(kind: str, filer, period: str = "") -> dict[str, Known]:
    return {one.label: one for one in known_of(kind_by_slug(kind).shown, filer, period)}


def make(cast, slug: str, *, lines: dict | None = None, **values) -> None:
    """An approved record, of whatever year."""
    kind = kind_by_slug(slug)
    year = (values.get("period") or values["happened_on"])[:4]
    record = kind.model.objects.create(
        kind=slug,
        title=kind.label,
        status=Status.APPROVED,
        quarter=f"{year}Q2",
        created_by=cast.clerk,
        submitted_at=timezone.now(),
        submitted_by=cast.clerk,
        first_submitted_at=timezone.now(),
        decided_at=timezone.now(),
        **{"period": None, **values},
        **place_columns(cast.enterprise),
    )
    for name, rows in (lines or {}).items():
        for position, row in enumerate(rows):
            kind.lines_named(name).model.objects.create(record=record, position=position, **row)


@pytest.mark.parametrize("kind", [kind for kind in all_kinds() if kind.shown], ids=lambda kind: kind.slug)
def test_every_source_can_be_read_of_whoever_files(cast, kind):
    """Of an enterprise and of offices, for a period and for a day; nothing is known yet, and each says where to look."""
    filers = [cast.enterprise] if kind.is_for_enterprises else []
    filers += [cast.places["320115"], cast.places["3201"], cast.places["32"]] if kind.is_for_offices else []
    for filer in filers:
        for one in known_of(kind.shown, filer, "2025" if kind.is_return else ""):
            assert one.label and one.source and one.url and not one.number, (kind.slug, one)


def test_registers_are_read_and_a_number_may_be_taken_over(cast, sign_in):
    load_base_sorts()
    studio = BaseSort.objects.get(code=STUDIO)
    where = dict.fromkeys(("place", "county"), cast.enterprise.county)
    where |= {"province": cast.places["32"], "city": cast.places["3201"], "enterprise": cast.enterprise}
    for name, level in (("李师傅工作室", "city"), ("王师傅工作室", "")):
        Base.objects.create(sort=studio, name=name, level=level, address="示例路1号", **where)
    Base.objects.create(sort=studio, name="已摘牌的", stage="withdrawn", address="示例路1号", **where)
    Base.objects.create(sort=studio, name="次年才命名的", named_on="2026-03-01", address="示例路1号", **where)
    told = known("ideology.studioupgrade", cast.enterprise, "2025")["劳模和工匠人才（职工）创新工作室"]
    assert told.value == "2 个：李师傅工作室（市级）、王师傅工作室" and (told.fills, told.number) == ("studios", "2")
    page = sign_in(cast.clerk).get(reverse("records:create", args=["ideology.studioupgrade"])).content.decode()
    assert 'data-takes="studios" data-number="2"' in page
    assert known("competitions.contest", cast.enterprise)["技能竞赛基地"].value == "还没有登记"


def test_what_other_records_say_is_read_from_the_newest_and_from_the_whole_year(cast):
    quarters = (("2025Q1", 3), ("2025Q2", 4), ("2026Q1", 50))
    for period, adopted in quarters:
        make(cast, "competitions.suggestion", period=period, raised=60, adopted=adopted)
    told = known("competitions.innovation", cast.enterprise, "2025")["全年采纳合理化建议"]
    assert told.value == "7 条（2025年度2条）", "of that year alone"
    make(cast, "rights.congresssession", happened_on="2026-03-05", representatives=60, managers=11)
    make(cast, "rights.congresssession", happened_on="2025-03-05", representatives=55, managers=10)
    told = known("ideology.delegates", cast.enterprise, "2026")["应到代表"]
    assert (told.value, told.fills, told.number) == ("60 人（2026-03-05）", "congress_delegates", "60")
    assert known("ideology.delegates", cast.enterprise, "2025")["应到代表"].number == "55", (
        "later ones are of another year"
    )
    assert known("ideology.delegates", cast.second_enterprise, "2026")["应到代表"].value == ""


def test_the_ladder_is_suggested_from_the_year_before_and_the_certificates_since(cast):
    make(cast, LADDER, period="2024", junior=10, intermediate=5, senior=0, technician=0, senior_technician=0)
    lines = [{"level": "level2", "trade": "焊工", "people": 3}, {"level": "level4", "trade": "焊工", "people": 1}]
    make(cast, "skills.evaluation", happened_on="2025-06-01", lines={"certificates": lines})
    told = known(LADDER, cast.enterprise, "2025")
    assert told["参考：初级工（五级）"].number == "13" and told["参考：高级工（三级）"].number == "1"
    assert told["参考：初级工（五级）"].value.startswith("13 人（2024年末 10 人，加此后取证 3 人")
    assert "参考：学徒工" not in told, "nobody said how many there were"


def test_an_office_sees_what_lies_in_its_area(cast):
    county = cast.places["320115"]
    Organisation.objects.create(
        kind="technician", name="示例技师学院", county=county, city=county.city, province=county.province
    )
    for place, told in (("3201", "1 个"), ("320106", "0 个")):
        assert known("skills.schoolevaluation", cast.places[place], "2025")["技工院校"].value == told
    load_base_sorts()
    where = {"place": county, "county": county, "city": county.city, "province": county.province}
    Base.objects.create(
        sort=BaseSort.objects.get(code=LEGAL_AID), name="援助点", holder="总工会", address="路1号", **where
    )
    assert known("rights.legalaid", county, "2025Q1")["法律援助点"].value == "1 个"
