"""A person of several places works in one of them: pages show that one, nothing is gained by it."""

import pytest
from django.test import Client

from enterprises.models import Enterprise
from foundation.access.models import Grant, Role
from foundation.access.scope import scope_of, work_as
from foundation.accounts.models import User
from foundation.jobs.actions import enqueue
from foundation.jobs.handlers import job_handler
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.jobs.running import run
from records.models import Record
from tests.contracts.world import LECTURE, filed

pytestmark = pytest.mark.django_db

SEEN: list[int] = []


@job_handler("tests.look")
def look(job: Job, progress: Progress) -> None:
    SEEN[:] = [grant.pk for grant in scope_of(job.owner).grants]


@pytest.fixture
def both(cast) -> dict[str, Grant]:
    """The clerk works for a second enterprise, where something was filed too."""
    second = Grant.objects.create(user=cast.clerk, role=Role.CLERK, place=cast.second_enterprise.place)
    filed(cast.clerk, cast.enterprise, title="第一家的讲座")
    filed(cast.second_clerk, cast.second_enterprise, title="第二家的讲座")
    return {"first": cast.clerk.grants.exclude(pk=second.pk).get(), "second": second}


@pytest.fixture
def browser(cast, both, sign_in) -> Client:
    return sign_in(cast.clerk)


def choose(browser: Client, grant: Grant | None, **more):
    return browser.post("/me/work-as/", {"grant": grant.pk if grant else "", **more})


def test_lists_and_new_records_start_from_the_chosen_place(cast, both, browser):
    page = browser.get("/records/").content.decode()
    assert "第一家的讲座" in page and "第二家的讲座" in page
    assert "全部身份（2 个）" in page
    assert choose(browser, both["second"]).url == "/"
    page = browser.get("/records/").content.decode()
    assert "第二家的讲座" in page and "第一家的讲座" not in page
    form = browser.get(f"/records/new/{LECTURE}/")
    assert form.status_code == 200 and cast.second_enterprise.name in form.content.decode(), (
        "no need to pick the enterprise"
    )
    assert cast.enterprise.name not in browser.get("/").content.decode().split("<main")[1]
    choose(browser, None)
    assert "第一家的讲座" in browser.get("/records/").content.decode()


def test_what_is_out_of_sight_says_why_and_leads_back(both, browser):
    other = Record.objects.get(title="第一家的讲座")
    choose(browser, both["second"])
    missing = browser.get(f"/records/{other.pk}/")
    assert missing.status_code == 404 and "切换到全部身份再看" in missing.content.decode()
    back = choose(browser, None, back=f"/records/{other.pk}/")
    assert browser.get(back.url).status_code == 200
    assert choose(browser, None, back="https://evil.example/").url == "/"


def test_nobody_works_as_what_they_do_not_hold(cast, both, browser):
    for grant in (cast.county.grants.get().pk, "x", 0):
        assert browser.post("/me/work-as/", {"grant": grant}).status_code == 404
    choose(browser, both["second"])
    both["second"].delete()
    assert "第一家的讲座" in browser.get("/records/").content.decode(), "a grant taken away narrows nothing"


def test_one_place_offers_no_choice(cast, sign_in):
    assert "全部身份" not in sign_in(cast.lead).get("/").content.decode()


def test_narrowing_never_widens(cast, both):
    clerk = User.objects.get(pk=cast.clerk.pk)
    everything = set(Enterprise.objects.visible_to(clerk))
    for grant in both.values():
        work_as(clerk, grant.pk)
        assert set(Enterprise.objects.visible_to(clerk)) < everything
        assert scope_of(clerk).is_narrowed


def test_a_job_sees_what_the_page_saw(cast, both):
    clerk = User.objects.get(pk=cast.clerk.pk)
    work_as(clerk, both["second"].pk)
    assert run(enqueue(kind="tests.look", title="看", parameters={}, owner=clerk, unique_key="look").pk)
    assert SEEN == [both["second"].pk]
