from django.db import migrations, models

import foundation.files.keeping


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="source_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="attachment",
            name="thumbnail",
            field=models.FileField(blank=True, default="", upload_to=foundation.files.keeping.random_name),
        ),
    ]
