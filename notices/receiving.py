"""What a unit does with a notice: reads, signs, answers. Whoever of its people does it, does it for the unit."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from notices.models import Delivery

register_event("notices.read", gettext_lazy("阅读通知"))
register_event("notices.receipted", gettext_lazy("签收通知"))
register_event("notices.answered", gettext_lazy("反馈通知"))


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice", "place")
    return rows.get(pk=delivery.pk)


def _log(event: str, delivery: Delivery, user: Actor) -> None:
    log(event, by=user, on=delivery.notice, place=delivery.place, note=str(delivery.place))


@transaction.atomic
def note_read(*, acting_user: Actor, delivery: Delivery, at: datetime.datetime | None = None) -> Delivery:
    """The unit has seen it. The first time counts; later ones change nothing. ``at``: a moment of the past."""
    require(acting_user, "notices.answer", delivery)
    delivery = _locked(delivery)
    if delivery.read_at is None:
        delivery.read_at, delivery.read_by = at or timezone.now(), acting_user
        delivery.save(update_fields=["read_at", "read_by"])
        _log("notices.read", delivery, acting_user)
    return delivery


@transaction.atomic
def receipt(*, acting_user: Actor, delivery: Delivery, at: datetime.datetime | None = None) -> Delivery:
    """签收. Late is possible, and shows. Twice changes nothing. Raises ``AccessDenied``, ``ValidationError``."""
    require(acting_user, "notices.answer", delivery)
    delivery = note_read(acting_user=acting_user, delivery=delivery, at=at)
    if delivery.notice.receipt_due is None:
        raise ValidationError(_("这份通知不要求签收，看过即可。"))
    if delivery.receipted_at is None:
        delivery.receipted_at, delivery.receipted_by = at or timezone.now(), acting_user
        delivery.save(update_fields=["receipted_at", "receipted_by"])
        _log("notices.receipted", delivery, acting_user)
    return delivery


@transaction.atomic
def answer(
    *,
    acting_user: Actor,
    delivery: Delivery,
    answers: Mapping[str, Any],
    at: datetime.datetime | None = None,
) -> Delivery:
    """Give or mend the unit's feedback, until the day due; it signs for the notice as well.

    Raises ``AccessDenied``, ``ValidationError``."""
    require(acting_user, "notices.answer", delivery)
    delivery = _locked(delivery)
    notice = delivery.notice
    if not notice.takes_answers:
        raise ValidationError(
            _("反馈已于 %s 截止，不能再填写。确需补充请联系发文单位，由其另发通知。") % notice.feedback_due
            if notice.questions
            else _("这份通知不需要反馈。")
        )
    if notice.receipt_due is not None:
        receipt(acting_user=acting_user, delivery=delivery, at=at)
        delivery.refresh_from_db()
    else:
        delivery = note_read(acting_user=acting_user, delivery=delivery, at=at)
    delivery.answers = dict(answers)
    delivery.answered_at, delivery.answered_by = at or timezone.now(), acting_user
    delivery.save(update_fields=["answers", "answered_at", "answered_by"])
    _log("notices.answered", delivery, acting_user)
    return delivery
