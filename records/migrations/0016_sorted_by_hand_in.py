import datetime

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


from foundation.textsearch.schema import AddIndexOnline, RemoveIndexOnline


class Migration(migrations.Migration):
    """Made while the portal goes on reading and writing."""

    atomic = False

    dependencies = [
        ("enterprises", "0011_indexes_for_long_lists"),
        ("places", "0003_text_index"),
        ("records", "0015_breaches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                models.F("province"),
                django.db.models.functions.comparison.Coalesce(
                    "submitted_at", models.Value(datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="record_handed_in_province",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                models.F("city"),
                django.db.models.functions.comparison.Coalesce(
                    "submitted_at", models.Value(datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="record_handed_in_city",
            ),
        ),
        RemoveIndexOnline(
            model_name="record",
            name="record_submitted_province",
        ),
        RemoveIndexOnline(
            model_name="record",
            name="record_submitted_city",
        ),
    ]
