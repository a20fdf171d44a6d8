"""The small files of ``tests/foundation/workbooks/cases`` as they go through the import: what is right for each of them."""

import re

import pytest
from django.urls import reverse

from foundation.exchange.checking import read_cells
from foundation.exchange.models import ColumnMemory, HeadingSynonym, Import, ImportState
from foundation.exchange.rows import SheetRow
from foundation.exchange.writing import left_rows
from ideology.models import CultureEvent, Lecture
from records.core.actions import file_record
from records.core.periods import period_choices
from records.exchange.importing import RecordImport
from records.models import Record
from tests.records.exchange.books import (
    HEADINGS,
    LECTURE,
    book,
    checked,
    confirmed,
    day,
    lecture,
    questions,
    reasons,
    upload,
)
from tests.records.exchange.test_odd_files import case, choose, run, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(cast, sign_in):
    return sign_in(cast.clerk)


def page_of(browser, batch: Import) -> str:
    return browser.get(reverse("records:import", args=[batch.pk])).content.decode()


def cures(batch: Import) -> dict[tuple[int, str], str]:
    """What to do, by row and column."""
    return {(row.number, said["column"]): said["cure"] for row in left_rows(batch) for said in row.said["problems"]}


def notes(batch: Import) -> str:
    return "".join(batch.notes)


# --- two sessions a day -------------------------------------------------------------------------------


def test_two_sessions_of_a_day_are_asked_about_and_go_in(clerk) -> None:
    batch = waiting(clerk, "two_sessions_one_day.xlsx")
    assert batch.counts["new"] == 2 and batch.counts["invalid"] == 0, reasons(batch)
    assert list(questions(batch)) == [3]
    assert "第 2 行同一天、同一标题" in questions(batch)[3][0]
    assert "同一天、同一标题" in page_of(clerk, batch)
    batch = confirmed(clerk, batch, "all")
    assert batch.state == ImportState.DONE
    assert set(Lecture.objects.values_list("title", "speaker", "number_of_people")) == {
        ("消防安全大讲堂", "王强", 30),
        ("消防安全大讲堂", "李明", 28),
    }


def test_each_row_is_asked_in_its_own_words_before_it_is_confirmed(clerk) -> None:
    """One lies in a quarter that is not filled in now, the other beside its like: neither is told of the other's reason."""
    rows = [lecture(1), lecture(1, **{HEADINGS[3]: "李明"}), lecture(2, **{HEADINGS[1]: day(800)})]
    batch = checked(clerk, book(rows), after="draft")
    assert set(questions(batch)) == {3, 4}, reasons(batch)
    page = page_of(clerk, batch)
    told = re.search(r'<ul class="confirm-reasons">(.*?)</ul>', page, re.S)[1]
    second, old = re.findall(r"<li>(.*?)</li>", told, re.S)
    assert second.startswith("第 3 行：") and "同一天、同一标题" in second and "季度" not in second
    assert old.startswith("第 4 行：") and "季度" in old and "同一天、同一标题" not in old
    assert "或与别的记录同一天" not in page


def test_two_sessions_again_change_nothing_and_a_third_is_asked_about(clerk) -> None:
    rows = [lecture(1), lecture(1, **{HEADINGS[3]: "李明", HEADINGS[4]: 18})]
    confirmed(clerk, checked(clerk, book(rows), after="draft"))
    again = checked(clerk, book(rows[::-1]), after="draft")
    assert again.counts["unchanged"] == 2, reasons(again)
    third = checked(clerk, book([*rows, lecture(1, **{HEADINGS[3]: "赵红"})]), after="draft")
    assert (third.counts["unchanged"], third.counts["new"]) == (2, 1) and list(questions(third)) == [4]
    confirmed(clerk, third)
    assert Lecture.objects.count() == 3


def test_handed_in_at_once_the_second_session_needs_a_word(clerk) -> None:
    batch = checked(clerk, book([lecture(1), lecture(1, **{HEADINGS[3]: "李明", HEADINGS[4]: 18})]))
    assert batch.counts["new"] == 2 and list(questions(batch)) == [3]
    assert "请确认不是同一场活动填了两次" in questions(batch)[3][0]
    confirmed(clerk, batch)
    assert Record.objects.filter(status="submitted").count() == 2


