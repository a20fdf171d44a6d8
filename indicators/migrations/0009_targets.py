"""Targets, the office an indicator is in the hands of, and room for the rest of the catalogue between the first indicators."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


#: Code of the indicators there were: (their order among themselves, their order in the whole catalogue).
ORDERS = {
    "A01": (10, 10),
    "A02": (20, 20),
    "A04": (30, 30),
    "A05": (40, 40),
    "A08": (50, 60),
    "B01-1": (60, 340),
    "B01-2": (70, 350),
    "B04": (80, 380),
    "B05": (90, 390),
    "D02": (100, 840),
    "P01": (110, 2220),
    "P02": (120, 2230),
    "P03": (130, 2240),
}


def put_in_order(apps, schema_editor):
    """Those whose order nobody has changed."""
    indicators = apps.get_model("indicators", "Indicator").objects
    for code, (old, new) in ORDERS.items():
        indicators.filter(code=code, order=old).update(order=new)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0008_pairs_of_a_year"),
        ("places", "0004_name_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="owner",
            field=models.CharField(
                blank=True, help_text="谁解释这个指标、核定它的口径。", max_length=60, verbose_name="责任处室（单位）"
            ),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="code",
            field=models.CharField(
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z][A-Z0-9-]*\\Z", "编号用大写英文字母开头，后面是字母、数字或连字符，例如 D02-1。"
                    )
                ],
                verbose_name="编码",
            ),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="numerator",
            field=models.JSONField(
                default=list, help_text="数据项编码，合计后作分子；前面带 - 的减去。", verbose_name="分子"
            ),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="target",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="文件规定、不分年度的要求。没有下达年度目标的地区按它比较。",
                max_digits=18,
                null=True,
                verbose_name="要求值",
            ),
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "indicator",
                    models.CharField(help_text="例如 D02，见指标目录。", max_length=20, verbose_name="指标编号"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="到年底应达到的数，单位同指标。",
                        max_digits=18,
                        verbose_name="目标值",
                    ),
                ),
                (
                    "start",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="进度从这个数算起；留空时从上年末的实际数算起。年初起累计的指标从 0 算起，不用填。",
                        max_digits=18,
                        null=True,
                        verbose_name="起点值",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="例如下达的文号。", max_length=200, verbose_name="说明"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                        verbose_name="地区",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "verbose_name": "年度目标",
                "verbose_name_plural": "年度目标",
                "ordering": ["-year", "indicator", "place__code"],
                "indexes": [
                    models.Index(fields=["year", "indicator"], name="target_of_year"),
                    models.Index(fields=["place", "year"], name="target_of_place"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "place", "year"),
                        name="target_once",
                        violation_error_message="这个地区这一年已有这个指标的目标。请修改已有的那一项。",
                    )
                ],
            },
        ),
        migrations.RunPython(put_in_order, migrations.RunPython.noop),
    ]
