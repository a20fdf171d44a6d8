"""Lists that are read and not imported go out as workbooks: as filtered, with the columns shown, noted in the log."""

import io

import pytest
from openpyxl import load_workbook

from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from records.duties.actions import generate_duties
from records.models import DutyRule
from tests.records.test_story import file_lecture

pytestmark = pytest.mark.django_db


def sheet(response) -> list[list]:
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    [listed, said] = load_workbook(io.BytesIO(response.content)).worksheets
    assert said.title == "说明"
    return [[cell.value for cell in row] for row in listed.iter_rows()]


def test_duties_and_progress_as_filtered(cast, sign_in):
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(Quarter.current())
    county, quarter = sign_in(cast.county), Quarter.current()
    heads, *rows = sheet(county.get(f"/records/duties/?quarter={quarter.code}&_export=xlsx"))
    assert heads[:2] == ["应报事项", "企业"] and {row[1] for row in rows} == {
        cast.enterprise.name,
        cast.second_enterprise.name,
    }
    assert {row[heads.index("状态")] for row in rows} <= {"未到期", "逾期未报"}
    narrowed = sheet(county.get(f"/records/duties/?quarter={quarter.code}&q={cast.enterprise.name}&_export=xlsx"))
    assert [row[1] for row in narrowed[1:]] == [cast.enterprise.name]
    file_lecture(sign_in(cast.clerk), happened_on=quarter.first_day.isoformat())
    progress = sheet(county.get(f"/records/progress/?quarter={quarter.code}&_export=xlsx"))
    assert [cast.enterprise.name, "南京市江宁区", "已提交", "没有确认"] in [row[:4] for row in progress]
    assert "应报事项，2 行" in Entry.objects.filter(event="crud.list_exported").order_by("pk").first().note


def test_the_last_sheet_says_what_the_list_was_narrowed_by(cast, sign_in):
    county, quarter = sign_in(cast.county), Quarter.current()

    def said(address: str) -> dict[str, object]:
        answer = county.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        return dict(load_workbook(io.BytesIO(content))["说明"].iter_rows(min_row=2, values_only=True))

    duties = said(f"/records/duties/?quarter={quarter.code}&fact=DUT.overdue&region=320115&q=机械&_export=xlsx")
    assert duties == {
        "内容": f"{quarter.label}应报事项",
        "地区": "南京市江宁区",
        "企业名称、拼音首字母或代码": "机械",
        "季度": quarter.label,
        "进度": "逾期未报",
        "行数": 0,
        "导出人": str(cast.county),
        "导出时间": duties["导出时间"],
    }
    records = said(f"/records/export/?fact=B01.sessions&quarter={quarter.code}")
    assert records["数据项"] == "职工大讲堂场次" and records["季度"] == quarter.label
    assert said("/enterprises/export/?region=320115")["地区"] == "南京市江宁区"
    assert (
        said("/enterprises/export/")["筛选条件"] == "没有，能看到的全部" and said("/enterprises/export/")["行数"] == 2
    )
    assert said("/quality/?sort_of=history&_export=xlsx")["疑点"] == "与自身历史相差悬殊"


def test_accounts_and_the_log_only_ones_own(cast, sign_in):
    admin = sign_in(cast.admin)
    heads, *rows = sheet(admin.get("/accounts-admin/?role=clerk&_export=xlsx"))
    [clerk] = [row for row in rows if row[heads.index("用户名")] == cast.clerk.username]
    assert "企业经办员" in clerk[heads.index("角色与单位")] and "<" not in str(clerk)
    heads, *rows = sheet(sign_in(cast.county).get("/audit/?_export=xlsx"))
    assert heads[0] == "时间" and all("<" not in str(row) for row in rows)
    assert sign_in(cast.clerk).get("/audit/?_export=xlsx").status_code == 403


def test_what_people_typed_never_becomes_a_formula(cast, sign_in):
    cast.clerk.full_name = "=HYPERLINK(1)"
    cast.clerk.save(update_fields=["full_name"])
    response = sign_in(cast.admin).get("/accounts-admin/?_export=xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(response.content)).active.iter_rows() for cell in row]
    [named] = [cell for cell in cells if cell.value == "=HYPERLINK(1)"]
    assert named.data_type == "s" and named.quotePrefix