def test_another_session_than_the_one_filed_on_the_page(cast, clerk) -> None:
    values = dict(zip(("title", "happened_on", "form", "speaker"), ("第1课", day(), "on_site", "周书记"), strict=True))
    file_record(acting_user=cast.clerk, kind=LECTURE, filer=cast.enterprise, values=values)
    batch = checked(clerk, book([lecture(1)]), after="draft")
    assert batch.counts["new"] == 1 and "平台上已有的“第1课”" in questions(batch)[2][0]
    assert confirmed(clerk, batch).state == ImportState.DONE and Lecture.objects.count() == 2


def test_a_session_somebody_files_between_check_and_writing_is_not_doubled(cast, clerk) -> None:
    first = checked(clerk, book([lecture(1), lecture(1, **{HEADINGS[3]: "李明"})]), after="draft")
    second = checked(clerk, book([lecture(1)]), after="draft")
    confirmed(clerk, second)
    first = confirmed(clerk, first)
    assert "已经有了同一条记录" in reasons(first)[0][2] and Lecture.objects.count() == 1


# --- cells --------------------------------------------------------------------------------------------


def test_plain_cells_are_understood_and_others_refused_once_with_their_own_words(clerk) -> None:
    batch = waiting(clerk, "odd_cells.xlsx")
    new = {row.said["title"]: row.values["record"] for row in batch.rows.filter(outcome="new")}
    assert {"基线课", "下午课", "时分课", "星期课", "上午课", "ISO课", "斜杠英式"} <= set(new)
    assert {new[title]["happened_on"] for title in ("下午课", "星期课", "ISO课", "斜杠英式")} == {"2026-10-10"}
    assert (new["50人"]["number_of_people"], new["50人"]["attendances"]) == (50, 50)
    assert new["中文数"]["number_of_people"] == 50
    assert new["空格数"]["number_of_people"] == new["全角逗"]["number_of_people"] == 1200
    assert (new["撇号"]["number_of_people"], new["撇号"]["happened_on"]) == (50, "2026-10-11")
    assert new["换行 标题"]["speaker"] == "王强 李明"
    why = {row: said for row, _column, said in reasons(batch)}
    assert len(reasons(batch)) == len({(row, column) for row, column, _said in reasons(batch)}) == 13
    for row, words in {
        7: "“26.10.10”的年份没有写全",
        8: "“10月10日”没有写年份",
        9: "“2026.10.10-10.12”不止一天",
        10: "“2026.9.31”这一天不存在",
        11: "“2026年10月”没有写是哪一天",
        15: "“约50人”是约数",
        16: "“50余人”是约数",
        17: "“3场/120人次”里有不止一个数",
        18: "“50.5”不是整数",
        23: "错误值 #N/A",
        25: "“现场”不在可选的内容里",
        26: "“现场讲授、线上直播”写了不止一项",
    }.items():
        assert words in why[row]
    page = page_of(clerk, batch)
    assert "约50人" in page and "请填确切的数" in page and "要说明的文字请写在“内容摘要”一列" in page
    about = cures(batch)[15, "参加人数（人）"]
    assert "没有准确数的，先核实再填。" in about and "留空" not in about
    assert "如果是“现场讲授”" in page


# --- totals, notes, merged and hidden -----------------------------------------------------------------


def test_totals_notes_and_signatures_are_left_out_and_named(clerk) -> None:
    batch = waiting(clerk, "totals_and_notes.xlsx")
    assert batch.counts["new"] == 1 and batch.counts["invalid"] == 0
    assert "第 5 行“合计”、第 7 行“注”、第 8 行“填表人”是合计、说明或签名，没有读取" in notes(batch)
    assert "第 5 行“合计”" in page_of(clerk, batch)


def test_a_total_in_a_template_with_the_code_in_every_row_is_named_once(cast, clerk) -> None:
    code = cast.enterprise.credit_code
    rows = [[n, code, *lecture(n)] for n in (1, 2)]
    total = [3, code, "合计", None, None, None, 40, 44]
    batch = checked(clerk, book([*rows, total], headings=["序号", "统一社会信用代码", *HEADINGS]))
    assert (batch.counts["new"], batch.counts["invalid"]) == (2, 0)
    assert "第 4 行“合计”是合计、说明或签名，没有读取" in notes(batch)


