"""What happens at the door, told to the rooms above."""

from django.dispatch import Signal

#: Sent with ``request``, ``username`` and ``lock`` when a failed sign-in shuts the door for a while.
locked_out = Signal()
