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
        ("records", "0011_import_batches_go"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            model_name="duty",
            index=models.Index(fields=["quarter", "province", "due", "id"], name="duty_due_province"),
        ),
        AddIndexOnline(
            model_name="duty",
            index=models.Index(fields=["quarter", "city", "due", "id"], name="duty_due_city"),
        ),
        AddIndexOnline(
            model_name="duty",
            index=models.Index(fields=["quarter", "county", "due", "id"], name="duty_due_county"),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                condition=models.Q(("status", "submitted")),
                fields=["province", "held_by", "decide_by", "city", "county"],
                name="record_decide_province",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                condition=models.Q(("status", "submitted")),
                fields=["city", "held_by", "decide_by", "county"],
                name="record_decide_city",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                condition=models.Q(
                    ("status", "approved"),
                    models.Q(("is_sampled", True), ("is_flagged", True), ("risk__gte", 3), _connector="OR"),
                ),
                fields=["city", "decided_at", "id"],
                name="record_sample_decided",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                condition=models.Q(
                    ("status", "approved"),
                    models.Q(("is_sampled", True), ("is_flagged", True), ("risk__gte", 3), _connector="OR"),
                ),
                fields=["quarter", "province", "city", "county", "kind", "id", "version"],
                name="record_sample_quarter",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                models.F("province"),
                django.db.models.functions.comparison.Coalesce("attendances", -1),
                models.F("id"),
                name="record_attendances_province",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(
                models.F("city"),
                django.db.models.functions.comparison.Coalesce("attendances", -1),
                models.F("id"),
                name="record_attendances_city",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(fields=["province", "submitted_at", "id"], name="record_submitted_province"),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(fields=["city", "submitted_at", "id"], name="record_submitted_city"),
        ),
        AddIndexOnline(
            model_name="samplecheck",
            index=models.Index(
                condition=models.Q(("outcome", "reopened")), fields=["record"], name="sample_check_reopened"
            ),
        ),
        RemoveIndexOnline(
            model_name="duty",
            name="records_dut_quarter_408845_idx",
        ),
        RemoveIndexOnline(
            model_name="duty",
            name="records_dut_quarter_573cc1_idx",
        ),
        RemoveIndexOnline(
            model_name="record",
            name="record_sample_city",
        ),
    ]
