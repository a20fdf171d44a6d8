"""Lists as workbooks: what the list shows and no more, harmless, noted in the log, and good to be imported again."""

import datetime

import pytest
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.jobs import running
from foundation.jobs.models import Job
from records.core.actions import file_record
from records.core.bulk import create_records
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from tests.contracts.world import filed
from tests.records.exchange.books import LECTURE, PARTY, checked, opened

pytestmark = pytest.mark.django_db


def rows_of(response, sheet="填报") -> list[dict]:
    lines = list(opened(b"".join(response))[sheet].iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_what_the_list_shows(cast, sign_in) -> None:
    filed(cast.clerk, cast.enterprise, title="一课", attendances=30, number_of_people=28, frontline_attendances=9)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="二课", speaker="甲")
    filed(cast.neighbour, cast.neighbour_enterprise, (cast.neighbour, "submit"))
    mine = rows_of(sign_in(cast.clerk).get(reverse("records:export"), {"kind": LECTURE.slug}))
    assert [row["标题"] for row in mine] == ["二课", "一课"]
    assert mine[1]["参加人次（人次）"] == 30 and isinstance(mine[1]["活动日期"], datetime.date)
    assert mine[0]["状态"] == "待审核" and mine[0]["统一社会信用代码"] == cast.enterprise.credit_code
    drafts = rows_of(sign_in(cast.clerk).get(reverse("records:export"), {"kind": LECTURE.slug, "status": "draft"}))
    assert [row["标题"] for row in drafts] == ["一课"]
    assert [row["标题"] for row in rows_of(sign_in(cast.county).get(reverse("records:export")))] == ["二课"]


def test_a_sheet_for_each_kind_and_each_goes_in_again(cast, sign_in) -> None:
    filed(cast.clerk, cast.enterprise)
    filed(cast.clerk, cast.enterprise, slug=PARTY.slug)
    clerk = sign_in(cast.clerk)
    content = b"".join(clerk.get(reverse("records:export")))
    assert opened(content).sheetnames == [LECTURE.label, PARTY.label, "_portal", "说明"]
    for kind in (LECTURE, PARTY):
        assert checked(clerk, content, kind=kind.slug).counts["unchanged"] == 1


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x","y")', "+86", "-1", "@SUM(A1)", "坏\x07字"])
def test_nothing_typed_becomes_a_formula(cast, sign_in, text) -> None:
    values = {"title": text, "happened_on": datetime.date(2026, 11, 1)}
    record = file_record(acting_user=cast.clerk, kind=LECTURE, filer=cast.enterprise, values=values)
    sheet = opened(b"".join(sign_in(cast.clerk).get(reverse("records:export"))))["填报"]
    cell = next(cell for cell in sheet[2] if sheet.cell(1, cell.column).value == "标题")
    assert cell.data_type == "s" and cell.value == record.title.replace("\x07", "")
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))


def test_each_export_is_in_the_log_with_its_count(cast, sign_in) -> None:
    filed(cast.clerk, cast.enterprise)
    sign_in(cast.clerk).get(reverse("records:export"))
    entry = Entry.objects.get(event="records.exported")
    assert (entry.actor_id, entry.note, entry.enterprise_id) == (cast.clerk.pk, "活动记录，1 条", cast.enterprise.pk)


def test_a_long_list_is_written_by_a_job_for_its_owner_alone(cast, sign_in, settings) -> None:
    settings.EXPORT_AT_ONCE = 2
    for number in range(3):
        filed(cast.clerk, cast.enterprise, title=f"第{number}课")
    clerk = sign_in(cast.clerk)
    response = clerk.get(reverse("records:export"), {"kind": LECTURE.slug})
    job = Job.objects.get()
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])
    running.run(job.pk)
    job.refresh_from_db()
    assert job.result["label"] == "下载工作簿（3 行）"
    assert len(rows_of(clerk.get(job.result["url"]))) == 3
    for person in (cast.lead, cast.neighbour, cast.admin):
        assert sign_in(person).get(job.result["url"]).status_code == 404


def test_an_empty_list_gives_a_workbook_that_says_so(cast, sign_in) -> None:
    sheet = opened(b"".join(sign_in(cast.clerk).get(reverse("records:export"))))["填报"]
    assert sheet["A1"].value == "没有符合条件的记录。"


def test_statements_do_not_grow_with_rows(cast, sign_in, django_assert_max_num_queries) -> None:
    drafts = [build_record(kind_by_slug(LECTURE.slug), enterprise=cast.enterprise) for _ in range(60)]
    create_records(acting_user=cast.clerk, kind=LECTURE, drafts=drafts, origin="test")
    clerk = sign_in(cast.clerk)
    with django_assert_max_num_queries(14):
        clerk.get(reverse("records:export"))


def test_the_register_of_enterprises(cast, sign_in) -> None:
    rows = rows_of(sign_in(cast.county).get(reverse("enterprises:export")), "企业名录")
    assert {row["企业名称"] for row in rows} == {cast.enterprise.name, cast.second_enterprise.name}
    assert rows[0]["职工人数（人）"] == 200
    assert Entry.objects.get(event="enterprises.exported").note == "2 家企业"
