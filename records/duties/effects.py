"""What records handed in, taken back or refused mean for duties and quarterly statements."""

from records.core.effects import Effect, Moving, register_effect
from records.duties.actions import fulfil_duties, lift_statements, release_duties


@register_effect
class DutiesFollow(Effect):
    """Released first: handed in again, the first day still counts."""

    order = 30

    def after_save(self, moving: Moving) -> None:
        release_duties(moving.records)
        if moving.move.hands_in:
            fulfil_duties(moving.records)
            # What was handed in before and mended is nothing new: 已填完 stays true.
            lift_statements([one for one in moving.moved if one.before["first_submitted_at"] is None])
