"""The topics of a session of the congress become lines: the table, and three numbers of proposals."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0005_assessments_of_employment"),
    ]

    operations = [
        migrations.AddField(
            model_name="congresssession",
            name="proposals_filed",
            field=models.PositiveIntegerField(
                blank=True, help_text="单位：件。其中立案办理的。", null=True, verbose_name="立案"
            ),
        ),
        migrations.AddField(
            model_name="congresssession",
            name="proposals_raised",
            field=models.PositiveIntegerField(
                blank=True, help_text="单位：件。本次会议收到的职工提案。", null=True, verbose_name="征集提案"
            ),
        ),
        migrations.AddField(
            model_name="congresssession",
            name="proposals_settled",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="单位：件。上次会议立案的提案，到这次会议已经办结的。",
                null=True,
                verbose_name="上次提案办结",
            ),
        ),
        migrations.AlterField(
            model_name="congresssession",
            name="secret_ballot",
            field=models.BooleanField(
                blank=True, help_text="没有表决事项的不选。", null=True, verbose_name="无记名投票"
            ),
        ),
        migrations.CreateModel(
            name="CongressTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(editable=False, verbose_name="行")),
                ("topic", models.CharField(blank=True, max_length=100, verbose_name="议题")),
                (
                    "sort",
                    models.CharField(
                        blank=True,
                        choices=[("approve", "审议通过"), ("advise", "审查建议"), ("oversee", "监督")],
                        help_text="审议通过的须表决；审查建议、监督的不一定。",
                        max_length=16,
                        verbose_name="性质",
                    ),
                ),
                (
                    "votes_for",
                    models.PositiveIntegerField(blank=True, help_text="单位：票。", null=True, verbose_name="赞成票"),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "通过"), ("failed", "未通过"), ("considered", "已听取，未表决")],
                        max_length=16,
                        verbose_name="结果",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="rights.congresssession",
                    ),
                ),
            ],
            options={
                "verbose_name": "职代会议题",
                "verbose_name_plural": "职代会议题",
                "ordering": ["position"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("record", "position"), name="rights_congresstopic_in_order")
                ],
            },
        ),
    ]
