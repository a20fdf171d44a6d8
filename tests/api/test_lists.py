"""Lists: shape, pages, filters, and a number of queries that does not grow with the rows."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.serializers import NumberField
from enterprises.models import PilotTier
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import source_by_code
from foundation.jobs.models import Job
from indicators.fill import count_source
from records.core.kinds import all_kinds
from records.models import Record
from reporting.models import Report
from reporting.quality.actions import ask_about
from reporting.quality.models import Sort
from tests.api.conftest import assert_problem, hand_in
from tests.cast import make_enterprise
from tests.indicators.helpers import LAST
from tests.reporting.test_quality import made

pytestmark = pytest.mark.django_db


def _queries(caller, path: str) -> tuple[int, int]:
    """(queries, rows) of one list."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = caller.get(path)
    assert response.status_code == 200, response.json()
    return len(captured), len(response.json()["results"])


def test_records_come_in_pages_newest_first(call, lecture):
    clerk = call("clerk")
    numbers = [clerk.post("records/", {**lecture, "title": f"第{n}讲"}).json()["id"] for n in range(3)]
    page = clerk.get("records/", page_size=2).json()
    assert set(page) == {"next", "previous", "results"}
    assert [row["id"] for row in page["results"]] == [numbers[2], numbers[1]]
    assert page["previous"] is None
    following = clerk.client.get(page["next"]).json()
    assert [row["id"] for row in following["results"]] == [numbers[0]]
    assert following["next"] is None
    row = following["results"][0]
    assert row["kind_label"] == "职工大讲堂" and row["status_label"] == "草稿"
    assert "speaker" not in row


def test_filters_are_those_of_the_page(cast, call, lecture):
    clerk, county = call("clerk"), call("county")
    number = clerk.post("records/", lecture).json()["id"]
    clerk.post(f"records/{number}/submit/", {"version": 1})
    clerk.post("records/", lecture)
    quarter = Quarter.current().code
    for params, count in [
        ({"status": "submitted"}, 1),
        ({"status": "draft"}, 1),
        ({"kind": "ideology.lecture"}, 2),
        ({"kind": "ideology.lecture", "form": "online"}, 0),
        ({"quarter": quarter}, 2),
        ({"region": "320115"}, 2),
        ({"region": "320106"}, 0),
        ({"enterprise": cast.enterprise.credit_code}, 2),
        ({"q": "工匠"}, 2),
        ({"fact": "B01.sessions", "quarter": quarter}, 0),
    ]:
        assert len(clerk.get("records/", **params).json()["results"]) == count, params
    assert len(county.get("records/").json()["results"]) == 1


@pytest.mark.parametrize("path", ["records/", "enterprises/", "reports/", "jobs/"])
def test_the_number_of_queries_does_not_grow(cast, call, lecture, path):
    clerk, province = call("clerk"), call("province")
    counts = []
    for rows in (1, 3):
        while Record.objects.count() < rows:
            record = clerk.post("records/", lecture).json()
            hand_in(clerk, record["id"], "上、下午各一场。")
            number = Report.objects.count() + 1
            job = Job.objects.create(
                kind="reporting.build", title="季报", owner=cast.province, unique_key=str(number), status="done"
            )
            Report.objects.create(
                region=cast.places["3201"],
                province=cast.places["32"],
                city=cast.places["3201"],
                quarter="2026Q3",
                draft_number=number,
                created_by=cast.province,
                job=job,
                status="failed",
            )
        if path == "enterprises/":
            caller = call("clerk") if rows == 1 else province
        else:
            caller = province
        queries, shown = _queries(caller, path)
        assert shown >= rows
        counts.append(queries)
    assert counts[0] == counts[1]
    assert counts[1] <= 6


def test_enterprises_by_name_initials_tier_and_region(cast, call):
    make_enterprise(
        county=cast.places["320106"],
        name="鼓楼示例纺织有限公司",
        code="913201060000000098",
        pilot_tier=PilotTier.NATIONAL,
    )
    city = call("city")

    def names(**params):
        return {row["name"] for row in city.get("enterprises/", **params).json()["results"]}

    assert len(names()) == 4
    assert names(q="纺织") == {"鼓楼示例纺织有限公司"}
    assert names(q="jnsljx") == {cast.enterprise.name}
    assert names(pilot_tier="national") == {"鼓楼示例纺织有限公司"}
    assert names(region="320115") == {cast.enterprise.name, cast.second_enterprise.name}
    shown = city.get(f"enterprises/{cast.enterprise.credit_code}/").json()
    assert (shown["id"], shown["county"], shown["industry"]["code"]) == (cast.enterprise.pk, "320115", "C")
    assert_problem(city.get("enterprises/", pilot_tier="moon"), 400, "validation")


