"""Takes the table of saved views over from the app ``crud``, with what is in it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("crud", "0001_saved_views"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("page", models.CharField(max_length=40, verbose_name="页面")),
                        ("name", models.CharField(max_length=30, verbose_name="名称")),
                        ("query", models.CharField(blank=True, max_length=2000)),
                        ("is_default", models.BooleanField(default=False, verbose_name="默认打开")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "我的视图",
                        "verbose_name_plural": "我的视图",
                        "ordering": ["page", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "page", "name"), name="saved_view_name_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("user", "page"),
                                name="saved_view_one_default",
                            ),
                        ],
                    },
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE crud_savedview RENAME TO saved_views_savedview",
                    "ALTER TABLE saved_views_savedview RENAME TO crud_savedview",
                ),
            ],
        ),
    ]
