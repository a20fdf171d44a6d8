"""Pairs against the same quarter of the year before, beside those against the quarter before, which all stored ones are. The
next run of filling puts the pairs of every counted quarter together as a whole, because none says that this was done."""

from django.db import migrations, models


def forget(apps, schema_editor):
    """Undone, there is room for one pair only."""
    apps.get_model("indicators", "PairedTotal").objects.filter(against="year").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0007_pairs_of_returns"),
        ("places", "0004_name_keys"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="pairedtotal", name="paired_total_once"),
        migrations.RemoveIndex(model_name="pairedtotal", name="paired_total_quarter"),
        migrations.AddField(
            model_name="pairedtotal",
            name="against",
            field=models.CharField(
                choices=[("quarter", "上季度"), ("year", "上年同期")],
                default="quarter",
                max_length=7,
                verbose_name="对比期",
            ),
        ),
        migrations.AlterField(
            model_name="pairedtotal",
            name="before",
            field=models.DecimalField(decimal_places=2, max_digits=18, verbose_name="对比期合计"),
        ),
        migrations.AddIndex(
            model_name="pairedtotal",
            index=models.Index(fields=["quarter", "fact", "against"], name="paired_total_quarter"),
        ),
        migrations.AddConstraint(
            model_name="pairedtotal",
            constraint=models.UniqueConstraint(
                fields=("place", "quarter", "fact", "against"), name="paired_total_once"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
