import django.db.models.deletion
from django.db import migrations, models

import foundation.calendar.periods

PLACE = "places.place"


class Migration(migrations.Migration):
    """A value belongs to a place and adds to a region; marks of staleness name the source. Columns are renamed, not
    copied: the key of an enterprise is its place's."""

    dependencies = [
        ("indicators", "0002_one_change_feed"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="factvalue", name="fact_value_once"),
        migrations.RemoveIndex(model_name="factvalue", name="fact_value_quarter"),
        migrations.RemoveField(model_name="factvalue", name="city"),
        migrations.RemoveField(model_name="factvalue", name="province"),
        migrations.RenameField(model_name="factvalue", old_name="enterprise", new_name="place"),
        migrations.RenameField(model_name="factvalue", old_name="county", new_name="region"),
        migrations.AlterField(
            model_name="factvalue",
            name="place",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="fact_values", to=PLACE),
        ),
        migrations.AlterField(
            model_name="factvalue",
            name="region",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=PLACE
            ),
        ),
        migrations.AlterField(
            model_name="factvalue",
            name="value",
            field=models.DecimalField(decimal_places=2, max_digits=18, null=True, verbose_name="数值"),
        ),
        migrations.AddIndex(
            model_name="factvalue",
            index=models.Index(fields=["quarter", "fact", "region"], name="fact_value_of_region"),
        ),
        migrations.AddConstraint(
            model_name="factvalue",
            constraint=models.UniqueConstraint(
                fields=("place", "quarter", "fact", "region"), name="fact_value_of_place"
            ),
        ),
        migrations.CreateModel(
            name="ScatteredPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", foundation.calendar.periods.QuarterField(max_length=6, verbose_name="季度")),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=PLACE),
                ),
            ],
            options={
                "verbose_name": "季度内迁移的企业",
                "verbose_name_plural": "季度内迁移的企业",
                "constraints": [models.UniqueConstraint(fields=("quarter", "place"), name="scattered_place_once")],
            },
        ),
        migrations.AddField(
            model_name="placetotal",
            name="witnessed",
            field=models.PositiveIntegerField(default=0, verbose_name="其中另有依据的企业数"),
        ),
        migrations.RemoveIndex(model_name="frozenvalue", name="frozen_value_fact"),
        migrations.RenameField(model_name="frozenvalue", old_name="enterprise", new_name="place"),
        migrations.AlterField(
            model_name="frozenvalue",
            name="place",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=PLACE),
        ),
        migrations.AddIndex(
            model_name="frozenvalue",
            index=models.Index(fields=["closing", "fact", "place"], name="frozen_value_of_place"),
        ),
        migrations.AddField(
            model_name="quarterclosing",
            name="frozen_at",
            field=models.DateTimeField(null=True, verbose_name="冻结时间"),
        ),
        migrations.DeleteModel(name="StaleMark"),
        migrations.CreateModel(
            name="StaleMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_below", models.BooleanField(default=False)),
                ("quarter", foundation.calendar.periods.QuarterField(max_length=6, verbose_name="季度")),
                ("source", models.CharField(max_length=60, verbose_name="数据来源")),
                ("asked_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=PLACE),
                ),
            ],
            options={
                "verbose_name": "待重新统计",
                "verbose_name_plural": "待重新统计",
                "indexes": [models.Index(fields=["is_below", "id"], name="stale_mark_order")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "is_below", "quarter", "source"), name="stale_mark_of_source"
                    )
                ],
            },
        ),
    ]