def test_an_empty_cell_that_is_needed_is_to_be_filled(clerk) -> None:
    batch = checked(clerk, book([lecture(1, 主讲人=None), lecture(2, 举办形式=None), lecture(3, 活动日期=None)]))
    said = cures(batch)
    assert said[2, "主讲人"] == "请填写主讲人。"
    assert said[3, "举办形式"].startswith("请填写举办形式。可填：") and said[4, "活动日期"] == "请填好这一格。"
    assert reasons(batch)[0] == (2, "主讲人", "这一项还没有填。"), "what to do is said once, beside it"
    assert "可先存草稿" not in page_of(clerk, batch)


def test_a_return_that_says_nothing_is_told_so_without_a_draft(cast) -> None:
    resource = RecordImport({"kind": "services.care"})
    row = SheetRow(2, {"period": period_choices(resource.kind)[0][0]})
    read_cells([row], resource)
    resource.checker(Import(created_by=cast.clerk)).check([row])
    assert [(said.reason, said.cure) for said in row.problems] == [("一项也没有填。", "没有开展的请填 0 或选“否”。")]


def test_a_day_to_come_is_refused_for_the_day_not_for_how_it_is_written(clerk) -> None:
    batch = checked(clerk, book([lecture(1, 活动日期=day(-30))]))
    [(_row, _column, why)] = reasons(batch)
    assert why.endswith("还没有到。"), "what to do is said once, beside it"
    assert cures(batch)[2, "活动日期"] == "请填已经举办的活动的日期。"


def test_a_number_of_more_than_fifteen_digits_is_no_text(clerk) -> None:
    rows = [[*lecture(1), 1234567890123456789], [*lecture(2), 123456789012345]]
    batch = checked(clerk, book(rows, headings=[*HEADINGS, "地点"]))
    [(row, column, why)] = reasons(batch)
    assert (row, column) == (2, "地点") and "末几位已经丢失" in why
    assert "文本格式" in cures(batch)[2, "地点"]
    assert batch.counts["new"] == 1


def test_words_too_many_for_the_column_of_words_are_not_sent_there(clerk) -> None:
    rows = [[*lecture(1), "讲" * 1001], [*lecture(2, 主讲人="王" * 61), ""]]
    said = cures(checked(clerk, book(rows, headings=[*HEADINGS, "内容摘要"])))
    assert said[2, "内容摘要"] == "请缩短。"
    assert said[3, "主讲人"] == "请缩短。要说明的文字请写在“内容摘要”一列。"


def test_an_activity_called_after_a_total_goes_in(clerk) -> None:
    batch = checked(clerk, book([lecture(1, 标题="合计"), ["合计：2场", "", "", "", 40, 44]]), after="draft")
    assert batch.counts["new"] == 1 and "第 3 行" in notes(batch)


def test_merged_and_hidden_cells_are_named_by_their_place(clerk) -> None:
    merged = waiting(clerk, "merged_day.xlsx")
    assert "“活动日期”第 2—4 行" in page_of(clerk, merged)
    merged = choose(clerk, merged, "sheets", sheet="Sheet1", merged="fill")
    assert merged.counts["new"] == 3 and "“活动日期”第 2—4 行" in notes(merged)
    hidden = choose(clerk, waiting(clerk, "hidden_rows.xlsx"), "sheets", sheet="Sheet1", hidden="skip")
    assert "隐藏的 1 行没有读取：第 3 行" in notes(hidden)


# --- columns ------------------------------------------------------------------------------------------


def as_offered(browser, batch: Import, **changed: str) -> dict[str, list[str]]:
    """What the form of columns sends, with some columns chosen otherwise, by heading."""
    entries = browser.get(reverse("records:import", args=[batch.pk])).context["headings"]
    return {
        "heading": [entry["heading"] for entry in entries],
        "column": [changed.get(entry["heading"], entry["column"]) for entry in entries],
    }


def test_a_sheet_of_another_kind_is_asked_about_before_it_goes_in(cast, clerk) -> None:
    batch = waiting(clerk, "other_kind_unmarked.xlsx")
    assert batch.state == ImportState.COLUMNS
    page = page_of(clerk, batch)
    assert "这张表看起来是“职工文体活动”" in page and "改按“职工文体活动”导入" in page
    batch = choose(clerk, batch, "as", slug="ideology.cultureevent")
    assert batch.options["kind"] == "ideology.cultureevent" and batch.options["after"] == "draft"
    assert batch.state == ImportState.CHECKED and batch.counts["new"] == 1, reasons(batch)
    confirmed(clerk, batch)
    assert CultureEvent.objects.get().title == "职工运动会" and not Lecture.objects.exists()


