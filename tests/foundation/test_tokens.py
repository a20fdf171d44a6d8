"""Tokens of programs: kept as digests, named, ended; and what ends with an account."""

import importlib
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from foundation.access import actions
from foundation.access.models import Role
from foundation.access.tokens import issue_token
from foundation.accounts.models import ApiToken, SecurityPolicy
from foundation.audit.models import Entry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
RECORDS = "/api/v1/records/"


def ask(token: str):
    return Client().get(RECORDS, headers={"Authorization": f"Token {token}"})


def issued(capsys, *arguments: str, **options) -> str:
    call_command("api_token", *arguments, **options)
    line = capsys.readouterr().out
    assert line.count("\n") == 1, "alone on its line"
    return line.strip()


def test_the_command_gives_a_token_and_ends_the_one_of_the_same_name(cast, capsys):
    first = issued(capsys, "county")
    nightly = issued(capsys, "county", name="夜间同步（南京）", days=30)
    assert ask(first).status_code == ask(nightly).status_code == 200
    again = issued(capsys, "county")
    assert (ask(first).status_code, ask(again).status_code, ask(nightly).status_code) == (401, 200, 200)
    kept = json.dumps(list(ApiToken.objects.values()), default=str) + str([vars(one) for one in Entry.objects.all()])
    assert not any(token in kept for token in (first, nightly, again))
    entry = Entry.objects.filter(event="api.token_issued").latest("pk")
    assert (entry.county.code, entry.note) == ("320115", "manage.py，长期有效")
    for wrong, words in (({}, "没有用户名"), ({"days": 0}, "有效天数"), ({"name": ""}, "不能为空|必填|name")):
        with pytest.raises(CommandError, match=words):
            call_command("api_token", *(["county"] if wrong else ["nobody"]), **wrong)


def test_a_token_ends_on_its_day_and_says_when_it_was_used(cast):
    token = issue_token(cast.county, acting_user=None, days=7)
    kept = ApiToken.objects.get()
    assert kept.last_used_at is None
    assert ask(token).status_code == 200
    kept.refresh_from_db()
    used = kept.last_used_at
    assert used is not None
    ask(token)
    kept.refresh_from_db()
    assert kept.last_used_at == used, "noted once a minute"
    ApiToken.objects.update(expires_at=timezone.now())
    refused = ask(token)
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Token")
    assert ask("0" * 40).status_code == 401


def test_the_owner_and_whoever_manages_the_owner_see_and_revoke(cast, sign_in):
    token, other = (issue_token(cast.clerk, acting_user=None, name=name) for name in ("报表 <b>", "备用"))
    mine = sign_in(cast.clerk).get("/me/").content.decode()
    assert "报表 &lt;b&gt;" in mine and "备用" in mine and "从未使用" in mine
    first, second = ApiToken.objects.order_by("pk")
    page = f"/accounts-admin/{cast.clerk.pk}/"
    assert "备用" in sign_in(cast.county).get(page).content.decode()
    assert sign_in(cast.other_county).post(f"{page}tokens/{second.pk}/revoke/").status_code == 404
    assert sign_in(cast.lead).post(f"/me/tokens/{second.pk}/revoke/").status_code == 404
    assert ask(other).status_code == 200
    assert sign_in(cast.county).post(f"{page}tokens/{second.pk}/revoke/").status_code == 302
    assert sign_in(cast.clerk).post(f"/me/tokens/{first.pk}/revoke/").status_code == 302
    assert ask(token).status_code == ask(other).status_code == 401
    entries = Entry.objects.filter(event="api.token_revoked").order_by("pk")
    assert [(entry.actor, entry.note) for entry in entries] == [(cast.county, "备用"), (cast.clerk, "报表 <b>")]
    assert 'id="tokens"' not in sign_in(cast.clerk).get("/me/").content.decode(), "no empty card"


def test_suspension_ends_sessions_and_tokens_for_good(cast, client, sign_in):
    client.post("/accounts/login/", {"login": "clerk", "password": PASSWORD})
    assert client.get("/me/").status_code == 200 and UserSession.objects.filter(user=cast.clerk).exists()
    token = issue_token(cast.clerk, acting_user=None)
    actions.suspend(cast.clerk, acting_user=cast.county)
    assert not UserSession.objects.filter(user=cast.clerk).exists()
    cast.clerk.refresh_from_db()
    actions.reactivate(cast.clerk, acting_user=cast.county)
    assert client.get("/me/").status_code == 302, "the session that was open does not come back"
    assert ask(token).status_code == 401
    fresh = Client()
    fresh.post("/accounts/login/", {"login": "clerk", "password": PASSWORD})
    assert fresh.get("/me/").status_code == 200
    assert fresh.get("/me/").status_code == 200


def test_changing_the_password_offers_to_end_the_tokens(cast, client):
    client.post("/accounts/login/", {"login": "county", "password": PASSWORD})
    page = "/accounts/password/change/"
    assert "接口令牌" not in client.get(page).content.decode(), "nothing to offer"
    token = issue_token(cast.county, acting_user=None)
    assert "这个账号有 1 个接口令牌" in client.get(page).content.decode()
    values = {"oldpassword": PASSWORD, "password1": "Jiangning-2026", "password2": "Jiangning-2026"}
    assert client.post(page, values).status_code == 302
    assert ask(token).status_code == 200
    values = {"oldpassword": "Jiangning-2026", "password1": "Xuanwu-Hu-2026", "password2": "Xuanwu-Hu-2026"}
    refused = client.post(page, {**values, "oldpassword": "wrong", "end_tokens": "on"})
    assert "checked" in refused.content.decode() and ask(token).status_code == 200
    assert client.post(page, {**values, "end_tokens": "on"}).status_code == 302
    assert ask(token).status_code == 401


def test_a_token_stands_in_for_no_second_factor(cast):
    token, clerk = (issue_token(who, acting_user=None) for who in (cast.county, cast.clerk))
    SecurityPolicy.objects.create(pk=1, second_factor_roles=[Role.COUNTY])
    refused = ask(token)
    assert refused.status_code == 403
    assert "必须使用第二重验证，但还没有设置" in refused.json()["detail"]
    assert ask(clerk).status_code == 200, "a role that needs none"
    totp.TOTP.activate(cast.county, totp.generate_totp_secret())
    assert ask(token).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_tokens_of_a_full_database_survive_and_are_no_longer_readable(cast):
    """The table as the REST framework made it, with what it held."""
    key, used = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", timezone.now() - timedelta(days=400)
    with connection.cursor() as cursor:
        moment = "datetime" if connection.vendor == "sqlite" else "timestamptz"
        columns = f"key varchar(40) PRIMARY KEY, created {moment} NOT NULL, user_id bigint NOT NULL UNIQUE"
        cursor.execute(f"CREATE TABLE authtoken_token ({columns})")
        cursor.execute("INSERT INTO authtoken_token VALUES (%s, %s, %s)", [key, used, cast.county.pk])
    migration = importlib.import_module("foundation.accounts.migrations.0009_hash_api_tokens")
    for _ in range(2):
        with connection.schema_editor(atomic=True) as editor:
            migration.take_over(apps, editor)
    assert ask(key).status_code == 200
    kept = ApiToken.objects.get()
    assert (kept.digest, kept.created_at, kept.expires_at) == (sha256(key.encode()).hexdigest(), used, None)
    assert "authtoken_token" not in connection.introspection.table_names()
