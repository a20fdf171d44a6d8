"""What the access table needs of the offices' review, made without a line in the audit log."""

from records.queries import held_for
from records.review_batches import freeze
from tests.contracts.world import World


def frozen(world: World) -> list:
    """Everything that waits for the county, frozen for one approval that is not confirmed yet."""
    county = world.cast.county
    return [freeze(acting_user=county, action="approve", records=held_for(county), asked="全部待审核记录").pk]
