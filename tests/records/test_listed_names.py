"""Names of registers in records: offered while somebody types, found however they are spelt or by their number, asked about where
the register has none or several."""

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook
from rest_framework.test import APIClient

from enterprises.bodies.resources import BodyResource
from enterprises.models import BodyMember, Cluster, Organisation, OrganisationKind
from enterprises.organisations.resources import OrganisationResource
from foundation.folding import fold
from foundation.refusals import NeedsConfirmation
from records.core.actions import act, file_record, update_record
from records.core.finding import find_names
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from records.core.listed import find_rows
from records.core.models import Among, ListedName, NamedRow
from records.exchange.resources import columns_for
from records.models import Record
from services.models import Outreach
from skills.models import Apprentice, SchoolClass
from tests.contracts.world import as_posted, values_for
from tests.records.exchange.books import checked, confirmed, opened, questions, reasons, saved
from tests.rights.filing import filed, hand_in
from tests.skills.test_kinds import file_it

pytestmark = pytest.mark.django_db

KIND, APPRENTICE, OUTREACH = "skills.schoolclass", "skills.apprentice", "services.outreach"
NUMBER = "3432000123"


def school(cast, name="示例技师学院（江宁）", kind=OrganisationKind.TECHNICIAN, county="320115", code="", **more):
    by = {"320115": cast.county, "320106": cast.other_county, "320571": cast.neighbour_county}[county]
    values = {"kind": kind, "name": name, "code": code, "county": cast.places[county], "contact": ""}
    return OrganisationResource().save(acting_user=by, values={**values, "is_active": True, **more})


def named(record) -> list[tuple[str, str, object]]:
    rows = NamedRow.objects.filter(record=record.pk)
    return [
        (row.path, row.name, row.organisation or row.enterprise or row.cluster or row.body or row.contest)
        for row in rows
    ]


def form_of(cast, slug=KIND, filer=None, **said) -> RecordForm:
    values = {**values_for(slug, filer or cast.enterprise), **said}
    form = RecordForm(values, kind=kind_by_slug(slug), filer=filer or cast.enterprise)
    form.full_clean()
    return form


# --- while somebody types


def test_the_field_offers_what_the_register_has(cast, sign_in):
    school(cast)
    school(cast, "示例培训学校", OrganisationKind.TRAINING)
    school(cast, "示例停办学院", is_active=False)
    widget = RecordForm(kind=kind_by_slug(KIND), filer=cast.enterprise).fields["school"].widget
    address = str(widget.attrs["data-suggest-url"])
    clerk = sign_in(cast.clerk)
    found = clerk.get(f"{address}?q=示例").json()["results"]
    assert [row["value"] for row in found] == ["示例技师学院（江宁）"] and "江宁" in found[0]["text"]
    assert clerk.get(f"{address}?q=").json()["results"] == []
    anyone = "/records/names/skills.trainingclass/institution/?q=示例"
    assert len(clerk.get(anyone).json()["results"]) == 2


@pytest.mark.parametrize(
    "path", ["skills.schoolclass/title", "skills.schoolclass/none", "none.none/school", "x/school"]
)
def test_what_takes_no_names_offers_none(cast, sign_in, path):
    assert sign_in(cast.clerk).get(f"/records/names/{path}/?q=示例").status_code == 404


def test_of_two_of_one_name_each_is_offered_with_its_number(cast, sign_in):
    school(cast, code=NUMBER)
    school(cast, county="320106", code="3432000999")
    found = sign_in(cast.clerk).get(f"/records/names/{KIND}/school/?q=示例").json()["results"]
    assert {row["value"] for row in found} == {
        f"示例技师学院（江宁）（{NUMBER}）",
        "示例技师学院（江宁）（3432000999）",
    }


