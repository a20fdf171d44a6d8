"""Seconds from a county's approval until the city's dashboard shows it, alone and while duties are being made.

    .venv/bin/python -m bench.approval [--times 5]

Starts the portal's own processes (web, worker, figures) and goes through the web only: a clerk files a 职工大讲堂 and hands
it in, the county approves it, the city reads its dashboard again and again. "While duties are made": beside it, the worker
is sent a rule by which every enterprise owes one more return for two quarters; the rule and its duties are taken away again
at the end. Each turn leaves one approved sample record in the running quarter.
"""

import re
import secrets
import sys
import threading
import time
from typing import Any

from bench import harness
from bench.harness import Browser, Figures, People

LIMIT_SECONDS, PATIENCE_SECONDS, POLL_SECONDS = 5.0, 300.0, 0.1
KIND, FACT = "ideology.lecture", "B01.sessions"
#: Owed by nobody so far.
WAVE_KIND = "ideology.delegates"
_FIGURE = re.compile(r'href="[^"]*fact=' + re.escape(FACT) + r'[^"]*"[^>]*>\s*(?:<span[^>]*>)?\s*([\d,.]+)')


def shown(city: Browser, region: str, quarter: str) -> str:
    """What the dashboard's page says of 职工大讲堂场次."""
    page = city.get(f"/dashboard/?region={region}&quarter={quarter}")
    found = _FIGURE.search(page)
    return found[1] if found else "—"


def harmless_values() -> dict[str, Any]:
    """A 职工大讲堂 of its own title, speaker and size, so that it resembles no other."""
    from django.utils import timezone

    mark = secrets.token_hex(4)
    values = {"title": f"示例：从审核到看板的用时（{mark}）", "speaker": f"示例主讲人{mark}", "form": "on_site"}
    return {**values, "number_of_people": 2, "attendances": 2, "happened_on": timezone.localdate().isoformat()}


def handed_in(clerk: Browser, enterprise: str) -> dict[str, Any]:
    """A record handed in; what is asked all the same is answered by the keys of the questions."""
    status, record = clerk.post("/api/v1/records/", {"kind": KIND, "enterprise": enterprise, **harmless_values()})
    if status != 200:
        sys.exit(f"filing: {status} {record}")
    path, body = f"/api/v1/records/{record['id']}/submit/", {"version": record["version"]}
    status, answer = clerk.post(path, body)
    if status == 409:
        keys = [problem["key"] for problem in answer["errors"] if "key" in problem]
        status, answer = clerk.post(path, {**body, "confirmed": keys, "reason": "测量用。"})
    if status != 200:
        sys.exit(f"handing in: {status} {answer}")
    return answer


def turn(clerk: Browser, county: Browser, city: Browser, people: People, quarter: str) -> float:
    """Seconds from the answer to the approval until the dashboard's figure has changed."""
    record = handed_in(clerk, people.enterprise.credit_code)
    region = people.enterprise.city.code
    before = shown(city, region, quarter)
    status, answer = county.post(f"/api/v1/records/{record['id']}/approve/", {"version": record["version"]})
    if status != 200:
        sys.exit(f"approving: {status} {answer}")
    approved = time.monotonic()
    while shown(city, region, quarter) == before:
        if time.monotonic() - approved > PATIENCE_SECONDS:
            sys.exit(f"the dashboard still shows {before} after {PATIENCE_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - approved


def make_wave() -> None:
    """Duties for everybody, as the hourly task makes them after a new rule."""
    from django.db import connection

    from backoffice.tasks import keep_calendar
    from records.models import DutyRule

    DutyRule.objects.create(kind=WAVE_KIND)
    keep_calendar()
    connection.close()


def take_wave_away() -> None:
    from foundation.calendar.periods import Quarter
    from foundation.places.models import Place
    from records.duties.facts import append_duty_changes
    from records.models import Duty, DutyRule

    DutyRule.objects.filter(kind=WAVE_KIND).delete()
    Duty.objects.filter(kind=WAVE_KIND).delete()
    counties = Place.objects.counties().values_list("pk", flat=True)
    append_duty_changes({(pk, Quarter.parse(f"{Quarter.current().year}Q4").code) for pk in counties}, is_below=True)


def main() -> int:
    harness.begin()
    options = harness.options("Seconds from approval to dashboard.", times=(5, 1))
    from foundation.calendar.periods import Quarter
    from records.models import DutyRule

    people, quarter = harness.people(), Quarter.current().code
    table = Figures("Approval → dashboard", "s", tiny=options.tiny)
    with harness.portal("web", "worker", "figures") as portal:
        clerk, county, city = (Browser(portal.address, user) for user in (people.clerk, people.county, people.city))
        for number in range(options.times):
            table.add(f"turn {number + 1}", turn(clerk, county, city, people, quarter), limit=LIMIT_SECONDS)
        if DutyRule.objects.filter(kind=WAVE_KIND).exists():
            sys.exit(f"{WAVE_KIND} is owed already: the wave would make nothing")
        wave = threading.Thread(target=make_wave)
        wave.start()
        try:
            for number in range(options.times):
                taken = turn(clerk, county, city, people, quarter)
                table.add(f"turn {number + 1} while duties are made", taken, limit=LIMIT_SECONDS)
        finally:
            wave.join()
            take_wave_away()
        peaks = portal.peaks()
    for name, peak in sorted(peaks.items()):
        table.memory(name, peak)
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())