def test_it_may_still_go_in_as_what_it_was_brought_as_and_never_as_a_third(clerk) -> None:
    batch = waiting(clerk, "other_kind_unmarked.xlsx")
    clerk.post(reverse("records:import_as", args=[batch.pk]), {"slug": "ideology.campaign"})
    assert Import.objects.get(pk=batch.pk).options["kind"] == LECTURE.slug
    batch = choose(clerk, batch, "columns", **as_offered(clerk, batch))
    assert batch.state == ImportState.CHECKED and batch.counts["new"] == 1


def test_columns_matched_once_are_known_to_everybody_of_the_unit(cast, clerk, sign_in) -> None:
    """And to nobody else; the next import says so, and may be told that it was wrong."""
    clerk.post(
        reverse("records:import_columns", args=[(first := waiting(clerk, "synonym_heads2.xlsx")).pk]),
        as_offered(clerk, first),
    )
    run(Import.objects.get(pk=first.pk))
    assert ColumnMemory.objects.get().place == cast.enterprise.place
    lead = sign_in(cast.lead)
    again = waiting(lead, "synonym_heads2.xlsx")
    assert again.state == ImportState.CHECKED and "核对过的对应读取（陈经办）" in notes(again)
    assert waiting(sign_in(cast.second_clerk), "synonym_heads2.xlsx").state == ImportState.COLUMNS
    answer = lead.post(reverse("records:import_forget", args=[again.pk]), follow=True)
    assert "以前的对应已清除" in answer.content.decode() and not ColumnMemory.objects.exists()
    assert waiting(lead, "synonym_heads2.xlsx").state == ImportState.COLUMNS


def test_the_province_says_which_words_mean_a_column(cast, clerk, sign_in) -> None:
    content = book([lecture()], headings=["宣讲题目", *HEADINGS[1:]])
    assert checked(clerk, book([lecture()], headings=["到了几位", *HEADINGS[1:]])).state == ImportState.COLUMNS
    address = reverse("backoffice:synonym_create")
    assert clerk.get(address).status_code in (403, 404) and sign_in(cast.county).get(address).status_code == 403
    said = {"heading": "标题", "word": "宣讲题目", "is_active": "on"}
    assert sign_in(cast.province).post(address, said).status_code == 302
    batch = checked(clerk, content)
    entry = clerk.get(reverse("records:import", args=[batch.pk])).context["headings"][0]
    assert (entry["column"], entry["how"]) == ("title", "近义")
    HeadingSynonym.objects.filter(word="宣讲题目").update(is_active=False)
    assert "宣讲题目" not in dict(HeadingSynonym.objects.in_use()).values()


def test_two_headings_for_one_column_are_asked_about(clerk) -> None:
    headings = [*HEADINGS[:4], "参加人数（男）", "参加人数（女）", "参加人次"]
    batch = checked(clerk, book([[*lecture()[:4], 12, 8, 20]], headings=headings), after="draft")
    assert batch.state == ImportState.COLUMNS
    assert "有几列都像同一项" in page_of(clerk, batch)
    both = {"参加人数（男）": "number_of_people", "参加人数（女）": "number_of_people"}
    answer = clerk.post(
        reverse("records:import_columns", args=[batch.pk]), as_offered(clerk, batch, **both), follow=True
    )
    assert "都对应到了“参加人数（人）”" in answer.content.decode()
    batch = choose(clerk, batch, "columns", **as_offered(clerk, batch, **{"参加人数（女）": "number_of_people"}))
    assert batch.counts["new"] == 1 and batch.rows.get().values["record"]["number_of_people"] == 8


def test_the_columns_own_heading_goes_before_one_with_something_in_brackets(clerk) -> None:
    headings = [*HEADINGS[:4], "参加人数（女）", "参加人数（人）", "参加人次"]
    batch = checked(clerk, book([[*lecture()[:4], 8, 20, 20]], headings=headings), after="draft")
    assert batch.state == ImportState.CHECKED and batch.rows.get().values["record"]["number_of_people"] == 20
    assert "参加人数（女）" in notes(batch)


