"""The main job through the API: file, send back, mend, approve, and the figure moves."""

import pytest

from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from records.models import Record
from tests.api.conftest import assert_problem

pytestmark = pytest.mark.django_db


def _figure(caller, region: str, code: str) -> int | None:
    sheet = caller.get("indicators/values/", region=region, quarter=Quarter.current().code).json()
    return next(figure["value"] for figure in sheet["figures"] if figure["code"] == code)


def _step(caller, record: dict, action: str, reason: str = "") -> dict:
    response = caller.post(f"records/{record['id']}/{action}/", {"version": record["version"], "reason": reason})
    assert response.status_code == 200, response.json()
    return response.json()


def test_file_return_mend_approve_and_the_figure_moves(cast, call, lecture):
    clerk, county, city = call("clerk"), call("county"), call("city")
    catch_up()
    assert _figure(city, "3201", "B01.sessions") is None

    created = clerk.post("records/", lecture)
    assert created.status_code == 201, created.json()
    record = created.json()
    assert created["Location"] == f"/api/v1/records/{record['id']}/"
    assert (record["status"], record["version"], record["speaker"]) == ("draft", 1, "王师傅")
    assert record["enterprise"] == {"code": cast.enterprise.credit_code, "name": cast.enterprise.name}
    assert (record["province"], record["city"], record["county"]) == ("32", "3201", "320115")
    assert record["reference"] == Record.objects.get().reference
    assert [action["action"] for action in record["actions"]] == ["submit"]

    # A draft is nobody's business but the enterprise's.
    assert county.get(f"records/{record['id']}/").status_code == 404
    record = _step(clerk, record, "submit")
    assert record["status"] == "submitted"
    shown = county.get(f"records/{record['id']}/").json()
    assert {action["action"] for action in shown["actions"]} == {"approve", "return", "reject"}

    record = _step(county, record, "return", "请补充内容摘要")
    assert (record["status"], record["status_label"], record["reason"]) == ("returned", "已退回", "请补充内容摘要")

    patched = clerk.patch(f"records/{record['id']}/", {"version": record["version"], "summary": "讲了传帮带"})
    assert patched.status_code == 200, patched.json()
    record = patched.json()
    assert (record["summary"], record["attendances"], record["speaker"]) == ("讲了传帮带", 45, "王师傅")

    record = _step(clerk, record, "submit")
    record = _step(county, record, "approve")
    assert record["status"] == "approved"
    catch_up()
    assert _figure(city, "3201", "B01.sessions") == 1
    assert _figure(city, "3201", "B01.attendances") == 45

    opened = city.get("records/", fact="B01.sessions", region="3201", quarter=Quarter.current().code).json()
    assert [row["id"] for row in opened["results"]] == [record["id"]]

    record = _step(county, record, "reopen", "人次与签到表不符")
    catch_up()
    assert _figure(city, "3201", "B01.sessions") in (None, 0)
    events = set(Entry.objects.filter(target_id=str(record["id"])).values_list("event", flat=True))
    assert {"records.created", "records.submit", "records.return", "records.approve", "records.reopen"} <= events


def test_remarks_on_single_fields_come_with_the_record(call, lecture):
    clerk, county = call("clerk"), call("county")
    record = _step(clerk, clerk.post("records/", lecture).json(), "submit")
    unknown = county.post(
        f"records/{record['id']}/return/", {"version": record["version"], "comments": {"nonsense": "？"}}
    )
    assert unknown.status_code == 409 and "nonsense" in unknown.json()["detail"], unknown.json()
    sent = {"version": record["version"], "comments": {"attendances": "与签到表不符。"}}
    record = county.post(f"records/{record['id']}/return/", sent).json()
    assert (record["status"], record["comments"]) == ("returned", {"attendances": "与签到表不符。"})
    assert clerk.get(f"records/{record['id']}/").json()["reason"] == "请按各栏旁的意见修改。"
    mended = clerk.patch(f"records/{record['id']}/", {"version": record["version"], "title": "改过的标题"})
    assert mended.status_code == 200, mended.json()
    assert _step(clerk, mended.json(), "submit")["comments"] == {}


