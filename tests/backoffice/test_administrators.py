"""An administrator runs the portal: lists, jobs and log say that something is done, never what business it is."""

import re

import pytest
from rest_framework.test import APIClient

import notices.sending  # noqa: F401 -- registers the event that is logged here
from foundation.access.models import Grant, Role
from foundation.audit.log import log
from foundation.audit.models import Entry
from foundation.jobs.models import Job
from notices.models import Notice

pytestmark = pytest.mark.django_db
SECRET = "关于金陵“一号车间”安全隐患的紧急通知"


@pytest.fixture
def notice(cast) -> Notice:
    """A notice with its job and its lines in the log."""
    found = Notice.objects.create(title=SECRET, text="…", office=cast.places["3201"], created_by=cast.city)
    log("notices.sent", by=cast.city, on=found, place=cast.places["3201"], changes={"标题": ["", SECRET]}, note=SECRET)
    Job.objects.create(kind="notices.send", title=f"发出通知：{SECRET}", owner=cast.city, unique_key="n")
    return found


def test_the_log_names_kind_and_number_only(cast, sign_in, notice):
    admin = sign_in(cast.admin)
    page = admin.get("/audit/").content.decode()
    assert SECRET not in page and "一号车间" not in page
    assert f"{Notice._meta.verbose_name} {notice.pk}" in page
    assert cast.city.username in page, "who did it stays"
    assert SECRET not in admin.get("/audit/?export=xlsx").content.decode(errors="replace")
    searched = admin.get("/audit/", {"q": "一号车间"}).content.decode()
    assert f"{Notice._meta.verbose_name} {notice.pk}" not in searched, "nor is it found by what it is called"
    assert f"{Notice._meta.verbose_name} {notice.pk}" in admin.get("/audit/", {"q": str(notice.pk)}).content.decode()
    for who in (cast.auditor, cast.city):
        assert SECRET in sign_in(who).get("/audit/", {"q": "一号车间"}).content.decode()


def test_people_and_roles_keep_their_names(cast, sign_in):
    log("accounts.suspended", by=cast.admin, on=cast.clerk, place=cast.places["320115"], note="长期病假")
    page = sign_in(cast.admin).get("/audit/", {"q": "陈经办"}).content.decode()
    assert "陈经办" in page and "长期病假" in page


def test_who_also_does_business_reads_what_it_is(cast, sign_in, notice):
    Grant.objects.create(user=cast.admin, role=Role.AUDITOR, place=cast.places["32"])
    assert SECRET in sign_in(cast.admin).get("/audit/").content.decode()


def test_jobs_of_others_are_named_by_what_is_done(cast, sign_in, notice):
    job = Job.objects.get()
    admin = sign_in(cast.admin)
    for address in ("/jobs/", f"/jobs/{job.pk}/", f"/jobs/{job.pk}/progress/"):
        page = admin.get(address).content.decode()
        assert SECRET not in page and f"发出通知（任务 {job.pk}）" in page, address
    assert f"任务 {job.pk}" not in admin.get("/jobs/", {"q": "一号车间"}).content.decode()
    client = APIClient()
    client.force_authenticate(cast.admin)
    assert client.get(f"/api/v1/jobs/{job.pk}/").json()["title"] == f"发出通知（任务 {job.pk}）"
    assert SECRET in sign_in(cast.city).get(f"/jobs/{job.pk}/").content.decode()
    assert Entry.objects.filter(label=SECRET).exists()


@pytest.mark.parametrize("address", ["/records/", "/enterprises/", "/records/?q=车间", "/enterprises/?q=车间"])
def test_a_list_the_role_does_not_see_says_so(cast, sign_in, address):
    """It is not empty: others see what stands in it, and no other filter brings it here."""
    page = sign_in(cast.admin).get(address).content.decode()
    assert "您的角色看不到" in page and "请联系管理员" in page
    assert not re.search("还没有登记企业|还没有记录|没有符合条件的", page)
    assert "您的角色看不到" not in sign_in(cast.auditor).get(address).content.decode()
