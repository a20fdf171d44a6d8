"""Yearly figures stand for another year than before: those of open quarters are counted anew, county by county. They are no
longer compared from quarter to quarter."""

from django.db import migrations
from django.utils import timezone

#: The sources of yearly figures, and that of what is owed, some of which falls due in another quarter now.
SOURCES = (
    "ideology.partyassessment",
    "ideology.partyunionbuilding",
    "ideology.studioupgrade",
    "ideology.delegates",
    "services.leadership",
    "duties",
)


YEARLY = (
    "A01.led_by_principal",
    "A01.reported",
    "A02.plan_reviewed",
    "A04.meetings",
    "A06.included",
    "A06.reported",
    "B06.congress",
    "B06.congress_workers",
    "B06.party",
    "B06.party_workers",
    "B07.serving",
    "B13.activities",
    "B13.reported",
    "B13.taking_part",
    "B14.benefit",
    "B14.frontline",
    "B14.members",
    "B14.results",
    "B14.studios",
    "F02.frontline",
)


def count_anew(apps, schema_editor):
    """Mark the open quarters in every county and zone. Nothing where nothing was counted yet."""
    Place = apps.get_model("places", "Place")
    StaleMark = apps.get_model("indicators", "StaleMark")
    PlaceTotal = apps.get_model("indicators", "PlaceTotal")
    ReportingQuarter = apps.get_model("records", "ReportingQuarter")
    if not PlaceTotal.objects.exists():
        return
    apps.get_model("indicators", "PairedTotal").objects.filter(fact__in=YEARLY).delete()
    now = timezone.now()
    counties = list(Place.objects.filter(level__in=["county", "zone"]).values_list("pk", flat=True))
    open_codes = list(ReportingQuarter.objects.filter(is_open=True).values_list("code", flat=True))
    StaleMark.objects.bulk_create(
        [
            StaleMark(place_id=county, is_below=True, quarter=quarter, source=source, asked_at=now)
            for county in counties
            for quarter in open_codes
            for source in SOURCES
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0005_paired_totals"),
        ("records", "0018_years_of_their_own"),
        ("places", "0003_text_index"),
    ]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop, elidable=True)]
