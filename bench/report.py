"""Seconds for the quarterly report of the province, on a portal that holds the demonstration.

    .venv/bin/python -m bench.report [--region 32] [--quarter 2026Q3] [--times 3]

The first report of a process loads fonts, charts and libraries; a worker builds the following ones warm. Exits with 1
when the first is over the limit: that is what the first person after a restart waits for.
"""

import argparse
import io
import os
import sys
import tempfile
import time
from pathlib import Path

import django

LIMIT_SECONDS = 7.0


def main() -> int:
    parser = argparse.ArgumentParser(description="Seconds for a quarterly report.")
    parser.add_argument("--region", default="32")
    parser.add_argument("--quarter", default="2026Q3")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")
    django.setup()
    from django.core.management import call_command

    print(f"| report {options.region} {options.quarter} | seconds (≤ {LIMIT_SECONDS:.0f}) | CPU seconds | PDF kB |")
    print("|---|---:|---:|---:|")
    slowest_first = 0.0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.pdf"
        for turn in range(options.times):
            started, spent = time.monotonic(), time.process_time()
            call_command(
                "report",
                "quarterly",
                region=options.region,
                quarter=options.quarter,
                output=target,
                stdout=io.StringIO(),
            )
            seconds, cpu = time.monotonic() - started, time.process_time() - spent
            slowest_first = slowest_first or seconds
            print(
                f"| {'first' if turn == 0 else 'warm'} | {seconds:.1f} | {cpu:.1f} | {target.stat().st_size // 1024} |"
            )
    return 1 if slowest_first > LIMIT_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
