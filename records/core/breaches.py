"""Breaches follow the hand-in: those of the last one are replaced by what the rules find now."""

from typing import Any

from records.core.business_rules import BusinessRule, found_by
from records.core.effects import Effect, Moving, register_effect
from records.core.kinds import kind_of
from records.core.models import Breach, Record
from records.core.values import values_of

_CHUNK = 500


def breaches_of(record: Record, rules: tuple[type[BusinessRule[Any]], ...]) -> list[Breach]:
    """The record's breaches as rows, not saved. ``record`` is the specific row as it is handed in."""
    found = [one for one in found_by(rules, record) if not one.problem.is_gap]
    values = values_of(record, {}) if found else {}
    return [
        Breach(
            record_id=record.pk,
            rule=rule.code,
            field=problem.field,
            message=problem.message,
            citation=rule.citation,
            is_unstated=problem.is_unstated,
            values={name: values[name] for name in rule.reads},
            version=record.version,
        )
        for rule, problem in found
    ]


@register_effect
class BreachesFollow(Effect):
    order = 10

    def after_save(self, moving: Moving) -> None:
        if not moving.move.hands_in:
            return
        ruled = [record for record in moving.records if kind_of(record).rules]
        again = [
            one.record.pk for one in moving.moved if one.before["first_submitted_at"] and kind_of(one.record).rules
        ]
        for start in range(0, len(again), _CHUNK):
            Breach.objects.filter(record__in=again[start : start + _CHUNK]).delete()
        rows = [breach for record in ruled for breach in breaches_of(record, kind_of(record).rules)]
        if rows:
            Breach.objects.bulk_create(rows, batch_size=_CHUNK)
