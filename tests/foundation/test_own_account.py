"""The page of one's own account: everybody reads what happened at their own door, nobody what happened at another's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.access.models import Grant, Role
from foundation.audit.log import log
from tests.cast import PASSWORD, make_enterprise

pytestmark = pytest.mark.django_db


def test_everybody_reads_their_own_sign_ins_and_only_those(cast, client):
    client.post("/accounts/login/", {"login": "clerk", "password": "wrong"})
    client.post("/accounts/login/", {"login": "lead", "password": "wrong"})
    client.post("/accounts/login/", {"login": "clerk", "password": PASSWORD})
    page = client.get("/me/")
    html = page.content.decode()
    assert "登录失败" in html and "127.0.0.1" in html
    shown = [row.record for row in page.context["history"].paginated_rows]
    assert [entry.event for entry in shown] == ["accounts.logged_in", "accounts.login_failed"]
    assert {entry.target_id for entry in shown} == {str(cast.clerk.pk)}
    assert "每 90 天须修改一次" in html and "未启用" in html


def test_it_costs_the_same_for_any_number_of_places_and_entries(cast, sign_in):
    browser = sign_in(cast.clerk)

    def cost() -> int:
        browser.get("/me/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/me/").status_code == 200
        return len(captured)

    def more(number: int) -> None:
        enterprise = make_enterprise(
            county=cast.places["320115"], name=f"第{number}家", code=f"9132011500000{number:04d}X"
        )
        Grant.objects.create(user=cast.clerk, role=Role.CLERK, place=enterprise.place)
        log("accounts.logged_in", by=cast.clerk, on=cast.clerk, place=enterprise.place)

    more(0)
    few = cost()
    more(1)
    more(2)
    assert cost() == few <= 14


def test_the_account_menu_leads_there(cast, sign_in):
    assert 'href="/me/"' in sign_in(cast.auditor).get("/").content.decode()
