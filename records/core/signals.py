"""Announcements upward. The feed rows make sure; these only wake."""

from django.db import transaction
from django.dispatch import Signal

#: Sent after commit when feed rows were written. Sender: ``Record``. No arguments.
record_changed = Signal()


def _wake() -> None:
    from records.core.models import Record  # noqa: PLC0415 -- models import nothing from here, but load later

    record_changed.send(sender=Record)


def wake_on_commit() -> None:
    """Announce once when the running transaction commits, however many changes it makes: a bulk load of thousands
    must not send thousands of messages."""
    waiting = transaction.get_connection().run_on_commit
    if not any(callback is _wake for _savepoints, callback, _robust in waiting):
        transaction.on_commit(_wake)
