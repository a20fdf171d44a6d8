"""The small files of enterprises and people as they go through the imports, and names however they were typed."""

import datetime
import io
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from enterprises.change_actions import rename_enterprise
from enterprises.factories import sample_code
from enterprises.models import Enterprise, Industry
from foundation.accounts.models import User
from foundation.accounts.names import latin_name, validate_username
from foundation.exchange.models import Import, ImportState
from foundation.exchange.writing import left_rows
from foundation.folding import fold, spellings, standard
from foundation.jobs import running
from foundation.places.actions import rename_place
from foundation.places.models import Place
from foundation.refusals import NeedsConfirmation
from foundation.textsearch.fields import fill_folded
from records.core.actions import file_record
from records.core.kinds import kind_by_slug
from records.models import Record
from tests.cast import make_enterprise
from tests.enterprises.test_import import checked, confirmed, counts, page_of, reasons

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parents[1] / "foundation" / "workbooks" / "cases"


@pytest.fixture
def county(cast, sign_in):
    """The county's office, with the industries the files name."""
    for code, level, name in (
        ("C36", "division", "汽车制造业"),
        ("C367", "group", "汽车零部件及配件制造"),
        ("C3670", "class", "汽车零部件及配件制造"),
    ):
        Industry.objects.get_or_create(code=code, defaults={"level": level, "name": name})
    return sign_in(cast.county)


def brought(browser, name: str, address: str = "enterprises:imports") -> Import:
    """A case uploaded and looked at, as the worker does it; columns as they are proposed."""
    answer = browser.post(reverse(address), {"file": SimpleUploadedFile(name, (CASES / name).read_bytes())})
    assert answer.status_code == 302, answer.context["form"].errors
    batch = Import.objects.latest("pk")
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def named(batch: Import) -> dict[str, dict]:
    return {row.said["title"]: row.values["entry"] for row in batch.rows.filter(outcome="new")}


def test_a_register_as_people_keep_it(cast, county) -> None:
    batch = brought(county, "enterprises.xlsx")
    new, why = named(batch), {row: said for row, _column, said in reasons(batch)}
    assert new["撇号代码示例有限公司"]["credit_code"] == "91320115700010031A"
    assert new["空格代码示例有限公司"]["credit_code"] == "9132011570001004X2"
    assert new["行业无字母示例有限公司"]["industry"] == new["行业代码数字示例有限公司"]["industry"] == "C3670"
    assert new["行业门类示例有限公司"]["industry"] == "C"
    assert str(new["人数带人示例有限公司"]["headcount"]) == "200"
    assert new["所有制民营示例有限公司"]["ownership"] == "private"
    assert new["规模中型企业示例有限公司"]["size"] == "medium"
    assert {"区简称示例有限公司", "区全路径示例有限公司", "市无市字示例有限公司"} <= set(new)
    assert {"换行示例有限公司", "首尾空格示例有限公司"} <= set(new)
    for row, words in {
        4: "只保留 15 位",
        16: "“100-199人”是一个范围",
        17: "“约200”是约数",
        18: "“有限责任公司（自然人投资或控股）”不在可选的内容里".replace("（", "(").replace("）", ")"),
        21: "第 5 位是字母",
    }.items():
        assert words in why[row], why[row]
    assert len(reasons(batch)) == len(why), "one sentence a row"
    [letter] = [said for row in left_rows(batch) if row.number == 21 for said in row.said["problems"]]
    assert letter["reason"].endswith("代码里没有这些字母。"), "what to do is said once, beside it"
    assert letter["cure"] == "请对照营业执照改正，例如字母 O 应为数字 0。"
    asked = {row.number: row.said["questions"][0]["message"] for row in batch.rows.filter(is_unusual=True)}
    assert list(asked) == [3] and "第 2 行" in asked[3]


