"""The second factor: set up, asked for, demanded of a role, lost and helped with; all of it in the log."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from foundation.access.actions import set_security
from foundation.access.models import Role
from foundation.access.rules import AccessDenied
from foundation.access.second_factor import clear_second_factor
from foundation.accounts.models import SecurityPolicy
from foundation.audit.models import Entry
from tests.cast import PASSWORD, make_person
from tests.contracts.wording import wrong_words

pytestmark = pytest.mark.django_db
LOGIN, SECOND, INDEX = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/2fa/"
ACTIVATE = "/accounts/2fa/totp/activate/"


def code_of(secret: str, step: int) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, step))


def code_for(secret: str) -> str:
    return code_of(secret, int(time.time()) // 30)


def enter(client: Client, username: str):
    return client.post(LOGIN, {"login": username, "password": PASSWORD})


def set_up(client: Client) -> str:
    """The way a person goes: scan, type the code. Returns the secret."""
    again = client.get(ACTIVATE)
    assert "reauthenticate" in again.url, "a session left open is not enough"
    client.post(again.url, {"password": PASSWORD})
    secret = client.get(ACTIVATE).context["form"].secret
    assert client.post(ACTIVATE, {"code": code_for(secret)}).status_code == 302
    return secret


@pytest.fixture
def secret(cast) -> str:
    """The county officer has an authenticator already."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(cast.county, secret)
    RecoveryCodes.activate(cast.county)
    return secret


def test_setting_up_an_authenticator_gives_recovery_codes_and_is_logged(
    cast, client, django_capture_on_commit_callbacks
):
    enter(client, "county")
    page = client.get(INDEX).content.decode()
    assert "设置身份验证器" in page and "添加安全密钥" in page
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert len(codes.context["unused_codes"]) == 10
    kept = Authenticator.objects.get(user=cast.county, type="totp").data["secret"]
    assert secret not in kept, "encrypted at rest"
    events = set(Entry.objects.filter(target_id=str(cast.county.pk)).values_list("event", flat=True))
    assert "accounts.second_factor_added" in events


def test_the_password_alone_does_not_open_the_door(cast, client, secret):
    assert enter(client, "county").url == SECOND
    assert client.get("/records/").status_code == 302, "not signed in yet"
    page = client.get(SECOND).content.decode()
    assert "6 位验证码" in page and "使用安全密钥" not in page, "no key was ever added"
    assert "验证码不正确" in client.post(SECOND, {"code": "000000"}).content.decode()
    assert Entry.objects.filter(event="accounts.second_factor_failed", target_id=str(cast.county.pk)).count() == 1
    assert not Entry.objects.filter(event="accounts.logged_in").exists()
    assert client.post(SECOND, {"code": code_for(secret)}).status_code == 302
    assert client.get("/records/").status_code == 200
    assert Entry.objects.filter(event="accounts.logged_in", actor=cast.county).count() == 1


def test_a_code_opens_once(cast, client, secret):
    code = code_for(secret)
    enter(client, "county")
    client.post(SECOND, {"code": code})
    other = Client()
    enter(other, "county")
    assert "验证码不正确" in other.post(SECOND, {"code": code}).content.decode()


def test_a_code_opens_once_as_long_as_it_counts(cast, secret, monkeypatch):
    """A code counts for a minute and a half (phones' clocks differ), longer than any mark in a cache lives."""
    step = int(time.time()) // 30
    held = Authenticator.objects.get(user=cast.county, type="totp")

    def opens(code_step: int, *, now: int) -> bool:
        monkeypatch.setattr(totp.time, "time", lambda: now * 30 + 5)
        return Authenticator.objects.get(pk=held.pk).wrap().validate_code(code_of(secret, code_step))

    assert opens(step, now=step)
    assert not opens(step, now=step) and not opens(step, now=step + 1)
    assert not opens(step - 1, now=step), "an older one that was never used"
    assert opens(step + 2, now=step + 1), "a phone that is ahead"
    assert not opens(step + 1, now=step + 1) and not opens(step + 2, now=step + 3)
    assert opens(step + 3, now=step + 3)


def test_the_code_of_the_setting_up_opens_nothing(cast, client, django_capture_on_commit_callbacks):
    enter(client, "county")
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)
    used = Authenticator.objects.get(user=cast.county, type="totp").data["used_step"]
    other = Client()
    enter(other, "county")
    assert "验证码不正确" in other.post(SECOND, {"code": code_of(secret, used)}).content.decode()


def test_a_recovery_code_opens_once(cast, secret):
    code = Authenticator.objects.get(user=cast.county, type="recovery_codes").wrap().get_unused_codes()[0]
    for turn in range(2):
        browser = Client()
        enter(browser, "county")
        answer = browser.post(SECOND, {"code": code})
        assert answer.status_code == (302 if turn == 0 else 200)


