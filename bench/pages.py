"""Queries and CPU of the everyday pages, on a portal that holds the demonstration.

    ./portal manage demo_data
    .venv/bin/python -m bench.pages [--requests 30]

Needs collected static files (``./portal up`` collects them). CPU is this process's own time for one request through
the whole middleware, so it does not depend on what else the machine does. Exits with 1 when a page is over its limit.
"""

import argparse
import os
import statistics
import sys
import time
from typing import NamedTuple

import django

QUERIES, CPU_MS = 12, 25.0
WARM_UP = 3


class Page(NamedTuple):
    name: str
    user: str
    path: str


PAGES = (
    Page("workbench, enterprise", "clerk1", "/"),
    Page("workbench, county", "county1", "/"),
    Page("workbench, city", "city1", "/"),
    Page("workbench, province", "province1", "/"),
    Page("review queue, county", "county1", "/review/"),
    Page("record list, enterprise", "clerk1", "/records/"),
    Page("record list, city", "city1", "/records/"),
    Page("record list, province", "province1", "/records/"),
    Page("dashboard, county", "county1", "/dashboard/?region=320115&quarter=2026Q3"),
    Page("dashboard, city", "city1", "/dashboard/?region=3201&quarter=2026Q3"),
    Page("dashboard, province", "province1", "/dashboard/?region=32&quarter=2026Q3"),
)


class Measured(NamedTuple):
    queries: int
    median_ms: float
    worst_ms: float

    @property
    def is_within(self) -> bool:
        return self.queries <= QUERIES and self.median_ms <= CPU_MS


def measure(page: Page, requests: int) -> Measured:
    """Ask for the page as its user: queries once, CPU over many requests after a few to warm up."""
    from django.contrib.auth import get_user_model
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    user = get_user_model().objects.get(username=page.user)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def ask() -> float:
        started = time.process_time()
        response = client.get(page.path)
        spent = time.process_time() - started
        if response.status_code != 200:
            sys.exit(f"{page.name}: {page.path} answered {response.status_code}")
        return spent * 1000

    for _ in range(WARM_UP):
        ask()
    captured = [CaptureQueriesContext(connection) for connection in connections.all()]
    for capture in captured:
        capture.__enter__()
    ask()
    for capture in captured:
        capture.__exit__(None, None, None)
    # Counted now: the next request empties the log.
    queries = sum(len(capture) for capture in captured)
    spent = [ask() for _ in range(requests)]
    return Measured(queries, statistics.median(spent), max(spent))


def main() -> int:
    parser = argparse.ArgumentParser(description="Queries and CPU of the everyday pages.")
    parser.add_argument("--requests", type=int, default=30)
    requests = parser.parse_args().requests
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")
    django.setup()
    print(f"| page | queries (≤ {QUERIES}) | CPU median ms (≤ {CPU_MS:.0f}) | CPU worst ms | |")
    print("|---|---:|---:|---:|---|")
    over = 0
    for page in PAGES:
        found = measure(page, requests)
        over += not found.is_within
        verdict = "" if found.is_within else "over"
        print(f"| {page.name} | {found.queries} | {found.median_ms:.1f} | {found.worst_ms:.1f} | {verdict} |")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
