"""The topics of sessions that were handed in, for other returns to refer to.

What was answered before stays as it is: a plan or a report of which was said that the congress dealt with it names no topic
until somebody does, and is read as "not linked to a session"."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KIND = "rights.congresssession"
SPEAKS = ("submitted", "approved")
_SORTS = {"approve": "审议通过", "advise": "审查建议", "oversee": "监督"}
_RESULTS = {"passed": "通过", "failed": "未通过", "considered": "已听取，未表决"}
_CHUNK = 500


def _outcome(sort: str, result: str, votes_for: int | None) -> str:
    said = [_RESULTS[result]] if result in _RESULTS else []
    if votes_for is not None:
        said.append(f"赞成 {votes_for} 票")
    return "：".join(word for word in (_SORTS.get(sort, ""), "，".join(said)) if word)


def note_topics(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    session, topic = apps.get_model("rights", "CongressSession"), apps.get_model("rights", "CongressTopic")
    line = apps.get_model("records", "CitedLine")
    handed_in = session.objects.filter(first_submitted_at__isnull=False).order_by("pk")
    last = 0
    while sessions := list(handed_in.filter(pk__gt=last).values_list("pk", "happened_on", "status")[:_CHUNK]):
        last = sessions[-1][0]
        of = {pk: (day, status) for pk, day, status in sessions}
        seen: set[tuple[int, str]] = set()
        rows = []
        for one in topic.objects.filter(record__in=list(of)).order_by("record", "position"):
            about = one.topic.strip()
            if not about or (one.record_id, about) in seen:
                continue
            seen.add((one.record_id, about))
            day, status = of[one.record_id]
            rows.append(
                line(
                    code=f"{one.record_id}-{one.position}",
                    record_id=one.record_id,
                    position=one.position,
                    about=about,
                    day=day,
                    outcome=_outcome(one.sort, one.result, one.votes_for),
                    is_vote=one.sort == "approve",
                    is_passed={"passed": True, "failed": False}.get(one.result),
                    standing="stands" if status in SPEAKS else "open",
                )
            )
        line.objects.bulk_create(rows, batch_size=_CHUNK)


def forget_topics(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing: the rows go with their table, and what refers to them goes first."""


class Migration(migrations.Migration):
    dependencies = [("rights", "0012_contracts_name_their_topics")]
    operations = [migrations.RunPython(note_topics, forget_topics)]
