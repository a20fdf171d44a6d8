"""Imports move into the table of the pipeline, with their numbers, so that records keep naming theirs."""

import datetime

from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import migrations
from django.utils import timezone

#: Rows that did not fit are handed back for so long.
KEEP = datetime.timedelta(days=30)
ENDED = ("done", "failed", "discarded")


def carry_over(apps, schema_editor):
    ImportBatch = apps.get_model("records", "ImportBatch")
    Import = apps.get_model("exchange", "Import")
    StagedRow = apps.get_model("exchange", "StagedRow")
    now = timezone.now()
    for batch in ImportBatch.objects.order_by("pk").iterator(chunk_size=200):
        # What waited was checked by a version that is gone, from a file that is: it is uploaded again.
        ended = batch.state in ENDED
        moved = Import(
            pk=batch.pk,
            resource="records.records",
            filename=batch.filename,
            state=batch.state if ended else "discarded",
            options={
                "kind": batch.kind,
                "after": "submit" if batch.submits else "draft",
                "is_backfill": batch.is_backfill,
            },
            columns=batch.columns,
            notes=batch.notes,
            counts=batch.counts,
            answers={"reason": batch.reason},
            written=batch.written,
            job_id=batch.job_id,
            created_by_id=batch.created_by_id,
            finished_at=batch.finished_at if ended else now,
        )
        moved.save(force_insert=True)
        Import.objects.filter(pk=batch.pk).update(created_at=batch.created_at)
        if batch.state == "done" and batch.finished_at and batch.finished_at > now - KEEP:
            StagedRow.objects.bulk_create(
                (
                    StagedRow(
                        batch_id=batch.pk,
                        number=problem["row"],
                        outcome="invalid",
                        state="left",
                        content={"cells": problem["cells"], "problems": problem["errors"]},
                    )
                    for problem in batch.problems
                ),
                batch_size=500,
            )
        for file in (batch.upload, batch.rows):
            if file:
                default_storage.delete(str(file))
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [Import]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_import_pipeline"),
        ("records", "0009_text_index"),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
