"""The working-day table: every office reads it, the province keeps it, everything that counts in working days follows."""

import datetime

import pytest

from foundation.audit.models import Entry
from foundation.calendar.loading import load_workdays
from foundation.calendar.models import SpecialDay, WorkYear
from foundation.calendar.workdays import add_working_days, is_published, is_working_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def table() -> None:
    load_workdays(2026)


def test_an_office_reads_and_only_the_province_is_offered_changes(cast, sign_in):
    page = sign_in(cast.county).get("/workdays/?year=2026").content.decode()
    assert "10月 <small>18 个工作日</small>" in page
    assert "保存这一天" not in page
    assert sign_in(cast.clerk).get("/workdays/").status_code == 403
    assert "保存这一天" in sign_in(cast.province).get("/workdays/?year=2026").content.decode()


def test_a_day_is_changed_and_changed_back(cast, sign_in):
    province, day = sign_in(cast.province), datetime.date(2026, 11, 2)
    assert 'value="2026-11-02"' in province.get("/workdays/?year=2026&day=2026-11-02").content.decode()
    province.post("/workdays/2026/day/", {"day": day, "is_working": "rest", "name": "临时调休"})
    assert not is_working_day(day)
    assert add_working_days(datetime.date(2026, 10, 30), 1) == datetime.date(2026, 11, 3)
    assert Entry.objects.filter(event="backoffice.work_day_set").latest("pk").changes == {
        "2026-11-02": ["上班", "休息"]
    }
    province.post("/workdays/2026/day/", {"day": day, "is_working": "work"})
    assert is_working_day(day)
    assert not SpecialDay.objects.filter(day=day).exists(), "what the weekday says needs no row"


def test_a_new_year_is_proposed_until_it_is_settled(cast, sign_in):
    province = sign_in(cast.province)
    page = province.post("/workdays/years/add/", {"year": 2027}, follow=True).content.decode()
    assert "2027年的节假日安排还没有核定" in page
    assert "已经有了" in province.post("/workdays/years/add/", {"year": 2027}).content.decode()
    refused = province.post("/workdays/2027/settle/", {"is_settled": "on", "source": " "}).content.decode()
    assert "核定时请写明依据" in refused and not is_published(2027)
    province.post("/workdays/2027/settle/", {"is_settled": "on", "source": "国务院办公厅通知"})
    assert is_published(2027)
    province.post("/workdays/2027/settle/", {"source": "国务院办公厅通知"})
    assert not is_published(2027), "what was settled can be opened again"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day": "十月一日", "is_working": "rest"}, "请填写日期，例如 2026-10-01"),
        ({"day": "2031-10-01", "is_working": "rest", "name": "国庆"}, "还没有2031年的工作日表"),
    ],
)
def test_a_refused_day_says_why_and_stays(cast, sign_in, values, words):
    page = sign_in(cast.province).post("/workdays/2026/day/", values).content.decode()
    assert words in page and f'value="{values["day"]}"' in page


def test_nonsense_years_are_not_found(cast, sign_in):
    county = sign_in(cast.county)
    for year in ("1999", "abc", "20260", "²⁰²⁶"):
        assert county.get("/workdays/", {"year": year}).status_code == 404, year
    WorkYear.objects.all().delete()
    assert "还没有工作日表" in county.get("/workdays/").content.decode()
