"""Reports and jobs through the API."""

import hashlib

import pytest

from foundation.calendar.periods import Quarter
from foundation.jobs.models import Job
from indicators.fill import catch_up
from reporting.actions import build_report
from reporting.models import Report
from tests.api.conftest import assert_problem

pytestmark = pytest.mark.django_db

BODY = {"type": "quarterly", "region": "3201", "quarter": Quarter.current().code}


def test_ask_follow_and_fetch(cast, call, lecture):
    clerk, county, city = call("clerk"), call("county"), call("city")
    record = clerk.post("records/", lecture).json()
    clerk.post(f"records/{record['id']}/submit/", {"version": 1})
    county.post(f"records/{record['id']}/approve/", {"version": 2})
    catch_up()

    asked = city.post("reports/", BODY)
    assert asked.status_code == 202, asked.json()
    report = asked.json()
    assert asked["Location"] == f"/api/v1/reports/{report['id']}/" == report["url"]
    assert (report["status"], report["region"], report["files"]) == ("building", {"code": "3201", "name": "南京市"}, {})
    assert city.get(f"jobs/{report['job']['id']}/").json()["status"] == "queued"
    assert city.post("reports/", BODY).json()["id"] == report["id"]
    assert_problem(city.get(f"reports/{report['id']}/pdf/"), 409, "refused")

    build_report(Report.objects.get())
    Job.objects.update(status="done", progress=100)
    report = city.get(f"reports/{report['id']}/").json()
    assert report["status"] == "ready" and set(report["files"]) == {"pdf", "xlsx", "docx", "json"}
    snapshot = city.get(report["files"]["json"])
    assert hashlib.sha256(b"".join(snapshot.streaming_content)).hexdigest() == report["snapshot_hash"]
    pdf = city.client.get(report["files"]["pdf"], headers={"Accept": "application/pdf"})
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert [row["id"] for row in call("province").get("reports/", region="3201").json()["results"]] == [report["id"]]
    for stranger in ("neighbour_city", "other_county", "clerk", "admin"):
        assert_problem(call(stranger).get(f"reports/{report['id']}/"), 404, "not-found")
        assert_problem(call(stranger).get(f"reports/{report['id']}/pdf/"), 404, "not-found")
        assert_problem(call(stranger).get(f"reports/{report['id']}/json/"), 404, "not-found")


@pytest.mark.parametrize(
    ("who", "change", "status", "field"),
    [
        ("city", {"region": "3205"}, 404, "region"),
        ("city", {"region": "32"}, 404, "region"),
        ("city", {"region": "nowhere"}, 404, "region"),
        ("city", {"type": "weekly"}, 400, "type"),
        ("city", {"quarter": "2026-3"}, 400, "quarter"),
        ("city", {"quarter": "2099Q1"}, 400, "quarter"),
        ("city", {"extra": 1}, 400, "extra"),
        ("clerk", {}, 403, None),
        ("auditor", {}, 403, None),
    ],
)
def test_what_cannot_be_asked_for(call, who, change, status, field):
    slug = {404: "not-found", 400: "validation", 403: "forbidden"}[status]
    body = assert_problem(call(who).post("reports/", {**BODY, **change}), status, slug)
    assert [error["field"] for error in body["errors"]] == ([field] if field else [])
    assert not Report.objects.exists()


def test_asked_twice_under_one_key_is_one_report(call):
    city = call("city")
    first, second = (city.post("reports/", BODY, key="report") for _attempt in range(2))
    assert first.json() == second.json()
    assert Report.objects.count() == Job.objects.count() == 1


def test_a_job_is_its_owners(cast, call):
    number = call("city").post("reports/", BODY).json()["job"]["id"]
    assert_problem(call("county").get(f"jobs/{number}/"), 404, "not-found")
    assert call("county").get("jobs/").json()["results"] == []
    Job.objects.update(result={"report": 1})
    assert call("city").get(f"jobs/{number}/").json()["result"] == {"report": 1}
    assert call("admin").get(f"jobs/{number}/").json()["result"] == {}


def test_a_region_without_data_says_not_reported(call):
    sheet = call("province").get("indicators/values/", region="3205", quarter="2026Q3").json()
    assert set(sheet) == {"region", "quarter", "data_as_of", "figures", "indicators"}
    sessions = next(figure for figure in sheet["figures"] if figure["code"] == "B01.sessions")
    assert sessions["value"] is None and sessions["unit"] == "场"
    named = call("province").get("indicators/values/")
    assert [e["field"] for e in assert_problem(named, 400, "validation")["errors"]] == ["region", "quarter"]