def test_kinds_say_all_a_program_needs(call):
    clerk = call("clerk")
    body = clerk.get("kinds/").json()
    assert set(body) == {"next", "previous", "results"}
    kinds = {entry["kind"]: entry for entry in body["results"]}
    assert set(kinds) == {kind.slug for kind in all_kinds()}
    lecture = kinds["ideology.lecture"]
    assert (lecture["label"], lecture["rhythm"], lecture["area"]) == ("职工大讲堂", "event", "ideology")
    properties = lecture["schema"]["properties"]
    assert properties["attendances"]["type"] == ["integer", "null"] and properties["attendances"]["minimum"] == 0
    assert properties["attendances"]["title"] == "参加人次" and "人次" in properties["attendances"]["description"]
    assert properties["happened_on"]["format"] == "date"
    assert properties["form"]["enum"][:2] == ["on_site", "workshop"]
    assert properties["form"]["x-enum-labels"]["on_site"] == "现场讲授"
    assert lecture["schema"]["required"] == lecture["required"]
    assert {"code": "B01.sessions", "label": "职工大讲堂场次", "unit": "场", "nature": "flow"} in lecture["facts"]
    period = kinds["ideology.partydevelopment"]["schema"]["properties"]["period"]
    assert Quarter.current().code in period["enum"]
    assert clerk.get("kinds/ideology.lecture/").json() == lecture
    assert_problem(clerk.get("kinds/no.such/"), 404, "not-found")


def test_no_kind_has_a_field_named_like_a_member_of_every_record():
    from api.serializers import RecordSerializer  # noqa: PLC0415

    base = {field.name for field in Record._meta.fields}
    for kind in all_kinds():
        assert not (set(kind.fields) - base) & set(RecordSerializer.Meta.fields), kind.slug


@pytest.mark.parametrize(("value", "shown"), [(Decimal("12.00"), 12), (Decimal("33.33"), 33.33), (0, 0)])
def test_numbers_are_numbers(value, shown):
    answer = NumberField().to_representation(value)
    assert answer == shown and type(answer) is type(shown)


def test_compliance_is_scoped_filtered_and_costs_the_same(cast, call):
    quarter = Quarter.current()
    count_source(quarter, source_by_code("compliance"))
    county = call("county")
    page = county.get("compliance/", quarter=quarter.code, rule="A05").json()
    assert set(page) == {"next", "previous", "results"}
    assert [row["enterprise"] for row in page["results"]] == [
        cast.enterprise.credit_code,
        cast.second_enterprise.credit_code,
    ]
    row = page["results"][0]
    assert (row["finding"], row["finding_label"], row["county"]["code"]) == ("not_stated", "未说明", "320115")
    assert row["title"].endswith("。") and row["citation"] and row["cure"]
    assert county.get("compliance/", region="3205", quarter=quarter.code).json()["results"] == []
    [own] = call("clerk").get("compliance/", rule="A05").json()["results"]
    assert own["enterprise"] == cast.enterprise.credit_code
    assert county.get("compliance/", finding="holds", rule="A05").json()["results"] == []
    assert_problem(county.get("compliance/", rule="R99"), 400, "validation")
    assert_problem(county.get("compliance/", quarter="2026第三"), 400, "validation")
    assert_problem(call("admin").get("compliance/"), 403, "forbidden")
    few, one = _queries(county, "compliance/?rule=A05&page_size=1")
    more, two = _queries(county, "compliance/?rule=A05")
    assert (one, two) == (1, 2) and few == more


def test_quality_is_scoped_filtered_and_costs_the_same(cast, call):
    mine, double = made(cast), made(cast, sort=Sort.CONSTANT, details={"quarters": 4}, weight=100)
    made(cast, of=cast.neighbour_enterprise)
    ask_about(acting_user=cast.county, finding_id=mine.pk, question="请附签到表核对。")
    county, clerk = call("county"), call("clerk")
    page = county.get("quality/").json()
    assert set(page) == {"next", "previous", "results"}
    assert [row["id"] for row in page["results"]] == [mine.pk, double.pk], "the heavier first, no neighbour's"
    row = page["results"][0]
    assert (row["enterprise"], row["county"]["code"]) == (cast.enterprise.credit_code, "320115")
    assert (row["sort"], row["fact"], row["value"], row["compared"]) == ("history", "B01.attendances", 900, 60)
    assert (row["state"], row["question"]) == ("asked", "请附签到表核对。") and "900" in row["said"]
    assert [row["id"] for row in clerk.get("quality/").json()["results"]] == [mine.pk], "what it was asked"
    for params, found in [
        ({"sort_of": "constant"}, [double.pk]),
        ({"state": "asked"}, [mine.pk]),
        ({"region": "3205"}, []),
        ({"quarter": Quarter.current().code}, []),
        ({"q": "机械"}, [mine.pk, double.pk]),
    ]:
        assert [row["id"] for row in county.get("quality/", **params).json()["results"]] == found, params
    assert call("neighbour").get("quality/").json()["results"] == []
    assert_problem(county.get("quality/", sort_of="none"), 400, "validation")
    assert_problem(county.get("quality/", quarter="2026第三"), 400, "validation")
    assert_problem(call("admin").get("quality/"), 403, "forbidden")
    few, one = _queries(county, "quality/?page_size=1")
    made(cast, sort=Sort.JUMP, details={"before": LAST.previous().code})
    more, three = _queries(county, "quality/")
    assert (one, three) == (1, 3) and few == more
