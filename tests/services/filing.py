"""Filing records of a kind as the stories of this room need them: the factory's values, some of them changed."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from foundation.fields import field_of
from foundation.refusals import NeedsConfirmation, Question
from records.core.actions import act, file_record
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.values import stored
from records.models import Record
from tests.cast import Cast


def file_it(cast: Cast, slug: str, *, of: str = "enterprise", by: str = "clerk", **changes: Any) -> Record:
    """A draft of the factory's values with some changed; no two titles are alike, so none looks like another."""
    kind, enterprise = kind_by_slug(slug), getattr(cast, of)
    if not kind.is_return:
        changes.setdefault("title", uuid.uuid4().hex)
    row = build_record(kind, enterprise=enterprise, **changes)
    values = {
        name: getattr(row, name) if field_of(kind.model, name).is_relation else stored(row, name)
        for name in (*kind.fields, "period")
    }
    return file_record(acting_user=getattr(cast, by), kind=kind, filer=enterprise, values=values)


def submit(cast: Cast, record: Record, *, by: str = "clerk", **answers: Any) -> Record:
    return act(acting_user=getattr(cast, by), record_id=record.pk, action="submit", version=record.version, **answers)


def refusal(cast: Cast, record: Record, *, by: str = "clerk") -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        submit(cast, record, by=by)
    return caught.value.message_dict


def asked_about(cast: Cast, record: Record, *, by: str = "clerk") -> list[Question]:
    with pytest.raises(NeedsConfirmation) as unusual:
        submit(cast, record, by=by)
    return list(unusual.value.questions)