def test_a_firm_of_a_known_name_is_asked_about_and_an_error_cell_is_no_firm(cast, county) -> None:
    make_enterprise(county=cast.places["320115"], name="示例精工（南京） 有限公司", code=sample_code("320115", 901))
    hidden = make_enterprise(county=cast.places["320571"], name="市无市字示例有限公司", code=sample_code("320571", 902))
    batch = brought(county, "enterprises_ok.xlsx")
    assert [said for row, _column, said in reasons(batch) if row == 15] == ["这一格是错误值 #N/A，不是内容。"]
    asked = {row.number: row.said["questions"][0]["message"] for row in batch.rows.filter(is_unusual=True)}
    assert "江宁区" in asked[2] and "第 2 行" in asked[3] and "管辖范围以外的一家企业" in asked[8]
    assert hidden.credit_code not in page_of(county, batch) and "只是同名" in page_of(county, batch)
    assert confirmed(county, batch).state == ImportState.CHECKED
    county.post(reverse("enterprises:import_confirm", args=[batch.pk]), {"rows": "good", "same_names": batch.unusual})
    batch.refresh_from_db()
    running.run(batch.job_id)
    assert Enterprise.objects.filter(place__name_key=fold("示例精工(南京)有限公司")).count() == 3
    assert not Enterprise.objects.filter(name__contains="#N").exists()


def test_records_find_their_enterprise_however_its_name_was_typed(cast, county) -> None:
    for number, name in enumerate(("示例䶮㛃𠮷𬍛𫍽生物（南京）有限公司", "全角ＡＢＣ示例有限公司"), 910):
        make_enterprise(county=cast.places["320115"], name=name, code=sample_code("320115", number))
    upload = SimpleUploadedFile("brackets.xlsx", (CASES / "brackets.xlsx").read_bytes())
    data = {"kind": "ideology.lecture", "after": "draft", "file": upload}
    assert county.post(reverse("records:imports"), data).status_code == 302
    batch = Import.objects.latest("pk")
    running.run(batch.job_id)
    batch.refresh_from_db()
    assert batch.counts["new"] == 4, reasons(batch)
    assert [row for row, _column, _said in reasons(batch)] == [6], "a name that is merely near is no match"


def test_the_page_asks_about_a_firm_of_a_known_name(cast, county) -> None:
    values = {
        "name": "江宁示例机械(有限公司)",
        "credit_code": sample_code("320115", 920),
        "county": cast.places["320115"].pk,
        "industry": "C",
        "ownership": "private",
        "size": "small",
    }
    make_enterprise(county=cast.places["320115"], name="江宁示例机械（有限公司）", code=sample_code("320115", 921))
    answer = county.post(reverse("enterprises:create"), values)
    [asked] = answer.context["questions"]
    assert "江宁示例机械（有限公司）" in answer.content.decode() and "核对无误，保存" in answer.content.decode()
    assert county.post(reverse("enterprises:create"), values | {"confirmed": "else"}).status_code == 200
    assert county.post(reverse("enterprises:create"), values | {"confirmed": asked.key}).status_code == 302
    made = Enterprise.objects.get(credit_code=values["credit_code"])
    assert made.place.name_key == made.name_key == fold("江宁示例机械（有限公司）")


def test_a_new_name_that_somebody_has_is_confirmed_with_the_change(cast) -> None:
    make_enterprise(county=cast.places["320115"], name="示例精工（南京）有限公司", code=sample_code("320115", 925))
    said = {"name": "示例精工(南京)有限公司", "reason": "工商变更登记。", "on": timezone.localdate()}
    who = {"acting_user": cast.county, "enterprise_id": cast.enterprise.pk, "version": cast.enterprise.version}
    with pytest.raises(NeedsConfirmation) as asked:
        rename_enterprise(**who, **said)
    assert "已有 1 家企业叫“示例精工(南京)有限公司”" in str(asked.value)
    assert rename_enterprise(**who, **said, confirmed=asked.value.keys).name_key == fold(said["name"])


@pytest.mark.parametrize("words", ["生物(南京)", "生物（南京）", "𠮷𬍛", "𬍛", "\ue863㛃", "南京) 有限"])
def test_a_firm_is_found_however_its_name_is_typed(cast, county, words) -> None:
    name = "示例䶮㛃𠮷𬍛𫍽生物（南京）有限公司"
    made = make_enterprise(county=cast.places["320115"], name=name, code=sample_code("320115", 930))
    assert made in Enterprise.objects.search(words)
    assert name in county.get(reverse("enterprises:list"), {"q": words}).content.decode()


