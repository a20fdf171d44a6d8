"""An office makes many accounts from one workbook: everything wrong is said at once, passwords are on paper only."""

import datetime
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.audit.models import Entry
from foundation.exchange.models import Import, ImportState, StagedRow
from foundation.exchange.writing import left_rows
from foundation.jobs import running
from foundation.jobs.models import Job
from tests.contracts.world import people_workbook

pytestmark = pytest.mark.django_db
UPLOAD = "/accounts-admin/bulk/"


def checked(browser, rows) -> Import:
    """Uploaded and checked, as the worker does it."""
    answer = browser.post(UPLOAD, {"file": people_workbook(rows)})
    assert answer.status_code == 302, answer.context["form"].errors
    batch = Import.objects.latest("pk")
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def page_of(browser, batch: Import) -> str:
    return browser.get(f"{UPLOAD}{batch.pk}/").content.decode()


def confirmed(browser, batch: Import, **options):
    return browser.post(f"{UPLOAD}{batch.pk}/confirm/", {"rows": "good"}, **options)


def counts(batch: Import) -> dict[str, int]:
    batch.refresh_from_db()
    return {name: batch.counts.get(name, 0) for name in ("new", "changed", "unchanged", "invalid")}


def test_from_workbook_to_slips_to_first_sign_in(cast, sign_in, client):
    browser = sign_in(cast.county)
    until = datetime.date(2099, 6, 30)
    batch = checked(
        browser,
        [
            ("张三", "", "企业经办员", cast.enterprise.credit_code, None),
            ("张三", "", "企业经办员", "江宁示例电气有限公司", None),
            ("李四", "lisi", "企业工会负责人", cast.enterprise.credit_code, until),
            ("李四", "lisi", "企业工会负责人", cast.second_enterprise.credit_code, until),
        ],
    )
    page = page_of(browser, batch)
    assert "zhangsan-jnsljx" in page and "zhangsan-jnsldq" in page
    assert not User.objects.filter(username="lisi").exists(), "a preview makes nothing"
    slips = confirmed(browser, batch)
    assert "no-store" in slips["Cache-Control"]
    passwords = re.findall(r"一次性密码</dt><dd><code>([^<]+)", slips.content.decode())
    assert len(passwords) == len(set(passwords)) == 3, "one slip a person"
    lisi = User.objects.get(username="lisi")
    assert lisi.must_change_password
    held = Grant.objects.filter(user=lisi).values_list("role", "place_id", "valid_until", "granted_by")
    assert set(held) == {
        (Role.LEAD, enterprise.pk, until, cast.county.pk) for enterprise in (cast.enterprise, cast.second_enterprise)
    }
    logged = Entry.objects.filter(actor=cast.county)
    assert logged.filter(event="accounts.created").count() == 3
    assert logged.filter(event="access.granted").count() == 1
    assert "3 个" in logged.get(event="accounts.bulk_created").note
    assert not any(password in str(entry.__dict__) for entry in Entry.objects.all() for password in passwords)
    kept = [*StagedRow.objects.all(), *Import.objects.all(), *Job.objects.all()]
    assert not any(password in f"{row.__dict__} {getattr(row, 'said', '')}" for row in kept for password in passwords)
    shown = dict(
        re.findall(r"用户名</dt><dd><code>([^<]+).*?一次性密码</dt><dd><code>([^<]+)", slips.content.decode(), re.S)
    )
    client.post("/accounts/login/", {"login": "lisi", "password": shown["lisi"]})
    assert client.get("/").url == "/accounts/password/change/"


def test_the_same_file_again_changes_nothing(cast, sign_in):
    browser = sign_in(cast.county)
    rows = [
        ("张三", "", "企业经办员", cast.enterprise.credit_code, None),
        ("李四", "lisi", "企业经办员", cast.enterprise.name, None),
    ]
    batch = checked(browser, rows)
    confirmed(browser, batch)
    people = User.objects.count()
    twice = confirmed(browser, batch)
    assert twice.status_code == 302, "a page sent twice shows no second slips"
    assert counts(checked(browser, rows)) == {"new": 0, "changed": 0, "unchanged": 2, "invalid": 0}
    assert User.objects.count() == people


def test_an_existing_person_gets_one_more_place(cast, sign_in):
    browser = sign_in(cast.county)
    batch = checked(browser, [("陈经办", "clerk", "企业经办员", cast.second_enterprise.credit_code, None)])
    assert counts(batch)["changed"] == 1
    confirmed(browser, batch)
    assert set(cast.clerk.grants.values_list("place_id", flat=True)) == {cast.enterprise.pk, cast.second_enterprise.pk}
    cast.clerk.refresh_from_db()
    assert not cast.clerk.must_change_password, "who has a password keeps it"


def test_everything_wrong_is_said_at_once_by_row_and_column(cast, sign_in):
    browser = sign_in(cast.county)
    batch = checked(
        browser,
        [
            ("", "", "企业经办员", cast.enterprise.credit_code, None),
            ("甲", "", "县级产改办", "320115", None),
            ("乙", "", "企业经办员", cast.neighbour_enterprise.credit_code, None),
            ("丙", "county", "企业经办员", cast.enterprise.credit_code, None),
            ("丁", "a b", "企业经办员", cast.enterprise.credit_code, "明年"),
            ("戊", "", "企业经办员", cast.enterprise.credit_code, "2020-01-01"),
            ("己", "", "企业经办员", cast.enterprise.credit_code, None),
            ("己", "", "企业经办员", cast.enterprise.credit_code, None),
            ("庚", "same", "企业经办员", cast.enterprise.credit_code, None),
            ("辛", "same", "企业经办员", cast.enterprise.credit_code, None),
        ],
    )
    rows = {row.number: [said["column"] for said in row.said["problems"]] for row in left_rows(batch)}
    assert rows == {
        2: ["姓名"],
        3: ["角色", "单位代码或名称"],
        4: ["单位代码或名称"],
        5: ["用户名"],
        6: ["用户名", "有效期至"],
        7: ["有效期至"],
        9: ["姓名"],
        11: ["用户名"],
    }
    for row in left_rows(batch):
        assert all(said["reason"] and said["cure"] for said in row.said["problems"])
    assert "已有别人使用这个用户名" in page_of(browser, batch)


