import django.db.models.functions.comparison
from django.db import migrations, models


from foundation.textsearch.schema import AddIndexOnline


class Migration(migrations.Migration):
    """Made while the portal goes on reading and writing."""

    atomic = False

    dependencies = [
        ("enterprises", "0010_text_index"),
        ("places", "0003_text_index"),
    ]

    operations = [
        AddIndexOnline(
            model_name="enterprise",
            index=models.Index(
                models.F("province"),
                django.db.models.functions.comparison.Coalesce("headcount", -1),
                models.F("place"),
                name="enterprise_headcount",
            ),
        ),
    ]
