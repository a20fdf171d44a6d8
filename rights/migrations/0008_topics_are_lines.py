"""The three fields whose content the lines hold now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0007_topics_as_lines"),
    ]

    operations = [
        migrations.RemoveField(model_name="congresssession", name="passed"),
        migrations.RemoveField(model_name="congresssession", name="topics"),
        migrations.RemoveField(model_name="congresssession", name="votes_for"),
    ]
