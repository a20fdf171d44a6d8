"""Every kind has a factory, and what it builds is complete: it can be written, handed in and approved as it is."""

import factory.random
import pytest

from records.core.bulk import create_records, move_records
from records.core.factories import build_record, factory_for
from records.core.kinds import all_kinds
from records.models import Status
from tests.contracts.filing import filing
from tests.contracts.kinds import each_kind


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.slug)
def test_a_kind_has_a_factory_of_its_model(kind) -> None:
    assert factory_for(kind.slug)._meta.model is kind.model


@pytest.mark.parametrize("kind", each_kind())
def test_what_a_factory_builds_goes_all_the_way(kind, cast) -> None:
    factory.random.reseed_random(kind.slug)
    by = filing(kind, cast)
    count = 1 if kind.is_return else 12
    drafts = [build_record(kind, enterprise=by.filer) for _ in range(count)]
    made = create_records(acting_user=by.by, kind=kind, drafts=drafts, origin="contract")
    ids = [record.pk for record in made]
    # Samples of one day are often alike; whether they are fit is tried here, not whether they are asked about.
    submitted = move_records(acting_user=by.by, record_ids=ids, action="submit", asks=False)
    assert all(outcome.ok for outcome in submitted), submitted
    for person in by.deciding:
        decided = move_records(acting_user=person, record_ids=ids, action="approve")
        assert all(outcome.ok for outcome in decided), decided
    assert set(kind.model.objects.filter(pk__in=ids).values_list("status", flat=True)) == {Status.APPROVED}


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(LookupError, match=r"nothing\.here"):
        factory_for("nothing.here")
