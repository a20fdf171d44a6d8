"""What the frame of every page asks."""

from django.core.cache import cache

from foundation.accounts.models import Actor
from foundation.notify.models import Message

#: The top bar shows "99+" rather than counting on.
COUNT_TO = 100
_KEEP_SECONDS = 60


def _cache_key(user_id: int) -> str:
    return f"messages-unread:{user_id}"


def unread_count(user: Actor) -> int:
    """Unread messages, counted to 100 at most and at most once a minute: every page shows it."""
    key = _cache_key(user.pk)
    count: int | None = cache.get(key)
    if count is None:
        count = Message.objects.visible_to(user).unread().order_by()[:COUNT_TO].count()
        cache.set(key, count, _KEEP_SECONDS)
    return count


def forget_counts(user_ids: list[int]) -> None:
    """Count again at the next page. Of very many people the minute is waited for."""
    if 0 < len(user_ids) <= COUNT_TO:
        cache.delete_many([_cache_key(user_id) for user_id in user_ids])
