import foundation.files.keeping
from django.db import migrations, models


def move_files(apps, schema_editor):
    """Exports of the last day carried their file's name in the result, and an address that is gone."""
    jobs = apps.get_model("jobs", "Job").objects
    for job in jobs.filter(kind__in=["records.export", "notices.export"], result__has_key="file"):
        job.file, job.file_name = job.result["file"], job.result["name"]
        job.result = {"url": f"/jobs/{job.pk}/file/", "label": job.result["label"]}
        job.save(update_fields=["file", "file_name", "result"])


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="file",
            field=models.FileField(blank=True, default="", upload_to=foundation.files.keeping.random_name),
        ),
        migrations.AddField(
            model_name="job",
            name="file_name",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="文件名"),
        ),
        migrations.RunPython(move_files, migrations.RunPython.noop, elidable=True),
    ]
