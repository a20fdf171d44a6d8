"""What the access table needs of the offices' review, made without a line in the audit log."""

from django.utils import timezone

from records.models import Record, Status
from records.review.batches import freeze
from records.review.queries import held_for
from tests.contracts.world import World, appeal_against, correction_of, finding_of


def frozen(world: World) -> list:
    """Everything that waits for the county, frozen for one approval that is not confirmed yet."""
    county = world.cast.county
    return [freeze(acting_user=county, action="approve", records=held_for(county), asked="全部待审核记录").pk]


def rejected(world: World) -> list:
    """The waiting record, rejected by the county today."""
    Record.objects.filter(pk=world.submitted.pk).update(
        status=Status.REJECTED, held_by="", reason="重复。", appeal_until=timezone.localdate()
    )
    return [world.submitted.pk]


def appealed(world: World) -> list:
    """The enterprise asked the city to look at the rejection again."""
    (record,) = rejected(world)
    return [appeal_against(world.cast, Record.objects.get(pk=record)).pk]


def asked_to_correct(world: World) -> list:
    """The enterprise asked the county to reopen an approved record."""
    return [correction_of(world.cast, world.approved).pk]


def flagged(world: World) -> list:
    """An approved record that an officer marked for the city."""
    Record.objects.filter(pk=world.approved.pk).update(is_flagged=True)
    return [world.approved.pk]


def asked_about(world: World) -> list:
    """The county asked the enterprise about an approved record that looks like a double."""
    return [finding_of(world.cast, world.approved).pk]


def answered_about(world: World) -> list:
    """And the enterprise answered."""
    return [finding_of(world.cast, world.approved, "answered").pk]
