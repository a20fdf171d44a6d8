"""The job that reads an uploaded file and judges its rows, a few hundred at a time, into the staging table."""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.exchange.actions import drop_file, end, uploaded
from foundation.exchange.models import FIT, Import, ImportState, Outcome, StagedRow
from foundation.exchange.readings import CellProblem
from foundation.exchange.remembering import recall
from foundation.exchange.resources import ImportResource, resource_of
from foundation.exchange.rows import SheetRow, cure_of
from foundation.exchange.tables import (
    PREVIEWED,
    LeftOut,
    chosen_sheets,
    columns_read,
    needs_columns,
    needs_sheets,
    notes_of,
    read_rows,
    survey,
)
from foundation.exchange.widgets import shown
from foundation.files.keeping import StorageUnavailable
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import Job, Status
from foundation.jobs.progress import Progress
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.statistics import renew_statistics
from foundation.workbooks.opening import Book, open_book

#: Rows judged together: enough that their look-ups are shared, few enough to be held in memory.
CHUNK = 500


def import_of(job: Job) -> Import:
    """The import this job is about; the job becomes the import's own."""
    batch = Import.objects.select_related("created_by").get(pk=job.parameters["batch"])
    batch.created_by = job.owner or batch.created_by
    if batch.job_id != job.pk and not batch.is_ended:
        # The job was asked for again on its own page.
        batch.job = job
        batch.save(update_fields=["job"])
    return batch


def require_state(batch: Import, *states: str) -> None:
    """Raises ``Refused`` when the import has gone on without this job."""
    if batch.state not in states:
        raise Refused(_("这次导入已经结束，上传的文件已删除。请重新上传。"))


def _hold_checking(batch: Import) -> None:
    """Lock the import until the caller's transaction ends. Raises ``Refused`` when it is not being checked any more:
    whoever discards it while the worker reads must not find it alive again."""
    batch.state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
    require_state(batch, ImportState.CHECKING)


def _end_checking(batch: Import, state: str) -> None:
    """The import is over, unless somebody has ended it; rows that came in since go with it."""
    with transaction.atomic():
        batch.state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
        if batch.state == ImportState.CHECKING:
            end(batch, state)
        elif batch.state in (ImportState.DISCARDED, ImportState.FAILED):
            StagedRow.objects.filter(batch=batch).delete()


def is_called_off(job: Job) -> bool:
    """Cancelled by a person; not merely taken over by another worker, which goes on with it."""
    return Job.objects.filter(pk=job.pk, status=Status.CANCELLED).exists()


def result_of(batch: Import) -> dict[str, Any]:
    """What the job's page shows: the way to the import."""
    resource = resource_of(batch)
    return {"url": resource.address("", batch.pk), "label": _("查看导入结果"), "counts": batch.counts}


def check_import(job: Job, progress: Progress) -> dict[str, Any]:
    """Look at the sheets, ask when something has to be chosen, else judge every row. Nothing to do when a lost worker had
    done so; begun again it starts from the first row. Raises ``Refused`` for a file that cannot be read."""
    batch = import_of(job)
    if batch.state not in (ImportState.CHECKING, ImportState.FAILED, ImportState.DISCARDED):
        return result_of(batch)
    require_state(batch, ImportState.CHECKING)
    resource = resource_of(batch)
    try:
        progress(2, _("正在读取文件"))
        with uploaded(batch, resource) as handle, open_book(handle, batch.filename, _size(handle)) as book:
            if not batch.layout:
                batch.layout, batch.preview = survey(book, resource)
                with transaction.atomic():
                    _hold_checking(batch)
                    batch.save(update_fields=["layout", "preview"])
            if not _asks(batch, resource):
                _judge(batch, resource, book, progress)
    except StorageUnavailable:
        # The file is still there: the job may be tried again.
        raise
    except Refused as problem:
        _end_checking(batch, ImportState.FAILED)
        raise Refused(str(problem)) from problem
    except Cancelled:
        if is_called_off(job):
            _end_checking(batch, ImportState.DISCARDED)
        raise
    return result_of(batch)


def _size(handle: BinaryIO) -> int:
    size = handle.seek(0, io.SEEK_END)
    handle.seek(0)
    return size


def _asks(batch: Import, resource: ImportResource) -> bool:
    """Whether a person has to say something first; the import then waits for it."""
    if needs_sheets(batch.layout):
        state = ImportState.SHEETS
    elif needs_columns(batch.layout, resource) and not recall(batch, resource):
        state = ImportState.COLUMNS
    else:
        return False
    with transaction.atomic():
        _hold_checking(batch)
        batch.state = state
        batch.save(update_fields=["state"])
    return True