def test_nobody_is_offered_enterprises_or_contests_of_others(cast, sign_in):
    address = f"/records/names/{OUTREACH}/visited/"
    assert [row["value"] for row in sign_in(cast.county).get(f"{address}?q=示例机械").json()["results"]]
    assert sign_in(cast.neighbour_county).get(f"{address}?q=示例机械").json()["results"] == []
    assert sign_in(cast.neighbour).get(f"{address}?q=江宁").json()["results"] == []
    contest = filed(cast, "competitions.contest", title="示例焊工比武")
    hand_in(cast, contest)
    address = "/records/names/skills.evaluation/contest_name/?q=焊工"
    assert len(sign_in(cast.clerk).get(address).json()["results"]) == 1
    assert sign_in(cast.second_clerk).get(address).json()["results"] == []


# --- found when it is handed in


def test_a_name_is_found_however_it_is_spelt_when_the_record_is_handed_in(cast, sign_in):
    row = school(cast)
    record = filed(cast, KIND, school="示例技师学院(江宁)")
    assert named(record) == []
    assert not hand_in(cast, record)
    assert named(record) == [("school", "示例技师学院(江宁)", row)]
    page = sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert f'<a href="{row.get_absolute_url()}">示例技师学院(江宁)</a>' in page


def test_a_name_that_the_register_has_not_is_asked_about_and_taken_as_written(cast):
    record = filed(cast, KIND, school="没有登记的学院")
    with pytest.raises(NeedsConfirmation) as asked:
        act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    assert "“合作院校”写的“没有登记的学院”在“院校和机构”中没有找到" in str(asked.value)
    assert hand_in(cast, record)
    assert SchoolClass.objects.get(pk=record.pk).school == "没有登记的学院" and named(record) == []


def test_one_that_is_closed_is_asked_about_as_such(cast):
    school(cast, is_active=False)
    record = filed(cast, KIND, school="示例技师学院（江宁）")
    assert ["已停用或注销" in text for text in hand_in(cast, record)] == [True] and named(record) == []


def test_one_of_another_kind_is_not_meant(cast):
    school(cast, kind=OrganisationKind.ASSOCIATION)
    record = filed(cast, KIND, school="示例技师学院（江宁）")
    assert "没有找到" in hand_in(cast, record)[0] and named(record) == []


def test_of_two_of_one_name_that_of_the_county_is_meant_and_else_it_is_asked(cast):
    own, other = school(cast), school(cast, county="320106")
    mine = file_it(cast, KIND, school=own.name)
    find_rows([mine.specific()])
    assert named(mine) == [("school", own.name, own)]
    Record.objects.filter(pk=mine.pk).update(county=cast.places["320571"])
    moved = SchoolClass.objects.get(pk=mine.pk)
    find_rows([moved])
    assert named(mine) == [], other
    Organisation.objects.filter(pk=own.pk).delete()
    school(cast, own.name, county="320571")
    record = filed(cast, KIND, school=own.name)
    assert "不止一个，不知道是哪一个。请改写代码或编号" in hand_in(cast, record)[0]


@pytest.mark.parametrize("number", [1, 3])
def test_many_are_found_with_as_few_queries_as_one(cast, number):
    row = school(cast)
    for one in range(20):
        school(cast, f"别的学院{one}")
    records = [file_it(cast, KIND, title=f"示例班{one}", school=row.name).specific() for one in range(number)]
    with CaptureQueriesContext(connection) as queries:
        find_rows(records)
    assert len(queries) == 3
    [read] = [one["sql"] for one in queries if "enterprises_organisation" in one["sql"] and "SELECT" in one["sql"]]
    assert "name_key" in read and "别的" not in read
    assert NamedRow.objects.filter(organisation=row).count() == number


def test_the_register_keeps_the_key_of_a_name(cast):
    row = school(cast, "江宁示例（学院）")
    assert row.name_key == fold("江宁示例(学院)")
    values = {"kind": row.kind, "name": "江宁新名（学院）", "county": row.county, "code": "", "contact": ""}
    OrganisationResource().save(acting_user=cast.county, values={**values, "is_active": True}, row=row)
    assert Organisation.objects.get(pk=row.pk).name_key == fold("江宁新名(学院)")