def test_a_role_that_must_have_one_sets_it_up_before_anything_else(cast, client, sign_in):
    set_security(acting_user=cast.admin, values={"second_factor_roles": [Role.COUNTY]})
    enter(client, "county")
    answer = client.get("/records/", follow=True)
    assert answer.redirect_chain == [(INDEX, 302)]
    assert "必须使用第二重验证" in answer.content.decode()
    assert client.post("/jobs/1/cancel/").url == INDEX
    assert "第二重验证" in client.get("/api/v1/records/").json()["detail"]
    set_up(client)
    assert client.get("/records/").status_code == 200
    assert sign_in(cast.clerk).get("/records/").status_code == 200, "other roles are not asked"


def test_the_province_sets_it_and_nobody_else(cast, sign_in):
    page, browser = "/accounts-admin/security/", sign_in(cast.admin)
    assert "待核定" in browser.get(page).content.decode()
    city_admin = make_person("city_admin", "南京管理", Role.ADMIN, cast.places["3201"])
    for person in (city_admin, cast.province):
        assert sign_in(person).get(page).status_code == 403
    values = {
        "one_time_days": 7,
        "password_days": 0,
        "passwords_remembered": 3,
        "second_factor_roles": ["admin", "city"],
    }
    assert browser.post(page, values).status_code == 302
    policy = SecurityPolicy.objects.get()
    assert (policy.one_time_days, policy.password_days, policy.second_factor_roles) == (7, 0, ["admin", "city"])
    entry = Entry.objects.get(event="accounts.security_set")
    assert entry.changes["一次性密码有效天数"] == [14, 7]


def test_who_manages_the_person_clears_a_lost_one_and_nobody_their_own(cast, client, secret, sign_in):
    address = f"/accounts-admin/{cast.county.pk}/clear-second-factor/"
    assert sign_in(cast.other_county).post(address).status_code == 404
    browser = sign_in(cast.city)
    assert "重置第二重验证" in browser.get(f"/accounts-admin/{cast.county.pk}/").content.decode()
    assert "已重置" in browser.post(address, follow=True).content.decode()
    assert not Authenticator.objects.filter(user=cast.county).exists()
    entry = Entry.objects.get(event="accounts.second_factor_cleared")
    assert (entry.actor, entry.note) == (cast.city, "身份验证器、恢复码")
    assert enter(client, "county").url == "/"
    with pytest.raises(AccessDenied, match="不能重置自己的"):
        clear_second_factor(cast.admin, acting_user=cast.admin)


def test_the_pages_that_add_a_factor(cast, client):
    enter(client, "county")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "data:image/svg+xml;base64," in client.get(ACTIVATE).content.decode()
    assert "验证码不正确" in client.post(ACTIVATE, {"code": "000000"}).content.decode()
    page = client.get("/accounts/2fa/webauthn/add/")
    html = page.content.decode()
    assert "给它起个名字" in html and 'value="安全密钥 1"' in html
    assert "challenge" in str(page.context["js_data"])
    scripts = [part.split(">")[0] for part in html.split("<script")[1:]]
    assert all("src=" in script or "application/json" in script for script in scripts), "no script in the page itself"
    assert "还没有安全密钥" in client.get("/accounts/2fa/webauthn/").content.decode()


def test_changing_the_second_factor_asks_for_the_person_again(cast, secret, sign_in):
    browser = sign_in(cast.county)
    for address in ("/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/generate/"):
        answer = browser.get(address)
        assert answer.status_code == 302 and "reauthenticate" in answer.url
        assert browser.get(answer.url).status_code == 200


def test_other_sessions_are_listed_and_ended(cast, client):
    enter(client, "county")
    browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36"
    other = Client(headers={"user-agent": browser})
    enter(other, "county")
    page = client.get("/accounts/sessions/").content.decode()
    assert "Chrome · Windows" in page and "当前" in page and wrong_words(page) == []
    assert client.post("/accounts/sessions/").status_code == 302
    assert other.get("/records/").status_code == 302
    assert client.get("/records/").status_code == 200
    assert Entry.objects.filter(event="accounts.sessions_ended", actor=cast.county).count() == 1


def test_a_changed_key_of_the_portal_lets_nobody_in_by_accident(cast, client, secret, settings):
    settings.SECRET_KEY, old = "another-key", settings.SECRET_KEY
    enter(client, "county")
    assert "验证码不正确" in client.post(SECOND, {"code": code_for(secret)}).content.decode()
    settings.SECRET_KEY_FALLBACKS = [old]
    other = Client()
    enter(other, "county")
    assert other.post(SECOND, {"code": code_for(secret)}).status_code == 302