def _judge(batch: Import, resource: ImportResource, book: Book, progress: Progress) -> None:
    StagedRow.objects.filter(batch=batch).delete()  # of a worker that was lost
    expected = max(sum(sheet["rows"] for sheet in chosen_sheets(batch.layout)), 1)
    left_out: list[LeftOut] = []
    resource.read_beside(book)
    rows = read_rows(book, batch.layout, resource, left_out)
    checker = resource.checker(batch)
    counts: Counter[str] = Counter()
    first: list[dict[str, Any]] = []
    done = 0
    while chunk := list(islice(rows, CHUNK)):
        done += len(chunk)
        if resource.most_rows is not None and done > resource.most_rows:
            raise Refused(filled(_("一次最多 %d 行。请分成几个文件，分别导入。"), resource.most_rows))
        read_cells(chunk, resource)
        checker.check(chunk)
        first += [_as_read(row, resource) for row in chunk[: PREVIEWED - len(first)]]
        counts.update(row.outcome.value for row in chunk)
        counts["unusual"] += sum(1 for row in chunk if row.is_fit and row.questions)
        with transaction.atomic():
            _hold_checking(batch)
            StagedRow.objects.bulk_create(_staged(batch, resource, chunk))
        progress(
            5 + 90 * min(done, expected) // expected,
            filled(_("正在检查第 %(n)d 行，共 %(all)d 行"), {"n": done, "all": max(done, expected)}),
        )
    if not done:
        raise Refused(_("表头下面没有要导入的行（写着“示例”的行不导入）。请填好后再上传。"))
    progress.check()
    batch.preview = {"read": first}
    _keep_outcome(batch, resource, counts, left_out)


def _as_read(row: SheetRow, resource: ImportResource) -> dict[str, Any]:
    """A row as it was understood, for whoever confirms: by column what the cell means; what was refused as it stands."""
    cells = {}
    for name, cell in row.cells.items():
        if name in row.read and row.read[name] not in ("", None):
            cells[name] = str(resource.by_name[name].widget.render(row.read[name]))
        else:
            cells[name] = shown(cell)
    return {"sheet": row.sheet, "row": row.number, "outcome": row.outcome.value, "cells": cells}


def read_cells(rows: Sequence[SheetRow], resource: ImportResource) -> None:
    """What the cells mean, column by column."""
    columns = resource.by_name
    for row in rows:
        for name, cell in row.cells.items():
            column = columns[name]
            try:
                read = column.widget.clean(cell)
                if column.max_length and isinstance(read, str) and len(read) > column.max_length:
                    reason = _("写了 %(length)d 个字，最多 %(most)d 个字：“%(text)s…”。")
                    words = {"length": len(read), "most": column.max_length, "text": read[:20]}
                    raise CellProblem(filled(reason, words), _("请缩短。"), has_words=True)
                row.read[name] = read
            except CellProblem as problem:
                cure = cure_of(problem, column)
                if problem.has_words and resource.for_words not in ("", column.heading):
                    cure += _("要说明的文字请写在“%s”一列。") % resource.for_words
                row.refuse(column, problem.reason, cure)


def _staged(batch: Import, resource: ImportResource, rows: Sequence[SheetRow]) -> Iterator[StagedRow]:
    """The rows as they wait, what is wrong with one in the order of the columns. What changes nothing need not."""
    order = {name: place for place, name in enumerate(resource.by_name)}
    is_personal = resource.is_personal
    for row in rows:
        if row.outcome == Outcome.UNCHANGED:
            continue
        staged = StagedRow(
            batch=batch,
            sheet=row.sheet[:100],
            number=row.number,
            outcome=row.outcome,
            is_unusual=row.is_fit and bool(row.questions),
            stands_first=row.stands_first,
            target=row.target,
        )
        said: dict[str, Any] = {"cells": {name: shown(cell) for name, cell in row.cells.items()}}
        if row.beside:
            said["beside"] = row.beside
        if row.title:
            said["title"] = row.title
        if row.outcome in FIT:
            said["values"] = row.values
        if row.changes:
            said["changes"] = row.changes
        if row.problems:
            row.problems.sort(key=lambda problem: order.get(problem.name, len(order)))
            said["problems"] = [problem._asdict() for problem in row.problems]
        if row.questions:
            said["questions"] = [{"key": question.key, "message": question.message} for question in row.questions]
        staged.say(said, is_personal=is_personal)
        yield staged


@transaction.atomic
def _keep_outcome(batch: Import, resource: ImportResource, counts: Counter[str], left_out: Sequence[LeftOut]) -> None:
    """The import is checked: what was found is counted, and the file goes. Its first rows as they were read stay until it
    is over."""
    _hold_checking(batch)
    batch.counts = {outcome.value: counts.get(outcome.value, 0) for outcome in Outcome}
    if counts.get("unusual"):
        batch.counts["unusual"] = counts["unusual"]
    names = columns_read(batch.layout, resource)
    batch.columns = [{"name": name, "heading": resource.by_name[name].heading} for name in names]
    batch.notes = [*notes_of(batch.layout, resource, left_out), *resource.notes_beside()]
    batch.plan = resource.plan(batch)
    batch.state = ImportState.CHECKED
    drop_file(batch)
    batch.save()
    renew_statistics(StagedRow, rows=batch.fit + batch.unfit)
