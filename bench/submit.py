"""Filing at once: clients that each fill in and hand in one 职工大讲堂 after the other, through the form.

    .venv/bin/python -m bench.submit [--clients 10] [--records 10]

A web server of the portal's own. Every client is the clerk of another enterprise. What is filed stays, waiting for review.
"""

import statistics
import sys
import threading
import time

from bench import harness
from bench.approval import KIND, harmless_values
from bench.cost import percentile
from bench.harness import Browser, Figures

LIMIT_MS, PER_SECOND = 400.0, 25.0


def hand_in(browser: Browser, code: str) -> None:
    """Fill in the form and hand the record in."""
    if not browser.fill_in(f"/records/new/{KIND}/", {**harmless_values(), "enterprise": code, "do": "submit"}):
        sys.exit("the form was not taken: something is refused or asked about")


def main() -> int:
    harness.begin()
    options = harness.options("Filing at once.", clients=(10, 2), records=(10, 1))
    from django.db import connection

    waits: list[float] = []

    def file(browser: Browser, code: str) -> None:
        for _turn in range(options.records):
            started = time.perf_counter()
            hand_in(browser, code)
            waits.append((time.perf_counter() - started) * 1000)
        connection.close()

    table = Figures("Filing and handing in by the form, clients without a pause", "ms", tiny=options.tiny)
    with harness.portal("web") as portal:
        clients = [(Browser(portal.address, user), one.credit_code) for user, one in harness.clerks(options.clients)]
        for browser, code in clients:
            hand_in(browser, code)
        started = time.perf_counter()
        threads = [threading.Thread(target=file, args=client) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - started
    table.add(
        f"{options.clients} clients, p95",
        percentile(waits, 0.95),
        limit=LIMIT_MS,
        note=f"p50 {statistics.median(waits):.0f}, {len(waits)} records",
    )
    rate = len(waits) / took
    print(f"| filed records a second | {rate:.1f} | {rate * table.factor:.1f} | | ≥ {PER_SECOND:g} | |")
    slow = rate * table.factor < PER_SECOND and not options.tiny
    return table.exit_code or int(slow)


if __name__ == "__main__":
    sys.exit(main())
