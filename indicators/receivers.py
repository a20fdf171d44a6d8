"""Following the announcements from below: they only say that the feeds have something new."""

from time import monotonic

from django.dispatch import receiver

from foundation.facts.feed import changes_appended
from indicators.tasks import WAKE_DELAY, send_catch_up

_last_sent = -WAKE_DELAY


@receiver(changes_appended, dispatch_uid="indicators.wake")
def wake(**kwargs: object) -> None:
    """Ask the worker to catch up. A message takes effect ``WAKE_DELAY`` after it was sent, so what is announced until
    then is covered by it: a bulk load sends one message a second, not thousands."""
    global _last_sent
    now = monotonic()
    if now - _last_sent >= WAKE_DELAY * 0.9:
        _last_sent = now
        send_catch_up()
