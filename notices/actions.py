"""Every change of a notice by the office: written, sent, withdrawn; its files; and reminding whoever is behind."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES
from foundation.access.rules import AccessDenied, require
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import longest
from foundation.jobs.actions import enqueue
from foundation.places.models import Place
from foundation.refusals import Stale
from foundation.saying import filled
from foundation.stored_files.actions import attach_files, delete_files
from notices.audience import chosen_units, level_choices, units_below
from notices.models import Notice, NoticeFile, State
from notices.permissions import own_places

register_event("notices.created", gettext_lazy("起草通知"))
register_event("notices.edited", gettext_lazy("修改通知草稿"))
register_event("notices.discarded", gettext_lazy("删除通知草稿"))
register_event("notices.requested", gettext_lazy("发出通知"))
register_event("notices.withdrawn", gettext_lazy("撤回通知"))
register_event("notices.file_added", gettext_lazy("上传通知附件"))
register_event("notices.file_removed", gettext_lazy("移除通知附件"))

SEND = "notices.send"
_CHANGED = gettext_lazy("这份草稿在您打开之后已被同事修改。请在另一个窗口打开核对；确认以您填的为准时，再保存一次。")
_EDITABLE = ("title", "number", "text", "levels", "tiers", "receipt_due", "feedback_due", "questions")


def offices_of(user: Actor) -> list[Place]:
    """The offices in whose name this person may write."""
    return scope_of(user).places(*OFFICE_ROLES)


@transaction.atomic
def save_notice(
    *,
    acting_user: Actor,
    office: Place,
    values: Mapping[str, Any],
    places: list[Place],
    notice: Notice | None = None,
    version: int | None = None,
    form_token: uuid.UUID | None = None,
    on: datetime.date | None = None,
) -> Notice:
    """Keep a draft, new or changed. ``on``: the day it is written, when that is not today. Raises ``Stale``, ``AccessDenied``, ``ValidationError``."""
    if notice is None:
        if office.pk not in own_places(scope_of(acting_user), OFFICE_ROLES):
            raise AccessDenied(_("只能以自己所在产改办的名义发通知。"))
        notice = Notice(
            office=office,
            province_id=office.province_id,
            city_id=office.city_id,
            county_id=office.county_id,
            created_by=acting_user,
            follows=values.get("follows"),
        )
    else:
        notice = Notice.objects.select_for_update(of=("self",)).select_related("office").get(pk=notice.pk)
        require(acting_user, "notices.edit", notice)
        if version != notice.version:
            raise Stale(notice, str(_CHANGED))
        notice.version += 1
    for name in _EDITABLE:
        setattr(notice, name, values[name])
    _check(notice, on or timezone.localdate())
    is_new = notice.pk is None
    notice.save()
    notice.places.set(units_below(notice.office).filter(pk__in=[place.pk for place in places]))
    attach_files(NoticeFile, acting_user=acting_user, owner=notice, form_token=form_token)
    log("notices.created" if is_new else "notices.edited", by=acting_user, on=notice, place=notice.office)
    return notice


def passed_problem(day: datetime.date | None, today: datetime.date) -> str:
    """What is wrong with a day that has gone by; "" where nothing is."""
    if day is None or day >= today:
        return ""
    return _("截止日期 %(day)s 已经过去。请填今天（%(today)s）或以后的日期。") % {"day": day, "today": today}


def _check(notice: Notice, today: datetime.date) -> None:
    """What a draft must meet as well: days that can still come, and questions with a day."""
    problems: dict[str, str] = {}
    for name in ("receipt_due", "feedback_due"):
        if problem := passed_problem(getattr(notice, name), today):
            problems[name] = problem
    if notice.questions and notice.feedback_due is None:
        problems["feedback_due"] = _("设了反馈内容，就要填反馈截止日期。请填日期，或删去反馈内容。")
    if notice.feedback_due is not None and not notice.questions:
        problems["feedback_due"] = _("填了反馈截止日期，但没有反馈内容。请在下面添加要下级填的内容，或清空日期。")
    if unknown := set(notice.levels) - {value for value, _label in level_choices(notice.office)}:
        problems["levels"] = _("不能发给这一层级：%s。请从列表中选择。") % "、".join(sorted(unknown))
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def discard_notice(*, acting_user: Actor, notice: Notice) -> None:
    """Throw a draft away with its files. What was sent stays."""
    require(acting_user, "notices.edit", notice)
    log("notices.discarded", by=acting_user, on=notice, place=notice.office)
    delete_files(notice.files.all())
    notice.delete()


def send_notice(*, acting_user: Actor, notice: Notice, version: int) -> Notice:
    """Have a draft sent, as it was previewed. Raises ``Stale``, ``AccessDenied``, ``ValidationError``."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).select_related("office").get(pk=notice.pk)
        require(acting_user, "notices.edit", notice)
        if version != notice.version:
            raise Stale(notice, str(_CHANGED))
        _check(notice, timezone.localdate())
        if not notice.text.strip() and not notice.files.exists():
            raise ValidationError(_("通知还没有正文，也没有附件。请先补充内容再发出。"))
        if not chosen_units(notice).exists():
            raise ValidationError(_("没有选中任何单位。请在“发给谁”中选择层级或单位。"))
        notice.state, notice.sent_by = State.SENDING, acting_user
        notice.save(update_fields=["state", "sent_by"])
        log("notices.requested", by=acting_user, on=notice, place=notice.office)
        notice.job = enqueue(
            kind=SEND,
            title=_("发出通知：%s") % notice.title,
            parameters={"notice": notice.pk},
            owner=acting_user,
            unique_key=f"{SEND}:{notice.pk}",
            place=notice.office,
        )
        notice.save(update_fields=["job"])
    return notice


@transaction.atomic
def withdraw_notice(*, acting_user: Actor, notice: Notice, reason: str) -> Notice:
    """Take a sent notice back: it stays to be read, marked, and wants nothing any more. Raises ``ValidationError``."""
    require(acting_user, "notices.withdraw", notice)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError(_("请写明撤回原因，收到通知的单位会看到。"))
    if len(reason) > longest(Notice, "reason"):
        raise ValidationError(filled(_("撤回原因最多 %d 个字。请改短一些。"), longest(Notice, "reason")))
    notice.state, notice.reason = State.WITHDRAWN, reason
    notice.withdrawn_by, notice.withdrawn_at = acting_user, timezone.now()
    notice.save(update_fields=["state", "reason", "withdrawn_by", "withdrawn_at"])
    log("notices.withdrawn", by=acting_user, on=notice, place=notice.office, note=reason)
    return notice


# --- files ------------------------------------------------------------------------------------------
