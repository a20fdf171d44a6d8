"""10,000 rows of one kind by Excel: template, check, writing, handing in, export; and the stock ModelResource beside it.

    ./portal manage demo_data
    .venv/bin/python -m bench.excel [--rows 10000] [--without-stock]

Everything is written into the portal's own database inside one transaction that is taken back. The stock import is
django-import-export's ``ModelResource`` as its admin runs it (a dry run for the preview, then the import), with the
natural key as its key and every row's ``full_clean()``; it writes neither steps nor the audit log nor hands anything in.
CPU is this process's own time; the clock depends on what else the machine does.
"""

import argparse
import io
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

KIND = "ideology.lecture"
LIMITS = {"check": 10.0, "write": 5.0, "export": 5.0, "template": 5.0}


class Clock:
    """Prints a line of the table for each thing measured."""

    def __init__(self) -> None:
        self.over = 0
        print("| | seconds | CPU s | limit |\n|---|---:|---:|---:|")

    def __call__(self, name: str, do: Callable[[], Any], limit: float | None = None) -> Any:
        started, cpu = time.perf_counter(), time.process_time()
        result = do()
        took, used = time.perf_counter() - started, time.process_time() - cpu
        late = limit is not None and used > limit
        self.over += late
        print(
            f"| {name} | {took:.2f} | {used:.2f} | {'' if limit is None else f'{limit:.0f}'}{' over' if late else ''} |",
            flush=True,
        )
        return result


class Silent:
    """Progress nobody looks at."""

    def __call__(self, percent: int, message: str = "") -> None:
        """Reported to nobody."""

    def check(self) -> None:
        """Never cancelled."""


def filled(kind: Any, enterprise: Any, rows: int, first: int = 1) -> bytes:
    """A workbook of so many fit rows, all different, numbered from ``first``."""
    from django.utils import timezone
    from openpyxl import Workbook

    from foundation.exchange.columns import SHEET
    from foundation.exchange.sheets import add_sheet, mark
    from foundation.ui.workbooks import as_bytes
    from records.core.factories import build_record
    from records.exchange.resources import REFERENCE, STATUS, VERSION, resource_for

    sheet = resource_for(kind.slug)
    columns = [column for column in sheet.columns if column.name not in (REFERENCE, VERSION, STATUS)]
    today = timezone.localdate()

    def cells(number: int) -> list[Any]:
        record = build_record(kind, enterprise=enterprise, day=today - timedelta(days=number % 30))
        record.title = f"{record.title}（第{number}场）"
        return [sheet.fields[column.name].export(record) for column in columns]

    workbook = Workbook(write_only=True)
    add_sheet(workbook, SHEET, columns, (cells(number) for number in range(first, first + rows)))
    mark(workbook, [(SHEET, kind.slug)])
    return as_bytes(workbook)


