"""Outside the scope nothing exists; the auditor reads and changes nothing."""

import pytest

from foundation.calendar.periods import Quarter
from records.models import Record, Status
from tests.api.conftest import BASE, assert_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(call, lecture):
    clerk = call("clerk")
    record = clerk.post("records/", lecture).json()
    return clerk.post(f"records/{record['id']}/submit/", {"version": 1}).json()


@pytest.mark.parametrize("who", ["neighbour", "second_clerk", "other_county", "neighbour_county", "neighbour_city"])
def test_a_neighbour_finds_nothing(cast, call, lecture, submitted, who):
    stranger, number = call(who), submitted["id"]
    assert stranger.get("records/").json()["results"] == []
    assert_problem(stranger.get(f"records/{number}/"), 404, "not-found")
    assert_problem(stranger.patch(f"records/{number}/", {"version": 2, "title": "x"}), 404, "not-found")
    for action in ("submit", "approve", "return", "reject", "withdraw", "reopen"):
        answer = stranger.post(f"records/{number}/{action}/", {"version": 2, "reason": "x"})
        assert_problem(answer, 404, "not-found")
    assert_problem(stranger.get(f"records/{number}/attachments/"), 404, "not-found")
    filed = assert_problem(stranger.post("records/", lecture), 404, "not-found")
    assert filed["errors"][0]["field"] == "enterprise"
    assert_problem(stranger.get(f"enterprises/{cast.enterprise.credit_code}/"), 404, "not-found")
    codes = {row["code"] for row in stranger.get("enterprises/").json()["results"]}
    assert cast.enterprise.credit_code not in codes
    assert Record.objects.get().status == Status.SUBMITTED


def test_the_auditor_reads_and_changes_nothing(cast, call, lecture, submitted):
    auditor, number = call("auditor"), submitted["id"]
    shown = auditor.get(f"records/{number}/").json()
    assert shown["actions"] == []
    assert_problem(auditor.post("records/", lecture), 403, "forbidden")
    assert_problem(auditor.patch(f"records/{number}/", {"version": 2, "title": "x"}), 403, "forbidden")
    for action in ("submit", "approve", "return", "reject", "withdraw", "reopen"):
        refused = auditor.post(f"records/{number}/{action}/", {"version": 2, "reason": "x"})
        assert_problem(refused, 403, "forbidden")
    body = {"type": "quarterly", "region": "32", "quarter": Quarter.current().code}
    assert_problem(auditor.post("reports/", body), 403, "forbidden")
    assert auditor.get("indicators/values/", region="3205", quarter=Quarter.current().code).status_code == 200
    assert Record.objects.get().version == 2


def test_the_administrator_sees_no_business_data(call, submitted):
    admin = call("admin")
    assert admin.get("records/").json()["results"] == []
    assert admin.get("enterprises/").json()["results"] == []
    assert_problem(admin.get(f"records/{submitted['id']}/"), 404, "not-found")
    assert_problem(admin.get("indicators/values/", region="32", quarter=Quarter.current().code), 403, "forbidden")


@pytest.mark.parametrize(
    ("who", "region", "status"),
    [
        ("county", "320115", 200),
        ("county", "320106", 404),
        ("county", "3201", 404),
        ("city", "3201", 200),
        ("city", "320106", 200),
        ("city", "3205", 404),
        ("city", "32", 404),
        ("province", "320571", 200),
        ("province", "99", 404),
        ("clerk", "320115", 403),
    ],
)
def test_figures_at_or_below_the_own_region(call, who, region, status):
    assert call(who).get("indicators/values/", region=region, quarter="2026Q3").status_code == status


def test_an_enterprise_is_no_region(cast, call):
    answer = call("county").get("indicators/values/", region=cast.enterprise.credit_code, quarter="2026Q3")
    assert_problem(answer, 404, "not-found")


def test_a_suspended_account_and_its_token_are_out(cast, call):
    clerk = call("clerk")
    type(cast.clerk).objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert_problem(clerk.get("records/"), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["schema/", "kinds/", "records/", "enterprises/", "reports/", "jobs/", "nothing/"])
def test_nothing_is_answered_to_strangers(client, cast, path):
    assert client.get(f"{BASE}/{path}").status_code == 401


def test_the_documentation_asks_people_to_sign_in(client, cast, sign_in):
    assert client.get(f"{BASE}/docs/").status_code == 302
    page = sign_in(cast.clerk).get(f"{BASE}/docs/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "<style" not in html and "<script>" not in html
    script = sign_in(cast.clerk).get(f"{BASE}/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in script.content
