"""Seconds for the quarterly report, of the province, and of the county with the most enterprises.

    .venv/bin/python -m bench.report [--times 2]

The first report of a process loads fonts, charts and libraries; a worker builds the following ones warm. The limit of the
first is what the first person after a restart waits for.
"""

import io
import sys
import tempfile
from pathlib import Path

from bench import harness
from bench.harness import Figures

#: Of the province; and of the county with the most enterprises, some two thousand of them a row in the workbook.
LIMIT_SECONDS, LIMIT_OF_A_COUNTY = 7.0, 10.0


def main() -> int:
    harness.begin()
    options = harness.options("Seconds for a quarterly report.", times=(2, 1))
    from django.core.management import call_command

    from foundation.calendar.periods import Quarter

    county = harness.people().enterprise.county
    quarter = Quarter.current().previous().code
    table = Figures("Quarterly report", "s", tiny=options.tiny)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.pdf"

        def build(region: str) -> None:
            call_command("report", "quarterly", region=region, quarter=quarter, output=target, stdout=io.StringIO())

        for region, name, limit in (
            (county.province.code, "province", LIMIT_SECONDS),
            (county.code, "largest county", LIMIT_OF_A_COUNTY),
        ):
            for turn in range(options.times):
                table.timed(
                    f"{name}, {'first' if turn == 0 else 'again'}",
                    lambda region=region: build(region),
                    limit=limit,
                )
                print(f"<!-- PDF {target.stat().st_size // 1024} kB -->")
    table.memory("this process", harness.peak_memory())
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())