def ours(clock: Clock, kind: Any, user: Any, content: bytes) -> None:
    """The portal's own way, as its jobs do it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.http import QueryDict
    from django.utils import timezone
    from openpyxl import Workbook

    from foundation.crud.exporting import Found
    from foundation.exchange import actions, checking, writing
    from foundation.ui.workbooks import as_bytes
    from records.core.bulk import move_records
    from records.exchange.exporting import RecordExport, records_asked
    from records.exchange.templates import template_for
    from records.models import Record

    def started(name: str, content: bytes, after: str) -> Any:
        options = {"kind": kind.slug, "after": after, "is_backfill": False}
        return actions.start_import(
            acting_user=user, resource="records.records", upload=SimpleUploadedFile(name, content), options=options
        )

    writing.PAUSE = 0
    clock("template", lambda: template_for(kind, user), LIMITS["template"])
    batch = started("bench.xlsx", content, "submit")
    clock("read, check and stage", lambda: checking.check_import(batch.job, Silent()), LIMITS["check"])
    batch.refresh_from_db()
    if batch.unfit:
        sys.exit(f"the bench's own rows are refused: {batch.rows.first().said}")
    print(f"<!-- rows asked about: {batch.unusual} -->")
    # Left drafts, so that writing and handing in are measured apart.
    type(batch).objects.filter(pk=batch.pk).update(options={**batch.options, "after": "draft"})
    batch = actions.confirm_import(acting_user=user, batch_id=batch.pk, all_or_none=False, answers={"unusual": "draft"})
    clock("write (bases, children, steps, audit)", lambda: writing.write_import(batch.job, Silent()), LIMITS["write"])
    ids = list(Record.objects.filter(import_batch=batch).values_list("pk", flat=True))
    now = timezone.now()
    clock("hand in as well", lambda: move_records(acting_user=user, record_ids=ids, action="submit", at=now))
    asked = QueryDict(f"kind={kind.slug}&status=submitted")
    found = Found(records_asked(user, asked).filter(import_batch=batch), user, asked)

    def export() -> bytes:
        workbook = Workbook(write_only=True)
        RecordExport().write(workbook, found)
        return as_bytes(workbook)

    exported = clock("export", export, LIMITS["export"])
    again = started("again.xlsx", exported, "draft")
    clock(
        "check the export again: nothing changes", lambda: checking.check_import(again.job, Silent()), LIMITS["check"]
    )
    again.refresh_from_db()
    if again.counts["unchanged"] != len(ids):
        sys.exit(f"the export does not come back unchanged: {again.counts}")
    print(f"<!-- memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB -->")


def stock_resource(kind: Any, user: Any, enterprise: Any) -> Any:
    """The package's own resource of the kind, checking each row as the model can."""
    from import_export import resources

    from records.core.periods import open_quarters
    from records.core.transitions import place_in_time
    from records.exchange.resources import columns_for

    quarters = open_quarters()

    class Stock(resources.ModelResource):
        class Meta:
            model = kind.model
            fields = tuple(column.name for column in columns_for(kind) if not column.is_ours)
            import_id_fields = ("happened_on", "title")
            clean_model_instances = True

        def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            super().import_instance(instance, row, **kwargs)
            instance.enterprise, instance.created_by = enterprise, user
            for name in ("province_id", "city_id", "county_id"):
                setattr(instance, name, getattr(enterprise, name))
            place_in_time(instance, kind, quarters)

    return Stock()


def stock_data(kind: Any, content: bytes) -> Any:
    """The workbook as the package reads it, with the words of choices turned into their keys."""
    import tablib

    from foundation.exchange.columns import NUMBER
    from records.exchange.resources import CODE, ENTERPRISE, columns_for

    data = tablib.Dataset().load(io.BytesIO(content), format="xlsx")
    columns = {column.heading: column for column in columns_for(kind)}
    wanted = [columns[heading] for heading in data.headers]
    data.headers = [column.name for column in wanted]
    rows = [[column.widget.clean(cell) for column, cell in zip(wanted, row, strict=True)] for row in data]
    data = tablib.Dataset(*rows, headers=data.headers)
    for name in (NUMBER, CODE, ENTERPRISE):
        del data[name]
    return data


def stock(clock: Clock, kind: Any, user: Any, enterprise: Any, content: bytes) -> None:
    """The same rows through ``ModelResource``, as its admin imports them: a dry run, then the import."""
    data = clock("stock: read", lambda: stock_data(kind, content))
    package = stock_resource(kind, user, enterprise)
    result = clock("stock: preview (dry run)", lambda: package.import_data(data, dry_run=True))
    if result.has_errors() or result.has_validation_errors():
        failed = [row.errors[0].error for row in result.rows if row.errors] or [
            row.error for row in result.invalid_rows
        ]
        sys.exit(f"the stock import refuses the rows: {failed[0]!r}")
    result = clock("stock: import", lambda: package.import_data(data, dry_run=False))
    print(f"\nstock wrote {result.totals['new']} rows")


def main() -> int:
    parser = argparse.ArgumentParser(description="Excel in and out, beside the stock ModelResource.")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--without-stock", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_portal.settings")
    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from enterprises.models import Enterprise
    from records.core.kinds import kind_by_slug

    kind = kind_by_slug(KIND)
    user = get_user_model().objects.get(username="clerk1")
    enterprise = Enterprise.objects.allowing(user, "records.create").get()
    content = filled(kind, enterprise, options.rows)
    clock = Clock()
    with transaction.atomic():
        ours(clock, kind, user, content)
        transaction.set_rollback(True)
    if not options.without_stock:
        with transaction.atomic():
            stock(clock, kind, user, enterprise, content)
            transaction.set_rollback(True)
    return 1 if clock.over else 0


if __name__ == "__main__":
    sys.exit(main())
