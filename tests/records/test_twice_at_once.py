"""Two workers at the same moment: one form sent twice, two officers at one record, one key asked for twice."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.refusals import Refused
from indicators.fill import catch_up
from indicators.models import PlaceTotal
from records.core.actions import act, file_record
from records.core.kinds import kind_by_slug
from records.models import Record
from tests.contracts.world import LECTURE, PARTY, values_for

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at once, each on a connection of its own; the results, exceptions among them."""
    results: list[Any] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = works[number]()
        except Exception as error:  # noqa: BLE001 -- whatever is raised is the result
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("slug", [LECTURE, PARTY])
def test_one_form_sent_twice_makes_one_record(cast, sign_in, slug):
    values = {
        **values_for(slug, cast.enterprise),
        "form_token": str(uuid.uuid4()),
        "enterprise": cast.enterprise.credit_code,
    }
    browsers = [sign_in(cast.clerk) for _time in range(3)]
    answers = together(
        *(lambda one=one: one.post(f"/records/new/{slug}/", {**values, "do": "submit"}) for one in browsers)
    )
    record = Record.objects.get()
    assert record.status == "submitted"
    assert [(answer.status_code, answer.url.partition("?")[0]) for answer in answers] == [
        (302, f"/records/{record.pk}/")
    ] * 3


def test_the_same_return_by_two_colleagues_is_refused_with_words(cast):
    kind = kind_by_slug(PARTY)
    values = values_for(PARTY, cast.enterprise)
    results = together(
        *(
            lambda who=who: file_record(acting_user=who, kind=kind, filer=cast.enterprise, values=values)
            for who in (cast.clerk, cast.lead)
        )
    )
    refused = [result for result in results if isinstance(result, Exception)]
    assert Record.objects.count() == 1
    assert [list(problem.message_dict) for problem in refused] == [["period"]]
    assert "已经填过一份" in refused[0].messages[0]


def test_two_officers_decide_once(cast):
    record = file_record(
        acting_user=cast.clerk,
        kind=kind_by_slug(LECTURE),
        filer=cast.enterprise,
        values=values_for(LECTURE, cast.enterprise),
    )
    record = act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    decisions = [(cast.county, "approve"), (cast.county_colleague, "return"), (cast.county_colleague, "reject")]
    results = together(
        *(
            lambda who=who, action=action: act(
                acting_user=who, record_id=record.pk, action=action, version=record.version, reason="请核对。"
            )
            for who, action in decisions
        )
    )
    assert len([result for result in results if isinstance(result, Record)]) == 1
    assert len([result for result in results if isinstance(result, Refused | AccessDenied)]) == 2
    assert record.steps.exclude(action__in=["create", "submit"]).count() == 1
    assert Entry.objects.filter(event__in=["records.approve", "records.return", "records.reject"]).count() == 1


def test_one_key_makes_one_job(cast):
    ask = {"kind": "reporting.build", "title": "季报", "parameters": {"report": 0}, "unique_key": "once"}
    results = together(*(lambda: enqueue(**ask, owner=cast.city) for _time in range(4)))
    assert {job.pk for job in results} == {Job.objects.get().pk}


def test_two_fills_at_once_count_once(cast):
    record = file_record(
        acting_user=cast.clerk,
        kind=kind_by_slug(LECTURE),
        filer=cast.enterprise,
        values=values_for(LECTURE, cast.enterprise),
    )
    for who, action in ((cast.clerk, "submit"), (cast.county, "approve")):
        record = act(acting_user=who, record_id=record.pk, action=action, version=record.version)
    results = together(catch_up, catch_up, catch_up)
    assert not [result for result in results if isinstance(result, Exception)]
    total = PlaceTotal.objects.get(place=cast.places["32"], quarter=record.quarter, fact="B01.sessions")
    assert total.value == 1
