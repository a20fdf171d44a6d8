"""A part above its whole in another return is asked about: what the register says of the enterprise is the whole."""

import pytest

from enterprises.models import Enterprise
from foundation.fields import field_of
from records.core.factories import build_record
from records.core.kinds import RecordKind, all_kinds
from records.core.warning_rules import OnFile
from records.core.warnings import MorePeopleThanStaff
from tests.cast import Cast

KINDS = [kind for kind in all_kinds() if kind.model.parts_of_staff]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_more_than_the_enterprise_has_is_asked_about(cast: Cast, kind: RecordKind) -> None:
    """Of each field: its whole is equal, one less, and unknown."""
    enterprise = Enterprise.objects.get(pk=cast.enterprise.pk)
    record = build_record(kind, enterprise=enterprise)
    fields = [pair for pair in kind.model.parts_of_staff if getattr(record, pair[0])]
    for name, within in fields:
        value = getattr(record, name)
        enterprise.headcount = enterprise.frontline_count = None
        asked = []
        for staff in (value, value - 1, None):
            setattr(enterprise, within, staff)
            asked.append([question.field for question in MorePeopleThanStaff().check(record, OnFile())])
        assert [name in one for one in asked] == [False, True, False], name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_both_sides_are_fields(kind: RecordKind) -> None:
    for name, within in kind.model.parts_of_staff:
        assert field_of(kind.model, name) and field_of(Enterprise, within)


def test_returns_are_held_against_the_register() -> None:
    """Not only events: members of the party, studios, delegates, holders of posts."""
    held = {kind.slug for kind in KINDS if kind.model.parts_of_staff != (("number_of_people", "headcount"),)}
    assert len(held) >= 5 and "ideology.partydevelopment" in held
