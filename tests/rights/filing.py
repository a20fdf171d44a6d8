"""Filing, handing in and approving what a test of workers' rights needs."""

from foundation.refusals import NeedsConfirmation
from records.core.actions import act, file_record
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.models import Breach
from records.models import Record


def filed(cast, slug: str, **changes) -> Record:
    kind = kind_by_slug(slug)
    row = build_record(kind, enterprise=cast.enterprise, **changes)
    names = [*kind.fields, *(lines.name for lines in kind.lines), *(["period"] if kind.is_return else [])]
    values = {name: getattr(row, name) for name in names}
    return file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values).specific()


def hand_in(cast, record: Record) -> list[str]:
    """Hand the record in; what was asked about it before."""
    try:
        act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    except NeedsConfirmation as asked:
        act(
            acting_user=cast.clerk,
            record_id=record.pk,
            action="submit",
            version=record.version,
            reason="已核对。",
            confirmed=asked.keys,
        )
        return [question.message for question in asked.questions]
    return []


def found_in(record: Record) -> dict[str, tuple[str, bool]]:
    """The breaches on file: field → rule, and whether the field was only not filled."""
    return {row.field: (row.rule, row.is_unstated) for row in Breach.objects.filter(record=record)}


def breaches(cast, record: Record) -> dict[str, tuple[str, bool]]:
    """Hand the record in; the breaches then on file."""
    hand_in(cast, record)
    return found_in(record)


def approve(cast, record: Record) -> None:
    record.refresh_from_db()
    act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
