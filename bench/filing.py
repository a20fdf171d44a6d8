"""CPU and statements of one record filed and handed in by a clerk through the page, on a portal that holds the demonstration.

    ./portal manage demo_data
    .venv/bin/python -m bench.filing [--records 40]

Each record is taken back at once, so that nothing is left of it. CPU is this process's own time for the request through
the whole middleware; what the database server computes is not in it. Exits with 1 above the limits.
"""

import argparse
import os
import statistics
import sys
import time
import uuid

import django

STATEMENTS, CPU_MS = 32, 30.0
WARM_UP = 3


def main() -> int:
    parser = argparse.ArgumentParser(description="CPU and statements of one record filed and handed in.")
    parser.add_argument("--records", type=int, default=40)
    records = parser.parse_args().records
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")
    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    client = Client(SERVER_NAME="localhost")
    clerk = get_user_model().objects.get(username="clerk1")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")

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
            "do": "submit",
        }
        with transaction.atomic():
            started = time.process_time()
            response = client.post("/records/new/ideology.lecture/", values)
            spent = time.process_time() - started
            transaction.set_rollback(True)
        if response.status_code != 302:
            sys.exit(f"the record was not handed in: {response.status_code}")
        return spent * 1000

    for _ in range(WARM_UP):
        file_one()
    with CaptureQueriesContext(connection) as captured:
        file_one()
    statements = len(captured)
    spent = [file_one() for _ in range(records)]
    median = statistics.median(spent)
    print(f"| | statements (≤ {STATEMENTS}) | CPU median ms (≤ {CPU_MS:.0f}) | CPU worst ms |")
    print("|---|---:|---:|---:|")
    print(f"| file and hand in | {statements} | {median:.1f} | {max(spent):.1f} |")
    return int(statements > STATEMENTS or median > CPU_MS)


if __name__ == "__main__":
    sys.exit(main())
