"""Bad input: every refused value names field, reason and cure, in the words of the pages."""

import datetime
import json

import pytest
from django.utils import timezone

from api.problems import cure_in
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from records.models import Record
from tests.api.conftest import BASE, assert_problem

pytestmark = pytest.mark.django_db

TOMORROW = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()

BAD_VALUES = [
    {"happened_on": TOMORROW},
    {"happened_on": "上个月"},
    {"attendances": 10**9},
    {"attendances": "四十五"},
    {"attendances": -1},
    {"attendances": 4.5},
    {"form": "telepathy"},
    {"title": "长" * 121},
    {"frontline_attendances": "几乎全部"},
]


@pytest.mark.parametrize("bad", BAD_VALUES, ids=str)
def test_the_api_refuses_with_the_words_of_the_page(cast, call, lecture, bad):
    typed = {key: str(value) for key, value in {**lecture, **bad}.items() if key not in {"kind", "enterprise"}}
    form = RecordForm(typed, kind=kind_by_slug("ideology.lecture"), filer=cast.enterprise)
    assert not form.is_valid()
    body = assert_problem(call("clerk").post("records/", {**lecture, **bad}), 400, "validation")
    answered = [(error["field"], error["reason"]) for error in body["errors"]]
    assert answered == [(name, message) for name, messages in form.errors.items() for message in messages]
    assert not Record.objects.exists()


def test_unknown_names_are_refused_by_name(call, lecture):
    body = assert_problem(call("clerk").post("records/", {**lecture, "staus": "approved", "id": 7}), 400, "validation")
    assert [error["field"] for error in body["errors"]] == ["staus", "id"]
    assert "speaker" in body["errors"][0]["cure"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("speaker", ["a"]), ("speaker", {"a": 1}), ("speaker", 7), ("attendances", True), ("happened_on", 20260930)],
)
def test_wrong_json_types_are_never_turned_into_text(call, lecture, name, value):
    body = assert_problem(call("clerk").post("records/", {**lecture, name: value}), 400, "validation")
    assert [error["field"] for error in body["errors"]] == [name]


def test_a_yes_no_answer_is_yes_no_or_nothing(cast, call):
    clerk = call("clerk")
    body = {"kind": "services.leadership", "enterprise": cast.enterprise.credit_code, "has_plan": "也许"}
    error = assert_problem(clerk.post("records/", body), 400, "validation")["errors"][0]
    assert (error["field"], error["label"]) == ("has_plan", "已制定产改实施方案")
    made = clerk.post("records/", {**body, "has_plan": False, "led_by_principal": None}).json()
    assert (made["has_plan"], made["led_by_principal"]) == (False, None)


def test_a_field_not_asked_of_this_enterprise_is_refused_unless_empty(cast, call):
    clerk = call("clerk")
    body = {"kind": "ideology.partydevelopment", "enterprise": cast.enterprise.credit_code, "total_members": 5}
    refused = clerk.post("records/", {**body, "teams_without_members": 2})
    assert "不填" in assert_problem(refused, 400, "validation")["errors"][0]["reason"]
    assert clerk.post("records/", {**body, "teams_without_members": None}).status_code == 201


@pytest.mark.parametrize("missing", ["kind", "enterprise"])
def test_kind_and_enterprise_must_be_named(call, lecture, missing):
    del lecture[missing]
    assert assert_problem(call("clerk").post("records/", lecture), 400, "validation")["errors"][0]["field"] == missing


def test_an_unknown_kind_is_answered_with_the_known_ones(call, lecture):
    body = assert_problem(call("clerk").post("records/", {**lecture, "kind": "ideology.lectures"}), 400, "validation")
    assert "ideology.lecture（职工大讲堂）" in body["errors"][0]["cure"]


