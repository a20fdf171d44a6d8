import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


from foundation.textsearch.schema import AddIndexOnline


class Migration(migrations.Migration):
    """Made while the portal goes on reading and writing."""

    atomic = False

    dependencies = [
        ("enterprises", "0011_indexes_for_long_lists"),
        ("exchange", "0001_import_pipeline"),
        ("places", "0003_text_index"),
        ("records", "0013_approved_by_quarter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="record",
            name="city",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.place",
                verbose_name="设区市",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.place",
                verbose_name="县（市、区）",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="enterprise",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="enterprises.enterprise",
                verbose_name="企业",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="province",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.place",
            ),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(fields=["province", "quarter", "-id"], name="record_quarter_province"),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(fields=["city", "quarter", "-id"], name="record_quarter_city"),
        ),
        AddIndexOnline(
            model_name="record",
            index=models.Index(fields=["county", "quarter", "-id"], name="record_quarter_county"),
        ),
    ]
