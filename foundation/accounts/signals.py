"""What happens at the door, told to the rooms above."""

from django.dispatch import Signal

#: Sent with ``request`` and ``username`` when a sign-in is refused because of too many failed tries.
locked_out = Signal()
