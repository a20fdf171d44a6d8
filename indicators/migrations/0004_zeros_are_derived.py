from django.db import migrations
from django.db.models import F


def carry_over(apps, schema_editor):
    """Closed quarters keep their stored zeros: every place behind a total has a row of its own, so none is derived.
    Open quarters are counted again and lose theirs. Closings made so far were frozen when they were made."""
    apps.get_model("indicators", "PlaceTotal").objects.update(witnessed=F("reporting"))
    apps.get_model("indicators", "QuarterClosing").objects.update(frozen_at=F("closed_at"))
    still_open = (
        apps.get_model("records", "ReportingQuarter").objects.filter(is_open=True).values_list("code", flat=True)
    )
    apps.get_model("indicators", "FillState").objects.filter(name__in=list(still_open)).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0003_values_of_places"),
        ("records", "0001_initial"),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
