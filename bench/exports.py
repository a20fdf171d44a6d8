"""Lists as workbooks, whole, as the job writes them: the register of a county and of the province, records of a county.

    .venv/bin/python -m bench.exports

Nothing is kept but the lines in the audit log.
"""

import sys
import tempfile
from typing import Any

from bench import harness
from bench.harness import Figures


def write(name: str, user: Any, query: str) -> tuple[int, int]:
    """Rows and bytes of the list this person sees for a query string."""
    from django.http import QueryDict

    from foundation.crud.exporting import Found, export_by_name, write_export

    export, asked = export_by_name(name), QueryDict(query)
    found = Found(export.queryset(user, asked), user, asked)
    with tempfile.TemporaryFile() as out:
        write_export(export, found, out)
        return found.written, out.tell()


def main() -> int:
    harness.begin()
    options = harness.options("Lists as workbooks.")
    from enterprises.exchange.exporting import RegisterExport
    from foundation.calendar.periods import Quarter
    from records.exchange.exporting import RecordExport

    people = harness.people()
    quarter = Quarter.current().previous().code
    table = Figures("Exports", "s", tiny=options.tiny)
    for title, name, user, query in (
        ("register of the largest county", RegisterExport.name, people.county, ""),
        (
            "records of its lectures of a quarter",
            RecordExport.name,
            people.county,
            f"kind=ideology.lecture&quarter={quarter}",
        ),
        ("register of the province", RegisterExport.name, people.province, ""),
    ):
        rows, size = table.timed(title, lambda name=name, user=user, query=query: write(name, user, query))
        print(f"<!-- {rows:,} rows, {size // 1024} kB -->")
    table.memory("this process", harness.peak_memory())
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())
