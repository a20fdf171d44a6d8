"""The door: signing in, failing, being locked out, being idle."""

import re
import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.accounts.middleware import SESSION_KEY
from foundation.accounts.models import User
from foundation.accounts.passwords import random_password
from foundation.accounts.validators import CharacterClassesValidator, character_classes
from foundation.audit.models import Entry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def seldom_stamped() -> None:
    """Here the session is stamped as it is outside the tests."""


def try_to_sign_in(client, username: str, password: str):
    return client.post(LOGIN, {"login": username, "password": password})


def test_signing_in_and_out_is_logged_where_the_person_belongs(cast, client):
    assert try_to_sign_in(client, "county", PASSWORD).status_code == 302
    client.post("/accounts/logout/")
    events = list(Entry.objects.filter(actor=cast.county).order_by("pk").values_list("event", "county__code"))
    assert events == [("accounts.logged_in", "320115"), ("accounts.logged_out", "320115")]


def test_a_password_typed_as_user_name_does_not_reach_the_log(cast, client):
    try_to_sign_in(client, "Secret-Pass-1", "x")
    entry = Entry.objects.get(event="accounts.login_failed")
    assert "Secret-Pass-1" not in f"{entry.note}{entry.label}{entry.changes}"
    assert entry.province_id is None


def test_a_suspended_account_is_told_so_and_its_session_ends(cast, client, sign_in):
    browser = sign_in(cast.county)
    cast.county.is_active = False
    cast.county.save()
    assert browser.get("/audit/").status_code == 302
    response = client.post(LOGIN, {"login": "county", "password": PASSWORD}, follow=True)
    assert "这个账号已停用" in response.content.decode()
    wrong = try_to_sign_in(client, "county", "wrong").content.decode()
    assert "已停用" not in wrong, "only who knows the password learns that the account is suspended"


def age_session(client, seconds: int) -> None:
    session = client.session
    session[SESSION_KEY] = int(time.time()) - seconds
    session.save()


def test_an_idle_session_ends_and_comes_back_to_the_page(cast, sign_in, settings):
    browser = sign_in(cast.county)
    browser.get("/audit/")
    age_session(browser, settings.SESSION_IDLE_SECONDS + 1)
    response = browser.get("/audit/?event=accounts.logged_in")
    assert response.status_code == 302
    assert response.url.startswith(LOGIN)
    assert "%2Faudit%2F%3Fevent%3Daccounts.logged_in" in response.url
    assert "您已超过 30 分钟没有操作" in browser.get(response.url).content.decode()
    assert Entry.objects.filter(event="accounts.idle_logged_out", actor=cast.county).count() == 1


