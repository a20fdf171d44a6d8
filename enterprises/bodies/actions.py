"""What is done about a body besides entering and editing it: its people, its meetings, the yearly word that all is as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Body, BodyMeeting, BodyMember
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.crud.values import differences, logged
from foundation.facts.feed import append_changes
from foundation.facts.models import Change

register_event("enterprises.body_saved", gettext_lazy("登记和修改组织"))
register_event("enterprises.body_members_changed", gettext_lazy("变更组织成员"))
register_event("enterprises.body_meeting_saved", gettext_lazy("登记和修改组织会议"))
register_event("enterprises.body_meeting_removed", gettext_lazy("删除组织会议"))
register_event("enterprises.body_confirmed", gettext_lazy("核对组织情况"))

BODIES = "bodies"
MEETING_FIELDS = ("held_on", "topic", "resolution")


def append_body_changes(places: Iterable[int]) -> None:
    """Bodies of these enterprises or regions changed. Call inside the transaction of the change."""
    append_changes(Change(source=BODIES, place_id=place) for place in sorted(set(places)))


def append_body_change(body: Body) -> None:
    """Its figures may have moved, in any open quarter. Call inside the transaction of the change."""
    append_changes([Change(source=BODIES, place_id=body.place_id, subject=body.pk)])


def _locked(body_id: int, acting_user: Actor) -> Body:
    body = Body.objects.select_for_update(of=("self",)).select_related("place", "enterprise").get(pk=body_id)
    require(acting_user, "enterprises.keep_bodies", body)
    return body


def _filled(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def _log_members(body: Body, acting_user: Actor, before: int) -> None:
    """How many, never who: the history of a body is read by more people than the names."""
    after = body.members.count()
    changes = {_("成员（人）"): [str(before), str(after)]} if after != before else {}
    note = "" if changes else _("修改了一名成员的内容")
    log("enterprises.body_members_changed", by=acting_user, on=body, changes=changes, note=note, place=body.place)


@transaction.atomic
def save_member(
    *, acting_user: Actor, body_id: int, values: Mapping[str, Any], member: BodyMember | None = None
) -> BodyMember:
    """Put somebody on the list of members, or mend what stands there. Raises ``AccessDenied`` and ``ValidationError``."""
    body = _locked(body_id, acting_user)
    before = body.members.count()
    member = member or BodyMember(body=body)
    _filled(member, values)
    _log_members(body, acting_user, before)
    return member


@transaction.atomic
def remove_member(*, acting_user: Actor, body_id: int, member: BodyMember) -> None:
    """Somebody no longer belongs to the body. Raises ``AccessDenied``."""
    body = _locked(body_id, acting_user)
    before = body.members.count()
    member.delete()
    _log_members(body, acting_user, before)


def _check_day(body: Body, meeting: BodyMeeting) -> None:
    if meeting.held_on > timezone.localdate():
        raise ValidationError({"held_on": _("会议日期 %s 还没有到。请在会后登记，或核对日期。") % meeting.held_on})
    if body.founded_on and meeting.held_on < body.founded_on:
        text = _("会议日期 %(day)s 早于成立日期 %(founded)s。请核对会议日期，或先更正成立日期。")
        raise ValidationError({"held_on": text % {"day": meeting.held_on, "founded": body.founded_on}})


@transaction.atomic
def save_meeting(
    *, acting_user: Actor, body_id: int, values: Mapping[str, Any], meeting: BodyMeeting | None = None
) -> BodyMeeting:
    """Enter a meeting that was held, or mend what is said of it. Raises ``AccessDenied`` and ``ValidationError``."""
    body = _locked(body_id, acting_user)
    before = {} if meeting is None else logged(BodyMeeting.objects.get(pk=meeting.pk), MEETING_FIELDS)
    meeting = meeting or BodyMeeting(body=body)
    for name, value in values.items():
        setattr(meeting, name, value)
    _check_day(body, meeting)
    _filled(meeting, {})
    changes = differences(before, logged(meeting, MEETING_FIELDS))
    log("enterprises.body_meeting_saved", by=acting_user, on=body, changes=changes, place=body.place)
    append_body_change(body)
    return meeting


@transaction.atomic
def remove_meeting(*, acting_user: Actor, body_id: int, meeting: BodyMeeting) -> None:
    """A meeting that was entered by mistake. Raises ``AccessDenied``."""
    body = _locked(body_id, acting_user)
    changes = {label: [said, ""] for label, said in logged(meeting, MEETING_FIELDS).items() if said}
    log("enterprises.body_meeting_removed", by=acting_user, on=body, changes=changes, place=body.place)
    meeting.delete()
    append_body_change(body)


@transaction.atomic
def confirm_body(*, acting_user: Actor, body_id: int) -> Body:
    """Everything said of the body is right this year. Raises ``AccessDenied`` and ``ValidationError``."""
    body = _locked(body_id, acting_user)
    now = timezone.localtime()
    if body.dissolved_on is not None:
        raise ValidationError(_("“%s”已经撤销，不用再核对。") % body)
    if body.confirmed_for == now.year:
        raise ValidationError(_("“%(body)s”%(year)s年已经核对过。") % {"body": body, "year": now.year})
    before = body.confirmed_for
    body.confirmed_for, body.confirmed_by, body.confirmed_at = now.year, acting_user, now
    body.save(update_fields=["confirmed_for", "confirmed_by", "confirmed_at"])
    changes = {_("已核对年度"): [str(before or ""), str(now.year)]}
    log("enterprises.body_confirmed", by=acting_user, on=body, changes=changes, place=body.place)
    return body
