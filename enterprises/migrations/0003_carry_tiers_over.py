"""Every tier written in the register so far becomes a pilot row. When it began is not known: null, not a guess."""

from django.db import migrations

BATCH = 1000


def carry_over(apps, schema_editor):
    Enterprise = apps.get_model("enterprises", "Enterprise")
    Pilot = apps.get_model("enterprises", "Pilot")
    waiting = []
    pilots = Enterprise.objects.exclude(pilot_tier="none").order_by().values_list("pk", "pilot_tier")
    for pk, tier in pilots.iterator(chunk_size=BATCH):
        waiting.append(Pilot(enterprise_id=pk, tier=tier))
        if len(waiting) == BATCH:
            Pilot.objects.bulk_create(waiting)
            waiting.clear()
    Pilot.objects.bulk_create(waiting)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_pilots")]
    # Back: the tiers still stand in the register, and the rows go with their table.
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
