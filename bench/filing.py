"""CPU and statements of one record filed and handed in by a clerk through the page.

    .venv/bin/python -m bench.filing [--records 40]

Each record is taken back at once, so that nothing is left of it. The limit means this process's CPU for the request through
the whole middleware, divided.
"""

import statistics
import sys
import uuid

from bench import harness
from bench.cost import cost_of
from bench.harness import Figures

STATEMENTS, CPU_MS = 36, 30.0
WARM_UP = 3


def main() -> int:
    harness.begin()
    options = harness.options("Filing one record.", records=(40, 2))
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    [(user, enterprise)] = harness.clerks(1)
    client = harness.signed_in(user)

    def file_one() -> float:
        values = {
            # Unlike any other of the day, so that nothing is asked.
            "title": uuid.uuid4().hex,
            "speaker": uuid.uuid4().hex,
            "happened_on": timezone.localdate().isoformat(),
            "form": "on_site",
            "number_of_people": "1",
            "attendances": "1",
            "form_token": str(uuid.uuid4()),
            "enterprise": enterprise.credit_code,
            "do": "submit",
        }
        with transaction.atomic():
            response, cost = cost_of(lambda: client.post("/records/new/ideology.lecture/", values))
            transaction.set_rollback(True)
        if response.status_code != 302:
            sys.exit(f"the record was not handed in: {response.status_code}")
        return cost.cpu * 1000

    for _ in range(WARM_UP):
        file_one()
    table = Figures("Filing and handing in one record", "ms", tiny=options.tiny)
    with CaptureQueriesContext(connection) as captured:
        file_one()
    statements = len(captured)
    spent = [file_one() for _ in range(options.records)]
    table.add("CPU, median", statistics.median(spent), limit=CPU_MS, note=f"worst {max(spent):.1f}")
    print(f"| statements | {statements} | | | {STATEMENTS} | |")
    return int(table.exit_code or (statements > STATEMENTS and not options.tiny))


if __name__ == "__main__":
    sys.exit(main())
