"""The quarterly returns of posts and of concerns are retired: no rule asks for them any more, and what open quarters still
owed of them is not owed. Records stay, and so does what was met; duties of closed quarters stand as they were frozen."""

from typing import Any

from django.db import migrations

RETIRED = ("ideology.grouppost", "ideology.voiceguidance")


def let_go(apps: Any, schema_editor: Any) -> None:
    rule, duty = apps.get_model("records", "DutyRule"), apps.get_model("records", "Duty")
    change, quarter = apps.get_model("facts", "Change"), apps.get_model("records", "ReportingQuarter")
    rule.objects.filter(kind__in=RETIRED, is_active=True).update(is_active=False)
    is_open = quarter.objects.filter(is_open=True).values("code")
    owed = duty.objects.filter(kind__in=RETIRED, quarter__in=is_open, fulfilled_at=None, record=None).order_by()
    moved = sorted(set(owed.values_list("county_id", "quarter")))
    owed.delete()
    # Counted again county by county, as when duties are added.
    change.objects.bulk_create(
        change(source="duties", place_id=county, is_below=True, quarter=code) for county, code in moved
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ideology", "0011_posts_and_channels"),
        ("records", "0020_questions_of_a_hand_in"),
        ("facts", "0001_change_feed"),
    ]

    operations = [migrations.RunPython(let_go, migrations.RunPython.noop)]
