"""Years become periods of their own: a row for each year that is known and the one before it, and what is still owed for a
year falls due on the year's own day. Returns filed for a year that was running stay as they are: they speak of it once it
has ended."""

import datetime

from django.db import migrations, models

#: The kinds that were filed once a year when this was written.
ANNUAL = (
    "ideology.partyassessment",
    "ideology.partyunionbuilding",
    "ideology.studioupgrade",
    "ideology.delegates",
    "services.leadership",
)


def make_years(apps, schema_editor):
    """Rows for the years of all quarters; duties not yet met move to the quarter in which the new day lies."""
    ReportingQuarter = apps.get_model("records", "ReportingQuarter")
    ReportingYear = apps.get_model("records", "ReportingYear")
    Duty = apps.get_model("records", "Duty")
    known = {int(code[:4]) for code in ReportingQuarter.objects.values_list("code", flat=True)}
    for year in sorted(known | {year - 1 for year in known}):
        due = datetime.date(year + 1, 3, 31)
        ReportingYear.objects.create(code=str(year), enterprise_due=due)
        owed = Duty.objects.filter(kind__in=ANNUAL, period=str(year), fulfilled_at=None)
        owed.update(due=due, quarter=f"{year + 1}Q1")


class Migration(migrations.Migration):
    dependencies = [("records", "0017_corrections")]

    operations = [
        migrations.CreateModel(
            name="ReportingYear",
            fields=[
                ("code", models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name="年度")),
                ("is_open", models.BooleanField(default=True, verbose_name="开放填报")),
                ("enterprise_due", models.DateField(verbose_name="企业填报截止")),
            ],
            options={"verbose_name": "填报年度", "verbose_name_plural": "填报年度", "ordering": ["-code"]},
        ),
        migrations.RunPython(make_years, migrations.RunPython.noop, elidable=True),
    ]
