"""Reading a workbook: the portal's opener against openpyxl, time and memory, each in a process of its own.

    .venv/bin/python -m bench.reading [--rows 20000 100000] [--columns 20]

A quarter of the cells each is text of its own, whole numbers, days, and text of a few sorts. "ours" is what an import does:
judged, the XML looked through (twice refused: too large, damaged), values typed, row by row. The smaller workbook is also
read with openpyxl as a stream, as ADR 0013 had it.
"""

import argparse
import datetime
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def write(path: Path, rows: int, columns: int) -> None:
    """The workbook to read."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append([f"第{number}列" for number in range(columns)])
    for row in range(rows):
        cells: list[object] = []
        for number in range(columns):
            sorts = (
                f"第{row}行第{number}格的文字",
                row * number,
                datetime.date(2026, 1 + row % 12, 1 + number),
                "甲乙丙丁"[row % 4],
            )
            cells.append(sorts[number % 4])
        sheet.append(cells)
    book.save(path)


def read_ours(path: Path) -> int:
    from foundation.workbooks.opening import open_book

    with path.open("rb") as handle, open_book(handle, path.name, path.stat().st_size) as book:
        return sum(1 for _number, cells in book.rows(book.sheets[0]) if cells)


def read_openpyxl(path: Path) -> int:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    return sum(1 for row in book.worksheets[0].iter_rows() if [cell.value for cell in row])


READERS = {"ours": read_ours, "openpyxl": read_openpyxl}


def alone(name: str, path: Path) -> None:
    """Read in this process and print a line of the table."""
    if name == "ours":
        import foundation.workbooks.opening  # noqa: F401 -- loaded before the clock starts
    else:
        import openpyxl  # noqa: F401
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, cpu = time.perf_counter(), time.process_time()
    count = READERS[name](path)
    took, used = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"| {name} | {count:,} | {took:.2f} | {used:.2f} | {(peak - before) / 1024:.0f} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="The portal's opener against openpyxl.")
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--all", action="store_true", help="openpyxl for the large workbook too")
    parser.add_argument("--alone", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    parser.add_argument("--tiny", action="store_true", help="a few rows, so that a test can start it")
    options = parser.parse_args()
    if options.tiny:
        options.rows = [20]
    if options.alone:
        alone(options.alone[0], Path(options.alone[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            path = Path(folder) / f"{rows}.xlsx"
            write(path, rows, options.columns)
            print(f"\n{rows:,} rows × {options.columns} columns, {path.stat().st_size / 1048576:.1f} MB\n")
            print("| reader | rows | seconds | CPU s | memory MB |\n|---|---:|---:|---:|---:|", flush=True)
            for name in READERS:
                if name == "ours" or options.all or rows == min(options.rows):
                    subprocess.run([sys.executable, "-m", "bench.reading", "--alone", name, str(path)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