def test_an_unknown_role_and_a_character_without_a_reading_are_named(cast, sign_in):
    browser, code = sign_in(cast.county), cast.enterprise.credit_code
    batch = checked(
        browser,
        [
            ("甲乙", "", "超级管理员", code, None),
            ("甲丙", "", "省级产改办", code, None),
            ("㙓𠮷", "", "企业经办员", code, None),
            ("㙓𠮷", "kuiji", "企业经办员", code, None),
        ],
    )
    said = {row.number: row.said["problems"][0]["reason"] for row in left_rows(batch)}
    assert said[2] == "没有“超级管理员”这个角色。" and "不是您能授予的角色" in said[3]
    assert "“𠮷”" in said[4] and 5 not in said


def test_what_changed_between_check_and_confirmation_is_shown_again(cast, sign_in):
    browser = sign_in(cast.county)
    batch = checked(browser, [("张三", "zhangsan", "企业经办员", cast.enterprise.credit_code, None)])
    User.objects.create(username="Zhangsan", full_name="另一个人")
    again = confirmed(browser, batch, follow=True)
    assert "情况有变化" in again.content.decode() and "已有别人使用这个用户名" in again.content.decode()
    assert counts(batch) == {"new": 0, "changed": 0, "unchanged": 0, "invalid": 1}
    assert batch.state == ImportState.CHECKED


@pytest.mark.parametrize("role", ["企业经办员", "企业工会负责人"])
def test_nobody_is_taken_for_another_of_the_same_name(cast, sign_in, role):
    """Both were shown as new, with the same proposed user name; only the first is."""
    browser = sign_in(cast.county)
    first = checked(browser, [("张三", "", "企业经办员", cast.enterprise.credit_code, None)])
    second = checked(browser, [("张三", "", role, cast.enterprise.credit_code, None)])
    confirmed(browser, first)
    [grant] = Grant.objects.filter(user__full_name="张三")
    again = confirmed(browser, second, follow=True).content.decode()
    assert "情况有变化" in again and "是同名的另一个人，请另填用户名" in again
    assert counts(second) == {"new": 0, "changed": 0, "unchanged": 0, "invalid": 1}
    assert list(Grant.objects.filter(user__full_name="张三")) == [grant]


def test_a_confirmation_is_the_own(cast, sign_in):
    batch = checked(sign_in(cast.county), [("张三", "", "企业经办员", cast.enterprise.credit_code, None)])
    for person in (cast.county_colleague, cast.city, cast.admin):
        assert confirmed(sign_in(person), batch).status_code == 404
    assert not User.objects.filter(full_name="张三").exists()


def test_who_they_are_is_encrypted_while_it_waits(cast, sign_in):
    batch = checked(sign_in(cast.county), [("张三丰", "zhangsf", "企业经办员", cast.enterprise.credit_code, None)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM exchange_stagedrow WHERE batch_id = %s", [batch.pk])
        stored = str(cursor.fetchall())
    assert "张三丰" not in stored and "zhangsf" not in stored
    assert batch.rows.get().said["title"] == "张三丰"


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "空"), (b"%PDF-1.7", "其实是 PDF 文件"), (b"PK\x03\x04broken", "已损坏")]
)
def test_a_file_that_is_no_workbook_is_refused_with_a_cure(cast, sign_in, content, words):
    upload = people_workbook([])
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(content)
    upload.size = len(content)
    upload.seek(0)
    assert words in sign_in(cast.county).post(UPLOAD, {"file": upload}).content.decode()


def test_the_template_can_be_filled_and_names_the_own_units_only(cast, sign_in):
    answer = sign_in(cast.county).get("/accounts-admin/bulk/template/")
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in workbook["人员"][1]] == ["姓名*", "用户名", "角色*", "单位代码或名称*", "有效期至"]
    names = {row[1].value for row in workbook["单位"].iter_rows(min_row=2)}
    assert names == {cast.enterprise.name, cast.second_enterprise.name}
    assert "企业经办员,企业工会负责人" in workbook["人员"].data_validations.dataValidation[0].formula1


def test_checking_costs_the_same_for_any_number_of_rows(cast, sign_in):
    browser = sign_in(cast.county)
    costs = []
    for number in (1, 3, 300):
        rows = [
            (f"人{turn}", "" if turn % 2 else f"p{turn}", "企业经办员", cast.enterprise.credit_code, None)
            for turn in range(number)
        ]
        checked(browser, rows)
        with CaptureQueriesContext(connection) as captured:
            assert checked(browser, rows).fit == number
        costs.append(len(captured))
    assert costs[2] <= costs[1] + 4, f"only what an INSERT holds at once comes in more parts: {costs}"


def test_five_hundred_people_in_one_request(cast, sign_in):
    browser = sign_in(cast.county)
    rows = [(f"工人{number}", "", "企业经办员", cast.enterprise.credit_code, None) for number in range(500)]
    slips = confirmed(browser, checked(browser, rows))
    assert slips.content.decode().count('class="slip"') == 500
    assert User.objects.filter(must_change_password=True).count() == 500
    too_many = checked(browser, [*rows, ("多一个", "", "企业经办员", cast.enterprise.credit_code, None)])
    assert too_many.state == ImportState.FAILED and "一次最多 500 行" in too_many.job.error
