"""Seconds from a county's approval until the city's dashboard shows it, against a running portal with the demo.

    ./portal up                                  # in another terminal
    .venv/bin/python -m bench.approval [--url http://127.0.0.1:8000] [--times 5]

Goes through the web only: clerk1 files a 职工大讲堂, county1 approves it, city1 reads its dashboard page again and again.
Each turn leaves one approved sample record in the running quarter. Exits with 1 when a turn is over the limit.
"""

import argparse
import datetime
import http.cookiejar
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

LIMIT_SECONDS, PATIENCE_SECONDS, POLL_SECONDS = 5.0, 90.0, 0.1
_FIGURE = re.compile(r'href="[^"]*fact=B01\.sessions[^"]*"[^>]*>\s*<span class="figure">([^<]+)</span>')


class Person:
    """A browser signed in as one of the demo's people."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url.rstrip("/")
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.page("/accounts/login/")
        form = {"login": username, "password": password, "csrfmiddlewaretoken": self._csrf()}
        self._send("/accounts/login/", urllib.parse.urlencode(form).encode(), {})
        if not any(cookie.name == "sessionid" for cookie in self.jar):
            sys.exit(f"{username}: sign-in refused; is {self.url} the portal these demo accounts belong to?")

    def _csrf(self) -> str:
        return next((cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken"), "")

    def _send(self, path: str, body: bytes | None, headers: dict[str, str]) -> str:
        # The address is the portal's own, given on the command line.
        request = urllib.request.Request(self.url + path, body, {"Referer": self.url + path, **headers})  # noqa: S310
        with self.opener.open(request, timeout=30) as response:
            return response.read().decode()

    def page(self, path: str) -> str:
        return self._send(path, None, {})

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A write through the API with the session."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._csrf()}
        try:
            return json.loads(self._send(path, json.dumps(body).encode(), headers))
        except urllib.error.HTTPError as error:
            sys.exit(f"{path}: {error.code} {error.read().decode()}")


def sessions_shown(city: Person, today: datetime.date) -> str:
    """What the dashboard's page of the running quarter says of 职工大讲堂场次."""
    quarter = f"{today.year}Q{(today.month - 1) // 3 + 1}"
    found = _FIGURE.search(city.page(f"/dashboard/?region=3201&quarter={quarter}"))
    return found[1] if found else "—"


def turn(clerk: Person, county: Person, city: Person, enterprise: str) -> float:
    """Seconds from the answer to the approval until the dashboard's figure has changed."""
    today = datetime.date.today()
    record = clerk.post(
        "/api/v1/records/",
        {
            "kind": "ideology.lecture",
            "enterprise": enterprise,
            "title": "示例：从审核到看板的用时",
            "happened_on": today.isoformat(),
            "form": "on_site",
            "speaker": "示例主讲人",
            "number_of_people": 20,
            "attendances": 20,
        },
    )
    path = f"/api/v1/records/{record['id']}"
    record = clerk.post(f"{path}/submit/", {"version": record["version"]})
    before = sessions_shown(city, today)
    county.post(f"{path}/approve/", {"version": record["version"]})
    approved = time.monotonic()
    while sessions_shown(city, today) == before:
        if time.monotonic() - approved > PATIENCE_SECONDS:
            sys.exit(f"the dashboard still shows {before} after {PATIENCE_SECONDS:.0f} s: is the worker running?")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - approved


def main() -> int:
    parser = argparse.ArgumentParser(description="Seconds from approval to dashboard.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--times", type=int, default=5)
    var = Path(os.environ.get("PORTAL_VAR") or Path(__file__).resolve().parent.parent / "var")
    parser.add_argument("--accounts", type=Path, default=var / "demo-accounts.txt")
    options = parser.parse_args()
    rows = [line.split("\t") for line in options.accounts.read_text(encoding="utf-8").splitlines()]
    accounts = {username: (password, place) for username, password, _role, place in rows}
    clerk, county, city = (Person(options.url, name, accounts[name][0]) for name in ("clerk1", "county1", "city1"))
    taken = [turn(clerk, county, city, accounts["clerk1"][1]) for _ in range(options.times)]
    print(f"approval → dashboard, seconds (≤ {LIMIT_SECONDS:.0f}): " + ", ".join(f"{seconds:.1f}" for seconds in taken))
    return 1 if max(taken) > LIMIT_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
