"""What waits when reviewing gets deadlines is due five working days after it was handed in, counted Monday to Friday."""

import datetime

from django.db import migrations
from django.utils import timezone

DAYS, CHUNK = 5, 500


def _due(moment):
    day, left = timezone.localtime(moment).date(), DAYS
    while left:
        day += datetime.timedelta(days=1)
        left -= day.weekday() < 5
    return day


def set_days(apps, schema_editor):
    records = apps.get_model("records", "Record").objects
    by_day = {}
    for pk, moment in records.filter(status="submitted").values_list("pk", "submitted_at").iterator():
        by_day.setdefault(_due(moment), []).append(pk)
    for day, pks in by_day.items():
        for start in range(0, len(pks), CHUNK):
            records.filter(pk__in=pks[start : start + CHUNK]).update(decide_by=day)


class Migration(migrations.Migration):
    dependencies = [("records", "0005_review")]

    operations = [migrations.RunPython(set_days, migrations.RunPython.noop, elidable=True)]