def test_a_return_takes_the_first_open_period_and_is_unique(cast, call):
    clerk = call("clerk")
    body = {
        "kind": "ideology.partydevelopment",
        "enterprise": cast.enterprise.pk,
        "new_members": 2,
        "total_members": 30,
    }
    first = clerk.post("records/", body)
    assert first.status_code == 201, first.json()
    assert first.json()["period"] == Quarter.current().previous().code
    again = assert_problem(clerk.post("records/", body), 400, "validation")
    assert again["errors"][0]["field"] == "period"
    assert "已经填过一份" in again["errors"][0]["reason"]
    other = clerk.post("records/", {**body, "period": Quarter.current().code})
    assert other.status_code == 201


def test_an_office_files_on_behalf_and_may_not_review_it(cast, call, lecture):
    county, colleague = call("county"), call("county_colleague")
    record = county.post("records/", lecture).json()
    assert record["filed_on_behalf"] is True
    record = _step(county, record, "submit")
    refused = county.post(f"records/{record['id']}/approve/", {"version": record["version"]})
    assert "请由同事审核" in assert_problem(refused, 403, "forbidden")["detail"]
    assert _step(colleague, record, "approve")["status"] == "approved"


def test_withdraw_reject_and_dead_ends(call, lecture):
    clerk, county = call("clerk"), call("county")
    record = _step(clerk, clerk.post("records/", lecture).json(), "submit")
    record = _step(clerk, record, "withdraw")
    assert record["status"] == "withdrawn"
    record = _step(clerk, record, "submit")
    unsaid = county.post(f"records/{record['id']}/reject/", {"version": record["version"], "reason": "  "})
    error = assert_problem(unsaid, 400, "validation")["errors"][0]
    assert error["field"] == "reason" and "请写明" in error["cure"]
    record = _step(county, record, "reject", "不是职工大讲堂")
    late = clerk.patch(f"records/{record['id']}/", {"version": record["version"], "title": "再试"})
    assert "不能修改" in assert_problem(late, 403, "forbidden")["detail"]
    assert clerk.post(f"records/{record['id']}/burn/", {"version": 1}).status_code == 404


def test_stale_version_shows_both_versions(call, lecture):
    clerk, lead = call("clerk"), call("lead")
    record = clerk.post("records/", lecture).json()
    lead.patch(f"records/{record['id']}/", {"version": 1, "speaker": "李师傅"})
    lost = clerk.patch(f"records/{record['id']}/", {"version": 1, "speaker": "张师傅"})
    body = assert_problem(lost, 409, "stale-version")
    assert body["current_version"] == 2
    assert body["current"]["speaker"] == "李师傅"
    assert body["differences"] == [{"field": "speaker", "label": "主讲人", "current": "李师傅", "yours": "张师傅"}]
    moved = clerk.post(f"records/{record['id']}/submit/", {"version": 1})
    assert assert_problem(moved, 409, "stale-version")["current_version"] == 2
    assert Record.objects.get().status == "draft"


def test_an_incomplete_record_names_everything_that_is_missing(call, lecture):
    clerk = call("clerk")
    record = clerk.post("records/", {key: lecture[key] for key in ("kind", "enterprise", "title")}).json()
    assert record["attendances"] is None
    body = assert_problem(clerk.post(f"records/{record['id']}/submit/", {"version": 1}), 400, "validation")
    named = {error["field"]: error for error in body["errors"]}
    assert {"happened_on", "form", "speaker", "number_of_people", "attendances"} <= set(named)
    assert named["speaker"]["label"] == "主讲人"
    assert named["speaker"]["cure"].startswith("提交前请填好")


def test_rules_of_policy_speak_with_their_citation(cast, call):
    body = {
        "kind": "ideology.partydevelopment",
        "enterprise": cast.second_enterprise.credit_code,
        "new_members": 0,
        "new_frontline_members": 0,
        "total_members": 12,
    }
    clerk = call("second_clerk")
    record = clerk.post("records/", body).json()
    refused = assert_problem(clerk.post(f"records/{record['id']}/submit/", {"version": 1}), 400, "validation")
    error = next(error for error in refused["errors"] if error["field"] == "teams_without_members")
    assert "依据：" in error["reason"] and "没有空白班组请填 0" in error["reason"] + error["cure"]
    body = {"version": 1, "teams_without_members": 3}
    record = clerk.patch(f"records/{record['id']}/", body).json()
    asked = clerk.post(f"records/{record['id']}/submit/", {"version": record["version"]})
    found = {error["field"]: error for error in assert_problem(asked, 409, "needs-confirmation")["errors"]}
    assert "没有写消除计划" in found["clearing_plan"]["reason"] and "依据：" in found["clearing_plan"]["reason"]
