"""Saved views are an app of their own; its first migration took the table along."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("crud", "0001_saved_views"),
        ("saved_views", "0001_saved_views"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="SavedView")]),
    ]
