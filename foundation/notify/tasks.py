"""The clock's part: sending e-mails that are due."""

from celery import shared_task

from foundation.notify import actions, mail


@shared_task
def send_mail() -> None:
    """Send what is due; harmless when run twice at once."""
    mail.send_due()


@shared_task
def forget_old() -> None:
    """Drop messages read long ago."""
    actions.forget_old()
