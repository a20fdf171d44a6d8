"""Wrong passwords: a short wait that grows, for this account at this address, and nobody shut out by somebody else."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from foundation.access import actions
from foundation.access.rules import AccessDenied
from foundation.accounts.lockout import ADDRESS_ACCOUNTS, ADDRESS_FAILURES, LONGEST, begin_try, locks_of, wait_after
from foundation.accounts.models import FailedSignIn
from foundation.audit.models import Entry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.23"


def sign_in(username: str, password: str = PASSWORD, *, address: str = OFFICE):
    return Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": username, "password": password})


def is_let_in(*arguments, **options) -> bool:
    return sign_in(*arguments, **options).status_code == 302


def fail(username: str, times: int, *, address: str = OFFICE) -> str:
    """The words of the last page."""
    return [sign_in(username, "wrong", address=address).content.decode() for _ in range(times)][-1]


def time_passes(minutes: float) -> None:
    FailedSignIn.objects.update(at=F("at") - timedelta(minutes=minutes))


def test_the_wait_doubles_and_ends_at_thirty_minutes(cast):
    assert "连续输错 5 次，要等 1 分钟" in fail("county", 4)
    assert "请 1 分钟后再试" in fail("county", 1), "the failure that shuts the door says so"
    locked = sign_in("county")
    assert locked.status_code == 200
    assert "请 1 分钟后再试" in locked.content.decode()
    assert locked.context["form"]["login"].value() == "county", "what was typed is kept"
    time_passes(1)
    assert "请 2 分钟后再试" in fail("county", 1)
    assert "请 2 分钟后再试" in sign_in("COUNTY ").content.decode(), "the same name, written otherwise"
    time_passes(2)
    assert is_let_in("county")
    assert "用户名或密码不正确" in fail("county", 4), "a right password makes a clean start"
    assert is_let_in("county")
    waits = [wait_after(failures) for failures in range(4, 14)]
    assert [wait.total_seconds() / 60 for wait in waits] == [0, 1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert wait_after(10_000) == LONGEST


def test_a_lock_is_logged_once_and_knocking_makes_it_no_longer(cast):
    fail("county", 5)
    until = locks_of(cast.county)[0].until
    fail("county", 20)
    assert locks_of(cast.county)[0].until == until
    entry = Entry.objects.get(event="accounts.locked_out")
    assert (entry.target_id, entry.county.code) == (str(cast.county.pk), "320115")
    assert "连续失败 5 次" in entry.note
    assert Entry.objects.filter(event="accounts.login_failed").count() == 5
    fail("Nobody-Has-This-1", 5)
    entry = Entry.objects.filter(event="accounts.locked_out").latest("pk")
    assert "No***" in entry.note and "Nobody-Has-This-1" not in entry.note
    assert not FailedSignIn.objects.filter(name_digest__icontains="nobody").exists()


def test_the_words_do_not_tell_whether_the_account_exists(cast):
    told = []
    for username in ("county", "nobody-has-this"):
        for failure in range(1, 7):
            errors = sign_in(username, "wrong").context["form"].non_field_errors()
            told.append((username, failure, list(errors)))
    known, unknown = told[:6], told[6:]
    assert [words for *_, words in known] == [words for *_, words in unknown]
    assert ["请 1 分钟后再试" in str(words) for *_, words in known] == [False] * 4 + [True] * 2


def test_nobody_is_locked_out_from_elsewhere(cast):
    fail("county", 30, address=ELSEWHERE)
    assert not is_let_in("county", address=ELSEWHERE)
    assert is_let_in("county", address=OFFICE)
    assert not is_let_in("county", address=ELSEWHERE), "the owner's own sign-in opens nothing over there"
    fail("city", 5)
    assert is_let_in("clerk") and not is_let_in("city"), "a colleague behind the same address"


def test_an_office_behind_one_address_gets_in(cast):
    """Ninety-nine mistakes within ten minutes, by as many people as one likes, and a thousand by few."""
    now = timezone.now()
    mistakes = [FailedSignIn(name_digest=f"{n}", address=OFFICE, at=now) for n in range(ADDRESS_FAILURES - 1)]
    FailedSignIn.objects.bulk_create(mistakes)
    assert is_let_in("county")
    FailedSignIn.objects.all().delete()
    few = [FailedSignIn(name_digest=f"{n % (ADDRESS_ACCOUNTS - 1)}", address=OFFICE, at=now) for n in range(1000)]
    FailedSignIn.objects.bulk_create(few)
    assert is_let_in("county")


def test_an_address_that_tries_many_accounts_is_refused(cast):
    now = timezone.now()
    tries = [
        FailedSignIn(name_digest=f"{n % ADDRESS_ACCOUNTS}", address=ELSEWHERE, at=now - timedelta(seconds=200 - n))
        for n in range(ADDRESS_FAILURES)
    ]
    FailedSignIn.objects.bulk_create(tries)
    assert "请 7 分钟后再试" in sign_in("county", address=ELSEWHERE).content.decode()
    assert is_let_in("county", address=OFFICE)
    time_passes(7)
    assert is_let_in("county", address=ELSEWHERE)


def test_tries_made_at_once_are_all_counted(cast):
    """Ten requests that began before any of them was judged: the sixth finds the door shut."""
    for _ in range(5):
        begin_try("county", OFFICE)
    assert not is_let_in("county")


def test_whoever_manages_the_person_unlocks(cast):
    browser = Client()
    browser.force_login(cast.county, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/accounts-admin/{cast.clerk.pk}/"
    assert "解除锁定" not in browser.get(page).content.decode()
    fail("clerk", 6)
    shown = browser.get(page).content.decode()
    assert OFFICE in shown and "连续失败 5 次" in shown
    assert browser.post(f"{page}unlock/").status_code == 302
    assert is_let_in("clerk")
    entry = Entry.objects.get(event="accounts.unlocked")
    assert (entry.actor, entry.target_id, entry.note) == (cast.county, str(cast.clerk.pk), OFFICE)

    fail("clerk", 5)
    password = actions.reset_password(cast.clerk, acting_user=cast.county)
    assert is_let_in("clerk", password)
    with pytest.raises(AccessDenied):
        actions.unlock(cast.clerk, acting_user=cast.other_county)


def test_what_failed_is_forgotten_after_a_day(cast):
    fail("clerk", 4)
    time_passes(24 * 60 + 1)
    fail("county", 1)
    assert FailedSignIn.objects.count() == 1
