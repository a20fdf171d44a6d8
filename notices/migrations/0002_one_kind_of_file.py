import foundation.files.keeping
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticefile",
            name="source_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="noticefile",
            name="thumbnail",
            field=models.FileField(blank=True, default="", upload_to=foundation.files.keeping.random_name),
        ),
    ]