def test_the_example_of_the_template_is_what_it_takes(cast, county) -> None:
    Industry.objects.get_or_create(code="C3421", defaults={"level": "class", "name": "金属切削机床制造"})
    workbook = load_workbook(io.BytesIO(b"".join(county.get(reverse("enterprises:import_template")))))
    workbook["填报"].cell(2, 1).value = 1
    out = io.BytesIO()
    workbook.save(out)
    batch = checked(county, out.getvalue())
    assert counts(batch) == {"new": 1}, reasons(batch)
    assert confirmed(county, batch, "all").state == ImportState.DONE


# --- people -------------------------------------------------------------------------------------------


def test_a_list_of_people_as_an_office_keeps_it(cast, county) -> None:
    for number, name in enumerate(
        ("示例企業（集團）有限公司", "全角ＡＢＣ示例有限公司", "示例䶮㛃𠮷𬍛𫍽生物（南京）有限公司"), 940
    ):
        make_enterprise(county=cast.places["320115"], name=name, code=sample_code("320115", number))
    batch = brought(county, "people.xlsx", "backoffice:account_imports")
    assert batch.state == ImportState.CHECKED, batch.job.error
    people = {row.said["title"]: row.values["username"] for row in batch.rows.filter(outcome="new")}
    for name, begins in {
        "单小雨": "shanxiaoyu-",
        "曾国强": "zengguoqiang-",
        "仇和平": "qiuheping-",
        "解学工": "xiexuegong-",
        "欧阳静": "ouyangjing-",
        "王强": "wangqiang-",
        "王䶮": "wangyan-",
        "䶮某某": "yanmoumou-",
    }.items():
        assert people[name].startswith(begins), people[name]
    assert all(username.isascii() for username in people.values()) and len(set(people.values())) == len(people)
    assert "玛丽" in people, "长期 is how the portal prints it"
    why = {row: (column, said) for row, column, said in reasons(batch)}
    assert why[14] == ("姓名", "这一格是错误值 #N/A，不是内容。")
    assert "2027 年 9 月只有 30 天" in why[15][1] and "“张三、李四”像是不止一个人" in why[17][1]
    assert "没有找到“ＡＢＣ”" in why[18][1]
    assert set(why) == {14, 15, 17, 18} and "第 19 行“合计”" in "".join(batch.notes)


def test_a_style_that_points_nowhere_does_not_stop_a_list_of_people(cast, county) -> None:
    make_enterprise(county=cast.places["320115"], name="示例企業(集團)有限公司", code=sample_code("320115", 950))
    batch = brought(county, "people_fontid.xlsx", "backoffice:account_imports")
    assert batch.rows.get(outcome="new").values["username"].startswith("zhangsanfeng-"), reasons(batch)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("查良镛", "zhaliangyong"),
        ("朴树", "piaoshu"),
        ("翟天", "zhaitian"),
        ("区小明", "ouxiaoming"),
        ("盖叫天", "gejiaotian"),
        ("尉迟恭", "yuchigong"),
        ("万俟芳", "moqifang"),
        ("小单", "xiaodan"),
        ("阿卜杜拉·买买提", "abodulamaimaiti"),
        ("阿卜杜拉•买买提", "abodulamaimaiti"),
        ("ＡＢＣ", "abc"),
        ("🙂", ""),
    ],
)
def test_surnames_are_read_as_surnames(name, latin) -> None:
    assert latin_name(name) == latin


def test_user_names_are_what_a_keyboard_has(cast, county) -> None:
    form = {"username": "陈ａ", "full_name": "陈甲", "role": "clerk", "place": cast.enterprise.credit_code}
    answer = county.post(reverse("backoffice:account_create"), form)
    assert (
        "用户名只能用英文字母、数字" in answer.content.decode() and not User.objects.filter(full_name="陈甲").exists()
    )
    validate_username("chen.jia-jnsl@x_1+2")


