"""A password somebody else set is good for one sign-in, soon, and is then changed."""

import datetime
import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.utils import timezone

from foundation.access import actions
from foundation.access.tokens import issue_token
from foundation.accounts.models import SecurityPolicy
from foundation.accounts.validators import ReuseValidator
from foundation.audit.models import Entry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
OWN = "Jiangning-2026"


@pytest.fixture
def one_time(cast) -> str:
    return actions.reset_password(cast.clerk, acting_user=cast.county)


def enter(client, password: str):
    return client.post(LOGIN, {"login": "clerk", "password": password})


def change(client, old: str, new: str):
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new}, follow=True)


def test_the_password_is_changed_before_anything_else(cast, client, one_time):
    cast.clerk.refresh_from_db()
    assert cast.clerk.password.startswith("one_time$") and one_time not in cast.clerk.password
    assert enter(client, one_time).status_code == 302
    for address in ("/", "/records/", "/jobs/"):
        assert client.get(address).url == CHANGE
    fragment = client.get("/records/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, CHANGE)
    refused = client.get("/api/v1/records/")
    assert refused.status_code == 403 and "一次性密码" in refused.json()["detail"]
    page = client.get(CHANGE)
    assert page.status_code == 200 and "请先改成只有自己知道的密码" in page.content.decode()
    assert "最近用过" in change(client, one_time, one_time).content.decode()
    done = change(client, one_time, OWN)
    assert done.redirect_chain == [("/", 302)]
    assert client.get("/records/").status_code == 200
    cast.clerk.refresh_from_db()
    assert not cast.clerk.must_change_password
    assert identify_hasher(cast.clerk.password).algorithm != "one_time"
    assert Entry.objects.filter(event="accounts.password_changed", actor=cast.clerk).count() == 1


def test_leaving_is_always_possible(cast, client, one_time):
    enter(client, one_time)
    assert client.post("/accounts/logout/").url == LOGIN


def test_unused_it_expires_and_says_so(cast, client, one_time, sign_in):
    days = SecurityPolicy.current().one_time_days
    cast.clerk.refresh_from_db()
    cast.clerk.password_set_at = timezone.now() - datetime.timedelta(days=days, minutes=1)
    cast.clerk.save()
    page = client.post(LOGIN, {"login": "clerk", "password": one_time}, follow=True).content.decode()
    assert "一次性密码已过有效期" in page and "产改办" in page
    assert client.get("/records/").status_code == 302
    assert "一次性密码已过期" in sign_in(cast.county).get(f"/accounts-admin/{cast.clerk.pk}/").content.decode()


def test_it_is_shown_once_on_a_slip_and_never_logged(cast, sign_in):
    browser = sign_in(cast.county)
    page = browser.post(f"/accounts-admin/{cast.clerk.pk}/reset-password/")
    password = re.search(r"一次性密码</dt><dd><code>([^<]+)", page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert "http://testserver/" in page.content.decode()
    assert password not in browser.get(f"/accounts-admin/{cast.clerk.pk}/").content.decode()
    assert not any(password in str(entry.__dict__) for entry in Entry.objects.all())
    waiting = browser.get("/accounts-admin/?state=waiting").content.decode()
    assert "陈经办" in waiting and "李主席" not in waiting


def test_the_last_passwords_are_not_taken_again(cast, client):
    enter(client, PASSWORD)
    for old, new in ((PASSWORD, OWN), (OWN, f"{OWN}-a"), (f"{OWN}-a", f"{OWN}-b")):
        assert change(client, old, new).redirect_chain
    assert "最近 5 次" in change(client, f"{OWN}-b", OWN).content.decode()
    SecurityPolicy.objects.create(pk=1, passwords_remembered=2)
    assert change(client, f"{OWN}-b", OWN).redirect_chain
    assert cast.clerk.past_passwords.count() == 1, "hashes no rule needs are not kept"
    ReuseValidator().validate(PASSWORD, None)


def test_a_password_too_old_is_changed_first_unless_the_province_asks_for_no_change(cast, client):
    cast.clerk.password_set_at = timezone.now() - datetime.timedelta(days=91)
    cast.clerk.save()
    enter(client, PASSWORD)
    assert "超过 90 天" in client.get("/", follow=True).content.decode()
    SecurityPolicy.objects.create(pk=1, password_days=0)
    assert client.get("/").status_code == 200


def test_an_api_token_does_not_rest_on_the_password(cast, client, one_time):
    token = issue_token(cast.clerk, acting_user=None)
    answer = client.get("/api/v1/records/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200