@pytest.mark.parametrize("version", [None, "x", True, 0, 1.5])
def test_a_version_is_a_number(call, lecture, version):
    clerk = call("clerk")
    record = clerk.post("records/", lecture).json()
    for refused in (
        clerk.patch(f"records/{record['id']}/", {"version": version, "title": "x"}),
        clerk.post(f"records/{record['id']}/submit/", {"version": version}),
    ):
        assert assert_problem(refused, 400, "validation")["errors"][0]["field"] == "version"
    assert assert_problem(clerk.patch(f"records/{record['id']}/", {"title": "x"}), 400, "validation")


@pytest.mark.parametrize("raw", ["{", "[]", "7", '"text"', "null", '{"kind": NaN}', "\xff"])
def test_a_body_that_is_no_object_is_unreadable(call, raw):
    client = call("clerk").client
    response = client.generic("POST", f"{BASE}/records/", raw.encode("latin-1"), content_type="application/json")
    assert_problem(response, 400, "unreadable")


@pytest.mark.parametrize("text", ["\ud800", "a\u0000b"])
def test_text_no_database_can_keep_is_refused(call, lecture, text):
    client = call("clerk").client
    raw = json.dumps({**lecture, "summary": text})
    response = client.generic("POST", f"{BASE}/records/", raw, content_type="application/json")
    assert assert_problem(response, 400, "validation")["errors"][0]["field"] == "summary"


def test_transport_errors_are_problems_too(call, cast, client):
    clerk = call("clerk")
    assert_problem(clerk.client.delete(f"{BASE}/records/"), 405, "method-not-allowed")
    wrong = clerk.client.generic("POST", f"{BASE}/records/", "<a/>", content_type="application/xml")
    assert_problem(wrong, 415, "unsupported-media-type")
    assert_problem(clerk.get("no/such/place/"), 404, "not-found")
    assert_problem(clerk.client.get(f"{BASE}/kinds/", headers={"Accept": "image/png"}), 406, "not-acceptable")
    anonymous = client.get(f"{BASE}/records/")
    assert_problem(anonymous, 401, "unauthenticated")
    assert anonymous["WWW-Authenticate"] == "Token"
    forged = client.get(f"{BASE}/records/", headers={"Authorization": "Token 0123"})
    assert_problem(forged, 401, "unauthenticated")
    big = clerk.client.generic(
        "POST", f"{BASE}/records/", b" " * (5 * 1024 * 1024 + 1), content_type="application/json"
    )
    assert_problem(big, 413, "too-large")


def test_a_session_needs_the_csrf_token(cast, lecture):
    from rest_framework.test import APIClient  # noqa: PLC0415

    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(cast.clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(f"{BASE}/records/").status_code == 200
    refused = browser.post(f"{BASE}/records/", lecture, format="json")
    assert "X-CSRFToken" in assert_problem(refused, 403, "forbidden")["detail"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"quarter": "2019Q9"}, "quarter"),
        ({"region": "9999"}, "region"),
        ({"fact": "B01.sessions"}, "quarter"),
        ({"fact": "X", "quarter": "2026Q3"}, "fact"),
        ({"staus": "draft"}, "staus"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "cD1hYmM="}, "cursor"),
        ({"kind": "no.such"}, "kind"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(call, params, field):
    assert assert_problem(call("county").get("records/", **params), 400, "validation")["errors"][0]["field"] == field


def test_numbers_beyond_any_row_are_not_found(call):
    assert_problem(call("clerk").get(f"records/{10**30}/"), 404, "not-found")
    assert call("county").get("records/", cursor="cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5").json()["results"] == []


@pytest.mark.parametrize(
    ("message", "cure"),
    [
        ("这一项还没有填。提交前请填好；暂时没有数据可先存草稿。", "提交前请填好；暂时没有数据可先存草稿。"),
        ("还有 3 个党员空白班组，请写明消除计划。（依据：某文件 第2条（略））", "请写明消除计划。"),
        (
            "季度“X”无法识别：请写成 2026Q3 的形式（年份、字母 Q、1 至 4）。",
            "请写成 2026Q3 的形式（年份、字母 Q、1 至 4）。",
        ),
        ("不能小于 0。", ""),
    ],
)
def test_the_cure_is_found_in_the_message(message, cure):
    assert cure_in(message) == cure
