"""Announcements upward. The feed rows make sure; these only nudge."""

from django.dispatch import Signal

#: Sent after commit when feed rows were written. Sender: ``Record``. No arguments.
record_changed = Signal()
