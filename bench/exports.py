"""Seconds, CPU seconds and memory for a list written as a workbook, as the job that does it.

    .venv/bin/python -m bench.exports --user USERNAME [--export enterprises.register] [--query q=…]

Nothing is kept but the line in the audit log. ``memory`` is the most this process ever held, and what it held before.
"""

import argparse
import os
import resource
import sys
import tempfile
import time

import django


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description="What a list written as a workbook costs.")
    parser.add_argument("--user", required=True, help="in whose name, and so with whose rows")
    parser.add_argument("--export", default="enterprises.register")
    parser.add_argument("--query", default="")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")
    django.setup()
    from django.http import QueryDict

    from foundation.accounts.models import User
    from foundation.crud.exporting import Found, export_by_name, write_export

    user, export, asked = (
        User.objects.get(username=options.user),
        export_by_name(options.export),
        QueryDict(options.query),
    )
    before, started, spent = _megabytes(), time.monotonic(), time.process_time()
    found = Found(export.queryset(user, asked), user, asked)
    with tempfile.TemporaryFile() as out:
        write_export(export, found, out)
        size = out.tell()
    print("| export | rows | seconds | CPU seconds | kB | memory MB |")
    print("|---|---:|---:|---:|---:|---:|")
    print(
        f"| {options.export} | {found.written} | {time.monotonic() - started:.1f} | {time.process_time() - spent:.1f} "
        f"| {size // 1024} | {before} → {_megabytes()} |"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
