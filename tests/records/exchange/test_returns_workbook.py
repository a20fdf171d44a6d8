"""A quarter's returns as one workbook: out, filled by hand, back as drafts, each sheet by itself."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter, Year
from records.core.actions import act, update_record
from records.core.kinds import kind_by_slug
from records.core.lines import rows_of
from records.duties.actions import generate_duties
from records.exchange.returns import MOST_BYTES
from records.models import Duty, DutyRule, Record, Status
from tests.confirming import confirm
from tests.contracts.world import filed
from tests.records.returns import HAZARD, PARTY
from tests.records.test_returns_together import values_of_chapter

pytestmark = pytest.mark.django_db
FUNDS, RELATIONS = "skills.trainingfund", "rights.relations"


def download(browser, quarter: Quarter, **query):
    response = browser.get(reverse("records:returns_workbook", args=[quarter.code]), query)
    assert response.status_code == 200, response
    return load_workbook(io.BytesIO(response.content))


def upload(browser, quarter: Quarter, workbook: Workbook, **more):
    kept = io.BytesIO()
    workbook.save(kept)
    return upload_bytes(browser, quarter, kept.getvalue(), **more)


def upload_bytes(browser, quarter: Quarter, content: bytes, name: str = "季报.xlsx", **more):
    file = SimpleUploadedFile(name, content)
    return browser.post(reverse("records:returns_upload", args=[quarter.code]), {"file": file, **more}, follow=True)


def rows(sheet) -> dict[str, int]:
    """The row of each field by its heading."""
    return {str(cell.value).rstrip("*"): cell.row for cell in sheet["A"][4:] if cell.value}


def put(sheet, heading: str, value) -> str:
    """Fill the row whose name begins so; the place of the cell."""
    row = next(row for name, row in rows(sheet).items() if name.startswith(heading))
    sheet.cell(row, 3).value = value
    return f"C{row}"


def test_a_sheet_a_chapter_with_the_last_period_beside(cast, sign_in, quarter):
    clerk, running = cast.clerk, Quarter.current()
    generate_duties(running)
    row = filed(clerk, cast.enterprise, (clerk, "submit"), slug=HAZARD, period=quarter.code).specific()
    book = download(sign_in(clerk), running)
    kind = kind_by_slug(HAZARD)
    assert book.sheetnames[:2] == [kind_by_slug(PARTY).label, kind.label]
    sheet = book[kind.label]
    assert running.label in sheet["A1"].value and sheet["A2"].value == cast.enterprise.name
    place = rows(sheet)["发现一般隐患（条）"]
    assert (sheet.cell(place, 2).value, sheet.cell(place, 3).value) == (row.found, None)
    assert not sheet.cell(place, 3).protection.locked and sheet.cell(place, 1).protection.locked
    assert Entry.objects.get(event="records.exported").note == f"{running.label}整份报表，2 条"


def test_filled_and_brought_back_it_is_drafts(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    book = download(clerk, quarter)
    sheet = book[kind_by_slug(HAZARD).label]
    put(sheet, "发现一般隐患", "12 条")
    put(sheet, "其中已整改", 11)
    page = upload(clerk, quarter, book).content.decode()
    assert "1 章已存为草稿" in page and "没有改动" in page
    record = Record.objects.get()
    assert (record.kind, record.period, record.status) == (HAZARD, quarter.code, Status.DRAFT)
    assert (record.specific().found, record.specific().rectified) == (12, 11)
    again = download(clerk, quarter)[kind_by_slug(HAZARD).label]
    assert again.cell(rows(again)["发现一般隐患（条）"], 3).value == 12, "what is begun stands in the next one"


def test_what_is_wrong_is_named_by_its_cell_and_the_other_sheets_go_in(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    book = download(clerk, quarter)
    hazards, party = book[kind_by_slug(HAZARD).label], book[kind_by_slug(PARTY).label]
    place = put(hazards, "发现一般隐患", "十几条吧")
    for name, value in values_of_chapter(cast, PARTY, quarter.code).items():
        heading = str(kind_by_slug(PARTY).model._meta.get_field(name).verbose_name)
        if any(found.startswith(heading) for found in rows(party)):
            put(party, heading, "是" if value is True else "否" if value is False else value)
    page = upload(clerk, quarter, book).content.decode()
    assert "有 1 章没有读入" in page and f"单元格 {place}（发现一般隐患（条））" in page and "十几条吧" in page
    assert [record.kind for record in Record.objects.all()] == [PARTY]
    impossible = download(clerk, quarter)
    put(impossible[kind_by_slug(HAZARD).label], "发现一般隐患", 3)
    put(impossible[kind_by_slug(HAZARD).label], "其中已整改", 9)
    page = upload(clerk, quarter, impossible).content.decode()
    assert "没有读入" in page and not Record.objects.filter(kind=HAZARD).exists()


def test_what_changed_meanwhile_is_left(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    book = download(clerk, quarter)
    put(book[kind_by_slug(HAZARD).label], "发现一般隐患", 5)
    put(book[kind_by_slug(HAZARD).label], "其中已整改", 5)
    upload(clerk, quarter, book)
    record = Record.objects.get()
    newer = download(clerk, quarter)
    update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"found": 8})
    put(newer[kind_by_slug(HAZARD).label], "发现一般隐患", 6)
    for stale in (book, newer):
        page = upload(clerk, quarter, stale).content.decode()
        assert "在平台上填过或改过，没有覆盖" in page
    assert Record.objects.get().specific().found == 8


def test_what_another_answer_makes_no_question_is_named(cast, sign_in, quarter):
    """On the page the field would not be seen; in a sheet it stands there, and what was typed must not vanish."""
    clerk = sign_in(cast.clerk)
    DutyRule.objects.create(kind=RELATIONS, tiers=[cast.enterprise.pilot_tier])
    generate_duties(quarter)
    book = download(clerk, quarter)
    sheet = book[kind_by_slug(RELATIONS).label]
    put(sheet, "本季有欠薪或欠缴", "否")
    place = put(sheet, "欠薪欠缴涉及职工", 12)
    page = upload(clerk, quarter, book).content.decode()
    assert f"单元格 {place}" in page and "按前面的答案不用填这一项" in page and not Record.objects.exists()


def test_brought_again_the_mended_sheet_goes_in_and_the_others_stay(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    book = download(clerk, quarter)
    hazards, party = book[kind_by_slug(HAZARD).label], book[kind_by_slug(PARTY).label]
    put(hazards, "发现一般隐患", "不少")
    for heading, number in (("本季新发展党员", 0), ("其中一线职工", 0), ("季末党员总数", 20)):
        put(party, heading, number)
    assert "有 1 章没有读入" in upload(clerk, quarter, book).content.decode()
    put(hazards, "发现一般隐患", 4)
    page = upload(clerk, quarter, book).content.decode()
    assert "没有读入" not in page and "没有改动" in page and "1 章已存为草稿" in page
    put(party, "季末党员总数", 21)
    page = upload(clerk, quarter, book).content.decode()
    assert "没有读入" not in page, "the same workbook goes on from what it wrote"
    record = Record.objects.get(kind=PARTY).specific()
    assert record.total_members == 21
    confirm(act, acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version, reason="无误。")
    page = upload(clerk, quarter, book).content.decode()
    assert "没有读入" not in page, "handed in as it stands in the sheet: nothing to say"
    put(party, "季末党员总数", 30)
    page = upload(clerk, quarter, book).content.decode()
    assert "已经提交，表里的改动没有读入" in page


def test_lines_have_a_sheet_of_their_own(cast, sign_in):
    year = Year.current().previous()
    quarter = Quarter(year.year, 4)
    Duty.objects.create(
        enterprise=cast.enterprise,
        province=cast.enterprise.province,
        city=cast.enterprise.city,
        county=cast.enterprise.county,
        kind=FUNDS,
        quarter=quarter.code,
        period=str(year.year),
        due=quarter.last_day,
    )
    clerk, kind = sign_in(cast.clerk), kind_by_slug(FUNDS)
    book = download(clerk, quarter)
    (lines,) = kind.lines
    sheet = book[str(lines.label)[:31]]
    assert sheet.column_dimensions["A"].hidden and sheet["A2"].value == 1
    purpose = next(validation for validation in sheet.data_validations.dataValidation)
    assert purpose.formula1
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    amount = next(column for heading, column in heads.items() if "元" in heading)
    lists = load_workbook(io.BytesIO(_bytes(book)))
    words = _words_of(lists, purpose.formula1)
    first = next(column for heading, column in heads.items() if column not in (1, amount))
    sheet.cell(2, first).value, sheet.cell(2, amount).value = words[0], 3
    sheet.cell(3, first).value, sheet.cell(3, amount).value = words[1], "很多"
    page = upload(clerk, quarter, book).content.decode()
    assert "第 3 行" in page and not Record.objects.exists()
    sheet.cell(3, amount).value = 2
    put(book[kind.label], str(kind.model._meta.get_field(kind.required[0]).verbose_name), 5)
    page = upload(clerk, quarter, book).content.decode()
    assert "1 章已存为草稿" in page, page
    assert len(rows_of(Record.objects.get().specific(), lines)) == 2


def _bytes(book: Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _words_of(book: Workbook, formula: str) -> list[str]:
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    sheet, cells = formula.split("!")
    return [row[0].value for row in book[sheet][cells.replace("$", "")]]


def test_another_file_is_named_for_what_it_is(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    nothing = Workbook()
    nothing.active["A1"] = "随手记"
    assert "不是从“报表填报”页下载的整份报表" in upload(clerk, quarter, nothing).content.decode()
    assert (
        "没有选择文件"
        in clerk.post(reverse("records:returns_upload", args=[quarter.code]), follow=True).content.decode()
    )
    page = upload_bytes(clerk, quarter, b"%PDF-1.7 no table", name="a.xlsx").content.decode()
    assert "PDF" in page
    book = download(clerk, quarter)
    put(book[kind_by_slug(HAZARD).label], "发现一般隐患", 5)
    page = upload(clerk, quarter.previous(), book).content.decode()
    assert f"不是{quarter.previous().label}的报表" in page
    book["_portal"]["D1"] = book["_portal"]["D2"] = "91320000000000000X"
    assert "不是这家企业的" in upload(clerk, quarter, book).content.decode()
    assert not Record.objects.exists()


def test_a_file_that_was_tampered_with_is_refused_in_words(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    book = download(clerk, quarter)
    sheet = book[kind_by_slug(HAZARD).label]
    put(sheet, "发现一般隐患", 5)
    # A row copied below, and left empty.
    sheet.cell(sheet.max_row + 1, 1).value = "发现一般隐患（条）*"
    for row in range(1, 3):
        book["_portal"].cell(row, 6).value = "第一版"
    assert "在平台上填过或改过，没有覆盖" in upload(clerk, quarter, book).content.decode()
    page = upload_bytes(clerk, quarter, b"PK" + bytes(MOST_BYTES)).content.decode()
    assert "文件超过 2 MB" in page and not Record.objects.exists()


def test_the_page_offers_it_while_something_is_open_and_neighbours_get_nothing(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    workbook = reverse("records:returns_workbook", args=[quarter.code])
    assert workbook in clerk.get(reverse("records:sitting", args=[quarter.code])).content.decode()
    of_ours = {"enterprise": cast.enterprise.credit_code}
    for who in (cast.neighbour, cast.county, cast.auditor):
        browser = sign_in(who)
        assert browser.get(workbook, of_ours).status_code == 404
        assert browser.post(reverse("records:returns_upload", args=[quarter.code]), of_ours).status_code == 404
    Duty.objects.all().delete()
    page = sign_in(cast.clerk).get(workbook, follow=True)
    assert "没有要填的报表" in page.content.decode()


def test_a_renamed_sheet_is_told_and_the_others_go_in(cast, sign_in, quarter):
    clerk = sign_in(cast.clerk)
    book = download(clerk, quarter)
    party, hazard = (kind_by_slug(slug).label for slug in (PARTY, HAZARD))
    put(book[party], "本季新发展党员", 3)
    put(book[hazard], "发现一般隐患", 4)
    book[party].title = "Sheet1"
    page = upload(clerk, quarter, book).content.decode()
    assert f"文件里没有“{party}”这张表" in page and "1 章" in page
    assert [record.kind for record in Record.objects.all()] == [HAZARD]