def test_a_ledgers_own_version_and_state_are_switched_off_by_hand(clerk) -> None:
    headings = [*HEADINGS, "版本", "状态"]
    batch = checked(clerk, book([[*lecture(), "第二版", "已完成"]], headings=headings), after="draft")
    assert batch.state == ImportState.COLUMNS and "台账自己的同名列请选“不读取”" in page_of(clerk, batch)
    batch = choose(clerk, batch, "columns", **as_offered(clerk, batch, 版本=""))
    assert batch.counts["new"] == 1, reasons(batch)
    assert "版本、状态" in notes(batch)


def test_the_first_rows_are_shown_as_they_were_read(clerk) -> None:
    rows = [lecture(1, **{HEADINGS[1]: f"{day(1):%Y.%m.%d} 下午2:30"}), lecture(2), lecture(3)]
    batch = checked(clerk, book(rows), after="draft")
    page = page_of(clerk, batch)
    shown = page[page.index("读到的前几行") :]
    assert day(1).isoformat() in shown and "现场讲授" in shown and "新增" in shown
    clerk.post(reverse("records:import_discard", args=[batch.pk]))
    assert Import.objects.get(pk=batch.pk).preview is None


# --- odd text -----------------------------------------------------------------------------------------


def test_odd_text_goes_in_as_the_standard_maps_it(clerk) -> None:
    batch = waiting(clerk, "odd_text.xlsx")
    assert batch.counts["new"] == 2, reasons(batch)
    new = {row.said["title"]: row.values["record"] for row in batch.rows.filter(outcome="new")}
    assert new["怪字课㎡✓🙂𰻝䶮"]["speaker"] == "王䶮"
    assert "䶮姓" in new["生僻课：䶮㛃𠮷𬍛𫍽 阿卜杜拉·买买提"]["summary"]
    [(row, column, why)] = reasons(batch)
    assert (row, column) == (4, "内容摘要") and "最多 1,000 个字" in why and "确保" not in why


def test_what_is_typed_on_the_page_is_mapped_as_well_and_no_framework_speaks(cast, clerk) -> None:
    address = reverse("records:create", args=[LECTURE.slug])
    typed = {"title": "课\ue863", "happened_on": day(), "speaker": "王" * 61, "form": "on_site"}
    page = clerk.post(address, typed).content.decode()
    assert "写了 61 个字，最多 60 个字。请缩短。" in page and "确保该" not in page
    clerk.post(address, typed | {"speaker": "王\ue863", "save": "draft"})
    assert Lecture.objects.get().title == "课䶮" and Lecture.objects.get().speaker == "王䶮"


# --- files of other programs --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "cellxf_fontid_out_of_range.xlsx",
        "fill_empty_element.xlsx",
        "font_family_255.xlsx",
        "bad_patternType.xlsx",
        "SharedStrings_capital.xlsx",
        "backslash_names.xlsx",
        "strict_ooxml.xlsx",
        "xlsx_renamed.xls",
        "gb18030.csv",
    ],
)
def test_what_other_programs_write_goes_in(clerk, name) -> None:
    batch = waiting(clerk, name)
    assert batch.state == ImportState.CHECKED and batch.counts["new"] == 1, (batch.job.error, reasons(batch))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_people_have(clerk, encoding) -> None:
    rows = [HEADINGS[:4], ["𰻝䶮课", day().isoformat(), "现场讲授", "王䶮"]]
    content = "\r\n".join(",".join(row) for row in rows).encode(encoding)
    batch = checked(clerk, content, name="台账.csv", after="draft")
    assert batch.rows.get().said["title"] == "𰻝䶮课"


@pytest.mark.parametrize(("name", "cause"), [("html_as.xls", "其实是网页"), ("xml2003_as.xls", "XML 电子表格 2003")])
def test_a_disguised_page_is_named_at_once(clerk, name, cause) -> None:
    answer = upload(clerk, case(name), name=name, after="draft")
    assert answer.status_code == 200 and cause in str(answer.context["form"].errors["file"])
    assert not Import.objects.exists()


def test_an_export_brought_back_unchanged_needs_no_form(clerk, monkeypatch) -> None:
    confirmed(clerk, checked(clerk, book([lecture(number) for number in range(1, 4)]), after="draft"))
    content = b"".join(clerk.get(reverse("records:export"), {"kind": LECTURE.slug}))

    def no_form(*args: object) -> None:
        raise AssertionError("a form was made for a row that changes nothing")

    monkeypatch.setattr("records.exchange.checking._Forms.fill", no_form)
    batch = checked(clerk, content, after="draft")
    assert batch.counts["unchanged"] == 3
