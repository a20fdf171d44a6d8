"""Accounts and grants: within one's own place, logged, and never the last administrator out."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError

from foundation.access import actions
from foundation.access.models import Grant, Role
from foundation.access.queries import manageable_accounts
from foundation.access.rules import AccessDenied, verdict
from foundation.accounts.models import User
from foundation.audit.models import Entry
from tests.cast import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def city_admin(cast):
    return make_person("city_admin", "南京管理", Role.ADMIN, cast.places["3201"])


def create(acting_user, place, role=Role.COUNTY, username="new"):
    return actions.create_account(acting_user=acting_user, username=username, full_name="新人", role=role, place=place)


def test_both_faces_of_the_rule_agree(cast, city_admin):
    for manager in (cast.admin, city_admin, cast.county, cast.clerk):
        rows = set(manageable_accounts(manager))
        for account in User.objects.all():
            assert (account in rows) is bool(verdict(manager, "accounts.manage", account)), (manager, account)
    assert set(manageable_accounts(city_admin)) == {
        cast.clerk,
        cast.lead,
        cast.second_clerk,
        cast.county,
        cast.county_colleague,
        cast.other_county,
        cast.city,
        city_admin,
    }


def test_a_person_with_a_grant_elsewhere_belongs_to_the_level_above(cast, city_admin):
    Grant.objects.create(user=cast.clerk, role=Role.CLERK, place=cast.neighbour_enterprise.place)
    with pytest.raises(AccessDenied, match="管理范围以外"):
        actions.reset_password(cast.clerk, acting_user=city_admin)
    assert actions.reset_password(cast.clerk, acting_user=cast.admin)


def test_grants_stay_in_place_and_fit_the_level(cast, city_admin):
    with pytest.raises(AccessDenied, match="不在您的管理范围内"):
        create(city_admin, cast.places["3205"], Role.CITY)
    with pytest.raises(ValidationError, match="只能授予"):
        create(city_admin, cast.places["320115"], Role.CLERK)
    with pytest.raises(ValidationError, match="已经过去"):
        actions.grant(
            acting_user=city_admin,
            user=cast.county,
            role=Role.AUDITOR,
            place=cast.places["320115"],
            valid_until=datetime.date(2020, 1, 1),
        )
    with pytest.raises(AccessDenied, match="不能给自己授权"):
        actions.grant(acting_user=city_admin, user=city_admin, role=Role.CITY, place=cast.places["3201"])
    with pytest.raises(AccessDenied, match="不能"):
        create(cast.city, cast.places["3201"], Role.CITY)
    assert not User.objects.filter(username="new").exists(), "a refused grant leaves no half-made account"


def test_granting_twice_changes_nothing_and_each_change_is_logged(cast, city_admin):
    values = {"acting_user": city_admin, "user": cast.county, "role": Role.AUDITOR, "place": cast.places["320115"]}
    first = actions.grant(**values)
    assert actions.grant(**values) == first
    until = datetime.date(2099, 1, 1)
    assert actions.grant(**values, valid_until=until).valid_until == until
    actions.revoke(Grant.objects.get(pk=first.pk), acting_user=city_admin)
    logged = Entry.objects.filter(target_id=str(cast.county.pk), event__startswith="access.").order_by("pk")
    assert [entry.event for entry in logged] == ["access.granted", "access.granted", "access.revoked"]
    assert list(logged[1].changes.values()) == [["长期有效", "至 2099-01-01"]]


def test_the_last_administrator_stays(cast, city_admin):
    with pytest.raises(AccessDenied, match="最后一位系统管理员"):
        actions.revoke(cast.admin.grants.get(), acting_user=cast.admin)
    with pytest.raises(AccessDenied, match="不能停用自己"):
        actions.suspend(cast.admin, acting_user=cast.admin)
    with pytest.raises(AccessDenied, match="最后一位系统管理员"):
        actions.suspend(cast.admin, acting_user=None)
    actions.suspend(city_admin, acting_user=cast.admin)
    second, _password = create(cast.admin, cast.places["32"], Role.ADMIN)
    actions.revoke(cast.admin.grants.get(), acting_user=second)
    assert not verdict(User.objects.get(pk=cast.admin.pk), "accounts.manage")


def shown_password(page: str) -> str:
    return re.findall(r"<code>([^<]+)</code>", page)[-1]


def test_an_administrator_makes_an_account_that_can_sign_in(cast, city_admin, sign_in, client):
    browser = sign_in(city_admin)
    values = {"username": "liuxin", "full_name": "刘新", "role": "county", "place": "320106"}
    page = browser.post("/accounts-admin/new/", values)
    assert page["Cache-Control"] == "private, no-store"
    password = shown_password(page.content.decode())
    made = User.objects.get(username="liuxin")
    assert password not in str(list(Entry.objects.values_list("note", "changes", "label")))
    assert password not in browser.get(f"/accounts-admin/{made.pk}/").content.decode()
    assert client.post("/accounts/login/", {"login": "liuxin", "password": password}).status_code == 302
    history = browser.get(f"/accounts-admin/{made.pk}/").content.decode()
    assert "登录" in history
    assert "新建账号" in history


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "COUNTY"}, "已被使用"),
        ({"place": "3205"}, "不在您的管理范围内"),
        ({"place": "320115", "role": "clerk"}, "只能授予"),
        ({"full_name": ""}, "姓名"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(cast, city_admin, sign_in, change, words):
    values = {"username": "liuxin", "full_name": "刘新", "role": "county", "place": "320106", **change}
    page = sign_in(city_admin).post("/accounts-admin/new/", values).content.decode()
    assert words in page
    assert values["username"] in page
    assert not User.objects.filter(username="liuxin").exists()


def test_suspend_reset_and_grants_by_page(cast, city_admin, sign_in):
    browser = sign_in(city_admin)
    page = f"/accounts-admin/{cast.county.pk}/"
    browser.post(f"{page}suspend/")
    cast.county.refresh_from_db()
    assert not cast.county.is_active
    browser.post(f"{page}reactivate/")
    assert "密码已重置" in browser.post(f"{page}reset-password/").content.decode()
    browser.post(f"{page}grants/", {"role": "auditor", "place": "3201"})
    held = cast.county.grants.get(role="auditor")
    assert "审计员" in browser.get(page).content.decode()
    browser.post(f"{page}grants/{held.pk}/revoke/")
    assert not cast.county.grants.filter(role="auditor").exists()
    events = set(Entry.objects.filter(target_id=str(cast.county.pk)).values_list("event", flat=True))
    assert {
        "accounts.suspended",
        "accounts.reactivated",
        "accounts.password_reset",
        "access.granted",
        "access.revoked",
    } <= events
    bad = browser.post(f"{page}grants/", {"role": "county", "place": "3201"})
    assert "只能授予" in bad.content.decode()


def test_accounts_of_another_city_do_not_exist(cast, city_admin, sign_in):
    browser = sign_in(city_admin)
    page = browser.get("/accounts-admin/").content.decode()
    assert "周县办" in page
    assert "冯园区办" not in page
    for address in ("", "suspend/", "reset-password/", "grants/"):
        url = f"/accounts-admin/{cast.neighbour_county.pk}/{address}"
        assert (browser.post(url) if address else browser.get(url)).status_code == 404
    for person in (cast.clerk, cast.lead, cast.auditor):
        assert sign_in(person).get("/accounts-admin/").status_code == 403


def test_the_list_filters_by_words_role_place_and_state(cast, sign_in):
    browser = sign_in(cast.admin)

    def names(query: str) -> str:
        return browser.get(f"/accounts-admin/?{query}").content.decode()

    assert "周县办" in names("q=周县")
    assert "王市办" not in names("q=周县")
    assert "王市办" in names("role=city&place=3201")
    assert "何市办" not in names("role=city&place=3201")
    assert "没有符合条件的账号" in names("state=suspended")


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(cast, sign_in, django_assert_max_num_queries, people):
    for number in range(people):
        make_person(f"p{number}", "某人", Role.COUNTY, cast.places["320115"])
    browser = sign_in(cast.admin)
    browser.get(
        "/accounts-admin/?q=某人"
    )  # PostgreSQL's statistics of the words are asked for once in a while and kept
    with django_assert_max_num_queries(8):
        browser.get("/accounts-admin/?q=某人&sort=-username")


def test_the_picker_finds_places_by_name_initials_and_code(cast, city_admin, sign_in):
    browser = sign_in(city_admin)
    for words in ("江宁", "jnq", "320115"):
        found = browser.get("/places/options/", {"q": words, "mine": "1"}).json()["results"]
        assert "320115" in [row["value"] for row in found]
    assert browser.get("/places/options/", {"q": "苏州", "mine": "1"}).json() == {"results": []}
    assert browser.get("/places/options/", {"q": "苏州"}).json()["results"]


def test_the_tree_of_places_for_offices_only(cast, sign_in):
    page = sign_in(cast.county).get("/places/").content.decode()
    for words in ("江苏省", "南京市", "江宁区", "苏州工业园区", *cast.places):
        assert words in page
    assert "园区示例材料" in sign_in(cast.county).get("/places/?q=园区示例").content.decode()
    assert "没有找到" in sign_in(cast.county).get("/places/?q=没有的地方").content.decode()
    assert sign_in(cast.clerk).get("/places/").status_code == 403
