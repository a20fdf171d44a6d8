"""What the workers' congress dealt with, named by the plans, contracts and funds of the same enterprise."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from records.core.kinds import kind_by_slug
from records.core.models import LineReference, Standing, references_of
from records.models import CitedLine, Record


def has_topics(draft: Record) -> bool:
    """Whether its lines are such that others refer to them."""
    return any(lines.cited is not None for lines in kind_by_slug(draft.kind_slug()).lines)


def _referring(draft: Record) -> Iterator[tuple[Any, LineReference]]:
    """The places of a draft where a topic can be named: its own, and those of its lines."""
    rows = [draft, *(row for lines in kind_by_slug(draft.kind_slug()).lines for row in getattr(draft, lines.name, ()))]
    for row in rows:
        for field in references_of(type(row)):
            yield row, field


def _suiting(row: Any, field: LineReference, topics: Sequence[CitedLine], day: datetime.date) -> CitedLine | None:
    """The latest topic that is about the matter and was dealt with before it was signed or issued, or else filed."""
    until = getattr(row, "signed_on", None) or getattr(row, "plan_issued_on", None) or day
    for topic in topics:
        if topic.day is None or topic.day >= until or not field.suits(topic):
            continue
        # Of contracts each was a draft of its own.
        if hasattr(row, "get_sort_display") and topic.about != f"{row.get_sort_display()}草案":
            continue
        if field.since_period and str(topic.day.year) < str(row.period):
            continue
        return topic
    return None


def refer_to_topics(filed: Iterable[tuple[Record, datetime.date]]) -> None:
    """Name the topics in drafts not written yet, each with the day it is filed, where the question that they answer was
    answered with yes."""
    drafts = [(draft, day) for draft, day in filed if draft.enterprise_id is not None and any(_referring(draft))]
    topics: dict[int, list[CitedLine]] = defaultdict(list)
    enterprises = {draft.enterprise_id for draft, _day in drafts}
    rows = CitedLine.objects.filter(record__enterprise__in=enterprises, standing=Standing.STANDS)
    for topic in rows.select_related("record").order_by("-day", "position"):
        topics[topic.record.enterprise_id or 0].append(topic)
    for draft, day in drafts:
        for row, field in _referring(draft):
            known = topics[draft.enterprise_id or 0]
            if getattr(row, field.answers, None) and (found := _suiting(row, field, known, day)):
                setattr(row, field.name, found)
                if hasattr(row, "congress_on"):
                    row.congress_on = None
