"""10,000 rows of one kind by Excel: template, check, writing, handing in, export; and the stock ModelResource beside it.

    .venv/bin/python -m bench.excel [--rows 10000] [--without-stock]

Everything is written into the portal's own database inside one transaction that is taken back. The stock import is
django-import-export's ``ModelResource`` as its admin runs it (a dry run for the preview, then the import), with the
natural key as its key and every row's ``full_clean()``; it writes neither steps nor the audit log nor hands anything in.
"""

import io
import secrets
import sys
from datetime import timedelta
from typing import Any

from bench import harness
from bench.harness import Figures, Silent

KIND = "ideology.lecture"
#: Lines that make an import from file to waiting records, ours and the package's own (which neither writes steps nor hands
#: anything in), and how many times as much the latter must take.
OURS = ("read, check and stage", "write (bases, children, steps, audit), handed in")
STOCK = ("stock: read", "stock: preview (dry run)", "stock: import")
RATIO = 15
LIMITS = {"check": 10.0, "write": 8.0, "export": 5.0, "template": 5.0}


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
    today, run = timezone.localdate(), secrets.token_hex(3)

    def cells(number: int) -> list[Any]:
        record = build_record(kind, enterprise=enterprise, day=today - timedelta(days=number % 30))
        # Unlike any of an earlier run, which another benchmark may have left.
        record.title = f"{record.title}（{run}第{number}场）"
        return [sheet.fields[column.name].export(record) for column in columns]

    workbook = Workbook(write_only=True)
    add_sheet(workbook, SHEET, columns, (cells(number) for number in range(first, first + rows)))
    mark(workbook, [(SHEET, kind.slug)])
    return as_bytes(workbook)


def ours(table: Figures, kind: Any, user: Any, content: bytes, rows: int) -> None:
    """The portal's own way, as its jobs do it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection
    from django.http import QueryDict
    from openpyxl import Workbook

    from foundation.crud.exporting import Found
    from foundation.exchange import actions, checking, writing
    from foundation.exchange.models import FIT
    from foundation.ui.workbooks import as_bytes
    from records.exchange.exporting import RecordExport, records_asked
    from records.exchange.templates import template_for
    from records.models import Record

    def started(name: str, content: bytes, after: str) -> Any:
        options = {"kind": kind.slug, "after": after, "is_backfill": False}
        return actions.start_import(
            acting_user=user, resource="records.records", upload=SimpleUploadedFile(name, content), options=options
        )

    writing.PAUSE = 0
    table.timed("template", lambda: template_for(kind, user), limit=LIMITS["template"])
    batch = started("bench.xlsx", content, "submit")
    table.timed(OURS[0], lambda: checking.check_import(batch.job, Silent()), limit=LIMITS["check"])
    batch.refresh_from_db()
    if batch.unfit:
        refused = batch.rows.exclude(outcome__in=FIT).first()
        sys.exit(f"the bench's own rows are refused: {refused.outcome} {refused.said}")
    print(f"<!-- rows asked about: {batch.unusual} -->")
    answers = {"unusual": "submit", "reason": "每天各场逐一登记，均已核对。"}
    batch = actions.confirm_import(acting_user=user, batch_id=batch.pk, all_or_none=False, answers=answers)
    table.timed(OURS[1], lambda: writing.write_import(batch.job, Silent()), limit=LIMITS["write"])
    ids = list(Record.objects.filter(import_batch=batch, status="submitted").values_list("pk", flat=True))
    if len(ids) != rows:
        sys.exit(f"{len(ids)} of {rows} rows were handed in")
    # What happens on the commit, which does not come here.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked = QueryDict(f"kind={kind.slug}&status=submitted")
    found = Found(records_asked(user, asked).filter(import_batch=batch), user, asked)

    def export() -> bytes:
        workbook = Workbook(write_only=True)
        RecordExport().write(workbook, found)
        return as_bytes(workbook)

    exported = table.timed("export", export, limit=LIMITS["export"])
    again = started("again.xlsx", exported, "draft")
    table.timed(
        "check the export again: nothing changes",
        lambda: checking.check_import(again.job, Silent()),
        limit=LIMITS["check"],
    )
    again.refresh_from_db()
    if again.counts["unchanged"] != len(ids):
        sys.exit(f"the export does not come back unchanged: {again.counts}")
    table.memory("ours", harness.peak_memory())


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


def stock(table: Figures, kind: Any, user: Any, enterprise: Any, content: bytes) -> None:
    """The same rows through ``ModelResource``, as its admin imports them: a dry run, then the import."""
    data = table.timed("stock: read", lambda: stock_data(kind, content))
    package = stock_resource(kind, user, enterprise)
    result = table.timed("stock: preview (dry run)", lambda: package.import_data(data, dry_run=True))
    if result.has_errors() or result.has_validation_errors():
        failed = [row.errors[0].error for row in result.rows if row.errors] or [
            row.error for row in result.invalid_rows
        ]
        sys.exit(f"the stock import refuses the rows: {failed[0]!r}")
    result = table.timed("stock: import", lambda: package.import_data(data, dry_run=False))
    print(f"\nstock wrote {result.totals['new']} rows")


def main() -> int:
    harness.begin()
    options = harness.options("Excel in and out.", flags=["without-stock"], rows=(10_000, 20))
    from django.db import transaction

    from records.core.kinds import kind_by_slug

    kind = kind_by_slug(KIND)
    [(user, enterprise)] = harness.clerks(1)
    content = filled(kind, enterprise, options.rows)
    table = Figures(f"Excel, {options.rows:,} rows", "s", tiny=options.tiny)
    with transaction.atomic():
        ours(table, kind, user, content, options.rows)
        transaction.set_rollback(True)
    if not options.without_stock:
        with transaction.atomic():
            stock(table, kind, user, enterprise, content)
            transaction.set_rollback(True)
        into = sum(table.cpu[name] for name in OURS)
        ratio = sum(table.cpu[name] for name in STOCK) / into
        print(f"| stock against ours with handing in, times the CPU | {ratio:.1f} | | | ≥ {RATIO:g} | |")
        table.over += ratio < RATIO and not options.tiny
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())