def test_a_row_names_one_row_of_one_register(cast):
    record = file_it(cast, KIND, school="示例")
    row = school(cast)
    for columns in ({}, {"organisation": row, "enterprise": cast.enterprise}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NamedRow.objects.create(record_id=record.pk, path="school", name="示例", **columns)


# --- several names


def test_several_schools_are_found_each_and_the_unknown_is_named(cast, sign_in):
    one, two = school(cast), school(cast, "示例大学", OrganisationKind.UNIVERSITY, county="320571")
    record = filed(cast, APPRENTICE, school=f"{one.name}、没有的学院，示例大学")
    told = hand_in(cast, record)
    assert [text for text in told if "没有找到" in text] == [
        "“合作院校”写的“没有的学院”在“院校和机构”中没有找到。请核对是否写的全称；确实没有登记的，写明情况后提交。"
    ]
    assert named(record) == [("school", one.name, one), ("school", "示例大学", two)]
    page = sign_in(cast.county).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert page.count('<a href="/enterprises/organisations/') >= 2 and "、没有的学院，" in page
    assert Apprentice.objects.get(pk=record.pk).school == f"{one.name}、没有的学院，示例大学"


def visit(cast, **changes) -> Record:
    office = cast.places["320115"]
    values = values_for(OUTREACH, office, **changes)
    return file_record(acting_user=cast.county, kind=kind_by_slug(OUTREACH), filer=office, values=values)


def test_a_visit_names_enterprises_and_parks_of_the_offices_area(cast, sign_in):
    park = Cluster.objects.create(
        kind="park",
        name="江宁示例产业园",
        place=cast.places["320115"],
        province=cast.places["32"],
        city=cast.places["3201"],
        county=cast.places["320115"],
    )
    away = cast.neighbour_enterprise
    record = visit(cast, visited=f"{cast.enterprise.name}、{park.name}、{away.name}")
    with pytest.raises(NeedsConfirmation) as asked:
        act(acting_user=cast.county, record_id=record.pk, action="submit", version=record.version)
    assert [one.finding for one in asked.value.questions if one.code == "name"] == [
        f"“到访企业”写的“{away.name}”在“企业名录、产业园区和产业链”中没有找到。"
    ]
    act(
        acting_user=cast.county,
        record_id=record.pk,
        action="submit",
        version=record.version,
        confirmed=asked.value.keys,
        reason="外地企业。",
    )
    assert named(record) == [("visited", cast.enterprise.name, cast.enterprise), ("visited", park.name, park)]
    page = sign_in(cast.county).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert f'<a href="{cast.enterprise.get_absolute_url()}">' in page


def test_lines_name_members_of_the_joint_conference_and_enterprises(cast, sign_in):
    slug, office = "services.linkedmembers", cast.places["320115"]
    body = BodyResource().save(
        acting_user=cast.county, values={"kind": "joint", "name": "江宁联席会议", "place": office, "level": ""}
    )
    lines = [
        {"unit": "区人社局", "enterprises": 1, "names": cast.enterprise.credit_code},
        {"unit": "区科协", "enterprises": 2, "names": ""},
    ]

    def asked_of(**changes) -> list[str]:
        values = {**values_for(slug, office), "units": lines, **changes}
        form = RecordForm(values, kind=kind_by_slug(slug), filer=office)
        assert form.is_valid(), form.errors
        record = file_record(acting_user=cast.county, kind=kind_by_slug(slug), filer=office, values=form.values())
        try:
            act(acting_user=cast.county, record_id=record.pk, action="submit", version=record.version)
        except NeedsConfirmation as asked:
            act(
                acting_user=cast.county,
                record_id=record.pk,
                action="submit",
                version=record.version,
                confirmed=asked.keys,
                reason="已核对。",
            )
            found = [one.finding for one in asked.questions if one.code == "name"]
        else:
            found = []
        assert named(record) == [("units.1.names", cast.enterprise.name, cast.enterprise)]
        Record.objects.all().delete()
        return found

    assert asked_of() == [], "an office that has entered no members is not asked"
    BodyMember.objects.create(body=body, name="张三", unit="区人社局")
    address = "/records/names/services.linkedunit/unit/?q=人社"
    offered = {who: sign_in(cast.people[who]).get(address).json()["results"] for who in ("county", "clerk", "auditor")}
    assert [len(rows) for rows in offered.values()] == [1, 0, 0], "who may not read the list is offered nothing of it"
    assert asked_of() == ["“成员单位”写的“区科协”在“联席会议成员单位”中没有找到。"]


def test_a_culture_event_names_an_association_of_its_own_and_anything_else_unasked(cast):
    slug = "ideology.cultureevent"
    values = {"kind": "association", "place": cast.enterprise.place, "level": ""}
    own = BodyResource().save(acting_user=cast.clerk, values={**values, "name": "示例篮球协会"})
    values = {"kind": "association", "place": cast.second_enterprise.place, "level": ""}
    BodyResource().save(acting_user=cast.second_clerk, values={**values, "name": "别家合唱团"})
    for name, row in (("示例篮球协会", own), ("别家合唱团", None), ("企业工会", None)):
        record = filed(cast, slug, organised_by=name, title=f"{name}活动")
        assert not [text for text in hand_in(cast, record) if "组织者" in text]
        assert [found for _path, _name, found in named(record)] == ([row] if row else [])


def test_an_evaluation_names_a_contest_of_its_own_enterprise(cast):
    mine = filed(cast, "competitions.contest", title="示例焊工比武")
    evaluation = {"way": "contest", "promoted": None}
    early = filed(cast, "skills.evaluation", **evaluation, contest_name="示例焊工比武", title="早")
    assert "在“已填报的竞赛”中没有找到" in "".join(hand_in(cast, early)), "a draft is no contest yet"
    hand_in(cast, mine)
    form = form_of(cast, "skills.evaluation", **evaluation, contest_name=mine.reference)
    assert form.cleaned_data["contest_name"] == "示例焊工比武"
    record = filed(cast, "skills.evaluation", **evaluation, contest_name="示例 焊工比武", title="晚")
    hand_in(cast, record)
    assert named(record) == [("contest_name", "示例 焊工比武", Record.objects.get(pk=mine.pk))]
    other = form_of(cast, "skills.evaluation", filer=cast.second_enterprise, **evaluation, contest_name=mine.reference)
    assert "不是“已填报的竞赛”中可以选用的代码或编号" in str(other.errors["contest_name"])


# --- a number in place of a name


@pytest.mark.parametrize("typed", [NUMBER, f" {NUMBER} ", "３４３２０００１２３"])
def test_a_number_is_found_as_the_row_it_names(cast, typed):
    row = school(cast, code=NUMBER)
    assert form_of(cast, school=typed).cleaned_data["school"] == row.name


def test_of_two_of_one_name_the_number_stays_beside_the_name_and_says_which(cast):
    school(cast)
    other = school(cast, county="320106", code=NUMBER)
    form = form_of(cast, school=NUMBER)
    assert form.cleaned_data["school"] == f"{other.name}（{NUMBER}）"
    record = filed(cast, KIND, school=form.cleaned_data["school"])
    hand_in(cast, record)
    assert [row for _path, _name, row in named(record)] == [other]
    assert form_of(cast, school=form.cleaned_data["school"]).cleaned_data["school"] == f"{other.name}（{NUMBER}）"


@pytest.mark.parametrize("typed", ["9999999999", "91320115MA1111111A", "0000", "示例技师学院、9999999999"])
def test_a_number_that_is_no_rows_is_refused(cast, typed):
    school(cast, code=NUMBER)
    form = form_of(cast, APPRENTICE, school=typed)
    number = typed.rpartition("、")[2]
    assert f"“{number}”不是“院校和机构”中可以选用的代码或编号。请核对，或改写全称" in str(form.errors["school"])


@pytest.mark.parametrize(
    "typed", ["<script>", "'; DROP TABLE", "，，，", "%", "示例2025届订单班学院", "A", "（）", "、"]
)
def test_odd_texts_are_taken_as_names(cast, typed):
    form = form_of(cast, APPRENTICE, school=typed)
    assert form.cleaned_data["school"] == typed.strip() and "school" not in form.errors


def test_a_closed_row_and_a_neighbours_are_not_found_by_number(cast):
    school(cast, code=NUMBER, is_active=False)
    assert "可以选用" in str(form_of(cast, school=NUMBER).errors["school"])
    away = cast.neighbour_enterprise
    form = form_of(cast, OUTREACH, filer=cast.places["320115"], visited=away.credit_code)
    assert "可以选用" in str(form.errors["visited"])
    own = form_of(
        cast,
        OUTREACH,
        filer=cast.places["320115"],
        visited=f"{cast.enterprise.credit_code.lower()}、{cast.second_enterprise.name}",
    )
    assert own.cleaned_data["visited"] == f"{cast.enterprise.name}、{cast.second_enterprise.name}"


def test_the_page_takes_a_number(cast, sign_in):
    row = school(cast, code=NUMBER)
    clerk = sign_in(cast.clerk)
    new = reverse("records:create", args=[KIND])
    values = as_posted(values_for(KIND, cast.enterprise, school=NUMBER))
    answer = clerk.post(new, {**values, "enterprise": cast.enterprise.credit_code, "submit": "1", "action": "submit"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert SchoolClass.objects.get().school == row.name
    refused = clerk.post(new, {**values, "school": "9999999999", "enterprise": cast.enterprise.credit_code})
    assert "不是“院校和机构”中可以选用的代码或编号" in refused.content.decode()


def test_the_api_takes_a_number_and_refuses_one_that_is_no_rows(cast):
    row = school(cast, code=NUMBER)
    client = APIClient()
    client.force_authenticate(cast.clerk)
    values = values_for(KIND, cast.enterprise, school=NUMBER)
    body = {
        "kind": KIND,
        "enterprise": cast.enterprise.credit_code,
        **values,
        "happened_on": str(values["happened_on"]),
    }
    made = client.post("/api/v1/records/", body, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["school"] == row.name
    refused = client.post("/api/v1/records/", {**body, "school": "9999999999"}, format="json")
    assert refused.status_code == 400
    [error] = [one for one in refused.json()["errors"] if one["field"] == "school"]
    assert "不是“院校和机构”中可以选用的代码或编号" in error["reason"]
    for hostile in ({"pk": row.pk}, [row.pk], row.pk):
        answer = client.post("/api/v1/records/", {**body, "school": hostile}, format="json")
        assert answer.status_code == 400 and "school" in answer.content.decode()


# --- workbooks


def book(cast, *schools: str) -> bytes:
    kind = kind_by_slug(KIND)
    workbook = Workbook()
    columns = [column for column in columns_for(kind) if not column.only_exact and not column.is_shown_only]
    workbook.active.append([column.heading for column in columns])
    for number, name in enumerate(schools):
        values = values_for(
            KIND, cast.enterprise, title=f"{number}号示例班名称各不相同{'甲乙丙丁戊己'[number]}", school=name
        )
        said = {"_code": cast.enterprise.credit_code}
        said |= {one.name: one.widget.render(values[one.name]) for one in columns if one.name in values}
        workbook.active.append([said.get(column.name) for column in columns])
    return saved(workbook)


def test_a_workbook_takes_names_and_numbers_asks_and_refuses(cast, sign_in):
    own = school(cast, code=NUMBER)
    school(cast, "同名学院", county="320106")
    school(cast, "同名学院", county="320571")
    school(cast, "停办学院", is_active=False)
    clerk = sign_in(cast.clerk)
    content = book(cast, NUMBER, "示例技师学院(江宁)", "没有登记的学院", "同名学院", "停办学院", "9999999999")
    batch = checked(clerk, content, kind=KIND)
    assert [(row, column) for row, column, _reason in reasons(batch)] == [(7, "合作院校")]
    asked = {row: "".join(told) for row, told in questions(batch).items()}
    assert "没有找到" in asked[4] and "不止一个" in asked[5] and "已停用" in asked[6]
    assert "合作院校" not in asked.get(2, "") + asked.get(3, "")
    confirmed(clerk, batch)
    kept = {record.title[0]: (record.school, named(record)) for record in SchoolClass.objects.order_by("pk")}
    assert kept["0"] == (own.name, [("school", own.name, own)])
    assert [row for _path, _name, row in kept["1"][1]] == [own]
    assert [kept[number][1] for number in "234"] == [[], [], []]


def test_an_export_with_a_number_beside_a_name_changes_nothing(cast, sign_in):
    school(cast)
    other = school(cast, county="320106", code=NUMBER)
    file_it(cast, KIND, school=f"{other.name}（{NUMBER}）")
    clerk = sign_in(cast.clerk)
    workbook = opened(b"".join(clerk.get(reverse("records:export"), {"kind": KIND})))
    assert checked(clerk, saved(workbook), kind=KIND, after="draft").counts["unchanged"] == 1


# --- what was on file


def test_names_on_file_are_found_by_a_migration_and_their_texts_and_history_stay(cast):
    row = school(cast)
    told = filed(cast, APPRENTICE, school=f"{row.name}、没有的学院")
    hand_in(cast, told)
    draft = visit(cast, visited=cast.enterprise.name)
    history = list(told.steps.order_by("pk").values_list("values", flat=True))
    NamedRow.objects.all().delete()
    many = ListedName(among=(Among.ORGANISATION,), sorts=("technician",), is_many=True)
    for _again in range(2):
        find_names("skills", "Apprentice", "school", many)(apps, connection.SchemaEditorClass(connection))
        field = ListedName(among=(Among.ENTERPRISE,), is_many=True)
        find_names("services", "Outreach", "visited", field)(apps, connection.SchemaEditorClass(connection))
    assert named(told) == [("school", row.name, row)]
    assert named(draft) == [], "what was never handed in is found when it is"
    assert list(told.steps.order_by("pk").values_list("values", flat=True)) == history
    assert Apprentice.objects.get(pk=told.pk).school == f"{row.name}、没有的学院"
    assert Outreach.objects.get(pk=draft.pk).visited == cast.enterprise.name


def test_each_migration_finds_what_its_model_says():
    said = importlib.import_module("skills.migrations.0008_names_of_registers")
    for spec, model, name in ((said._SCHOOLS, Apprentice, "school"),):
        field = model._meta.get_field(name)
        assert (spec.among, spec.sorts, spec.is_many) == (field.among, field.sorts, field.is_many)
    said = importlib.import_module("services.migrations.0011_names_of_registers")
    field = Outreach._meta.get_field("visited")
    assert (said._VISITED.among, said._VISITED.is_many) == (field.among, field.is_many)


def test_a_text_that_was_changed_since_leads_nowhere(cast, sign_in):
    row = school(cast)
    record = filed(cast, KIND, school=row.name)
    hand_in(cast, record)
    record.refresh_from_db()
    act(acting_user=cast.clerk, record_id=record.pk, action="withdraw", version=record.version)
    record.refresh_from_db()
    update_record(acting_user=cast.clerk, record_id=record.pk, version=record.version, values={"school": "另一所学院"})
    page = sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "另一所学院" in page and row.get_absolute_url() not in page
