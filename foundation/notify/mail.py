"""Sending what is due, one e-mail a person: titles and the way to the portal, never the text itself.

What is wrong with one address counts against its messages, five times, then somebody must look. What is wrong with the
mail server counts against nobody: everything waits until it answers again.
"""

import datetime
import logging
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.notify.hours import is_working_time, next_working_time
from foundation.notify.models import Mail, Message, MessageQuerySet
from foundation.saying import filled

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
_PEOPLE_PER_RUN = 500
_SHOWN_PER_MAIL = 50
#: While a worker is sending, nobody else takes the same messages.
_LEASE = datetime.timedelta(minutes=15)
_WAIT = datetime.timedelta(minutes=10)
_OF_THIS_MAIL = (SMTPRecipientsRefused, SMTPDataError, SMTPSenderRefused)


class _ServerUnusable(Exception):
    """No e-mail can be sent at all for now."""


def send_due() -> dict[str, int]:
    """Send what is due, if mail is set up and people are at work. Returns how many e-mails were sent and failed."""
    counts = {"sent": 0, "failed": 0}
    now = timezone.now()
    if not settings.MAIL_IS_SET or not is_working_time(now):
        return counts
    due = Message.objects.filter(mail=Mail.WAITING, mail_due_at__lte=now).order_by()
    people = list(due.values_list("recipient_id", flat=True).distinct()[:_PEOPLE_PER_RUN])
    connection = get_connection()
    try:
        for recipient_id in people:
            if outcome := _send_to(recipient_id, connection, now):
                counts[outcome] += 1
    except _ServerUnusable:
        pass  # said in the log and in the rows; the next run tries again
    finally:
        connection.close()
    return counts


def _send_to(recipient_id: int, connection: BaseEmailBackend, now: datetime.datetime) -> str:
    """``sent``, ``failed``, or nothing when another worker has them. Raises ``_ServerUnusable``."""
    due = Message.objects.filter(recipient_id=recipient_id, mail=Mail.WAITING, mail_due_at__lte=now)
    messages = list(due.select_related("recipient")[:_SHOWN_PER_MAIL])
    mine = Message.objects.filter(pk__in=[message.pk for message in messages], mail=Mail.WAITING)
    if not mine.filter(mail_due_at__lte=now).update(mail_due_at=now + _LEASE):
        return ""
    person = messages[0].recipient
    if not person.is_active or not person.email:
        mine.update(mail=Mail.NONE, mail_due_at=None)
        return ""
    try:
        # Kept open for the next person; opening it again changes nothing.
        connection.open()
        _compose(messages, connection).send()
    except _OF_THIS_MAIL as error:
        logger.warning("an e-mail was refused: %s", type(error).__name__)
        _put_off(mine, now, error, counts=True)
        return "failed"
    except (SMTPException, OSError) as error:
        logger.warning("the mail server cannot be used: %s", type(error).__name__)
        _put_off(mine, now, error, counts=False)
        raise _ServerUnusable from error
    mine.update(mail=Mail.SENT, mail_error="", mail_attempts=F("mail_attempts") + 1)
    return "sent"


def _put_off(mine: MessageQuerySet, now: datetime.datetime, error: Exception, *, counts: bool) -> None:
    attempts = F("mail_attempts") + (1 if counts else 0)
    mine.update(mail_due_at=next_working_time(now + _WAIT), mail_attempts=attempts, mail_error=reason_of(error))
    mine.filter(mail_attempts__gte=MAX_ATTEMPTS).update(mail=Mail.FAILED)


def reason_of(error: Exception) -> str:
    """What an administrator reads. Never the error's own text: it may hold addresses."""
    if isinstance(error, SMTPRecipientsRefused):
        return _("邮件服务器不接受收件人的邮箱地址")
    if isinstance(error, SMTPSenderRefused):
        return _("邮件服务器不接受发件人地址（PORTAL_MAIL_FROM）")
    if isinstance(error, SMTPDataError):
        return _("邮件服务器拒收了邮件（代码 %s）") % error.smtp_code
    return _("邮件服务器连不上或不接受登录（%s）") % type(error).__name__


def _compose(messages: list[Message], connection: BaseEmailBackend) -> EmailMessage:
    first = messages[0].title
    subject = first if len(messages) == 1 else filled(_("您有 %d 条新消息"), len(messages))
    context = {"messages": messages, "person": messages[0].recipient, "site": settings.SITE_URL}
    body = render_to_string("notify/mail.txt", context)
    return EmailMessage(
        subject=_("[产改平台] %s") % subject, body=body, to=[messages[0].recipient.email], connection=connection
    )
