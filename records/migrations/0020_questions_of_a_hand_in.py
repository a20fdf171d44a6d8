from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0019_who_owes"),
    ]

    operations = [
        migrations.AddField(
            model_name="recordstep",
            name="questions",
            field=models.JSONField(default=list, verbose_name="核对过的情况"),
        ),
    ]
