"""What was asked as four questions of yes and no is one list of which several are chosen; the history tells it so from its first
step on. Four times no is "none of these", no answer is none."""

from collections.abc import Iterable
from itertools import product
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

KIND, APP, MODEL, FIELD = "rights.incentive", "rights", "incentive", "elements"
#: The question that was, and what is chosen now.
ASKED = {
    "by_post": "post",
    "by_ability": "ability",
    "by_innovation": "innovation",
    "by_performance": "performance",
}
_CHUNK = 500


def chosen(said: dict[str, Any]) -> str:
    codes = [code for name, code in ASKED.items() if said.get(name)]
    if not codes and any(said.get(name) is False for name in ASKED):
        codes = ["none"]
    return f",{','.join(codes)}," if codes else ""


def answers(value: str) -> dict[str, bool | None]:
    codes = value.split(",")
    return {name: (code in codes if value else None) for name, code in ASKED.items()}


def to_list(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model(APP, MODEL).objects.all()
    for values in product((True, False, None), repeat=len(ASKED)):
        said = dict(zip(ASKED, values, strict=True))
        condition = Q()
        for name, value in said.items():
            condition &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        if value := chosen(said):
            rows.filter(condition).update(**{FIELD: value})
    for steps in _steps(apps):
        for one in steps:
            if any(name in one.values for name in ASKED):
                kept = {name: value for name, value in one.values.items() if name not in ASKED}
                one.values = {**kept, FIELD: chosen(one.values)}
            remarks = [one.comments[name] for name in ASKED if name in one.comments]
            if remarks:
                kept = {name: text for name, text in one.comments.items() if name not in ASKED}
                one.comments = {**kept, FIELD: "\n".join(remarks)}


def to_questions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model(APP, MODEL).objects.exclude(**{FIELD: ""})
    for value in list(rows.values_list(FIELD, flat=True).distinct().order_by(FIELD)):
        rows.filter(**{FIELD: value}).update(**answers(value))
    for steps in _steps(apps):
        for one in steps:
            if FIELD in one.values:
                kept = {name: value for name, value in one.values.items() if name != FIELD}
                one.values = {**kept, **answers(one.values[FIELD])}
            if FIELD in one.comments:
                kept = {name: text for name, text in one.comments.items() if name != FIELD}
                one.comments = {**kept, next(iter(ASKED)): one.comments[FIELD]}


def _steps(apps: Apps) -> Iterable[list[Any]]:
    """The steps of the kind's records, written back once they were changed."""
    step = apps.get_model("records", "RecordStep")
    last = 0
    while part := list(step.objects.filter(record__kind=KIND, pk__gt=last).order_by("pk")[:_CHUNK]):
        yield part
        step.objects.bulk_update(part, ["values", "comments"], batch_size=_CHUNK)
        last = part[-1].pk


class Migration(migrations.Migration):
    dependencies = [("rights", "0013_topics_on_file"), ("records", "0024_lines_that_are_referred_to")]

    operations = [
        migrations.AddField(MODEL, FIELD, models.CharField(blank=True, default="", max_length=200)),
        migrations.RunPython(to_list, to_questions),
    ]
