"""Run as a program by ``foreign``: reads a workbook from its input, answers with its sheets and, asked for one, its rows."""

import datetime
import io
import marshal
import sys
from typing import Any

import python_calamine

BATCH = 500


def plain(cell: Any) -> Any:
    """A value as ``marshal`` takes it."""
    if isinstance(cell, datetime.datetime):
        return ("datetime", cell.isoformat())
    if isinstance(cell, datetime.date):
        return ("date", cell.isoformat())
    if isinstance(cell, datetime.time):
        return ("time", cell.isoformat())
    if isinstance(cell, datetime.timedelta):
        return ("span", cell.total_seconds())
    return None if cell == "" else cell


def answer(sort: str, value: Any = None) -> None:
    marshal.dump((sort, value), sys.stdout.buffer)
    sys.stdout.buffer.flush()


def serve() -> None:
    book = python_calamine.load_workbook(io.BytesIO(marshal.load(sys.stdin.buffer)))  # noqa: S302 -- from our own parent
    kinds = python_calamine.SheetTypeEnum
    visible = python_calamine.SheetVisibleEnum.Visible
    answer("ok", [(m.name, m.visible != visible) for m in book.sheets_metadata if m.typ == kinds.WorkSheet])
    while True:
        try:
            name = marshal.load(sys.stdin.buffer)  # noqa: S302 -- from our own parent
        except EOFError:
            return
        sheet = book.get_sheet_by_name(name)
        batch: list[list[Any]] = [[] for _row in range(sheet.start[0])] if sheet.start else []
        indent = [None] * (sheet.start[1] if sheet.start else 0)
        for row in sheet.iter_rows():
            batch.append([*indent, *map(plain, row)])
            if len(batch) >= BATCH:
                answer("ok", batch)
                batch = []
        if batch:
            answer("ok", batch)
        answer("ok", [])


try:
    serve()
except python_calamine.PasswordError:
    answer("password")
except MemoryError:
    sys.exit(1)
except (python_calamine.CalamineError, ValueError, KeyError):
    answer("damaged")
