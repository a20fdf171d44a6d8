"""Requests as they arrive: through a proxy, with a foreign host name, with text no database keeps."""

import pytest
from django.test import Client

from foundation.audit.models import Entry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def _fail_to_sign_in(**headers: str) -> Entry:
    Client().post("/accounts/login/", {"login": "nobody-known", "password": PASSWORD}, headers=headers)
    return Entry.objects.filter(event="accounts.login_failed").latest("pk")


def test_without_a_proxy_nobody_chooses_their_own_address(cast):
    assert _fail_to_sign_in(x_forwarded_for="203.0.113.9").address == "127.0.0.1"


def test_behind_the_proxy_the_callers_address_is_noted(cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    # What the caller wrote stands before what the proxy adds.
    assert _fail_to_sign_in(x_forwarded_for="198.51.100.1, 203.0.113.9").address == "203.0.113.9"


@pytest.mark.parametrize("address", ["/records/?q=a%00b", "/places/?q=%00", "/policies/a%00b/"])
def test_the_nul_character_is_refused_with_words(cast, sign_in, address):
    answer = sign_in(cast.county).get(address)
    assert answer.status_code == 400
    assert "空字符" in answer.content.decode()


def test_the_api_refuses_it_in_its_own_form(cast, sign_in):
    answer = sign_in(cast.county).get("/api/v1/records/?q=a%00b")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "q"


def test_a_foreign_host_name_is_refused_with_a_page():
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "请求无法处理" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "page"),
    [("/accounts-admin/{clerk}/suspend/", "/accounts-admin/{clerk}/"), ("/me/work-as/", "/me/"), ("/views/", "/")],
)
def test_opening_what_only_takes_a_form_leads_back_with_one_word(cast, sign_in, address, page):
    browser = sign_in(cast.county)
    answer = browser.get(address.format(clerk=cast.clerk.pk), follow=True)
    assert answer.redirect_chain[-1][0] == page.format(clerk=cast.clerk.pk)
    assert answer.status_code == 200
    assert answer.content.decode().count("已回到它所属的页面") == 1
    cast.clerk.refresh_from_db()
    assert cast.clerk.is_active, "opening does nothing"


def test_the_way_back_passes_addresses_that_take_forms_only(cast, sign_in):
    answer = sign_in(cast.county).get(f"/accounts-admin/{cast.clerk.pk}/grants/77/revoke/", follow=True)
    assert [target for target, _status in answer.redirect_chain] == [
        f"/accounts-admin/{cast.clerk.pk}/grants/",
        f"/accounts-admin/{cast.clerk.pk}/",
    ]
    assert answer.content.decode().count("已回到它所属的页面") == 1


def test_each_address_that_only_takes_a_form_has_its_word(cast, sign_in):
    """Also a second one, opened right after the first."""
    browser = sign_in(cast.county)
    for address in ("/me/work-as/", f"/accounts-admin/{cast.clerk.pk}/suspend/", "/me/work-as/", "/me/work-as/"):
        assert browser.get(address, follow=True).content.decode().count("已回到它所属的页面") == 1, address


def test_what_is_gone_leads_on_to_the_list_and_says_so(cast, sign_in):
    answer = sign_in(cast.clerk).get("/records/999999/do/submit/", follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and answer.redirect_chain[-1][0] == "/records/"
    assert "它所属的内容已经不在" in page and "已回到它所属的页面" not in page


def test_programs_and_strangers_are_not_led(cast, sign_in):
    browser = sign_in(cast.county)
    assert browser.get("/api/v1/records/1/submit/").status_code == 405
    assert browser.get("/me/work-as/", headers={"HX-Request": "true"}).status_code == 405
    assert Client().get("/me/work-as/").url.startswith("/accounts/login/")
    assert browser.put("/me/work-as/").status_code == 405
