"""Imports of the register move into the table of the pipeline.

After those of records, which keep their numbers: this migration waits for theirs, although records lie above."""

import datetime

from django.core.files.storage import default_storage
from django.db import migrations
from django.utils import timezone

KEEP = datetime.timedelta(days=30)
ENDED = ("done", "failed", "discarded")


def carry_over(apps, schema_editor):
    RegisterImport = apps.get_model("enterprises", "RegisterImport")
    Import = apps.get_model("exchange", "Import")
    StagedRow = apps.get_model("exchange", "StagedRow")
    now = timezone.now()
    for batch in RegisterImport.objects.order_by("pk").iterator(chunk_size=200):
        # What waited was checked by a version that is gone, from a file that is: it is uploaded again.
        ended = batch.state in ENDED
        moved = Import.objects.create(
            resource="enterprises.register",
            filename=batch.filename,
            state=batch.state if ended else "discarded",
            columns=batch.columns,
            notes=batch.notes,
            counts=batch.counts,
            plan={"moves": batch.moves, "effects": batch.effects},
            written={"moves": batch.moves},
            job_id=batch.job_id,
            created_by_id=batch.created_by_id,
            finished_at=batch.finished_at if ended else now,
        )
        Import.objects.filter(pk=moved.pk).update(created_at=batch.created_at)
        if batch.state == "done" and batch.finished_at and batch.finished_at > now - KEEP:
            StagedRow.objects.bulk_create(
                (
                    StagedRow(
                        batch_id=moved.pk,
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


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_import_pipeline"),
        ("records", "0010_imports_on_the_pipeline"),
        ("enterprises", "0011_indexes_for_long_lists"),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
