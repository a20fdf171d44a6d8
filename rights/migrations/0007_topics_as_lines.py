"""What sessions said of their topics in three fields, as lines: so many topics of which none was named, and the one vote.

The figure of topics stays what it was: each topic that was counted becomes a line with a text, and a vote of a session that
gave no number of topics a line without one, which is not counted. A session that said it had none has no line, as one that
said nothing. The history is told in the same words from its first step on; remarks on the three fields stand at the lines.
"""

from collections.abc import Iterable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

KIND = "rights.congresssession"
#: More topics than this no session had: the number was mistyped.
MOST = 1000
_CHUNK = 500
_REMARKED = ("topics", "passed", "votes_for")


def _lines(topics: int | None, passed: bool | None, votes_for: int | None) -> list[dict[str, Any]]:
    said = min(topics or 0, MOST)
    has_vote = passed is not None or votes_for is not None
    result = {True: "passed", False: "failed", None: ""}[passed]
    lines = []
    for number in range(1, max(said, int(has_vote)) + 1):
        is_vote = has_vote and number == 1
        lines.append(
            {
                "topic": f"（第 {number} 项，当时没有逐项填写）" if number <= said else "",
                "sort": "approve" if is_vote else "",
                "votes_for": votes_for if is_vote else None,
                "result": result if is_vote else "",
            }
        )
    return lines


def _from_lines(lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The three fields again: the number of topics, whether every vote passed, the fewest votes."""
    rows = list(lines)
    results = [row["result"] for row in rows if row["sort"] == "approve" and row["result"] in ("passed", "failed")]
    votes = [row["votes_for"] for row in rows if row["sort"] == "approve" and row["votes_for"] is not None]
    return {
        "topics": sum(1 for row in rows if row["topic"]) or None,
        "passed": all(result == "passed" for result in results) if results else None,
        "votes_for": min(votes, default=None),
    }


def to_lines(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    session, topic = apps.get_model("rights", "CongressSession"), apps.get_model("rights", "CongressTopic")
    told = session.objects.filter(Q(topics__gt=0) | Q(passed__isnull=False) | Q(votes_for__isnull=False))
    for chunk in _in_parts(told):
        topic.objects.bulk_create(
            [
                topic(record_id=one.pk, position=position, **line)
                for one in chunk
                for position, line in enumerate(_lines(one.topics, one.passed, one.votes_for), 1)
            ],
            batch_size=_CHUNK,
        )
    step = apps.get_model("records", "RecordStep")
    for steps in _in_parts(step.objects.filter(record__kind=KIND)):
        for one in steps:
            said = one.values
            if not isinstance(said.get("agenda"), list) and said:
                one.values = {
                    **said,
                    "agenda": _lines(said.get("topics"), said.get("passed"), said.get("votes_for")),
                }
            remarks = [one.comments[name] for name in _REMARKED if name in one.comments]
            if remarks:
                kept = {name: text for name, text in one.comments.items() if name not in _REMARKED}
                one.comments = {**kept, "agenda": "\n".join(remarks)}
        step.objects.bulk_update(steps, ["values", "comments"], batch_size=_CHUNK)
    breach = apps.get_model("records", "Breach")
    breach.objects.filter(record__kind=KIND, field="votes_for").update(field="agenda.1.votes_for")


def from_lines(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    session, topic = apps.get_model("rights", "CongressSession"), apps.get_model("rights", "CongressTopic")
    for chunk in _in_parts(session.objects.all()):
        lines: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in chunk}
        rows = topic.objects.filter(record__in=list(lines)).order_by("position")
        for row in rows.values("record_id", "topic", "sort", "votes_for", "result"):
            lines[row.pop("record_id")].append(row)
        for one in chunk:
            for name, value in _from_lines(lines[one.pk]).items():
                setattr(one, name, value)
        session.objects.bulk_update(chunk, ["topics", "passed", "votes_for"], batch_size=_CHUNK)
    step = apps.get_model("records", "RecordStep")
    for steps in _in_parts(step.objects.filter(record__kind=KIND)):
        for one in steps:
            said = {name: value for name, value in one.values.items() if name != "agenda"}
            one.values = {**said, **_from_lines(one.values.get("agenda") or ())} if one.values else {}
            if "agenda" in one.comments:
                one.comments = {("topics" if name == "agenda" else name): text for name, text in one.comments.items()}
        step.objects.bulk_update(steps, ["values", "comments"], batch_size=_CHUNK)
    topic.objects.all().delete()
    breach = apps.get_model("records", "Breach")
    breach.objects.filter(record__kind=KIND, field__startswith="agenda.").update(field="votes_for")


def _in_parts(rows: "models.QuerySet[Any]") -> Iterable[list[Any]]:
    """Rows by their keys, so that what is written does not change what is still to be read."""
    last = 0
    while part := list(rows.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        yield part
        last = part[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0020_questions_of_a_hand_in"),
        ("rights", "0006_lines_of_a_session"),
    ]

    operations = [migrations.RunPython(to_lines, from_lines)]
