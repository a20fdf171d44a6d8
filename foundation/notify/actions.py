"""Telling people, and what they do with what they were told. Reading one's own message is no change worth an entry in
the audit log; choosing how to be told is."""

import datetime
import functools
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor, User
from foundation.audit.log import log, register_event
from foundation.notify.hours import next_start, next_working_time
from foundation.notify.models import Channel, Mail, Message, Preference
from foundation.notify.queries import forget_counts
from foundation.notify.registry import Kind, all_kinds, kind_of
from foundation.places.models import Place

register_event("notify.preferences_changed", gettext_lazy("修改消息接收方式"))
register_event("notify.mail_retried", gettext_lazy("重新发送失败的邮件"))

_BATCH = 500
_LONGEST_TITLE = 200


def notify(
    *,
    event: str,
    to: Iterable[User],
    title: str,
    text: str = "",
    url: str = "",
    place: Place | None = None,
    key: str = "",
    in_hours_only: bool = False,
) -> None:
    """Tell people something: in the portal, and by e-mail as each likes. Call it inside the action's transaction.

    ``url`` is a page of the portal. With a ``key`` a person is told the same event once, however often this is called.
    ``in_hours_only`` holds it back in the portal too until the next working hour; e-mails always wait for that.
    Suspended accounts are passed over. Hundreds of people cost the same few statements as one.
    """
    kind = kind_of(event)
    if url and not (url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)):
        raise ValueError(f"a message leads to a page of the portal, not to {url!r}")
    people = list({user.pk: user for user in to if user.is_active}.values())
    now = timezone.now()
    due = {Channel.AT_ONCE.value: next_working_time(now), Channel.DIGEST.value: next_start(now)}
    common = {
        "event": event,
        "key": key,
        "title": " ".join(title.split())[:_LONGEST_TITLE],
        "text": text,
        "url": url,
        "place": place,
        "shown_from": due[Channel.AT_ONCE] if in_hours_only else now,
    }
    for start in range(0, len(people), _BATCH):
        batch = people[start : start + _BATCH]
        channels = _channels(kind, batch)
        rows = [Message(recipient=user, **common, **_mail(user, due.get(channels[user.pk]))) for user in batch]
        Message.objects.bulk_create(rows, ignore_conflicts=bool(key))
    transaction.on_commit(functools.partial(forget_counts, [user.pk for user in people]), robust=True)


def _channels(kind: Kind, people: list[User]) -> dict[int, str]:
    chosen = Preference.objects.filter(event=kind.name, user__in=people).values_list("user_id", "channel")
    return {**{user.pk: kind.default for user in people}, **dict(chosen)}


def _mail(user: User, due: datetime.datetime | None) -> dict[str, object]:
    """The fields that make an e-mail wait until it is due, if there is to be one."""
    if due is None or not user.email or not settings.MAIL_IS_SET:
        return {}
    return {"mail": Mail.WAITING, "mail_due_at": due}


def mark_read(*, acting_user: Actor, message_ids: Iterable[int] | None = None) -> int:
    """Mark some of one's own messages read, or all. Returns how many were unread."""
    require(acting_user, "notify.own_messages")
    messages = Message.objects.visible_to(acting_user).unread()
    if message_ids is not None:
        messages = messages.filter(pk__in=list(message_ids))
    changed = messages.update(read_at=timezone.now())
    forget_counts([acting_user.pk])
    return changed


def mark_told(*, acting_user: Actor, event: str, key: str) -> None:
    """Whoever opens the page a message is about, by whatever way, has read the message."""
    about = Message.objects.visible_to(acting_user).unread().filter(event=event, key=key)
    if ids := list(about.values_list("pk", flat=True)):
        mark_read(acting_user=acting_user, message_ids=ids)


@transaction.atomic
def set_preferences(*, acting_user: Actor, email: str, channels: Mapping[str, str]) -> None:
    """Where one's own e-mails go and what is sent there. Raises ``ValidationError``."""
    require(acting_user, "notify.own_messages")
    email = email.strip()
    if email:
        validate_email(email)
    elif any(channel != Channel.IN_APP for channel in channels.values()):
        raise ValidationError({"email": _("选了发邮件，就要填电子邮箱。请填邮箱，或全部改为“只在平台内查看”。")})
    before, moved = _shown_preferences(acting_user), acting_user.email != email
    User.objects.filter(pk=acting_user.pk).update(email=email)
    acting_user.email = email
    for kind in all_kinds():
        if kind.name in channels:
            Preference.objects.update_or_create(
                user=acting_user, event=kind.name, defaults={"channel": Channel(channels[kind.name])}
            )
    after = _shown_preferences(acting_user)
    changes = {name: [before.get(name, ""), after[name]] for name in after if before.get(name) != after[name]}
    if changes or moved:
        log("notify.preferences_changed", by=acting_user, on=acting_user, place=home_of(acting_user), changes=changes)


def _shown_preferences(user: Actor) -> dict[str, str]:
    """Words for the audit log; of the address only whether there is one."""
    chosen = dict(Preference.objects.filter(user=user).values_list("event", "channel"))
    shown = {str(kind.label): str(Channel(chosen.get(kind.name, kind.default)).label) for kind in all_kinds()}
    return {str(_("电子邮箱")): str(_("已填写") if user.email else _("未填写")), **shown}


#: How long what was read is kept; what was not read stays.
KEEP_READ = datetime.timedelta(days=365)


def forget_old() -> int:
    """Remove messages read more than a year ago. Returns how many. What they were about has its own history."""
    old = Message.objects.filter(read_at__lt=timezone.now() - KEEP_READ).exclude(mail=Mail.WAITING)
    count, _rows = Message.objects.filter(pk__in=list(old.order_by().values_list("pk", flat=True)[:20_000])).delete()
    return count


@transaction.atomic
def retry_mails(*, acting_user: Actor) -> int:
    """Try the failed e-mails again, from the next working moment on. Returns how many."""
    require(acting_user, "notify.oversee_mail")
    failed = Message.objects.allowing(acting_user, "notify.oversee_mail")
    count = failed.update(mail=Mail.WAITING, mail_due_at=next_working_time(timezone.now()), mail_attempts=0)
    if count:
        log("notify.mail_retried", by=acting_user, place=home_of(acting_user), note=_("%d 封") % count)
    return count
