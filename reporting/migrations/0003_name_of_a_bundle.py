import foundation.files.keeping
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_bundles"),
    ]

    operations = [
        # How a new file is named is no matter of the database: the table stays as it is.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="bundle",
                    name="file",
                    field=models.FileField(blank=True, upload_to=foundation.files.keeping.random_name),
                ),
            ],
        ),
    ]
