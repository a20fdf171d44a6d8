"""How much of each room the tests run, in branches as well as lines, against the floor in ``pyproject.toml``.

``python deploy/coverage_floor.py FOLDER`` with what each process of the measured run has written (``tests/coverage_marks.py``);
ends with 1 when a room lies below its floor.
"""

import json
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from slipcover import merge_coverage

ROOT = Path(__file__).resolve().parent.parent


def added_up(folder: Path) -> dict[str, Any]:
    """What any of the processes ran. Raises ``FileNotFoundError`` where none has measured."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise FileNotFoundError(f"nothing was measured: {folder}")
    whole, *others = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    for other in others:
        merge_coverage(whole, other)
    return dict(whole["files"])


def measured(files: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Of each room (lines and branches that were run, lines and branches there are)."""
    rooms: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for name, of_file in files.items():
        found, room = of_file["summary"], Path(name).parts[0]
        run, missing = rooms[room]
        rooms[room] = (
            run + found["covered_lines"] + found["covered_branches"],
            missing + found["missing_lines"] + found["missing_branches"],
        )
    return {room: (run, run + missing) for room, (run, missing) in rooms.items()}


def main() -> int:
    with (ROOT / "pyproject.toml").open("rb") as file:
        floors: dict[str, int] = tomllib.load(file)["tool"]["portal"]["coverage-floor"]
    rooms, below = measured(added_up(Path(sys.argv[1]))), []
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
