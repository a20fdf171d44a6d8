"""How much of each room the tests run, in branches as well as lines, against the floor in ``pyproject.toml``.

``python deploy/coverage_floor.py`` after ``pytest --cov``; ends with 1 when a room lies below its floor.
"""

import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent


def measured() -> dict[str, tuple[int, int]]:
    """Of each room (lines and branches that were run, lines and branches there are)."""
    data = Coverage(config_file=str(ROOT / "pyproject.toml"))
    data.load()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        data.json_report(outfile=file.name)
        files = json.loads(Path(file.name).read_text())["files"]
    rooms: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for name, of_file in files.items():
        found, room = of_file["summary"], Path(name).parts[0]
        run, all_there = rooms[room]
        rooms[room] = (
            run + found["covered_lines"] + found["covered_branches"],
            all_there + found["num_statements"] + found["num_branches"],
        )
    return dict(rooms)


def main() -> int:
    with (ROOT / "pyproject.toml").open("rb") as file:
        floors: dict[str, int] = tomllib.load(file)["tool"]["portal"]["coverage-floor"]
    rooms, below = measured(), []
    for room, floor in floors.items():
        run, all_there = rooms.get(room, (0, 0))
        share = 100 * run / all_there if all_there else 100.0
        mark = "" if share >= floor else "  ← 低于下限 / below the floor"
        print(f"  {room:<14} {share:5.1f} %  （下限 / floor {floor} %）{mark}")
        if share < floor:
            below.append(room)
    if unknown := sorted(rooms.keys() - floors.keys()):
        print(f"  没有下限 / no floor in pyproject.toml: {', '.join(unknown)}")
    return 1 if below or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