def test_an_idle_fragment_sends_the_whole_page_to_the_login(cast, sign_in, settings):
    browser = sign_in(cast.county)
    browser.get("/audit/")
    age_session(browser, settings.SESSION_IDLE_SECONDS + 1)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/audit/"}
    response = browser.get("/jobs/1/progress/", headers=headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == f"{LOGIN}?next=%2Faudit%2F"


def test_a_form_sent_after_the_login_ended_is_said_not_to_be_taken(cast, sign_in):
    """The login was ended elsewhere: nothing of it was taken, and the page of the login says so."""
    browser = sign_in(cast.clerk)
    browser.cookies.pop("sessionid")
    answer = browser.post("/records/new/ideology.lecture/", {"title": "讲座"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert "刚才提交的内容没有保存" in answer.content.decode()
    browser = sign_in(cast.clerk)
    browser.cookies.pop("sessionid")
    assert "没有保存" not in browser.get("/records/", follow=True).content.decode(), "a page that was only read"


def test_two_passwords_that_differ_are_refused_in_plain_words(cast, sign_in):
    sent = {"oldpassword": "x", "password1": "Lathe#Welding81", "password2": "Lathe#Welding82"}
    page = sign_in(cast.clerk).post("/accounts/password/change/", sent).content.decode()
    assert "与上面的新密码不一样。请把两次都重新输入一遍。" in page and "每次输入的密码" not in page


def test_an_idle_post_comes_back_to_its_form_and_never_to_another_site(cast, sign_in, settings):
    for referer, target in (("http://testserver/audit/?q=a", "%2Faudit%2F%3Fq%3Da"), ("http://evil.example/x", "%2F")):
        browser = sign_in(cast.admin)
        browser.get("/audit/")
        age_session(browser, settings.SESSION_IDLE_SECONDS + 1)
        response = browser.post(f"/accounts-admin/{cast.clerk.pk}/suspend/", headers={"Referer": referer})
        assert response.url == f"{LOGIN}?next={target}"
    cast.clerk.refresh_from_db()
    assert cast.clerk.is_active


def test_the_stamp_is_written_at_most_once_a_minute_and_never_by_polling(cast, sign_in):
    browser = sign_in(cast.county)
    browser.get("/audit/")
    age_session(browser, 30)
    before = browser.session[SESSION_KEY]
    browser.get("/audit/")
    assert browser.session[SESSION_KEY] == before
    age_session(browser, 120)
    before = browser.session[SESSION_KEY]
    browser.get("/jobs/1/progress/")
    assert browser.session[SESSION_KEY] == before
    browser.get("/audit/")
    assert browser.session[SESSION_KEY] > before


def test_changing_the_password_is_logged_and_weak_ones_are_refused(cast, client):
    try_to_sign_in(client, "county", PASSWORD)
    url = reverse("account_change_password")
    weak = {"oldpassword": PASSWORD, "password1": "onlylowercase", "password2": "onlylowercase"}
    assert "至少要用到三类" in client.post(url, weak).content.decode()
    good = {"oldpassword": PASSWORD, "password1": "Jiangning-2026", "password2": "Jiangning-2026"}
    assert client.post(url, good).status_code == 302
    assert Entry.objects.filter(event="accounts.password_changed", actor=cast.county).count() == 1


def test_all_three_passwords_of_the_change_are_marked_as_required(cast, client):
    try_to_sign_in(client, "county", PASSWORD)
    form = (
        client.get(reverse("account_change_password")).content.decode().split('class="sign-in"')[1].split("</form>")[0]
    )
    assert form.count('class="required-mark"') == 3
    assert 'class="required-mark"' in form.split('for="id_oldpassword"')[1].split("</label>")[0]


@pytest.mark.parametrize("address", ["signup/", "password/reset/", "password/set/", "email/"])
def test_no_page_makes_accounts_or_sends_mail(cast, client, address):
    response = client.get(f"/accounts/{address}", follow=True)
    assert response.status_code == 200
    assert '<input type="email"' not in response.content.decode()
    values = {"email": "a@b.cn", "username": "new", "password1": "Strong-Pass-1", "password2": "Strong-Pass-1"}
    assert client.post(f"/accounts/{address}", values).status_code in {200, 302}
    assert not User.objects.filter(username="new").exists()
    assert mail.outbox == []


def test_random_passwords_meet_the_rule():
    for password in {random_password() for _ in range(50)}:
        assert character_classes(password) >= 3
        CharacterClassesValidator().validate(password)
    with pytest.raises(ValidationError, match="三类"):
        CharacterClassesValidator().validate("abcdefgh1234")


def test_after_a_lost_login_a_sent_form_leads_back_to_its_page(cast, client):
    page = "http://testserver/records/5/?x=1"
    response = client.post("/records/5/do/submit/", {"version": 1}, headers={"referer": page})
    assert response.url == "/accounts/login/?next=/records/5/%3Fx%3D1"
    elsewhere = client.post("/records/5/do/submit/", {"version": 1}, headers={"referer": "https://example.org/x"})
    assert elsewhere.url == "/accounts/login/?next=/"


@pytest.mark.parametrize("password", ["Ab1!", "password", "12345678901", "clerk-clerk-1A"])
def test_a_refused_password_is_refused_in_chinese(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, User(username="clerk-clerk", full_name="陈经办"))
    for message in refused.value.messages:
        assert re.search(r"[\u4e00-\u9fff]", message), message
