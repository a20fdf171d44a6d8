"""The register from workbooks: new and changed entries, moves, all errors at once, nothing overwritten, nothing twice."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from enterprises.factories import sample_code
from enterprises.models import Enterprise, EnterpriseEvent, Industry
from foundation.audit.models import Entry
from foundation.exchange.models import Import, ImportState
from foundation.exchange.writing import left_rows
from foundation.jobs import running
from foundation.jobs.actions import cancel
from records.models import Record
from tests.cast import make_enterprise
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db

HEADINGS = [
    "企业名称",
    "统一社会信用代码",
    "设区市",
    "县（市、区）",
    "行业",
    "所有制",
    "规模",
    "职工人数（人）",
    "一线职工人数（人）",
    "已建立工会",
]


def line(number: int = 77, **changes: Any) -> list[Any]:
    """A new enterprise of 江宁区."""
    values = [
        "江宁示例轴承有限公司",
        sample_code("320115", number),
        "南京市",
        "江宁区",
        "C",
        "私营及其他内资",
        "小型",
        80,
        50,
        "是",
    ]
    return list((dict(zip(HEADINGS, values, strict=True)) | changes).values())


def book(*rows: list[Any], headings: list[str] = HEADINGS) -> bytes:
    workbook = Workbook()
    for row in (headings, *rows):
        workbook.active.append(row)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def opened(response) -> Workbook:
    return load_workbook(io.BytesIO(response.content))


def checked(browser, content: bytes) -> Import:
    """Uploaded and checked, as the worker does it."""
    answer = browser.post(reverse("enterprises:imports"), {"file": SimpleUploadedFile("名录.xlsx", content)})
    assert answer.status_code == 302, answer.context["form"].errors
    batch = Import.objects.latest("pk")
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def confirmed(browser, batch: Import, rows: str = "good", moves: Any = "") -> Import:
    browser.post(reverse("enterprises:import_confirm", args=[batch.pk]), {"rows": rows, "moves": moves})
    batch.refresh_from_db()
    if batch.state == ImportState.WRITING:
        running.run(batch.job_id)
        batch.refresh_from_db()
    return batch


def reasons(batch: Import) -> list[tuple[int, str, str]]:
    return [(row.number, said["column"], said["reason"]) for row in left_rows(batch) for said in row.said["problems"]]


def counts(batch: Import) -> dict[str, int]:
    """The outcomes there are."""
    return {name: count for name, count in batch.counts.items() if count}


def exported(browser) -> Workbook:
    return opened(browser.get(reverse("enterprises:export")))


def changed_export(browser, enterprise: Enterprise, **cells: Any) -> bytes:
    """The exported list with some cells of one enterprise changed, by heading."""
    workbook = exported(browser)
    sheet = workbook["企业名录"]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[heads.index("统一社会信用代码")].value == enterprise.credit_code:
            for heading, value in cells.items():
                row[heads.index(heading)].value = value
    return saved(workbook)


def page_of(browser, batch: Import) -> str:
    return browser.get(reverse("enterprises:import", args=[batch.pk])).content.decode()


def test_new_entries_go_in_and_the_same_file_twice_changes_nothing(cast, sign_in):
    county = sign_in(cast.county)
    content = book(line(77), line(78, 企业名称="江宁示例齿轮有限公司"))
    batch = checked(county, content)
    assert counts(batch) == {"new": 2} and not Enterprise.objects.filter(name="江宁示例轴承有限公司").exists()
    assert confirmed(county, batch, "all").state == ImportState.DONE
    enterprise = Enterprise.objects.get(name="江宁示例轴承有限公司")
    assert (enterprise.county, enterprise.headcount, enterprise.has_union, enterprise.place.code) == (
        cast.places["320115"],
        80,
        True,
        enterprise.credit_code,
    )
    assert Entry.objects.filter(event="enterprises.registered", note="Excel 导入：名录.xlsx").count() == 2
    assert Entry.objects.get(event="enterprises.imported").note.startswith("新登记 2 家")
    again = checked(county, content)
    assert counts(again) == {"unchanged": 2} and "完全相同" in page_of(county, again)


def test_all_errors_are_told_at_once_and_bad_rows_come_back_to_be_mended(cast, sign_in):
    county = sign_in(cast.county)
    Industry.objects.create(code="C431", level="group", name="金属制品修理")
    Industry.objects.create(code="C4310", level="class", name="金属制品修理")
    content = book(
        line(77),
        line(78, 统一社会信用代码="123"),
        line(79, **{"行业": "金属制品修理", "规模": "巨型", "职工人数（人）": "许多"}),
        line(80, **{"县（市、区）": "鼓楼区"}),
        line(81, **{"县（市、区）": "不知道区", "企业名称": None}),
        line(82, **{"一线职工人数（人）": 90}),
        line(77),
    )
    batch = checked(county, content)
    assert counts(batch) == {"new": 1, "invalid": 6}
    told = {(row, column) for row, column, _why in reasons(batch)}
    assert told == {
        (3, "统一社会信用代码"),
        (4, "行业"),
        (4, "规模"),
        (4, "职工人数（人）"),
        (5, "县（市、区）"),
        (6, "县（市、区）"),
        (6, "企业名称"),
        (7, "一线职工人数（人）"),
        (8, "统一社会信用代码"),
    }
    words = " ".join(why for _row, _column, why in reasons(batch))
    for why in (
        "未通过校验",
        "C431、C4310",
        "不在您的管辖范围内",
        "没有找到县",
        "与第 2 行是同一家企业",
        "超过了职工人数",
    ):
        assert why in words
    page = page_of(county, batch)
    cures = {(row.number, said["column"]): said["cure"] for row in left_rows(batch) for said in row.said["problems"]}
    assert cures[3, "统一社会信用代码"] == "请对照营业执照逐位核对。"
    assert cures[6, "企业名称"] == "请按营业执照填写企业全称。"
    assert cures[4, "职工人数（人）"] == "请填确切的数。没有统计的留空。", "a headcount is not needed"
    assert "可填：大型、中型、小型、微型。" in page and "只导入可以导入的 1 行" in page
    assert confirmed(county, batch, "all").state == ImportState.CHECKED
    assert confirmed(county, batch, "good").state == ImportState.DONE
    back = opened(county.get(reverse("enterprises:import_problems", args=[batch.pk])))
    sheet = back["填报"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[-1] == "原因" and sheet.max_row == 7
    sheet.cell(7, heads.index("统一社会信用代码") + 1).value = sample_code("320115", 99)
    mended = checked(county, saved(back))
    assert mended.counts["new"] == 1 and mended.counts["invalid"] == 5


def test_an_enterprise_on_two_sheets_is_registered_once(cast, sign_in):
    browser = sign_in(cast.county)
    workbook = load_workbook(io.BytesIO(book(line())))
    again = workbook.create_sheet("副本")
    for row in (HEADINGS, line()):
        again.append(row)
    batch = checked(browser, saved(workbook))
    browser.post(reverse("enterprises:import_sheets", args=[batch.pk]), {"sheet": ["Sheet", "副本"]})
    batch.refresh_from_db()
    running.run(batch.job_id)
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["invalid"]) == (1, 1)
    [left] = left_rows(batch)
    assert left.said["problems"][0]["reason"] == "与工作表“Sheet”第 2 行是同一家企业。"


def test_the_export_is_changed_and_imported_as_it_is(cast, sign_in):
    county, old = sign_in(cast.county), cast.enterprise.name
    unchanged = checked(county, saved(exported(county)))
    assert counts(unchanged) == {"unchanged": 2} and not unchanged.notes
    content = changed_export(
        county, cast.enterprise, **{"职工人数（人）": 230, "企业名称": "江宁智造机械有限公司", "产改观察员": None}
    )
    batch = checked(county, content)
    assert counts(batch) == {"changed": 1, "unchanged": 1}
    assert {"label": "职工人数（人）", "old": "200", "new": "230"} in batch.rows.get(outcome="changed").said["changes"]
    assert confirmed(county, batch).state == ImportState.DONE
    cast.enterprise.refresh_from_db()
    assert (cast.enterprise.headcount, cast.enterprise.name, cast.enterprise.version) == (
        230,
        "江宁智造机械有限公司",
        2,
    )
    assert cast.enterprise in Enterprise.objects.search(old)
    assert Entry.objects.get(event="enterprises.edited").changes["职工人数"] == ["200", "230"]
    assert cast.enterprise.place.name == "江宁智造机械有限公司"


def test_a_newer_edit_is_not_overwritten(cast, sign_in):
    county = sign_in(cast.county)
    content = changed_export(county, cast.enterprise, **{"职工人数（人）": 230})
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(headcount=240, version=2)
    batch = checked(county, content)
    assert batch.counts["conflict"] == 1 and "导出后又有人修改过" in reasons(batch)[0][2]
    fresh = checked(county, changed_export(county, cast.enterprise, **{"职工人数（人）": 250}))
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(headcount=260, version=3)
    confirmed(county, fresh)
    cast.enterprise.refresh_from_db()
    assert cast.enterprise.headcount == 260 and "检查之后又有人修改过" in reasons(fresh)[0][2]


def test_an_empty_cell_changes_nothing(cast, sign_in):
    county = sign_in(cast.county)
    row = ["江宁示例机械有限公司", cast.enterprise.credit_code, None, None, None, None, None, None, None, None]
    assert counts(checked(county, book(row))) == {"unchanged": 1}


def test_a_move_in_a_file_is_named_and_confirmed(cast, sign_in):
    city = sign_in(cast.city)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    batch = checked(city, changed_export(city, cast.enterprise, **{"县（市、区）": "鼓楼区"}))
    page = page_of(city, batch)
    assert batch.plan["moves"] == 1 and "南京市江宁区 → 南京市鼓楼区 1 家" in page and "1 条记录留在提交时的" in page
    assert "已经核对，迁移这 1 家企业" in page
    assert confirmed(city, batch).state == ImportState.CHECKED
    assert confirmed(city, batch, moves=1).state == ImportState.DONE
    cast.enterprise.refresh_from_db()
    assert cast.enterprise.county == cast.places["320106"]
    assert Record.objects.get().county == cast.places["320115"]
    assert EnterpriseEvent.objects.get(enterprise=cast.enterprise).reason == "Excel 导入：名录.xlsx"


def test_four_hundred_moves_at_once_are_typed_out(cast, sign_in):
    """A column filled down by mistake would move a whole city: it is refused until somebody types how many move."""
    city = sign_in(cast.city)
    for number in range(100, 500):
        make_enterprise(
            county=cast.places["320115"], name=f"江宁示例第{number}公司", code=sample_code("320115", number)
        )
    workbook = exported(city)
    sheet = workbook["企业名录"]
    column = [cell.value for cell in sheet[1]].index("县（市、区）") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = "鼓楼区"
    batch = checked(city, saved(workbook))
    assert batch.plan["moves"] == 402
    page = page_of(city, batch)
    assert "其中 402 家企业要迁移" in page and "请填写迁移的家数" in page and 'value="402"' not in page
    for typed in ("", "1", "是"):
        answer = city.post(
            reverse("enterprises:import_confirm", args=[batch.pk]), {"rows": "all", "moves": typed}, follow=True
        )
        assert "会迁移 402 家企业，还没有确认" in answer.content.decode()
    assert Enterprise.objects.filter(county=cast.places["320106"]).count() == 1
    with CaptureQueriesContext(connection) as captured:
        assert confirmed(city, batch, "all", moves=402).state == ImportState.DONE
    assert Enterprise.objects.filter(county=cast.places["320106"]).count() == 403
    assert len(captured) < 150, "one statement for many enterprises, not one for each"


def test_many_rows_cost_no_more_statements_than_a_few(cast, sign_in):
    county = sign_in(cast.county)

    def statements(first: int, count: int) -> int:
        new = [line(number, 企业名称=f"江宁示例第{number}公司") for number in range(first, first + count)]
        old = [line(number, 企业名称=f"江宁示例更名第{number}公司") for number in range(first - count, first)]
        for number in range(first - count, first):
            make_enterprise(county=cast.places["320115"], name=f"旧名{number}", code=sample_code("320115", number))
        with CaptureQueriesContext(connection) as captured:
            batch = confirmed(county, checked(county, book(*new, *old)), "all")
        assert batch.state == ImportState.DONE and (batch.counts["new"], batch.counts["changed"]) == (count, count)
        return len(captured)

    statements(100, 1)  # the first of a session asks a little more
    assert statements(200, 1) == statements(300, 30)


@pytest.mark.parametrize(
    ("who", "enterprise", "city", "county", "told"),
    [
        ("county", "enterprise", "南京市", "鼓楼区", "超出您的管辖范围"),
        ("city", "enterprise", "苏州市", "苏州工业园区", "超出您的管辖范围"),
        ("county", "gulou_enterprise", "南京市", "江宁区", "登记在您管辖范围以外"),
    ],
)
def test_a_move_over_the_edge_of_ones_area_is_refused(cast, sign_in, who, enterprise, city, county, told):
    target = cast.enterprises[enterprise]
    changes = {"企业名称": target.name, "统一社会信用代码": target.credit_code, "设区市": city, "县（市、区）": county}
    batch = checked(sign_in(cast.people[who]), book(line(**changes)))
    assert batch.fit == 0 and any(told in why for _row, _column, why in reasons(batch))


def test_a_closed_enterprise_is_left_alone(cast, sign_in):
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(is_active=False)
    row = line(企业名称="别的名称", 统一社会信用代码=cast.enterprise.credit_code)
    batch = checked(sign_in(cast.county), book(row))
    assert counts(batch) == {"conflict": 1} and "已经注销" in reasons(batch)[0][2]


def test_the_template_filled_by_its_drop_downs_goes_in(cast, sign_in):
    county = sign_in(cast.county)
    workbook = opened(county.get(reverse("enterprises:import_template")))
    sheet = workbook["填报"]
    assert {"说明", "行业"} <= set(workbook.sheetnames) and len(sheet.data_validations.dataValidation) >= 6
    heads = [str(cell.value).rstrip("*") for cell in sheet[1]]
    assert sheet.cell(2, 1).value == "示例" and sheet.cell(1, heads.index("统一社会信用代码") + 1).comment
    for heading, value in zip(HEADINGS, line(), strict=True):
        sheet.cell(3, heads.index(heading) + 1).value = value
    assert counts(checked(county, saved(workbook))) == {"new": 1}


def test_a_workbook_of_records_is_refused(cast, sign_in):
    county = sign_in(cast.county)
    content = county.get(reverse("records:import_template", args=["ideology.lecture"])).content
    batch = checked(county, content)
    assert batch.state == ImportState.FAILED and "这里要导入的是“企业名录”" in batch.job.error


def test_a_code_registered_meanwhile_is_not_written_twice(cast, sign_in):
    county = sign_in(cast.county)
    batch = checked(county, book(line(77), line(78, 企业名称="江宁示例齿轮有限公司")))
    make_enterprise(county=cast.places["320115"], name="抢先登记", code=sample_code("320115", 77))
    confirmed(county, batch)
    assert (batch.counts["new"], batch.counts["conflict"]) == (1, 1)
    assert Enterprise.objects.filter(credit_code=sample_code("320115", 77)).get().name == "抢先登记"


def test_an_import_can_be_discarded_and_a_check_called_off(cast, sign_in):
    county = sign_in(cast.county)
    batch = checked(county, book(line()))
    county.post(reverse("enterprises:import_discard", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == ImportState.DISCARDED and not batch.rows.exists()
    county.post(reverse("enterprises:imports"), {"file": SimpleUploadedFile("名录.xlsx", book(line()))})
    waiting = Import.objects.latest("pk")
    cancel(waiting.job, acting_user=cast.county)
    running.run(waiting.job_id)
    assert not Enterprise.objects.filter(name="江宁示例轴承有限公司").exists()
