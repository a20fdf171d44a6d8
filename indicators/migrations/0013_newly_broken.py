# What was broken anew is counted on the front pages of offices: it is noted when it is found, not sought by every page.

from typing import Any

from django.db import migrations, models


def note(apps: Any, schema_editor: Any) -> None:
    """Quarter by quarter, as one statement each."""
    results = apps.get_model("indicators", "ComplianceResult").objects
    codes = results.order_by().values_list("quarter", flat=True).distinct()
    for code in sorted(codes):
        year, number = int(code[:4]), int(code[5])
        previous = f"{year}Q{number - 1}" if number > 1 else f"{year - 1}Q4"
        before = results.filter(
            enterprise=models.OuterRef("enterprise"), rule=models.OuterRef("rule"), quarter=previous
        ).exclude(finding="broken")
        results.filter(models.Exists(before), quarter=code, finding="broken").update(is_new=True)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0012_place_of_a_value_is_found_by_its_constraint"),
    ]

    operations = [
        migrations.AddField(
            model_name="complianceresult",
            name="is_new",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="本季度新出现"),
        ),
        migrations.RunPython(note, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="complianceresult",
            index=models.Index(
                condition=models.Q(("is_new", True)),
                fields=["quarter", "province", "city", "county"],
                name="compliance_new_in_place",
            ),
        ),
    ]
