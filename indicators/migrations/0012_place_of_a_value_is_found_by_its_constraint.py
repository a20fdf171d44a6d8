# Two to three million values a quarter: what the unique constraint finds needs no index of its own.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0011_peer_medians"),
        ("places", "0004_name_keys"),
    ]

    operations = [
        migrations.AlterField(
            model_name="factvalue",
            name="place",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="fact_values",
                to="places.place",
            ),
        ),
    ]
