"""Announcements upward. The feed rows make sure; this only wakes."""

from django.dispatch import Signal

#: Sent after commit when an ``EnterpriseChange`` was written. Sender: ``Enterprise``.
enterprise_changed = Signal()
