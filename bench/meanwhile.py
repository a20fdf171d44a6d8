"""What other people wait for while 10,000 rows are checked and written: pages read and drafts saved, beside the import.

    cp -r var /tmp/bench-var && PORTAL_VAR=/tmp/bench-var .venv/bin/python -m bench.meanwhile [--rows 10000]

The import runs in a process of its own, as the worker does it; this process plays a clerk of another enterprise who reads
the workbench and saves a draft (with the page that follows) by turns. What is written stays: run it on a copy.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import harness
from bench.excel import KIND, filled
from bench.harness import Silent


def work(job_id: int, step: str) -> None:
    """The worker's side."""
    from foundation.exchange import checking, writing
    from foundation.jobs.models import Job

    steps = {"check": checking.check_import, "write": writing.write_import}
    steps[step](Job.objects.get(pk=job_id), Silent())


def timed(do: Callable[[], Any]) -> float:
    started = time.perf_counter()
    response = do()
    if response.status_code not in (200, 302):
        sys.exit(f"answered {response.status_code}")
    return time.perf_counter() - started


def beside(job_id: int, step: str, clerk: Any, other: Any) -> tuple[float, list[float], list[float]]:
    """Seconds the import took, and each page and each save of the other clerk meanwhile."""
    from tests.contracts.world import values_for

    command = [sys.executable, "-m", "bench.meanwhile", "--job", str(job_id), step]
    started, reads, saves = time.perf_counter(), [], []
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            reads.append(timed(lambda: clerk.get("/")))
            values = {**values_for(KIND, other), "do": "draft", "enterprise": other.credit_code}
            saves.append(timed(lambda values=values: clerk.post(f"/records/new/{KIND}/", values, follow=True)))
            time.sleep(0.2)
        if process.returncode:
            sys.exit("the import failed")
    return time.perf_counter() - started, reads, saves


def line(name: str, seconds: float, reads: list[float], saves: list[float]) -> None:
    figures = [f"{figure * 1000:.0f}" for times in (reads, saves) for figure in (statistics.median(times), max(times))]
    print(f"| {name} | {seconds:.1f} | {' | '.join(figures)} |", flush=True)


def main() -> int:
    harness.begin()
    if sys.argv[1:2] == ["--job"]:
        work(int(sys.argv[2]), sys.argv[3])
        return 0
    options = harness.options("Other people's pages while a workbook goes in.", rows=(10_000, 20))
    from django.core.files.uploadedfile import SimpleUploadedFile

    from foundation.exchange import actions
    from records.core.kinds import kind_by_slug

    kind = kind_by_slug(KIND)
    (user, mine), (second, other) = harness.clerks(2)
    clerk = harness.signed_in(second)
    print("| beside | takes s | page median ms | page worst ms | save median ms | save worst ms |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    for turn, (name, all_or_none) in enumerate((("good rows, in parts", False), ("all or none", True))):
        content = filled(kind, mine, options.rows, first=1 + turn * options.rows)
        upload = SimpleUploadedFile("bench.xlsx", content)
        batch = actions.start_import(
            acting_user=user,
            resource="records.records",
            upload=upload,
            options={"kind": kind.slug, "after": "submit", "is_backfill": False},
        )
        line(f"checking ({name})", *beside(batch.job_id, "check", clerk, other))
        batch.refresh_from_db()
        batch = actions.confirm_import(
            acting_user=user,
            batch_id=batch.pk,
            all_or_none=all_or_none,
            answers={"unusual": "submit", "reason": "测量用。"},
        )
        line(f"writing and handing in ({name})", *beside(batch.job_id, "write", clerk, other))
    return 0


if __name__ == "__main__":
    sys.exit(main())
