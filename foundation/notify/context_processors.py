"""What the top bar shows of messages. Lazy: a fragment that draws no frame pays nothing."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from foundation.accounts.models import User
from foundation.notify.queries import COUNT_TO, unread_count


def _shown(count: int) -> str:
    return "" if not count else "99+" if count >= COUNT_TO else str(count)


def unread(request: HttpRequest) -> dict[str, object]:
    """``unread_messages``: "", a number or "99+"."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"unread_messages": ""}
    return {"unread_messages": SimpleLazyObject(lambda: _shown(unread_count(user)))}
