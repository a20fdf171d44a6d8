"""Two fixed pieces of work that say how fast this machine is just now: every figure is divided by them.

    .venv/bin/python -m bench.yardstick            # beside the reference
    .venv/bin/python -m bench.yardstick --save     # become the reference (on the reference machine only)

The same page took 20 ms of CPU on one machine and 79 on another. A figure "divided" is what it would have been on the
machine of ``reference.json``. Neither piece may ever change: the reference would mean nothing any more.
"""

import argparse
import datetime
import json
import platform
import re
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

from bench.cost import cost_of

REFERENCE = Path(__file__).with_name("reference.json")
TURNS = 9

_SQL = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120000)
SELECT n % 97 AS place, count(*), sum(n % 1009), max(n % 31 * 7 + n % 13) FROM numbers GROUP BY n % 97 ORDER BY 3 DESC, 1
"""


def python_work() -> int:
    """What a page does: dictionaries, text put together, patterns, sorting, JSON."""
    rows = [
        {"id": n, "name": f"示例企业{n * 7919 % 10007}", "value": n * 31 % 977, "kind": n % 17} for n in range(6000)
    ]
    groups: dict[int, list[str]] = {}
    for row in rows:
        groups.setdefault(row["kind"], []).append(f"<td>{row['name']}</td><td>{row['value']:,}</td>")
    html = "".join("".join(cells) for _kind, cells in sorted(groups.items()))
    found = len(re.findall(r"示例企业(\d{3})<", html))
    ordered = sorted(rows, key=lambda row: (-row["value"], row["name"]))
    return found + len(json.loads(json.dumps(ordered, ensure_ascii=False)))


def sql_work() -> int:
    """Rows made, grouped and sorted by the portal's own database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        return len(cursor.fetchall())


class Yardstick(NamedTuple):
    """Milliseconds of CPU that either piece takes: the clock would measure what else the machine does."""

    python: float
    sql: float
    database: str


def measure() -> Yardstick:
    """The median turn of Python; of SQL the mean, because the kernel tells of PostgreSQL in steps of ten milliseconds."""
    from django.db import connection

    python_work(), sql_work()
    python = statistics.median(cost_of(python_work)[1].cpu for _turn in range(TURNS)) * 1000
    _none, cost = cost_of(lambda: [sql_work() for _turn in range(TURNS)])
    used = cost.database if connection.vendor == "postgresql" and cost.database else cost.cpu
    return Yardstick(python, used / TURNS * 1000, connection.vendor)


def reference(database: str) -> Yardstick:
    """The same on the reference machine."""
    kept = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return Yardstick(kept["python_ms"], kept["sql_ms"][database], database)


def slower_by(now: Yardstick) -> float:
    """How many times as much CPU as on the reference machine things take just now: the mean of both pieces."""
    then = reference(now.database)
    return (now.python / then.python + now.sql / then.sql) / 2


def save(now: Yardstick, command: str) -> None:
    """Keep it as the reference; what is kept of the other database stays."""
    kept = json.loads(REFERENCE.read_text(encoding="utf-8")) if REFERENCE.exists() else {"sql_ms": {}}
    cores = len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")])
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    kept |= {
        "machine": f"{cores} cores, {model[1] if model else platform.machine()}, Python {platform.python_version()}",
        "date": datetime.date.today().isoformat(),
        "command": command,
        "python_ms": round(now.python, 2),
    }
    kept["sql_ms"][now.database] = round(now.sql, 2)
    REFERENCE.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    from bench.harness import begin

    parser = argparse.ArgumentParser(description="How fast this machine is just now.")
    parser.add_argument("--save", action="store_true", help="keep it as the reference")
    parser.add_argument("--tiny", action="store_true", help="as the tests start it; the work is the same")
    options = parser.parse_args()
    begin()
    now = measure()
    if options.save:
        save(now, "python -m bench.yardstick --save")
    then = reference(now.database)
    print(
        f"Python {now.python:.1f} ms (reference {then.python:.1f}), SQL {now.sql:.1f} ms (reference {then.sql:.1f}, "
        f"{now.database}): {slower_by(now):.2f} times as long as on the reference machine"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
