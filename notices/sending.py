"""Carrying a notice out: a row for each unit, a message for each person there, and the reminder before the day due."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.queries import people_at
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.workdays import add_working_days, is_working_day
from foundation.jobs.handlers import Cancelled
from foundation.jobs.models import LIVE, Job
from foundation.jobs.models import Status as JobStatus
from foundation.jobs.progress import Progress
from foundation.notify.actions import notify
from foundation.notify.models import Channel, Message
from foundation.notify.registry import register_kind
from foundation.places.models import Level, Place
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.statistics import renew_statistics
from notices.audience import chosen_units
from notices.models import Delivery, DeliveryQuerySet, Notice, State
from notices.permissions import UNIT_ROLES
from notices.urging import Matter, remind

register_event("notices.sent", gettext_lazy("通知已发出"))
register_event("notices.unsent", gettext_lazy("通知没有发出，退回草稿"))
register_kind("notices.received", gettext_lazy("上级通知"), Channel.AT_ONCE)

_BATCH = 1000
#: (percent, words) of a long operation.
Report = Callable[[int, str], None]


def send_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Deliver, then tell. Run twice it changes nothing the second time."""
    notice = Notice.objects.select_related("office").filter(pk=job.parameters["notice"]).first()
    if notice is None:
        raise Refused(_("这份通知已经删除。"))
    if notice.state == State.DRAFT:
        raise Refused(_("这份通知已退回草稿。请打开草稿，重新发出。"))
    if notice.state == State.SENDING:
        try:
            _spread(notice, progress)
            progress.check()
            _publish(notice, timezone.now())
        except Cancelled:
            # Called off, it is a draft again; taken over, it is the other attempt's to send.
            if Job.objects.filter(pk=job.pk, status=JobStatus.CANCELLED).exists():
                back_to_draft(notice)
            raise
        except Exception:
            # Whatever ended it: the draft is there to be sent again.
            back_to_draft(notice)
            raise
    _notify_units(notice, progress)
    label = filled(_("打开通知（发往 %d 个单位）"), notice.recipients)
    return {"notice": notice.pk, "url": notice.get_absolute_url(), "label": label}


def _silent(percent: int, message: str) -> None:
    """For callers nobody watches."""


def send_at_once(*, acting_user: Actor, notice: Notice, at: datetime.datetime | None = None) -> Notice:
    """Send a draft without a job: for programs that fill a portal. Call it inside a transaction."""
    require(acting_user, "notices.edit", notice)
    notice.state, notice.sent_by = State.SENDING, acting_user
    notice.save(update_fields=["state", "sent_by"])
    _spread(notice)
    _publish(notice, at or timezone.now())
    _notify_units(notice)
    return notice


def _spread(notice: Notice, report: Report = _silent) -> None:
    """A row for each unit; nobody sees one before the notice is out."""
    units = list(chosen_units(notice).order_by("pk").values_list("pk", flat=True))
    if not units:
        raise Refused(_("没有选中任何单位。请打开草稿，在“发给谁”中选择层级或单位。"))
    for start in range(0, len(units), _BATCH):
        rows = [_row(notice, place) for place in Place.objects.filter(pk__in=units[start : start + _BATCH])]
        Delivery.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
        message = filled(_("已送达 %(done)d 个，共 %(all)d 个单位"), {"done": start, "all": len(units)})
        report(50 * start // len(units), message)
    renew_statistics(Delivery, rows=len(units))


@transaction.atomic
def _publish(notice: Notice, at: datetime.datetime) -> None:
    """From now on the units see it. Raises ``Refused`` when it is not being sent any more: another attempt was quicker, or
    it is a draft again, without a row for any unit."""
    notice.state, notice.sent_at = State.SENT, at
    notice.recipients = notice.deliveries.count()
    written = {name: getattr(notice, name) for name in ("state", "sent_at", "sent_by", "recipients")}
    if not Notice.objects.filter(pk=notice.pk, state=State.SENDING).update(**written):
        raise Refused(_("这份通知已经不在发送中：可能已经发出，也可能已退回草稿。请打开通知查看。"))
    log(
        "notices.sent",
        by=notice.sent_by,
        on=notice,
        place=notice.office,
        note=filled(_("%d 个单位"), notice.recipients),
    )


def _row(notice: Notice, place: Place) -> Delivery:
    is_enterprise = place.level == Level.ENTERPRISE
    return Delivery(
        notice=notice,
        place=place,
        level=place.level,
        province_id=place.province_id,
        city_id=place.city_id,
        county_id=place.county_id,
        enterprise_id=place.pk if is_enterprise else None,
    )


@transaction.atomic
def back_to_draft(notice: Notice) -> None:
    """The notice as it was before it was to be sent."""
    if Notice.objects.filter(pk=notice.pk, state=State.SENDING).update(state=State.DRAFT, sent_by=None):
        notice.deliveries.all().delete()
        log("notices.unsent", by=None, on=notice, place=notice.office)


def send_unsent() -> int:
    """Notices whose job ended without its worker noticing (cancelled while it waited, given up) become drafts again."""
    stuck = Notice.objects.filter(state=State.SENDING).exclude(job__status__in=LIVE).select_related("office")
    count = 0
    for notice in stuck:
        back_to_draft(notice)
        count += 1
    return count


def _notify_units(notice: Notice, report: Report = _silent) -> None:
    """A message to everybody of every unit; whoever was told is not told again."""
    units = list(notice.deliveries.order_by("place_id").values_list("place_id", flat=True))
    days = [
        _("请于 %s 前签收") % notice.receipt_due if notice.receipt_due else "",
        _("请于 %s 前反馈") % notice.feedback_due if notice.feedback_due else "",
    ]
    for start in range(0, len(units), _BATCH):
        with transaction.atomic():
            notify(
                event="notices.received",
                to=people_at(units[start : start + _BATCH], UNIT_ROLES),
                title=_("通知：%s") % notice.title,
                text="，".join(filter(None, days)),
                url=notice.get_absolute_url(),
                place=notice.office,
                key=notice.subject,
            )
        message = filled(_("已提醒 %(done)d 个，共 %(all)d 个单位"), {"done": start, "all": len(units)})
        report(50 + 49 * start // len(units), message)
    renew_statistics(Message, rows=len(units))


# --- reminders ---------------------------------------------------------------------------------------


def matter_of(notice: Notice) -> Matter:
    return Matter(notice.subject, _("通知“%s”") % notice.title, notice.get_absolute_url())


def ready_sentence(notice: Notice) -> str:
    """What an office may send as it is."""
    if notice.questions and notice.feedback_due:
        return _("请于 %s 前在平台打开通知，签收并填写反馈。") % notice.feedback_due
    if notice.receipt_due:
        return _("请于 %s 前在平台打开通知并签收。") % notice.receipt_due
    return _("请尽快在平台打开通知阅读。")


def remind_before_due(today: datetime.date) -> int:
    """The working day before something is due, remind the units that owe it. Returns how many were told."""
    if not is_working_day(today):
        return 0
    following = add_working_days(today, 1)
    span = {"gt": today, "lte": following}
    told = 0
    for name, owing in (
        ("receipt_due", DeliveryQuerySet.unreceipted()),
        ("feedback_due", DeliveryQuerySet.unanswered()),
    ):
        due = {f"{name}__{word}": day for word, day in span.items()}
        for notice in Notice.objects.filter(state=State.SENT, **due).select_related("office"):
            units = list(notice.deliveries.filter(owing).values_list("place_id", flat=True))
            outcome = remind(
                matter=matter_of(notice), place_ids=units, text=ready_sentence(notice), office=notice.office
            )
            told += outcome.told
    return told