# --- one folding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("示例（南京）有限公司", "示例(南京) 有限公司"),
        ("示例〔2026〕", "示例[2026]"),
        ("全角ＡＢＣ", "全角abc"),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("换行\n示例", "换行示例"),
        ("\ue863某", "䶮某"),
        ("A—B", "a-b"),
        ("﨑", "﨑"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one, other) -> None:
    assert fold(one) == fold(other) and fold(fold(one)) == fold(one)


@pytest.mark.parametrize(("one", "other"), [("企业", "企業"), ("𠮷", "吉"), ("示例一", "示例二"), ("A1", "A11")])
def test_different_names_stay_different(one, other) -> None:
    assert fold(one) != fold(other)


def test_private_use_is_read_as_the_standard_maps_it() -> None:
    """The rows of GBK that Python's codec of GB 18030 knows by their code points of today."""
    for offset in range(80):
        lead, trail = 0xFE, 0x50 + offset + (1 if 0x50 + offset >= 0x7F else 0)
        today = bytes((lead, trail)).decode("gb18030")
        mapped = standard(chr(0xE815 + offset))
        assert not 0xE000 <= ord(mapped) <= 0xF8FF
        if not 0xE000 <= ord(today) <= 0xF8FF and ord(today) < 0x10000 and mapped != today:
            pytest.fail(f"U+{0xE815 + offset:04X}: {mapped} is not {today}")
    assert standard("\ue78d\ue796\ue7c7") == "\ufe10\ufe19ḿ" and standard("\ue000") == "\ue000"
    assert "（" in "".join(spellings("生物(南京)"))


def test_a_place_keeps_its_key_when_it_is_renamed(cast, county) -> None:
    place = cast.places["320115"]
    rename_place(place, name="江宁（新）区", short_name="江宁", on=datetime.date(2026, 1, 1))
    assert Place.objects.named(["江宁(新)区"]).get() == place


# --- searching ----------------------------------------------------------------------------------------


def spoken_by(cast, speaker: str, title: str) -> Record:
    values = {"title": title, "happened_on": timezone.localdate(), "form": "on_site", "speaker": speaker}
    kind = kind_by_slug("ideology.lecture")
    return file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)


def hits(browser, words: str) -> str:
    """The page without the marks on the words that were looked for."""
    page = browser.get(reverse("search:page"), {"q": words}).content.decode()
    return page.replace("<mark>", "").replace("</mark>", "")


def test_the_search_everywhere_finds_who_spoke_and_one_rare_character(cast, sign_in) -> None:
    spoken_by(cast, "买买提·阿卜杜拉", "安全课")
    spoken_by(cast, "王𬍛", "面点（初级）课")
    spoken_by(cast, "李明", "𰻝𰻝面制作")
    clerk = sign_in(cast.clerk)
    assert "安全课" in hits(clerk, "阿卜杜拉") and "安全课" in hits(clerk, "买买提 安全")
    assert "面点（初级）课" in hits(clerk, "𬍛") and "面点（初级）课" in hits(clerk, "面点(初级)")
    assert "𰻝𰻝面制作" in hits(clerk, "𰻝")
    assert "安全课" not in hits(clerk, "李明")
    assert "安全课" not in hits(sign_in(cast.neighbour), "阿卜杜拉")


def test_a_speaker_very_many_had_is_found_as_well(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr("foundation.textsearch.indexes._MOST_KEYS", 1)
    for number in range(3):
        spoken_by(cast, "赵红", f"第{number}讲")
    page = hits(sign_in(cast.clerk), "赵红")
    assert all(f"第{number}讲" in page for number in range(3))


def test_keys_of_a_full_table_are_filled_by_parts_and_go_on_where_they_stopped(cast, monkeypatch) -> None:
    monkeypatch.setattr("foundation.textsearch.fields.BATCH", 2)
    Place.objects.update(name_key="")
    Place.objects.filter(code="32").update(name_key="done before")
    fill_folded("places", "Place", name="name_key", of="name")(apps, connection.SchemaEditorClass(connection))
    keys = dict(Place.objects.values_list("name", "name_key"))
    assert keys.pop("江苏省") == "done before"
    assert keys and all(key == fold(name) for name, key in keys.items())
