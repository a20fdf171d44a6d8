"""Lines that other kinds refer to follow the hand-in of their record: its lines are replaced whenever it is written, what
refers to them names a ``CitedLine``, whose code stays."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import models
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.refusals import Refused
from records.core.effects import Effect, Moving, register_effect
from records.core.kinds import kind_by_slug, kind_of
from records.core.lines import Cited, rows_of
from records.core.models import CitedLine, Record, Standing
from records.core.warning_rules import SPEAKS

_CHUNK = 500
_COLUMNS = ("position", "about", "day", "outcome", "is_vote", "is_passed", "standing")


def _is_cited(slug: str) -> bool:
    return any(lines.cited is not None for lines in kind_by_slug(slug).lines)


def citable(record: Record) -> list[tuple[int, Cited]]:
    """What of the record's lines can be referred to, by row; of two that are called alike the first."""
    found: dict[str, tuple[int, Cited]] = {}
    for lines in kind_of(record).lines:
        if lines.cited is None:
            continue
        for number, row in enumerate(rows_of(record, lines), 1):
            told = lines.cited(row)
            if told is not None:
                found.setdefault(told.about, (number, told))
    return list(found.values())


def _matched(known: Sequence[CitedLine], told: Sequence[tuple[int, Cited]]) -> dict[int, CitedLine]:
    """The row that each line had when it was last handed in: the one called the same, else the one of its place, whose
    subject was written anew."""
    by_name, found = {row.about: row for row in known}, {}
    for number, line in told:
        if line.about in by_name:
            found[number] = by_name.pop(line.about)
    by_place = {row.position: row for row in by_name.values() if row.standing != Standing.GONE}
    for number, _line in told:
        if number not in found and number in by_place:
            found[number] = by_place[number]
    return found


def keep(records: Iterable[Record]) -> None:
    """Write down what the records, as they are handed in, have to refer to."""
    told = {record.pk: (record, citable(record)) for record in records}
    known: dict[int, list[CitedLine]] = defaultdict(list)
    keys = list(told)
    for start in range(0, len(keys), _CHUNK):
        for row in CitedLine.objects.filter(record__in=keys[start : start + _CHUNK]):
            known[row.record_id].append(row)
    new: list[CitedLine] = []
    changed: list[CitedLine] = []
    for pk, (record, lines) in told.items():
        matched = _matched(known[pk], lines)
        last = max((int(row.pk.rpartition("-")[2]) for row in known[pk]), default=0)
        for number, line in lines:
            if number in matched:
                row = matched[number]
                changed.append(row)
            else:
                last += 1
                row = CitedLine(code=f"{pk}-{last}", record_id=pk)
                new.append(row)
            row.position, row.day, row.standing = number, record.happened_on, Standing.STANDS
            row.about, row.outcome, row.is_vote, row.is_passed = line
        kept = {row.pk for row in matched.values()}
        for gone in known[pk]:
            if gone.pk not in kept:
                gone.standing = Standing.GONE
                changed.append(gone)
    CitedLine.objects.bulk_create(new, batch_size=_CHUNK)
    CitedLine.objects.bulk_update(changed, _COLUMNS, batch_size=_CHUNK)


def offered_to(enterprise: Enterprise, slug: str, *, besides: Collection[str] = ()) -> list[CitedLine]:
    """What the enterprise's records of a kind have to refer to, the newest first; and, whatever became of them, the lines
    of these codes."""
    rows = CitedLine.objects.filter(record__enterprise=enterprise, record__kind=slug)
    return list(rows.filter(models.Q(standing=Standing.STANDS) | models.Q(pk__in=besides)))


@register_effect
class CitedLinesFollow(Effect):
    order = 10

    def after_save(self, moving: Moving) -> None:
        records = [record for record in moving.records if _is_cited(record.kind)]
        if moving.move.hands_in:
            keep(records)
            return
        for speaks in (True, False):
            keys = [record.pk for record in records if (record.status in SPEAKS) is speaks]
            standing = Standing.STANDS if speaks else Standing.OPEN
            for start in range(0, len(keys), _CHUNK):
                rows = CitedLine.objects.filter(record__in=keys[start : start + _CHUNK])
                rows.exclude(standing__in=(standing, Standing.GONE)).update(standing=standing)

    def discarding(self, record: Record) -> None:
        """What another record refers to is not thrown away."""
        if not _is_cited(record.kind):
            return
        for relation in CitedLine._meta.get_fields(include_hidden=True):
            if not (relation.one_to_many and relation.auto_created):
                continue
            model: type[models.Model] = relation.related_model  # type: ignore[assignment]  # a relation's own end
            where = {f"{relation.field.name}__record": record}  # type: ignore[union-attr]  # a relation has its field
            if model._base_manager.filter(**where).exists():
                said = {"what": model._meta.verbose_name}
                raise Refused(
                    _("“%(what)s”引用了这条记录中的议题，不能删除。请先在那里改选，或修改后重新提交。") % said
                )
