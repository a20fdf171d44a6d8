"""The yearly profile: asked once, plausible, followed by the register, its figures and its forms."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.models import Enterprise, YearlyProfile
from enterprises.profiles.actions import file_profile
from enterprises.profiles.queries import this_year
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures

pytestmark = pytest.mark.django_db

YEAR = this_year()


def filed(by, enterprise, year=YEAR, **values) -> YearlyProfile:
    return file_profile(
        acting_user=by, enterprise_id=enterprise.pk, year=year, version=0, values={"headcount": 200, **values}
    )


def url_of(enterprise, year=None) -> str:
    return (
        reverse("enterprises:profile", args=[enterprise.pk])
        if year is None
        else reverse("enterprises:profile_of", args=[enterprise.pk, year])
    )


def test_a_clerk_files_it_once_and_the_register_and_figures_follow(cast, sign_in):
    clerk = sign_in(cast.clerk)
    assert "还没有填报" in clerk.get("/").content.decode(), "the workbench reminds"
    page = clerk.get(url_of(cast.enterprise)).content.decode()
    assert 'value="200"' in page, "what the register knows is filled in"
    values = {
        "headcount": "260",
        "frontline_count": "150",
        "industrial_count": "180",
        "women_count": "90",
        "wages_total": "2600.50",
        "union_members": "240",
        "version": "0",
    }
    assert clerk.post(url_of(cast.enterprise), values).status_code == 302
    profile = YearlyProfile.objects.get()
    assert (profile.year, profile.wages_total, profile.filed_by, profile.filed_on_behalf) == (
        YEAR,
        Decimal("2600.50"),
        cast.clerk,
        False,
    )
    enterprise = Enterprise.objects.get(pk=cast.enterprise.pk)
    assert (enterprise.headcount, enterprise.frontline_count) == (260, 150)
    assert Entry.objects.get(event="enterprises.profile_filed").changes["职工人数"] == ["未填报", "260"]
    assert "还没有填报" not in clerk.get("/").content.decode()
    catch_up()
    found = figures(cast.places["320115"], Quarter.current())
    assert (found["REG.headcount"].value, found["REG.industrial"].value, found["REG.women"].value) == (460, 180, 90)
    behind = sign_in(cast.county).get(reverse("enterprises:list"), {"fact": "REG.industrial"}).content.decode()
    assert cast.enterprise.name in behind and cast.second_enterprise.name not in behind


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"women_count": "201"}, "女职工人数（201）超过了职工人数（200）"),
        ({"frontline_count": "300"}, "一线职工人数（300）超过了职工人数（200）"),
        ({"industrial_count": "999"}, "产业工人人数（999）超过了职工人数（200）"),
        ({"headcount": "0"}, "大于"),
        ({"headcount": ""}, "必填"),
        ({"wages_total": "-1"}, "大于"),
        ({"women_count": "许多"}, "请填数字"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_on_the_page(cast, sign_in, changes, words):
    values = {"headcount": "200", "version": "0", **changes}
    page = sign_in(cast.lead).post(url_of(cast.enterprise), values).content.decode()
    assert words in page or ((words == "必填" and "error_list" in page) or "field-error" in page)
    assert not YearlyProfile.objects.exists()
    kept = next(iter(changes.values()))
    assert not kept or f'value="{kept}"' in page


def test_three_times_last_year_is_asked_and_saved_with_a_word(cast, sign_in):
    filed(cast.clerk, cast.enterprise, YEAR - 1, union_members=50)
    clerk = sign_in(cast.clerk)
    values = {"headcount": "2100", "union_members": "60", "version": "0"}
    asked = clerk.post(url_of(cast.enterprise), values)
    page = asked.content.decode()
    assert f"“职工人数”2,100 人，是 {YEAR - 1} 年（200 人）的三倍以上" in page and not YearlyProfile.objects.filter(
        year=YEAR
    )
    assert "请写一句说明" not in page, "asked, not scolded"
    answered = [question.key for question in asked.context["form"].questions]
    assert "请写一句说明" in clerk.post(url_of(cast.enterprise), {**values, "confirmed": answered}).content.decode()
    other = clerk.post(
        url_of(cast.enterprise), {**values, "headcount": "9100", "confirmed": answered, "word": "新厂投产"}
    )
    assert other.status_code == 200, "a word counts for the questions that were shown"
    done = clerk.post(url_of(cast.enterprise), {**values, "confirmed": answered, "word": "新厂投产"})
    assert done.status_code == 302 and YearlyProfile.objects.get(year=YEAR).word == "新厂投产"
    kept = YearlyProfile.objects.get(year=YEAR).questions
    assert [one["message"] for one in kept] == [one.finding for one in asked.context["form"].questions], (
        "what was found, without the advice to whoever answers"
    )
    page = clerk.get(reverse("enterprises:detail", args=[cast.enterprise.pk])).content.decode()
    assert "填报时核对过" in page and kept[0]["message"] in page and "新厂投产" in page
    assert "新厂投产" in Entry.objects.filter(event="enterprises.profile_filed").latest("pk").note


def test_more_members_than_staff_is_asked(cast, sign_in):
    page = sign_in(cast.clerk).post(
        url_of(cast.enterprise), {"headcount": "200", "union_members": "230", "version": "0"}
    )
    assert "工会会员（230 人）多于职工（200 人）" in page.content.decode()


def test_same_as_last_year_fills_the_form(cast, sign_in):
    filed(cast.clerk, cast.enterprise, YEAR - 1, women_count=77)
    clerk = sign_in(cast.clerk)
    page = clerk.get(url_of(cast.enterprise)).content.decode()
    assert f"{YEAR - 1} 年：77" in page and 'value="77"' not in page
    assert 'value="77"' in clerk.get(url_of(cast.enterprise), {"same": ""}).content.decode()


def test_an_older_year_does_not_move_the_register_and_two_people_do_not_overwrite(cast, sign_in):
    filed(cast.clerk, cast.enterprise, YEAR, frontline_count=110)
    filed(cast.clerk, cast.enterprise, YEAR - 1, headcount=180)
    assert Enterprise.objects.get(pk=cast.enterprise.pk).headcount == 200
    stale = sign_in(cast.lead).post(url_of(cast.enterprise), {"headcount": "220", "version": "0"})
    assert "已有人填报" in stale.content.decode() and 'value="220"' in stale.content.decode()


def test_the_entrys_own_form_no_longer_changes_what_the_profile_says(cast, sign_in):
    filed(cast.clerk, cast.enterprise, frontline_count=110)
    enterprise = Enterprise.objects.get(pk=cast.enterprise.pk)
    lead = sign_in(cast.lead)
    url = reverse("enterprises:edit", args=[enterprise.pk])
    assert "取自最近一年的年度基本情况" in lead.get(url).content.decode()
    values = {
        "name": enterprise.name,
        "credit_code": enterprise.credit_code,
        "industry": "C",
        "ownership": enterprise.ownership,
        "size": enterprise.size,
        "headcount": "999",
        "frontline_count": "9",
        "observer": "周观察",
        "version": enterprise.version,
    }
    assert lead.post(url, values).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.headcount, enterprise.frontline_count, enterprise.observer) == (200, 110, "周观察")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 302),
        ("lead", 302),
        ("county", 302),
        ("province", 302),
        ("auditor", 403),
        ("neighbour", 404),
        ("second_clerk", 404),
        ("other_county", 404),
        ("admin", 404),
    ],
)
def test_who_files(cast, sign_in, who, status):
    answer = sign_in(cast.people[who]).post(url_of(cast.enterprise), {"headcount": "200", "version": "0"})
    assert answer.status_code == status
    if status == 302:
        assert YearlyProfile.objects.get().filed_on_behalf is (who in ("county", "province"))


def test_an_office_sees_who_has_not_filed(cast, sign_in):
    filed(cast.clerk, cast.enterprise, women_count=50)
    county, url = sign_in(cast.county), reverse("enterprises:profiles")
    page = county.get(url).content.decode()
    assert "已填报 1 家，共 2 家；还有 1 家没有填报" in page
    missing = county.get(url, {"state": "missing"}).content.decode()
    assert cast.second_enterprise.name in missing and cast.enterprise.name not in missing
    assert cast.enterprise.name not in county.get(url, {"state": "filed", "year": YEAR - 1}).content.decode()
    book = load_workbook(BytesIO(county.get(reverse("enterprises:profile_export")).content))
    rows = {row[0]: row for row in book.active.iter_rows(values_only=True)}
    assert rows[cast.enterprise.name][8] == 50 and rows[cast.second_enterprise.name][-1] == "未填报"


def test_only_recent_years_may_be_filed(cast, sign_in):
    clerk = sign_in(cast.clerk)
    for year in (YEAR + 1, YEAR - 9):
        assert clerk.get(url_of(cast.enterprise, year)).status_code == 302
        clerk.post(url_of(cast.enterprise, year), {"headcount": "200", "version": "0"})
    assert not YearlyProfile.objects.exists()


def test_the_young_stand_and_whom_a_year_took_on_is_told_of_the_year_before(cast):
    values = {"young_count": 80, "hired": 30, "hired_young": 20, "hired_graduates": 6}
    filed(cast.clerk, cast.enterprise, YEAR - 1, **values)
    filed(cast.clerk, cast.enterprise, YEAR, young_count=90, hired=4, hired_young=4, hired_graduates=None)
    filed(cast.second_clerk, cast.second_enterprise, YEAR - 2, **values)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert shown["H02.under35"].value == 90 + 80, "each enterprise by its newest profile"
    assert [shown[f"H03.{name}"].value for name in ("hired", "young", "graduates")] == [30, 20, 6]


def test_parts_of_the_newly_hired_stay_within_them_and_are_not_last_years_over_again(cast, sign_in):
    clerk = sign_in(cast.clerk)
    filed(cast.clerk, cast.enterprise, YEAR - 1, young_count=80, hired=30, hired_young=20)
    same = clerk.get(url_of(cast.enterprise), {"same": "1"}).context["form"]
    assert (same["young_count"].value(), same["hired"].value()) == (80, None)
    wrong = {"headcount": "200", "hired": "5", "hired_young": "6", "version": "0"}
    page = clerk.post(url_of(cast.enterprise), wrong)
    assert page.status_code == 200
    assert "超过了本年新进职工（5）" in page.content.decode()
    for name in ("young_count", "hired", "hired_young", "hired_graduates"):
        assert not page.context["form"].fields[name].required, name
